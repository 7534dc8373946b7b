#include "exporters/kalipso/kalipso_window.h"

#include "daemon/record/record_wire.h"
#include "exporters/kalipso/kalipso_facts.h"
#include "exporters/kalipso/kalipso_text.h"
#include "exporters/kalipso/kalipso_tuples.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINE_BYTES = 32 * 1024,          /* of one line; a longer one is left out */
	LINE_ROOM = LINE_BYTES + 64,     /* with its score */
	FIELD_ROOM = REDIS_TEXT_MAX / 2, /* that a field finds when it is begun */
	TABLES = 4,
	VARIANTS = 4, /* two protocols, two states */
};

/* Dictionaries that a UI reads (kalipso.md 3.2), each by protocol and state. */
static const struct {
	enum feature_index index;
	enum obs_role role;
} tables[TABLES] = {
	{ FEATURE_SOURCE_PORTS, ROLE_CLIENT },
	{ FEATURE_PEERS, ROLE_CLIENT },
	{ FEATURE_DESTINATION_PORTS, ROLE_SERVER },
	{ FEATURE_DESTINATION_PORTS, ROLE_CLIENT },
};

void
kalipso_command(struct dialect_target *t, uint32_t db, const char *name, const char *key,
	const char *argument)
{
	redis_begin(t->command, db, name, key);
	redis_arg(t->command, argument);
	(void)redis_end(t->command);
}

void
kalipso_delete(struct dialect_target *t, uint32_t db, const char *key)
{
	redis_begin(t->command, db, "DEL", key);
	(void)redis_end(t->command);
}

void
kalipso_expire(struct dialect_target *t, uint32_t db, const char *key)
{
	if (t->ttl_s == 0)
		return;
	redis_begin(t->command, db, "EXPIRE", key);
	redis_arg_u64(t->command, t->ttl_s);
	(void)redis_end(t->command);
}

/* ---- the hash ---- */

/* Begin a field, in a command of its own if the one that is open may be too full. returns where its value goes */
static struct strbuf *
field_begin(struct dialect_target *t, const char *key, const char *field)
{
	struct redis_command *c = t->command;

	if (redis_room(c) < FIELD_ROOM || !redis_args_fit(c, 2))
		(void)redis_end(c);
	if (!c->is_begun)
		redis_begin(c, t->db, "HSET", key);
	redis_arg(c, field);
	return redis_arg_begin(c);
}

static void
put_table(struct dialect_target *t, const char *key, const struct tuples *tuples,
	const struct feature_name *which, const struct kalipso_form *form)
{
	char name[FEATURE_NAME_MAX];

	kalipso_table(t, field_begin(t, key, feature_name_format(which, name)), tuples, which,
		form->parts);
	redis_arg_end(t->command);
	if (form->server_ports == NULL || which->role != ROLE_SERVER)
		return;
	char second[FEATURE_NAME_MAX];
	struct strbuf b;

	strbuf_init(&b, second, sizeof(second));
	strbuf_text(&b, form->server_ports);
	strbuf_text(&b, name + strlen("DstPortsServer"));
	redis_end_twice(t->command, key, second);
}

static void
put_tables(struct dialect_target *t, const char *key, const struct tuples *tuples,
	const struct kalipso_form *form)
{
	static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_UDP };

	for (unsigned i = 0; i < TABLES * VARIANTS; i++) {
		const struct feature_name which = {
			.index = tables[i / VARIANTS].index,
			.role = (uint8_t)tables[i / VARIANTS].role,
			.ip_proto = protocols[i / 2 % 2],
			.established = i % 2 == 0,
		};
		if (kalipso_table_has_rows(tuples, &which))
			put_table(t, key, tuples, &which, form);
	}
}

