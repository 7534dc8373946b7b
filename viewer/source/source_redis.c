/*
 * source_redis -- a Redis in any layout of Kalipso's, ours or a Slips'.
 *
 * Between two questions the connections are kept, and between two looks the tree (source_redis_tree.c) and a timeline that
 * has to be read whole (source_redis_timeline.c).
 */
#include "viewer/source/source_redis_part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LOOK_MS = 2000, CACHE_DB = 1, MS_PER_S = 1000, NS_PER_MS = 1000000 };

static struct source_redis *
state_of(const struct source *s)
{
	return s->state;
}

static bool
is_mine(const char *what)
{
	return source_redis_url_is(what);
}

static bool
parse(struct source *s, const char *text, struct source_redis_url *ret)
{
	const char *wrong = source_redis_url_parse(text, ret);

	/* What is wrong with it may be the password: the text itself is not repeated. */
	if (wrong != NULL)
		source_fail(s, "the address of the Redis: %s", wrong);
	return wrong == NULL;
}

static void
say_name(struct source *s)
{
	char place[SOURCE_REDIS_WORD_MAX];

	source_redis_link_name(state_of(s)->data, place, sizeof(place));
	(void)snprintf(s->name, sizeof(s->name), "redis %.200s", place);
}

static bool
redis_open(struct source *s, const char *what, const char *cache)
{
	struct source_redis *r = state_of(s);
	struct source_redis_url data;
	struct source_redis_url addresses;

	if (!parse(s, what, &data))
		return false;
	addresses = data;
	addresses.db = CACHE_DB;
	if (cache != NULL && !parse(s, cache, &addresses))
		return false;
	arena_init(&r->tree.memory, 0, NULL);
	arena_init(&r->list.memory, 0, NULL);
	r->data = source_redis_link_new(&data);
	r->cache = source_redis_link_new(&addresses);
	if (r->data == NULL || r->cache == NULL) {
		source_fail(s, "no memory left");
		return false;
	}
	say_name(s);
	return source_redis_question(s) != NULL;
}

static void
redis_close(struct source *s)
{
	source_redis_link_free(state_of(s)->data);
	source_redis_link_free(state_of(s)->cache);
	arena_done(&state_of(s)->tree.memory);
	arena_done(&state_of(s)->list.memory);
}

static bool
can(const struct source *s, enum source_ability a)
{
	return a == SOURCE_HAS_ALERTS && state_of(s)->run[0] != '\0';
}

/* ---- a question ---- */

/* Which of the two connections leads to what is known of addresses? In the generation of the talk it is beside the data. */
static void
find_places(struct source_redis *r)
{
	static const char *const keys[] = { "naiad:addresses", "IPsInfo:asn", "IPsInfo" };
	long long there[sizeof(keys) / sizeof(keys[0])] = { 0 };

	r->places = r->data;
	r->has_kinds = false;
	if (!source_redis_begin(r->cache))
		return;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		source_redis_send(r->cache, "EXISTS", keys[i], (const char *)NULL);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct redisReply *answer = source_redis_take(r->cache);
		there[i] = source_redis_number(answer);
		source_redis_drop(answer);
	}
	r->has_kinds = there[1] > 0;
	if (there[0] > 0 || there[1] > 0 || there[2] > 0)
		r->places = r->cache;
}

struct source_redis *
source_redis_question(struct source *s)
{
	struct source_redis *r = state_of(s);

	if (source_redis_begin(r->data)) {
		struct redisReply *run =
			source_redis_ask(r->data, "GET", "naiad:run", (const char *)NULL);
		const char *text = source_redis_text(run, NULL);
		(void)snprintf(r->run, sizeof(r->run), "%s", text != NULL ? text : "");
		source_redis_drop(run);
		find_places(r);
	}
	return source_redis_trouble(r->data)[0] == '\0' ? r : (source_redis_answer(s, 0), NULL);
}

size_t
source_redis_answer(struct source *s, size_t count)
{
	const struct source_redis *r = state_of(s);
	const char *trouble = source_redis_trouble(r->data);

	if (*trouble == '\0')
		trouble = source_redis_trouble(r->cache);
	if (*trouble == '\0')
		return count;
	source_fail(s, "%s", trouble);
	return source_redis_trouble(r->data)[0] == '\0' ? count : 0;
}

/* ---- has it changed? ---- */

/* What was written to the server since it saved last: whatever a Kalipso reads counts, and all else too. */
static uint64_t
changes_of(struct source_redis *r)
{
	static const char name[] = "rdb_changes_since_last_save:";

	source_redis_send(r->data, "INFO", "persistence", (const char *)NULL);
	struct redisReply *info = source_redis_take_any(r->data); /* not everybody may ask */
	const char *text = source_redis_text(info, NULL);
	const char *at = text != NULL ? strstr(text, name) : NULL;
	uint64_t changes = at != NULL ? strtoull(at + strlen(name), NULL, 10) : 0;

	r->has_changes = at != NULL;
	source_redis_drop(info);
	return changes;
}

static uint64_t
redis_stamp(struct source *s)
{
	struct source_redis *r = state_of(s);
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	int64_t now_ms = (int64_t)now.tv_sec * MS_PER_S + now.tv_nsec / NS_PER_MS;
	if (r->stamp != 0 && now_ms - r->looked_ms < LOOK_MS) {
		(void)source_redis_answer(s, 0); /* what was wrong then still is */
		return r->stamp;
	}
	r->looked_ms = now_ms;
	uint64_t before = r->changes;
	if (source_redis_question(s) != NULL)
		r->changes = changes_of(r);
	(void)source_redis_answer(s, 0);
	/* One that does not say is asked anew each time; so is one that is gone, until it is back. */
	if (r->stamp == 0 || !r->has_changes || r->changes != before || s->trouble[0] != '\0')
		r->stamp++;
	return r->stamp;
}

/* ---- what a Redis does not have ---- */

static size_t
no_flows(struct source *s, const struct source_window_id *w, const char *const *uids,
	size_t uid_count, size_t most, struct arena *m, const struct source_flow **ret)
{
	(void)s;
	(void)w;
	(void)uids;
	(void)uid_count;
	(void)most;
	(void)m;
	*ret = NULL;
	return 0;
}

static size_t
no_devices(struct source *s, struct arena *m, const struct source_device **ret)
{
	(void)s;
	(void)m;
	*ret = NULL;
	return 0;
}

static size_t
no_losses(struct source *s, struct arena *m, const struct source_loss **ret)
{
	(void)s;
	(void)m;
	*ret = NULL;
	return 0;
}

static size_t
no_loss_spans(struct source *s, struct arena *m, const struct source_loss_span **ret)
{
	(void)s;
	(void)m;
	*ret = NULL;
	return 0;
}

static bool
no_run(struct source *s, struct arena *m, struct source_run *ret)
{
	(void)s;
	(void)m;
	*ret = (struct source_run){ .version = "", .sensor = "" };
	return false;
}

const struct source_kind source_redis = {
	.state_size = sizeof(struct source_redis),
	.is_mine = is_mine,
	.open = redis_open,
	.close = redis_close,
	.can = can,
	.stamp = redis_stamp,
	.profiles = source_redis_profiles,
	.entry_count = source_redis_entry_count,
	.entries = source_redis_entries,
	.evidences = source_redis_evidences,
	.alerts = source_redis_alerts,
	.rows = source_redis_rows,
	.tuples = source_redis_tuples,
	.flows = no_flows,
	.devices = no_devices,
	.losses = no_losses,
	.loss_spans = no_loss_spans,
	.address = source_redis_address,
	.run = no_run,
};
