#include "daemon/input/flow_id.h"

#include "daemon/base/ascii.h"
#include "daemon/flow/flow_uid.h"

#include <endian.h>
#include <string.h>

enum {
	WORD_BYTES = 8,
	NAME_WORDS = 64,
	NAME_BYTES = NAME_WORDS * WORD_BYTES
}; /* of a longer name the rest counts by its length only */

static bool
is_alphanumeric(char c)
{
	return ascii_is_digit(c) || ascii_is_letter(c);
}

static bool
fits(const char *name, size_t length)
{
	if (length == 0 || length >= sizeof(((struct flow_uid *)0)->text))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!is_alphanumeric(name[i]))
			return false;
	return true;
}

void
flow_id_of_name(const char *name, size_t length, struct flow_uid *ret_uid, uint64_t *ret_id)
{
	uint64_t words[NAME_WORDS + 1];
	size_t used = length / WORD_BYTES + 1;

	if (used > NAME_WORDS)
		used = NAME_WORDS;
	memset(words, 0, used * sizeof(*words));
	memcpy(words, name, length < NAME_BYTES ? length : NAME_BYTES);
	for (size_t i = 0; i < used; i++)
		words[i] = le64toh(words[i]); /* the first byte lowest on any machine */
	words[used] = length;
	if (!fits(name, length)) {
		flow_uid_make_of(words, used + 1, ret_id, ret_uid);
		*ret_id += *ret_id == 0;
		return;
	}
	*ret_id = flow_uid_id_of(words, used + 1);
	*ret_id += *ret_id == 0;
	memcpy(ret_uid->text, name, length);
	ret_uid->text[length] = '\0';
}

void
flow_id_of_ends(const struct obs_flow *f, struct flow_uid *ret_uid, uint64_t *ret_id)
{
	const struct flow_key key = {
		.low = f->orig,
		.high = f->resp,
		.low_port = f->orig_port,
		.high_port = f->resp_port,
		.ip_proto = f->ip_proto,
	};

	flow_uid_make(&key, f->start_ns, 0, ret_id, ret_uid);
	*ret_id += *ret_id == 0;
}
