/* What one window's hash has: its tables and its tuples, each a JSON document in a field, whichever generation wrote it. */
#include "viewer/source/source_json.h"
#include "viewer/source/source_redis_part.h"
#include "viewer/source/source_text.h"

#include <stdio.h>
#include <string.h>

static const char *const protocols[] = { "TCP", "UDP" };
enum { PROTOCOLS = 2 };

/* Fields of a table, by their beginnings: the newest Slips has no small d any more. */
static const struct {
	const char *name, *other_name;
	const char *parts;
} tables[SOURCE_TABLE_COUNT] = {
	[SOURCE_PORTS_OF_CLIENT] = { "SrcPortsClient", NULL, NULL },
	[SOURCE_PEERS_OF_CLIENT] = { "DstIPsClient", NULL, NULL },
	[SOURCE_PORTS_AS_SERVER] = { "DstPortsServer", "dstPortsServer", NULL },
	[SOURCE_PORTS_CONTACTED] = { "DstPortsClient", NULL, "dstips" },
};

/* ---- tables ---- */

/* A field, or {} */
static json_t *
taken(struct source_redis_link *l)
{
	struct redisReply *answer = source_redis_take(l);
	size_t length = 0;
	const char *text = source_redis_text(answer, &length);
	json_t *json = source_json_read(text, length);

	source_redis_drop(answer);
	return json;
}

/* Packets of a peer: a number, or since 0.9 an object that has them. */
static void
take_parts(json_t *peers, struct arena *m, struct source_row *ret)
{
	struct source_rows_of parts = { .memory = m, .row_size = sizeof(struct source_part) };
	const char *key = NULL;
	json_t *value = NULL;

	json_object_foreach(peers, key, value)
	{
		struct source_part *part = source_row_add(&parts);

		if (part == NULL)
			break;
		part->key = source_text_copy(m, key);
		part->packets = json_is_object(value) ? source_json_count(value, "pkts")
						      : source_json_count(peers, key);
	}
	source_parts_order(parts.rows, parts.count);
	ret->parts = parts.rows;
	ret->part_count = parts.count;
}

static void
take_table(json_t *table, const char *proto, const char *parts, struct source_rows_of *rows)
{
	const char *key = NULL;
	json_t *value = NULL;

	json_object_foreach(table, key, value)
	{
		struct source_row *row = json_is_object(value) ? source_row_add(rows) : NULL;

		if (row == NULL)
			continue;
		row->proto = proto;
		row->key = source_text_copy(rows->memory, key);
		row->flows = source_json_count(value, "totalflows");
		row->packets = source_json_count(value, "totalpkt");
		row->bytes = source_json_count(value, "totalbytes");
		if (parts != NULL)
			take_parts(json_object_get(value, parts), rows->memory, row);
	}
}

/* "DstPortsServer" "TCP" "NotEstablished" */
static void
send_field(struct source_redis *r, const char *key, const char *begin, const char *proto,
	const char *state)
{
	char field[64];

	(void)snprintf(field, sizeof(field), "%s%s%s", begin, proto, state);
	source_redis_send(r->data, "HGET", key, field, (const char *)NULL);
}

/* All names that the field had: the first that has rows counts. */
static void
take_variants(struct source_redis *r, const char *key, enum source_table table, const char *proto,
	bool established, struct source_rows_of *rows)
{
	static const char *const states[][2] = {
		{ "NotEstablished", "Not Established" },
		{ "Established", "Established" },
	};
	const char *const names[] = { tables[table].name, tables[table].other_name };
	bool is_taken = false;

	for (size_t i = 0; i < 4; i++)
		if (names[i / 2] != NULL)
			send_field(r, key, names[i / 2], proto, states[established][i % 2]);
	for (size_t i = 0; i < 4; i++) {
		if (names[i / 2] == NULL)
			continue;
		json_t *json = taken(r->data);
		if (!is_taken)
			take_table(json, proto, tables[table].parts, rows);
		is_taken |= json_object_size(json) > 0;
		json_decref(json);
	}
}

