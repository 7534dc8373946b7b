#include "viewer/source/source_order.h"
#include "viewer/source/source_store_part.h"
#include "viewer/source/source_text.h"

#include <string.h>

enum { WINDOW_MEMORY_MAX = 1024 * 1024 };

/* ---- entries ---- */

static uint64_t
count_of(struct source *s, int64_t window)
{
	struct question q = question_begin(s, ASK_ENTRY_COUNT);

	question_put(&q, window);
	uint64_t count = question_next(&q) ? question_u64(&q, 0) : 0;
	question_end(&q);
	return count;
}

size_t
source_store_entry_count(struct source *s, const struct source_window_id *w)
{
	struct arena room;
	uint64_t count = 0;

	arena_init(&room, WINDOW_MEMORY_MAX, NULL);
	struct store_window_rows rows = source_store_window(s, w, &room);
	for (size_t i = 0; i < rows.count; i++)
		count += count_of(s, rows.ids[i]);
	arena_done(&room);
	return s->trouble[0] == '\0' ? (size_t)count : 0;
}

/* Of what timelines do not tell there is no JSON, and of what is no JSON there are still the columns. */
static void
entry_of_columns(const struct question *q, struct arena *m, struct source_entry *ret)
{
	const char *service = question_text(q, 5, m);

	*ret = source_entry_empty();
	ret->is_from = question_i64(q, 1) != 0;
	ret->peer = question_text(q, 2, m);
	ret->port = source_text_format(m, "%lld/%s", (long long)question_i64(q, 3),
		source_proto_loud((unsigned)question_i64(q, 4), m));
	ret->service = *service != '\0' ? service : "????";
	ret->has_sizes = true;
	ret->sent = question_u64(q, 6);
	ret->received = question_u64(q, 7);
	ret->has_state = true;
	ret->established = question_i64(q, 8) != 0;
}

static void
entry_read(const struct question *q, const char *host, struct arena *m, struct source_entry *ret)
{
	const char *json = (const char *)sqlite3_column_text(q->statement, 10);
	size_t length = (size_t)sqlite3_column_bytes(q->statement, 10);

	if (json == NULL || !source_entry_read(json, length, host, m, ret))
		entry_of_columns(q, m, ret);
	/* The columns are exact to the nanosecond. */
	ret->ts_ns = question_u64(q, 0);
	ret->uid = question_text(q, 9, m);
}

static void
entries_add(struct source *s, int64_t window, const char *host, size_t from, size_t most,
	struct source_rows_of *rows)
{
	struct question q = question_begin(s, ASK_ENTRIES);

	question_put(&q, window);
	question_put(&q, (int64_t)most);
	question_put(&q, (int64_t)from);
	while (question_next(&q)) {
		struct source_entry *e = source_row_add(rows);
		if (e == NULL)
			break;
		entry_read(&q, host, rows->memory, e);
	}
	question_end(&q);
}

size_t
source_store_entries(struct source *s, const struct source_window_id *w, size_t from, size_t most,
	struct arena *m, const struct source_entry **ret)
{
	struct source_rows_of rows = { .memory = m, .row_size = sizeof(struct source_entry) };
	unsigned refused = m->refused;
	struct store_window_rows parts = source_store_window(s, w, m);

	/* Parts follow each other: a restart lies between them. */
	for (size_t i = 0; i < parts.count && rows.count < most; i++) {
		size_t before = parts.count > 1 ? (size_t)count_of(s, parts.ids[i]) : SIZE_MAX;
		if (from < before)
			entries_add(s, parts.ids[i], w->host, from, most - rows.count, &rows);
		from = from > before ? from - before : 0;
	}
	source_store_full(s, m, refused);
	*ret = rows.rows;
	return rows.count;
}

/* ---- flows ---- */

static const char *
port_text(const struct question *q, int column, struct arena *m)
{
	return source_text_format(m, "%lld", (long long)question_i64(q, column));
}

static void
flow_read(const struct question *q, struct arena *m, struct source_flow *f)
{
	uint64_t start_ns = question_u64(q, 1);
	uint64_t end_ns = question_u64(q, 2);

	*f = (struct source_flow){
		.uid = question_text(q, 0, m),
		.start_ns = start_ns,
		.duration_s = end_ns > start_ns ? (double)(end_ns - start_ns) / 1e9 : 0,
		.orig = question_text(q, 3, m),
		.orig_port = port_text(q, 4, m),
		.resp = question_text(q, 5, m),
		.resp_port = port_text(q, 6, m),
		.proto = source_proto_quiet((unsigned)question_i64(q, 7), m),
		.service = question_text(q, 8, m),
		.state = question_text(q, 9, m),
		.established = question_i64(q, 10) != 0,
		.orig_packets = question_u64(q, 11),
		.orig_bytes = question_u64(q, 12),
		.resp_packets = question_u64(q, 13),
		.resp_bytes = question_u64(q, 14),
	};
}

/* Its values are bound; it ends here. */
static void
flows_add(struct question *q, struct source_rows_of *rows)
{
	while (question_next(q)) {
		struct source_flow *f = source_row_add(rows);
		if (f == NULL)
			break;
		flow_read(q, rows->memory, f);
	}
	question_end(q);
}

/* peer NULL: whoever it is */
static void
flows_of_window(struct source *s, const struct source_window_id *w, const char *peer, size_t most,
	struct source_rows_of *rows)
{
	struct store_window_rows parts = source_store_window(s, w, rows->memory);

	for (size_t i = 0; i < parts.count && rows->count < most; i++) {
		struct question q =
			question_begin(s, peer == NULL ? ASK_FLOWS_OF_WINDOW : ASK_FLOWS_WITH);
		question_put(&q, parts.ids[i]);
		if (peer != NULL)
			question_put_text(&q, peer);
		question_put(&q, (int64_t)(most - rows->count));
		flows_add(&q, rows);
	}
}

size_t
source_store_flows(struct source *s, const struct source_window_id *w, const char *const *uids,
	size_t uid_count, size_t most, struct arena *m, const struct source_flow **ret)
{
	struct source_rows_of rows = { .memory = m, .row_size = sizeof(struct source_flow) };
	unsigned refused = m->refused;

	if (uid_count == 0)
		flows_of_window(s, w, NULL, most, &rows);
	for (size_t i = 0; i < uid_count && rows.count < most; i++) {
		struct question q = question_begin(s, ASK_FLOWS_BY_UID);
		question_put_text(&q, uids[i]);
		question_put(&q, (int64_t)(most - rows.count));
		flows_add(&q, &rows);
	}
	source_store_full(s, m, refused);
	*ret = rows.rows;
	return rows.count;
}

size_t
source_store_flows_with(struct source *s, const struct source_window_id *w, const char *peer,
	size_t most, struct arena *m, const struct source_flow **ret)
{
	struct source_rows_of rows = { .memory = m, .row_size = sizeof(struct source_flow) };
	unsigned refused = m->refused;

	flows_of_window(s, w, peer, most, &rows);
	source_store_full(s, m, refused);
	*ret = rows.rows;
	return rows.count;
}
