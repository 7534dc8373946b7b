#include "daemon/reassembly/stream.h"

#include "daemon/base/time_text.h"
#include "daemon/reassembly/stream_rest.h"
#include "daemon/reassembly/stream_state.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Most streams are short: one part in eight is for what each needs, the rest for their bytes. */
enum { STREAMS_PART = 8, HANDLE_MAX = UINT16_MAX };

/* Streams that are looked at for one that is better let go. */
enum { SPARED_MAX = 16 };

static_assert((int)STREAM_STATE_MAX <= UINT16_MAX, "a state's size fits");

int
stream_table_init(struct stream_table *t, const struct stream_table_plan *plan)
{
	size_t count = plan->bytes / STREAMS_PART / sizeof(struct stream);

	assert(plan->bytes >= STREAM_TABLE_MIN_BYTES);
	if (count > HANDLE_MAX)
		count = HANDLE_MAX;
	*t = (struct stream_table){ .plan = *plan };
	TAILQ_INIT(&t->unknown);
	TAILQ_INIT(&t->recognised);
	TAILQ_INIT(&t->at_rest);
	t->spare = malloc(STREAM_STATE_MAX);
	if (t->spare == NULL)
		return -ENOMEM;
	int error = pool_init(&t->streams, sizeof(struct stream), (uint32_t)count);
	if (error == 0)
		error = buddy_init(&t->memory, plan->bytes - count * sizeof(struct stream));
	return error;
}

void
stream_table_done(struct stream_table *t)
{
	pool_done(&t->streams);
	buddy_done(&t->memory);
	free(t->spare);
}

static struct stream_list *
list_of(struct stream_table *t, const struct stream *s)
{
	if (!s->is_recognised)
		return &t->unknown;
	return s->is_at_rest ? &t->at_rest : &t->recognised;
}

static void
state_free(struct stream_table *t, struct stream *s)
{
	if (s->state != NULL)
		buddy_give(&t->memory, s->state, s->state_size);
	s->state = NULL;
}

void
stream_free(struct stream_table *t, struct stream *s)
{
	TAILQ_REMOVE(list_of(t, s), s, link);
	for (unsigned side = 0; side < 2; side++)
		stream_kept_done(&s->sides[side].kept, &t->memory);
	state_free(t, s);
	pool_give(&t->streams, s);
}

/* `at` itself, or the one behind it when it is `s`. */
static struct stream *
not_this(struct stream *at, const struct stream *s)
{
	return at != NULL && at == s ? TAILQ_NEXT(at, link) : at;
}

/* Does it keep bytes behind a hole? Those take most of the memory, and the least comes of them. */
static bool
has_hole(const struct stream *s)
{
	for (unsigned side = 0; side < 2; side++) {
		const struct stream_kept *kept = &s->sides[side].kept;
		uint32_t next = s->sides[side].next;
		if (kept->count > 0 && (int32_t)(kept->end - next) > 0 &&
			stream_kept_next(kept, next, kept->end) != next)
			return true;
	}
	return false;
}

/*
 * The least recently used that has a hole, but not `s`; NULL if there is none near the front. Those before
 * it are spared: they go to the end of the list, so that they are not looked at each time.
 */
static struct stream *
first_with_hole(struct stream_list *list, const struct stream *s)
{
	struct stream *first = not_this(TAILQ_FIRST(list), s);
	struct stream *victim = first;

	for (unsigned i = 0; i < SPARED_MAX && victim != NULL && !has_hole(victim); i++)
		victim = not_this(TAILQ_NEXT(victim, link), s);
	if (victim == NULL || !has_hole(victim))
		return NULL;
	for (; first != victim; first = not_this(TAILQ_FIRST(list), s)) {
		TAILQ_REMOVE(list, first, link);
		TAILQ_INSERT_TAIL(list, first, link);
	}
	return victim;
}

bool
stream_evict_other(struct stream_table *t, const struct stream *s)
{
	struct stream_list *const lists[] = { &t->unknown, &t->at_rest, &t->recognised };
	struct stream *victim = NULL;

	for (unsigned i = 0; i < 3 && victim == NULL; i++)
		victim = first_with_hole(lists[i], s);
	for (unsigned i = 0; i < 3 && victim == NULL; i++)
		victim = not_this(TAILQ_FIRST(lists[i]), s);
	if (victim == NULL)
		return false;
	t->plan.evicted(t->plan.context, victim->flow, victim);
	stream_free(t, victim);
	t->evicted++;
	return true;
}

