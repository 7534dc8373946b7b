/* The windows that there are, each on a row of its own, whichever way they are found. */
#include "viewer/source/source_json.h"
#include "viewer/source/source_redis_part.h"
#include "viewer/source/source_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct gathering {
	struct source_redis *redis;
	struct arena *memory;
	struct source_rows_of windows;  /* struct source_window */
	struct source_rows_of profiles; /* of Slips: const char *, hosts */
};

static struct source_window *
window_add(struct gathering *g, const struct source_window_id *id)
{
	struct source_window *w =
		g->windows.count < SOURCE_REDIS_WINDOWS_MAX ? source_row_add(&g->windows) : NULL;

	if (w != NULL)
		w->id = *id;
	return w;
}

static struct source_window *
window_at(struct gathering *g, size_t i)
{
	return (struct source_window *)g->windows.rows + i;
}

/* ---- ours: naiad:windows, "10.0.0.1 3" to an object ---- */

static bool
take_own_window(void *context, const struct redisReply *item, const struct redisReply *value)
{
	struct gathering *g = context;
	struct source_window_id id = { .number = 0 };
	size_t length = 0;
	const char *name = source_redis_text(item, &length);
	const char *blank = name != NULL ? strrchr(name, ' ') : NULL;
	char *end = NULL;

	if (blank == NULL || blank == name)
		return true;
	id.host = source_text(g->memory, name, (size_t)(blank - name));
	id.number = strtoll(blank + 1, &end, 10);
	const char *text = source_redis_text(value, &length);
	json_t *json = source_json_read(text, length);
	struct source_window *w = json_is_object(json) && *end == '\0' ? window_add(g, &id) : NULL;
	if (w != NULL) {
		w->start_ns = source_json_count(json, "start_ns");
		w->end_ns = source_json_count(json, "end_ns");
		w->closed = json_is_true(json_object_get(json, "closed"));
		w->evidence = source_json_count(json, "evidence");
		w->alerts = source_json_count(json, "alerts");
		w->infected = w->alerts > 0;
		w->threat = source_json_number(json, "sum", 0);
		w->flows = source_json_count(json, "flows");
		w->packets = source_json_count(json, "packets");
		w->bytes = source_json_count(json, "bytes");
	}
	json_decref(json);
	return g->windows.count < SOURCE_REDIS_WINDOWS_MAX;
}

/* ---- of Slips ---- */

static bool
take_profile(void *context, const struct redisReply *item, const struct redisReply *value)
{
	struct gathering *g = context;
	size_t length = 0;
	const char *key = source_redis_text(item, &length);
	const char *host = source_redis_host_of(key, length, g->memory);
	const char **row = *host != '\0' ? source_row_add(&g->profiles) : NULL;

	(void)value;
	if (row != NULL)
		*row = host;
	return g->profiles.count < SOURCE_REDIS_WINDOWS_MAX;
}

/* Before there was a list of profiles, the names of timelines were the tree. */
static bool
take_timeline(void *context, const struct redisReply *item, const struct redisReply *value)
{
	struct gathering *g = context;
	struct source_window_id id;
	size_t length = 0;
	const char *key = source_redis_text(item, &length);

	(void)value;
	if (source_redis_window_of(key, length, g->memory, &id))
		(void)window_add(g, &id);
	return g->windows.count < SOURCE_REDIS_WINDOWS_MAX;
}

static uint64_t
seconds(const struct redisReply *score)
{
	const char *text = source_redis_text(score, NULL);
	double value = text != NULL ? strtod(text, NULL) : 0;

	return value > 0 && value < 1e10 ? (uint64_t)llround(value * 1e6) * 1000 : 0;
}

static void
take_windows(struct gathering *g, const char *host)
{
	struct redisReply *list = source_redis_take(g->redis->data);

	for (size_t i = 0; i + 1 < source_redis_count(list); i += 2) {
		struct source_window_id id = { .host = host };
		const char *name = source_redis_text(source_redis_item(list, i), NULL);

		if (name == NULL || !source_redis_window_number(name, &id.number))
			continue;
		struct source_window *w = window_add(g, &id);
		if (w != NULL)
			w->start_ns = seconds(source_redis_item(list, i + 1));
	}
	source_redis_drop(list);
}

static void
windows_of_profiles(struct gathering *g)
{
	const char *const *hosts = g->profiles.rows;

	for (size_t from = 0; from < g->profiles.count; from += SOURCE_REDIS_BATCH) {
		size_t to = from + SOURCE_REDIS_BATCH;

		if (to > g->profiles.count)
			to = g->profiles.count;
		for (size_t i = from; i < to; i++)
			source_redis_send(g->redis->data, "ZRANGE",
				source_redis_profile_key("tws", hosts[i]).text, "0", "-1",
				"WITHSCORES", (const char *)NULL);
		for (size_t i = from; i < to; i++)
			take_windows(g, hosts[i]);
	}
}