size_t
source_redis_rows(struct source *s, const struct source_window_id *w, enum source_table table,
	bool established, struct arena *m, const struct source_row **ret)
{
	const struct source_redis_key key = source_redis_window_key(w, "");
	struct source_rows_of rows = { .memory = m, .row_size = sizeof(struct source_row) };
	struct source_redis *r = source_redis_question(s);

	*ret = NULL;
	if (r == NULL)
		return 0;
	for (size_t i = 0; i < PROTOCOLS; i++)
		take_variants(r, key.text, table, protocols[i], established, &rows);
	source_table_order(rows.rows, rows.count);
	*ret = rows.rows;
	return source_redis_answer(s, rows.count);
}

/* ---- tuples ---- */

static double
time_of(const json_t *times, size_t i)
{
	const json_t *value = json_array_get(times, i);

	return json_is_number(value) ? json_number_value(value) : 0;
}

/* A tuple's letters with its times, or since 1.1.17 its letters alone. */
static void
take_tuple(const char *key, size_t length, const json_t *value, struct source_rows_of *rows)
{
	const json_t *letters = json_is_array(value) ? json_array_get(value, 0) : value;
	const json_t *times = json_array_get(value, 1);
	struct source_tuple tuple = { .letters = "" };

	if (!source_tuple_key(key, length, rows->memory, &tuple))
		return;
	struct source_tuple *row = source_row_add(rows);
	if (row == NULL)
		return;
	*row = tuple;
	row->letters = source_json_value(letters, rows->memory);
	row->last_s = time_of(times, 0);
	row->before_s = time_of(times, 1);
}

static bool
take_symbols(void *context, const struct redisReply *item, const struct redisReply *value)
{
	struct source_rows_of *rows = context;
	size_t length = 0;
	size_t letters = 0;
	const char *key = source_redis_text(item, &length);
	const char *text = source_redis_text(value, &letters);
	json_t *json = text != NULL ? json_stringn(text, letters) : NULL;

	if (key != NULL)
		take_tuple(key, length, json, rows);
	json_decref(json);
	return rows->count < SOURCE_REDIS_WINDOWS_MAX;
}

static void
take_tuples(struct source_redis *r, const struct source_window_id *w, bool out,
	struct source_rows_of *rows)
{
	const char *key = NULL;
	json_t *value = NULL;

	source_redis_send(r->data, "HGET", source_redis_window_key(w, "").text,
		out ? "OutTuples" : "InTuples", (const char *)NULL);
	json_t *tuples = taken(r->data);
	json_object_foreach(tuples, key, value) take_tuple(key, strlen(key), value, rows);
	json_decref(tuples);
	if (rows->count == 0 && r->run[0] == '\0')
		source_redis_scan(r->data,
			source_redis_window_key(w, out ? ":OutTuples:symbols" : ":InTuples:symbols")
				.text,
			NULL, take_symbols, rows);
}

static void
describe(struct source_redis *r, struct source_tuple *tuples, size_t count, struct arena *m)
{
	const char *name = NULL;
	const char *vendor = NULL;

	for (size_t from = 0; from < count; from += SOURCE_REDIS_BATCH) {
		size_t to = from + SOURCE_REDIS_BATCH < count ? from + SOURCE_REDIS_BATCH : count;

		for (size_t i = from; i < to; i++)
			source_redis_address_send(r, tuples[i].peer);
		for (size_t i = from; i < to; i++)
			(void)source_redis_address_take(
				r, tuples[i].peer, m, &tuples[i].address, &name, &vendor);
	}
}

size_t
source_redis_tuples(struct source *s, const struct source_window_id *w, bool out, struct arena *m,
	const struct source_tuple **ret)
{
	struct source_rows_of rows = { .memory = m, .row_size = sizeof(struct source_tuple) };
	struct source_redis *r = source_redis_question(s);

	*ret = NULL;
	if (r == NULL)
		return 0;
	take_tuples(r, w, out, &rows);
	describe(r, rows.rows, rows.count, m);
	*ret = rows.rows;
	return source_redis_answer(s, rows.count);
}