struct stream *
stream_new(struct stream_table *t, struct flow *f, const struct stream_start sides[2])
{
	struct stream *s = pool_take(&t->streams);

	if (s == NULL) {
		(void)stream_evict_other(t, NULL);
		s = pool_take(&t->streams);
	}
	s->flow = f;
	for (unsigned side = 0; side < 2; side++) {
		struct stream_side *me = &s->sides[side];
		if (sides[side].known)
			stream_side_start(me, sides[side].next, sides[side].in_middle);
		if (me->tries > 0)
			me->tries = (uint8_t)(me->tries - sides[side].tries);
		me->end = sides[side].end;
		if (sides[side].has_end)
			me->flags |= STREAM_ENDS;
		if (sides[side].is_reset)
			me->flags |= STREAM_RESET;
		me->ttl = sides[side].ttl;
		me->window_scale = sides[side].window_scale;
	}
	TAILQ_INSERT_TAIL(&t->unknown, s, link);
	return s;
}

uint16_t
stream_handle(const struct stream_table *t, const struct stream *s)
{
	return (uint16_t)(pool_index(&t->streams, s) + 1);
}

struct stream *
stream_of_handle(const struct stream_table *t, uint16_t handle)
{
	return pool_at(&t->streams, handle - 1U);
}

void *
stream_state_take(struct stream_table *t, struct stream *s, size_t size)
{
	void *room;

	while ((room = buddy_take(&t->memory, size)) == NULL)
		if (!stream_evict_other(t, s)) {
			t->refused++;
			break;
		}
	return room;
}

bool
stream_recognise(struct stream_table *t, struct stream *s, size_t state_size, size_t state_zeroed)
{
	assert(state_size <= STREAM_STATE_MAX && state_zeroed <= state_size && s->state == NULL);
	if (state_size > 0 && (s->state = stream_state_take(t, s, state_size)) == NULL)
		return false;
	if (s->state != NULL)
		memset(s->state, 0, state_zeroed);
	s->state_size = (uint16_t)state_size;
	s->is_shrunk = false;
	TAILQ_REMOVE(list_of(t, s), s, link);
	s->is_recognised = true;
	TAILQ_INSERT_TAIL(&t->recognised, s, link);
	return true;
}

void
stream_mistake(struct stream_table *t, struct stream *s)
{
	state_free(t, s);
	TAILQ_REMOVE(list_of(t, s), s, link);
	s->is_recognised = s->is_at_rest = false;
	TAILQ_INSERT_TAIL(&t->unknown, s, link);
}

void *
stream_parser_state(const struct stream *s)
{
	return s->state;
}

bool
stream_try_again(struct stream *s, unsigned side)
{
	if (s->sides[side].tries == 0)
		return false;
	s->sides[side].tries--;
	return true;
}

bool
stream_keeps(const struct stream *s, unsigned side)
{
	return s->sides[side].kept.count > 0;
}

bool
stream_is_open(const struct stream *s)
{
	unsigned both = s->sides[0].flags & s->sides[1].flags;
	unsigned any = s->sides[0].flags | s->sides[1].flags;

	return (both & STREAM_ENDS) == 0 && (any & STREAM_RESET) == 0;
}

bool
stream_is_over(const struct stream *s, unsigned side, uint32_t ack)
{
	const struct stream_side *me = &s->sides[side];
	const struct stream_side *peer = &s->sides[!side];

	return (me->flags & peer->flags & STREAM_ENDS) != 0 &&
	       ((me->flags | peer->flags) & STREAM_RESET) == 0 && me->next == me->end &&
	       me->acked == me->end && peer->next == peer->end && ack == peer->end + 1;
}

void
stream_touch(struct stream_table *t, struct stream *s, uint64_t now_ns)
{
	uint32_t now_s = (uint32_t)(now_ns / NS_PER_S);

	if (s->used_s == now_s)
		return;
	s->used_s = now_s;
	TAILQ_REMOVE(list_of(t, s), s, link);
	s->is_at_rest = false;
	TAILQ_INSERT_TAIL(list_of(t, s), s, link);
	if (t->plan.keeps != NULL)
		stream_rest(t, now_s);
}
