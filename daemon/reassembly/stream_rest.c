#include "daemon/reassembly/stream_rest.h"

#include "daemon/flow/flow_stream.h"
#include "daemon/reassembly/stream_state.h"

#include <string.h>

enum {
	AT_ONCE = 2, /* one for each that speaks, and one more, so that none is left behind */
	TAIL_AT_REST = 512,
};

/* Of what was handed on and is not acknowledged the very last; what waits for a hole to fill stays. */
static void
trim(struct stream_table *t, struct stream_side *me)
{
	if (me->kept.count > 0 && !seq_is_before(me->next, me->kept.end))
		stream_kept_forget(&me->kept, &t->memory, me->next - TAIL_AT_REST);
}

static void
shrink(struct stream_table *t, struct stream *s)
{
	size_t kept = t->plan.keeps(t->plan.context, s->flow, s->state);

	if (kept == 0 || kept > s->state_size / 2U)
		return;
	void *small = buddy_take(&t->memory, kept);
	if (small == NULL)
		return;
	memcpy(small, s->state, kept);
	buddy_give(&t->memory, s->state, s->state_size);
	s->state = small;
	s->state_size = (uint16_t)kept;
	s->is_shrunk = true;
}

void
stream_rest(struct stream_table *t, uint32_t now_s)
{
	for (unsigned i = 0; i < AT_ONCE; i++) {
		struct stream *s = TAILQ_FIRST(&t->recognised);
		if (s == NULL || s->used_s + STREAM_QUIET_S > now_s)
			return;
		TAILQ_REMOVE(&t->recognised, s, link);
		s->is_at_rest = true;
		TAILQ_INSERT_TAIL(&t->at_rest, s, link);
		trim(t, &s->sides[0]);
		trim(t, &s->sides[1]);
		/* Packets without bytes wake nobody, and a parser knows its whole state only. */
		if (s->state != NULL && !s->is_shrunk)
			shrink(t, s);
	}
}

/* What was kept, and zeros where they were promised. */
static void
spread(const struct stream *s, uint8_t *whole, size_t state_zeroed)
{
	size_t zeroed = state_zeroed > s->state_size ? state_zeroed - s->state_size : 0;

	memcpy(whole, s->state, s->state_size);
	memset(whole + s->state_size, 0, zeroed);
}

bool
stream_wake(struct stream_table *t, struct stream *s, size_t state_size, size_t state_zeroed)
{
	if (s->state_size == state_size)
		return true;
	void *whole = stream_state_take(t, s, state_size);
	if (whole == NULL)
		return false;
	spread(s, whole, state_zeroed);
	buddy_give(&t->memory, s->state, s->state_size);
	s->state = whole;
	s->state_size = (uint16_t)state_size;
	s->is_shrunk = false;
	return true;
}

void *
stream_last_state(
	struct stream_table *t, const struct stream *s, size_t state_size, size_t state_zeroed)
{
	if (s->state_size == state_size)
		return s->state;
	spread(s, t->spare, state_zeroed);
	return t->spare;
}
