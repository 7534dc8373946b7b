/*
 * A conversation is found by its key, which is the same for both directions, and is in one of three lists:
 *
 *   fresh      something of it was not told yet; told `wait` after the first of that came
 *   lingering  all was told as an interim, and it goes on; ends `linger` later, unless more comes
 *   ready      it is over, because its ports opened the next one: told at once, found no more
 *
 * In each the first is the one that is due first.
 */
#include "daemon/input/flow_pair.h"

#include "daemon/base/pool.h"
#include "daemon/base/table.h"
#include "daemon/base/time_text.h"
#include "daemon/flow/flow_key.h"
#include "daemon/input/flow_conversation.h"

#include <stdlib.h>

enum {
	HEADROOM = 8192, /* conversations above the capacity that wait for being told */
	FILE_WAIT_S = 60,
	FILE_LINGER_S = 120,
};

TAILQ_HEAD(conversations, flow_conversation);

/* What the table keeps. */
struct waiting {
	struct flow_key key;
	struct flow_conversation *conversation;
};

struct flow_pair {
	struct flow_pair_plan plan;
	struct table waiting;
	struct pool conversations;
	struct conversations fresh, lingering, ready;
	uint64_t now_ns;
	struct flow_pair_counters counters;
};

struct flow_pair_plan
flow_pair_plan_of_files(void)
{
	/* There is no chance in a run over files. A file that is made to collide costs time, no more. */
	return (struct flow_pair_plan){ .capacity = FLOW_PAIR_CAPACITY,
		.wait_ns = FILE_WAIT_S * NS_PER_S,
		.linger_ns = FILE_LINGER_S * NS_PER_S,
		.hash_key = { { UINT64_C(0x6f6e65207761792c), UINT64_C(0x616e64206261636b) } } };
}

struct flow_pair *
flow_pair_new(const struct flow_pair_plan *plan)
{
	struct flow_pair *p = calloc(1, sizeof(*p));
	uint32_t room = plan->capacity + HEADROOM;

	if (p == NULL)
		return NULL;
	p->plan = *plan;
	TAILQ_INIT(&p->fresh);
	TAILQ_INIT(&p->lingering);
	TAILQ_INIT(&p->ready);
	if (table_init(&p->waiting, sizeof(struct waiting), sizeof(struct flow_key), room,
		    &plan->hash_key) < 0 ||
		pool_init(&p->conversations, sizeof(struct flow_conversation), room) < 0) {
		flow_pair_free(p);
		return NULL;
	}
	return p;
}

void
flow_pair_free(struct flow_pair *p)
{
	if (p == NULL)
		return;
	table_done(&p->waiting);
	pool_done(&p->conversations);
	free(p);
}

static struct conversations *
list_of(struct flow_pair *p, const struct flow_conversation *c)
{
	return c->is_lingering ? &p->lingering : &p->fresh;
}

static void
wait_in(struct flow_pair *p, struct flow_conversation *c, bool is_lingering)
{
	c->is_lingering = is_lingering;
	c->since_ns = p->now_ns;
	TAILQ_INSERT_TAIL(list_of(p, c), c, link);
}

/* Nobody finds it any more, and it is in no list. */
static void
leave(struct flow_pair *p, struct flow_conversation *c)
{
	uint64_t hash = flow_key_hash(&c->key, &p->plan.hash_key);
	struct waiting *w = table_find(&p->waiting, &c->key, hash);

	TAILQ_REMOVE(list_of(p, c), c, link);
	table_remove(&p->waiting, w, hash);
}

/* returns NULL when there is no room */
static struct flow_conversation *
open_one(struct flow_pair *p, const struct flow_key *key, uint64_t hash,
	const struct flow_part *part)
{
	struct flow_conversation *c = pool_take(&p->conversations);
	struct waiting *w = c == NULL ? NULL : table_add(&p->waiting, key, hash);

	if (w == NULL) { /* the table has as much room as the pool */
		p->counters.refused++;
		return NULL;
	}
	w->conversation = c;
	flow_conversation_begin(c, key, part);
	wait_in(p, c, /* is_lingering= */ false);
	return c;
}

