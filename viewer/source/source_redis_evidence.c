/*
 * Evidence and alerts: of ours from the stream naiad:evidence, which has all that is known of them; of a Slips' from
 * its windows, which know no alerts but which of them were blocked.
 */
#include "viewer/source/source_eve.h"
#include "viewer/source/source_json.h"
#include "viewer/source/source_redis_part.h"
#include "viewer/source/source_text.h"

#include <stdio.h>
#include <string.h>

enum { ID_MAX = 64, PAGES_MAX = 100000 };

static const char page[] = "500";

/* What is asked for, and what was found. */
struct search {
	struct source_redis *redis;
	struct arena *memory;
	const struct source_window_id *window; /* NULL: all; only its host counts unless */
	bool one_window;
	bool alerts; /* else evidence */
	struct source_rows_of rows;
};

/* ---- the stream ---- */

static const struct redisReply *
field_of(const struct redisReply *fields, const char *name)
{
	for (size_t i = 0; i + 1 < source_redis_count(fields); i += 2)
		if (source_redis_is(source_redis_item(fields, i), name))
			return source_redis_item(fields, i + 1);
	return NULL;
}

/* Of this run, of that host, and of the kind that is looked for? Told without reading the line. */
static bool
is_wanted(const struct search *f, const struct redisReply *fields)
{
	const char *run = source_redis_text(field_of(fields, "run"), NULL);
	bool is_alert = source_redis_is(field_of(fields, "kind"), "ALERT");

	return is_alert == f->alerts && (run == NULL || strcmp(run, f->redis->run) == 0) &&
	       (f->window == NULL || source_redis_is(field_of(fields, "host"), f->window->host));
}

static bool
is_of_window(const struct search *f, const struct source_window_id *id)
{
	return f->window == NULL || (strcmp(id->host, f->window->host) == 0 &&
					    (!f->one_window || id->number == f->window->number));
}

static void
take_line(struct search *f, const json_t *eve)
{
	struct source_evidence evidence;
	struct source_alert alert;
	void *row = NULL;

	if (f->alerts) {
		if (source_eve_alert(eve, f->memory, &alert) && is_of_window(f, &alert.window) &&
			(row = source_row_add(&f->rows)) != NULL)
			*(struct source_alert *)row = alert;
	} else if (source_eve_evidence(eve, f->memory, &evidence) &&
		   is_of_window(f, &evidence.window) && (row = source_row_add(&f->rows)) != NULL) {
		*(struct source_evidence *)row = evidence;
	}
}

static void
take_entry(struct search *f, const struct redisReply *fields)
{
	size_t length = 0;
	const char *text = source_redis_text(field_of(fields, "eve"), &length);

	if (text == NULL || !is_wanted(f, fields))
		return;
	json_t *eve = source_json_read(text, length);
	take_line(f, eve);
	json_decref(eve);
}

static void
search_stream(struct search *f)
{
	char from[ID_MAX] = "-";
	bool more = true;

	for (unsigned round = 0; more && round < PAGES_MAX; round++) {
		struct redisReply *entries = source_redis_ask(f->redis->data, "XRANGE",
			"naiad:evidence", from, "+", "COUNT", page, (const char *)NULL);
		size_t count = source_redis_count(entries);
		const char *id = NULL;

		for (size_t i = 0; i < count; i++) {
			const struct redisReply *entry = source_redis_item(entries, i);
			id = source_redis_text(source_redis_item(entry, 0), NULL);
			take_entry(f, source_redis_item(entry, 1));
		}
		more = id != NULL;
		if (more)
			(void)snprintf(from, sizeof(from), "(%.60s", id);
		source_redis_drop(entries);
	}
}

/* ---- of Slips: a window ---- */

/* Since 1.0.11 evidence has a hash of its own: an id to an object. */
static bool
take_field(void *context, const struct redisReply *item, const struct redisReply *value)
{
	struct search *f = context;
	size_t length = 0;
	const char *key = source_redis_text(item, NULL);
	const char *text = source_redis_text(value, &length);
	json_t *json = source_json_read(text, length);

	if (key != NULL && json != NULL)
		source_redis_slips_evidence(f->window, key, json, &f->rows);
	json_decref(json);
	return f->memory->refused == 0;
}

/* What Slips' whitelist took back is in a set of ids. */
static void
mark_silenced(struct search *f, size_t from)
{
	struct source_evidence *e = f->rows.rows;
	struct source_redis_link *l = f->redis->data;

	for (; from < f->rows.count; from += SOURCE_REDIS_BATCH) {
		size_t to = from + SOURCE_REDIS_BATCH < f->rows.count ? from + SOURCE_REDIS_BATCH
								      : f->rows.count;

		for (size_t i = from; i < to; i++)
			source_redis_send(l, "SISMEMBER", "whitelisted_evidence", e[i].id,
				(const char *)NULL);
		for (size_t i = from; i < to; i++) {
			struct redisReply *is = source_redis_take(l);
			if (source_redis_number(is) > 0)
				e[i].silenced_by = "whitelist";
			source_redis_drop(is);
		}
	}
}