/* How many pieces of evidence, and alerts, a window has: its fields, or since 1.0.11 a hash of its own. */
static void
send_counts(struct gathering *g, const struct source_window *w)
{
	struct source_redis_link *l = g->redis->data;
	const struct source_redis_key key = source_redis_window_key(&w->id, "");

	source_redis_send(l, "HGET", key.text, "Evidence", (const char *)NULL);
	source_redis_send(l, "HGET", key.text, "alerts", (const char *)NULL);
	source_redis_send(
		l, "HLEN", source_redis_window_key(&w->id, "_evidence").text, (const char *)NULL);
}

static uint64_t
taken_size(struct source_redis_link *l)
{
	struct redisReply *answer = source_redis_take(l);
	size_t length = 0;
	const char *text = source_redis_text(answer, &length);
	json_t *json = source_json_read(text, length);
	uint64_t size = json_is_array(json) ? json_array_size(json) : json_object_size(json);

	json_decref(json);
	source_redis_drop(answer);
	return size;
}

static void
take_counts(struct gathering *g, struct source_window *w)
{
	struct source_redis_link *l = g->redis->data;

	w->evidence = taken_size(l);
	w->alerts += taken_size(l);
	w->infected |= w->alerts > 0;
	struct redisReply *length = source_redis_take(l);
	w->evidence += (uint64_t)source_redis_number(length);
	source_redis_drop(length);
}

static void
count_findings(struct gathering *g)
{
	for (size_t from = 0; from < g->windows.count; from += SOURCE_REDIS_BATCH) {
		size_t to = from + SOURCE_REDIS_BATCH;

		if (to > g->windows.count)
			to = g->windows.count;
		for (size_t i = from; i < to; i++)
			send_counts(g, window_at(g, i));
		for (size_t i = from; i < to; i++)
			take_counts(g, window_at(g, i));
	}
}

/* ---- which of them are red ---- */

static int
compare_ids(const void *a, const void *b)
{
	const struct source_window *x = a;
	const struct source_window *y = b;
	int hosts = strcmp(x->id.host, y->id.host);

	return hosts != 0 ? hosts : (x->id.number > y->id.number) - (x->id.number < y->id.number);
}

/* Put them in order, each once: a scan may come by one twice. */
static void
settle(struct gathering *g)
{
	struct source_window *w = g->windows.rows;
	size_t kept = 0;

	if (g->windows.count < 2)
		return;
	qsort(w, g->windows.count, sizeof(*w), compare_ids);
	for (size_t i = 0; i < g->windows.count; i++)
		if (kept == 0 || compare_ids(&w[kept - 1], &w[i]) != 0)
			w[kept++] = w[i];
	g->windows.count = kept;
}

static void
block(struct gathering *g, const struct source_window_id *id)
{
	const struct source_window key = { .id = *id };
	struct source_window *w =
		g->windows.count > 0
			? bsearch(&key, g->windows.rows, g->windows.count, sizeof(key), compare_ids)
			: NULL;

	if (w == NULL)
		return;
	w->infected = true;
	w->alerts = w->alerts > 0 ? w->alerts : 1;
}

/* A set of "profile_10.0.0.1_timewindow3", or a hash of "profile_10.0.0.1" to ["timewindow3"]. */
static bool
take_blocked(void *context, const struct redisReply *item, const struct redisReply *value)
{
	struct gathering *g = context;
	struct source_window_id id;
	size_t length = 0;
	const char *key = source_redis_text(item, &length);
	const char *const *names = NULL;

	if (value == NULL) {
		if (source_redis_window_of(key, length, g->memory, &id))
			block(g, &id);
		return true;
	}
	id.host = source_redis_host_of(key, length, g->memory);
	const char *text = source_redis_text(value, &length);
	json_t *list = source_json_read(text, length);
	size_t count = source_json_texts(list, g->memory, &names);
	for (size_t i = 0; i < count; i++)
		if (source_redis_window_number(names[i], &id.number))
			block(g, &id);
	json_decref(list);
	return true;
}

/* ---- all ---- */

static void
gather_slips(struct gathering *g)
{
	struct source_redis_link *l = g->redis->data;

	source_redis_scan(l, "profiles", NULL, take_profile, g);
	windows_of_profiles(g);
	if (g->profiles.count == 0)
		source_redis_scan(l, NULL, "*timeline*", take_timeline, g);
	settle(g);
	count_findings(g);
	source_redis_scan(l, "BlockedProfTW", NULL, take_blocked, g);
}

void
source_redis_windows(struct source_redis *r, struct source_rows_of *ret)
{
	struct gathering g = {
		.redis = r,
		.memory = ret->memory,
		.windows = *ret,
		.profiles = { .memory = ret->memory, .row_size = sizeof(const char *) },
	};

	if (r->run[0] == '\0') {
		gather_slips(&g);
	} else {
		source_redis_scan(r->data, "naiad:windows", NULL, take_own_window, &g);
		settle(&g);
	}
	*ret = g.windows;
}
