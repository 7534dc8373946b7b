/*
 * fuzz_dns_tcp.c -- any bytes as one side of DNS over TCP.
 *
 * Byte 0 is how many bytes come at a time, byte 1 after how many pieces some are missing, the rest is the
 * stream. In one piece and cut it must tell the same, as long as no message is longer than what is
 * kept; with bytes missing it must only hold together. Nothing is allocated.
 */
#include "daemon/proto/proto.h"
#include "daemon/transactions/dns.h"
#include "tests/support/failing_alloc.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct protocol protocol_dns_tcp;

enum { STATE_MAX = 16 * 1024, SAME_MAX = 2000 };

struct told {
	size_t count;
	uint64_t hash;
};

static void
add(struct told *t, const void *bytes, size_t size)
{
	const uint8_t *b = bytes;

	for (size_t i = 0; i < size; i++)
		t->hash = (t->hash ^ b[i]) * UINT64_C(1099511628211);
}

static void
hear(void *context, const struct observation *o)
{
	struct told *t = context;

	assert(o->dns->answer_count <= DNS_ANSWERS_MAX);
	assert(strnlen(o->dns->query, DNS_NAME_MAX) < DNS_NAME_MAX);
	add(t, o->dns->query, strlen(o->dns->query) + 1);
	for (size_t i = 0; i < o->dns->answer_count; i++)
		add(t, o->dns->answers[i].addr.byte, sizeof(o->dns->answers[i].addr.byte));
	t->count++;
}

/* `gap_after` pieces some bytes are missing; SIZE_MAX: never. */
static struct told
read_in(struct cursor stream, size_t piece, size_t gap_after)
{
	static uint64_t state[STATE_MAX / sizeof(uint64_t)];
	struct told told = { .hash = UINT64_C(14695981039346656037) };
	struct proto_call call = { .ts_ns = 1, .state = state, .emit = hear, .context = &told };

	assert(protocol_dns_tcp.state_size <= sizeof(state));
	memset(state, 0, protocol_dns_tcp.state_size);
	(void)protocol_dns_tcp.looks_like(&call, stream);
	for (size_t n = 0; cursor_left(&stream) > 0; n++) {
		size_t left = cursor_left(&stream);
		size_t take = piece < left ? piece : left;
		struct cursor bytes = cursor_sub(&stream, take);
		if (n == gap_after)
			(void)protocol_dns_tcp.gap(&call, (uint32_t)take);
		else
			(void)protocol_dns_tcp.parse(&call, bytes);
	}
	return told;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_over(data, size);
	size_t piece = 1U + cursor_u8(&c);
	size_t gap_after = cursor_u8(&c);

	if (c.short_read || cursor_left(&c) == 0)
		return 0;
	failing_alloc_begin(1);
	struct told whole = read_in(c, cursor_left(&c), SIZE_MAX);
	struct told cut = read_in(c, piece, SIZE_MAX);
	(void)read_in(c, piece, gap_after);
	assert(failing_alloc_end() == 0);
	if (cursor_left(&c) <= SAME_MAX)
		assert(whole.count == cut.count && whole.hash == cut.hash);
	return 0;
}
