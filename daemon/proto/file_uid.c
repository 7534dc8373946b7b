/*
 * The keys are fixed and public, as those of flow_uid.c and for its reasons: names must be the same in every
 * run, and nothing is found by them.
 */
#include "daemon/proto/file_uid.h"

#include "daemon/base/hash.h"
#include "daemon/proto/proto.h"

enum { DIGITS = 17, BASE = 62, DIGITS_PER_WORD = 9 };

static const struct hash_key keys[2] = {
	{ { UINT64_C(0x6e61696164206675), UINT64_C(0x6964206f66206120) } },
	{ { UINT64_C(0x66696c653a206669), UINT64_C(0x7273742068616cff) } },
};

void
file_uid_make(const struct proto_call *call, uint32_t serial, char ret_fuid[FILE_UID_MAX])
{
	static const char digits[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	struct cursor src = cursor_over(call->src.byte, sizeof(call->src.byte));
	struct cursor dst = cursor_over(call->dst.byte, sizeof(call->dst.byte));
	const uint64_t words[] = {
		cursor_le64(&src),
		cursor_le64(&src),
		cursor_le64(&dst),
		cursor_le64(&dst),
		call->src_port | (uint64_t)call->dst_port << 16 | (uint64_t)serial << 32,
		call->ts_ns,
	};
	uint64_t hash[2];

	for (unsigned i = 0; i < 2; i++)
		hash[i] = hash_words(&keys[i], words, sizeof(words) / sizeof(*words));
	ret_fuid[0] = 'F';
	for (unsigned i = 0; i < DIGITS; i++) {
		uint64_t *word = &hash[i / DIGITS_PER_WORD];
		ret_fuid[1 + i] = digits[*word % BASE];
		*word /= BASE;
	}
	ret_fuid[1 + DIGITS] = '\0';
}
