/* fuzz_nfdump.c -- any bytes as nfdump's text, or with a first byte of 'A' as Argus'. */
#include "tests/support/input_rig.h"

#include <errno.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

extern const struct input_format input_argus, input_nfdump;

static void
check(const struct input_item *item)
{
	const struct obs_flow *f = item->o.flow;

	assert(f == &item->flow && f->start_ns <= f->last_ns);
	assert(f->state < CONN_STATE_COUNT && f->ended < FLOW_END_REASON_COUNT);
	assert(strnlen(f->label, sizeof(item->label)) < sizeof(item->label));
	assert(item->o.kind == OBS_FLOW_END || item->o.kind == OBS_FLOW_INTERIM);
}

static void
drain(struct input_rig *r, uint64_t now_ns)
{
	while (input_rig_held(r, now_ns) != 0)
		check(&r->s.items[0]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	bool is_argus = len > 0 && bytes[0] == 'A';
	struct input_rig *r = input_rig_new(is_argus ? &input_argus : &input_nfdump);
	const char *at = (const char *)bytes + is_argus;
	const char *end = (const char *)bytes + len;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((stop == NULL ? end : stop) - at);
		int told = input_rig_bytes(r, at, length);
		assert(told == 0 || told == 1 || told == -EBADMSG);
		if (told == 1)
			check(&r->s.items[0]);
		else if (told < 0)
			assert(strnlen(r->s.complaint, INPUT_COMPLAINT_MAX) < INPUT_COMPLAINT_MAX);
		drain(r, 0);
		at += length + 1;
	}
	drain(r, UINT64_MAX);
	input_rig_free(r);
	return 0;
}