static void
search_window(struct search *f, const struct source_window_id *w)
{
	struct search of = *f;
	struct redisReply *field = source_redis_ask(f->redis->data, "HGET",
		source_redis_window_key(w, "").text, "Evidence", (const char *)NULL);
	size_t length = 0;
	const char *text = source_redis_text(field, &length);
	json_t *evidence = source_json_read(text, length);
	const char *key = NULL;
	json_t *value = NULL;

	of.window = w;
	json_object_foreach(evidence, key, value)
		source_redis_slips_evidence(w, key, value, &of.rows);
	json_decref(evidence);
	source_redis_drop(field);
	size_t before = of.rows.count;
	source_redis_scan(f->redis->data, source_redis_window_key(w, "_evidence").text, NULL,
		take_field, &of);
	mark_silenced(&of, before);
	f->rows = of.rows;
}

/* ---- of Slips: alerts ---- */

static struct source_alert *
alert_add(struct search *f, const struct source_window_id *w)
{
	struct source_alert *a = source_row_add(&f->rows);

	if (a != NULL)
		*a = (struct source_alert){
			.id = "", .window = *w, .reason = "", .strongest = "", .highest = ""
		};
	return a;
}

/* {"<alert>":["<evidence>",..]}; before 1.1 there was no more than that the window was blocked. */
static void
search_alerts(struct search *f, const struct source_window_id *w)
{
	struct redisReply *field = source_redis_ask(f->redis->data, "HGET",
		source_redis_window_key(w, "").text, "alerts", (const char *)NULL);
	size_t length = 0;
	const char *text = source_redis_text(field, &length);
	json_t *alerts = source_json_read(text, length);
	const char *key = NULL;
	json_t *value = NULL;
	size_t before = f->rows.count;

	json_object_foreach(alerts, key, value)
	{
		struct source_alert *a = alert_add(f, w);
		if (a == NULL)
			break;
		a->id = source_text_copy(f->memory, key);
		a->evidence_count = source_json_texts(value, f->memory, &a->evidence);
		a->evidence_total = a->evidence_count;
	}
	if (f->rows.count == before)
		(void)alert_add(f, w);
	json_decref(alerts);
	source_redis_drop(field);
}

/* ---- of Slips: all windows that are asked for ---- */

static void
search_slips(struct source *s, struct search *f)
{
	const struct source_profile *profiles = NULL;

	if (f->one_window) {
		search_window(f, f->window);
		return;
	}
	size_t count = source_redis_profiles(s, f->memory, &profiles);
	for (size_t i = 0; i < count; i++) {
		if (f->window != NULL && strcmp(f->window->host, profiles[i].host) != 0)
			continue;
		for (size_t k = 0; k < profiles[i].window_count; k++) {
			const struct source_window *w = &profiles[i].windows[k];
			if (!f->alerts && w->evidence > 0)
				search_window(f, &w->id);
			else if (f->alerts && w->infected)
				search_alerts(f, &w->id);
		}
	}
}

/* ---- questions ---- */

static void
search(struct source *s, struct search *f)
{
	if (f->redis->run[0] != '\0')
		search_stream(f);
	/* Without a stream (stream_max: 0) the windows of ours tell it as Slips' do. */
	if (f->rows.count == 0)
		search_slips(s, f);
}

/* After a connection was lost some came again, with the id that they had; of Slips' first an id is one of its window. */
static bool
is_again(const char *id, const struct source_window_id *w, const char *id_before,
	const struct source_window_id *before)
{
	return *id != '\0' && strcmp(id, id_before) == 0 && w->number == before->number &&
	       strcmp(w->host, before->host) == 0;
}

size_t
source_redis_evidences(struct source *s, const struct source_window_id *w, bool one_window,
	struct arena *m, const struct source_evidence **ret)
{
	struct search f = {
		.redis = source_redis_question(s),
		.memory = m,
		.window = w != NULL && w->host != NULL ? w : NULL,
		.one_window = one_window,
		.rows = { .memory = m, .row_size = sizeof(struct source_evidence) },
	};
	size_t kept = 0;

	*ret = NULL;
	if (f.redis == NULL || (one_window && f.window == NULL))
		return 0;
	search(s, &f);
	struct source_evidence *e = f.rows.rows;
	source_evidence_order(e, f.rows.count);
	for (size_t i = 0; i < f.rows.count; i++)
		if (kept == 0 ||
			!is_again(e[i].id, &e[i].window, e[kept - 1].id, &e[kept - 1].window))
			e[kept++] = e[i];
	*ret = e;
	return source_redis_answer(s, kept);
}

size_t
source_redis_alerts(struct source *s, struct arena *m, const struct source_alert **ret)
{
	struct search f = {
		.redis = source_redis_question(s),
		.memory = m,
		.alerts = true,
		.rows = { .memory = m, .row_size = sizeof(struct source_alert) },
	};
	size_t kept = 0;

	*ret = NULL;
	if (f.redis == NULL)
		return 0;
	search(s, &f);
	struct source_alert *a = f.rows.rows;
	source_alerts_order(a, f.rows.count);
	for (size_t i = 0; i < f.rows.count; i++)
		if (kept == 0 ||
			!is_again(a[i].id, &a[i].window, a[kept - 1].id, &a[kept - 1].window))
			a[kept++] = a[i];
	*ret = a;
	return source_redis_answer(s, kept);
}