static void
put_tuples(struct dialect_target *t, const char *key, const struct tuples *tuples,
	const struct kalipso_form *form)
{
	kalipso_tuples(t, field_begin(t, key, "OutTuples"), tuples, ROLE_CLIENT, form->separator);
	redis_arg_end(t->command);
	kalipso_tuples(t, field_begin(t, key, "InTuples"), tuples, ROLE_SERVER, form->separator);
	redis_arg_end(t->command);
}

void
kalipso_fields(
	struct dialect_target *t, const struct mirror_window *w, const struct kalipso_form *form)
{
	const struct window_unpacking *u = mirror_window_tuples(t->mirror, w);
	char key[KALIPSO_KEY_MAX];

	kalipso_window_key(key, &w->host, w->ref.number, "");
	if (u == NULL) {
		/* A window without this ends the UI of the talk (kalipso.md 5.4). */
		redis_begin(t->command, t->db, "HSETNX", key);
		redis_arg(t->command, "OutTuples");
		redis_arg(t->command, "{}");
	} else {
		put_tuples(t, key, u->window.tuples, form);
		put_tables(t, key, u->window.tuples, form);
	}
	(void)redis_end(t->command);
	kalipso_facts_window(t, w, u == NULL ? NULL : u->window.tuples);
}

/* ---- the timeline ---- */

/* Lines on their way into commands. */
struct telling {
	struct dialect_target *target;
	const struct kalipso_lines *lines;
	char key[KALIPSO_KEY_MAX];
};

/* Append one line with its score, in a command of its own if the one that is open is full. */
static void
put_line(struct telling *tell, uint64_t ts_ns, struct strbuf *line)
{
	struct redis_command *c = tell->target->command;

	if (line->truncated)
		tell->target->left_out++;
	if (line->truncated || line->length == 0)
		return;
	kalipso_tame(line->text, line->length);
	if (!c->is_begun)
		redis_begin(c, tell->target->db, tell->lines->command, tell->key);
	if (tell->lines->is_sorted)
		redis_arg_seconds(c, ts_ns);
	redis_arg(c, line->text);
	if (redis_room(c) < LINE_ROOM || !redis_args_fit(c, 2))
		(void)redis_end(c);
}

static void
put_record(struct telling *tell, const struct mirror_line *l)
{
	struct record_unpacked *room = tell->target->record;
	struct cursor in = cursor_over(l->bytes, l->length);
	char text[LINE_BYTES];
	struct strbuf line;

	if (!record_unpack(&in, room) || room->record.kind != RECORD_TIMELINE)
		return;
	const struct record_timeline *r = room->record.timeline;
	strbuf_init(&line, text, sizeof(text));
	tell->lines->put(&line, r);
	put_line(tell, r->flow->start_ns, &line);
	if (tell->lines->put_more == NULL)
		return;
	strbuf_init(&line, text, sizeof(text));
	tell->lines->put_more(&line, r);
	put_line(tell, r->flow->start_ns, &line);
}

struct begin {
	const struct mirror_line *line;
	uint64_t place; /* in the order of arrival */
};