static void
add_part(struct flow_pair *p, struct flow_conversation *c, unsigned side,
	const struct flow_part *part)
{
	bool was_paired = flow_conversation_is_paired(c);

	p->counters.copies += !flow_conversation_add(c, side, part);
	p->counters.paired += !was_paired && flow_conversation_is_paired(c);
}

void
flow_pair_add(struct flow_pair *p, const struct flow_part *part, uint64_t now_ns)
{
	struct flow_key key;
	unsigned side;

	if (now_ns > p->now_ns)
		p->now_ns = now_ns;
	if (!flow_conversation_key(part, &key, &side))
		return;
	p->counters.parts++;
	uint64_t hash = flow_key_hash(&key, &p->plan.hash_key);
	struct waiting *w = table_find(&p->waiting, &key, hash);
	struct flow_conversation *c = w == NULL ? NULL : w->conversation;
	if (c != NULL && !flow_conversation_holds(c, side, part, &p->plan)) {
		leave(p, c);
		TAILQ_INSERT_TAIL(&p->ready, c, link);
		c = NULL;
	}
	if (c != NULL && c->is_lingering) {
		TAILQ_REMOVE(&p->lingering, c, link);
		wait_in(p, c, /* is_lingering= */ false);
	}
	if (c == NULL)
		c = open_one(p, &key, hash, part);
	if (c != NULL)
		add_part(p, c, side, part);
}

static void
tell(struct flow_pair *p, struct flow_conversation *c, bool is_end, struct obs_flow *f)
{
	flow_conversation_tell(c, is_end, f);
	p->counters.told++;
}

static void
tell_end(struct flow_pair *p, struct flow_conversation *c, struct obs_flow *f)
{
	tell(p, c, /* is_end= */ true, f);
	pool_give(&p->conversations, c);
}

static void
tell_last(struct flow_pair *p, struct flow_conversation *c, struct obs_flow *f)
{
	leave(p, c);
	tell_end(p, c, f);
}

static bool
is_due(const struct flow_pair *p, const struct flow_conversation *c, uint64_t wait_ns)
{
	return c != NULL && p->now_ns - c->since_ns >= wait_ns;
}

/* Above the capacity: who was told already goes first, then who waits longest. */
static void
tell_evicted(struct flow_pair *p, struct obs_flow *f)
{
	struct flow_conversation *c = TAILQ_FIRST(&p->lingering);

	if (c == NULL)
		c = TAILQ_FIRST(&p->fresh);
	bool is_early = !c->is_lingering;
	tell_last(p, c, f);
	if (is_early)
		f->ended = FLOW_END_EVICTED; /* the answer may be on its way */
	p->counters.evicted++;
}

bool
flow_pair_next(struct flow_pair *p, uint64_t now_ns, struct obs_flow *ret_flow)
{
	bool is_over = now_ns == UINT64_MAX;

	if (now_ns > p->now_ns && !is_over)
		p->now_ns = now_ns;
	struct flow_conversation *c = TAILQ_FIRST(&p->ready);
	if (c != NULL) {
		TAILQ_REMOVE(&p->ready, c, link);
		tell_end(p, c, ret_flow);
		return true;
	}
	if (p->conversations.used > p->plan.capacity) {
		tell_evicted(p, ret_flow);
		return true;
	}
	c = TAILQ_FIRST(&p->fresh);
	if (is_due(p, c, is_over ? 0 : p->plan.wait_ns)) {
		if (is_over || !flow_conversation_goes_on(c)) {
			tell_last(p, c, ret_flow);
			return true;
		}
		TAILQ_REMOVE(&p->fresh, c, link);
		wait_in(p, c, /* is_lingering= */ true);
		tell(p, c, /* is_end= */ false, ret_flow);
		return true;
	}
	c = TAILQ_FIRST(&p->lingering);
	if (is_due(p, c, is_over ? 0 : p->plan.linger_ns)) {
		tell_last(p, c, ret_flow);
		return true;
	}
	return false;
}

uint64_t
flow_pair_now(const struct flow_pair *p)
{
	return p->now_ns;
}

struct flow_pair_counters
flow_pair_counters(const struct flow_pair *p)
{
	return p->counters;
}