static int
compare_begins(const void *a, const void *b)
{
	const struct begin *x = a;
	const struct begin *y = b;

	if (x->line->ts_ns != y->line->ts_ns)
		return x->line->ts_ns < y->line->ts_ns ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

/*
 * Lines arrive as conversations end. A sorted set puts them in order; in a list those that are told together are, and
 * what was told before stays where it is. Without memory they are told as they came.
 */
static void
put_records(struct telling *tell, const struct mirror_line *first, uint64_t count)
{
	struct begin *begins = tell->lines->is_sorted ? NULL : malloc(count * sizeof(*begins));
	uint64_t i = 0;

	for (const struct mirror_line *l = first; l != NULL; l = l->next, i++)
		if (begins != NULL)
			begins[i] = (struct begin){ l, i };
		else
			put_record(tell, l);
	if (begins != NULL)
		qsort(begins, count, sizeof(*begins), compare_begins);
	for (i = 0; begins != NULL && i < count; i++)
		put_record(tell, begins[i].line);
	free(begins);
}

static void
arg_i64(struct redis_command *c, int64_t value)
{
	strbuf_i64(redis_arg_begin(c), value);
	redis_arg_end(c);
}

/* A line may have become two: it is the server that counts. */
static void
keep_newest(struct telling *tell)
{
	struct redis_command *c = tell->target->command;
	int64_t most = tell->target->timeline_max;

	redis_begin(c, tell->target->db, tell->lines->is_sorted ? "ZREMRANGEBYRANK" : "LTRIM",
		tell->key);
	arg_i64(c, tell->lines->is_sorted ? 0 : -most);
	arg_i64(c, tell->lines->is_sorted ? -most - 1 : -1);
	(void)redis_end(c);
}

void
kalipso_timeline(
	struct dialect_target *t, const struct mirror_window *w, const struct kalipso_lines *lines)
{
	struct telling tell = { .target = t, .lines = lines };
	const struct mirror_due *due = &w->due[t->target];
	uint64_t end = w->timeline.begun + w->timeline.count;
	uint64_t first = due->whole ? 0 : due->timeline_told;
	const struct mirror_line *l = w->timeline.first;
	uint64_t i = w->timeline.begun;

	kalipso_window_key(tell.key, &w->host, w->ref.number, "_timeline");
	if (end > t->timeline_max && first < end - t->timeline_max)
		first = end - t->timeline_max;
	for (; l != NULL && i < first; l = l->next)
		i++;
	put_records(&tell, l, end - i);
	(void)redis_end(t->command);
	if (2 * end > t->timeline_max)
		keep_newest(&tell);
}

void
kalipso_expire_window(struct dialect_target *t, const struct mirror_window *w)
{
	char key[KALIPSO_KEY_MAX];

	kalipso_expire(t, t->db, kalipso_window_key(key, &w->host, w->ref.number, ""));
	kalipso_expire(t, t->db, kalipso_window_key(key, &w->host, w->ref.number, "_timeline"));
	if (t->own_count > 0)
		kalipso_expire(t, t->db, "hostIP");
}

void
kalipso_delete_window(struct dialect_target *t, const struct addr *host, int64_t number)
{
	char key[KALIPSO_KEY_MAX];

	/* What makes it visible to the UIs that look for timelines goes first. */
	kalipso_delete(t, t->db, kalipso_window_key(key, host, number, "_timeline"));
	kalipso_delete(t, t->db, kalipso_window_key(key, host, number, ""));
	kalipso_facts_window_gone(t, host, number);
}

/* ---- profiles ---- */

void
kalipso_profile_info(struct dialect_target *t, const struct mirror_window *w)
{
	char text[ADDR_TEXT_MAX];

	if (mirror_address(t->mirror, &w->host) != NULL)
		return; /* it is told, or about to be */
	redis_begin(t->command, t->cache_db, "HSETNX", "IPsInfo");
	redis_arg(t->command, addr_format(&w->host, text));
	redis_arg(t->command, "{}");
	(void)redis_end(t->command);
	kalipso_expire(t, t->cache_db, "IPsInfo");
}

void
kalipso_profile_info_gone(struct dialect_target *t, const struct addr *host)
{
	char text[ADDR_TEXT_MAX];

	if (!mirror_address_told(t->mirror, t->target, host))
		kalipso_command(t, t->cache_db, "HDEL", "IPsInfo", addr_format(host, text));
}

void
kalipso_own(struct dialect_target *t, bool as_string)
{
	char text[ADDR_TEXT_MAX];

	kalipso_delete(t, t->db, "hostIP");
	for (size_t i = 0; i < t->own_count && (i == 0 || !as_string); i++)
		kalipso_command(t, t->db, as_string ? "SET" : "SADD", "hostIP",
			addr_format(&t->own[i], text));
	if (t->own_count > 0)
		kalipso_expire(t, t->db, "hostIP");
}
