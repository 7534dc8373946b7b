#include "viewer/source/source_order.h"
#include "viewer/source/source_store_part.h"
#include "viewer/source/source_text.h"

#include <string.h>

/* ---- the feature dictionaries ---- */

static const struct {
	enum store_question question;
	int role; /* 0: as client */
} tables[SOURCE_TABLE_COUNT] = {
	[SOURCE_PORTS_OF_CLIENT] = { ASK_SOURCE_PORTS, 0 },
	[SOURCE_PEERS_OF_CLIENT] = { ASK_PEERS, 0 },
	[SOURCE_PORTS_AS_SERVER] = { ASK_PORTS, 1 },
	[SOURCE_PORTS_CONTACTED] = { ASK_PORTS_BY_PEER, 0 },
};

static void
row_read(const struct question *q, struct arena *m, struct source_row *r)
{
	*r = (struct source_row){
		.proto = source_proto_loud((unsigned)question_i64(q, 0), m),
		.key = question_text(q, 1, m),
		.flows = question_u64(q, 2),
		.packets = question_u64(q, 3),
		.bytes = question_u64(q, 4),
	};
}

/* Rows come in order of protocol and port, one for each of its addresses. returns false when memory is out */
static bool
part_add(struct source_rows_of *rows, struct source_rows_of *parts, const struct source_row *one,
	const char *peer)
{
	struct source_row *last = NULL;

	if (rows->count > 0)
		last = (struct source_row *)rows->rows + rows->count - 1;
	if (last == NULL || strcmp(last->proto, one->proto) != 0 ||
		strcmp(last->key, one->key) != 0) {
		if ((last = source_row_add(rows)) == NULL)
			return false;
		*last = (struct source_row){ .proto = one->proto, .key = one->key };
		source_parts_order(parts->rows, parts->count);
		*parts = (struct source_rows_of){ .memory = rows->memory,
			.row_size = sizeof(struct source_part) };
	}
	struct source_part *part = source_row_add(parts);
	if (part == NULL)
		return false;
	*part = (struct source_part){ peer, one->packets };
	last->flows += one->flows;
	last->packets += one->packets;
	last->bytes += one->bytes;
	last->parts = parts->rows;
	last->part_count = parts->count;
	return true;
}

size_t
source_store_rows(struct source *s, const struct source_window_id *w, enum source_table table,
	bool established, struct arena *m, const struct source_row **ret)
{
	struct source_rows_of rows = { .memory = m, .row_size = sizeof(struct source_row) };
	struct source_rows_of parts = { .memory = m };
	unsigned refused = m->refused;
	const char *list = source_store_window(s, w, m).list;
	struct question q = question_begin(s, tables[table].question);
	bool has_room = true;

	question_put(&q, established);
	question_put_text(&q, list);
	question_put(&q, tables[table].role);
	while (has_room && question_next(&q)) {
		struct source_row one;
		row_read(&q, m, &one);
		if (table == SOURCE_PORTS_CONTACTED) {
			has_room = part_add(&rows, &parts, &one, question_text(&q, 5, m));
		} else {
			struct source_row *row = source_row_add(&rows);
			has_room = row != NULL;
			if (has_room)
				*row = one;
		}
	}
	question_end(&q);
	source_store_full(s, m, refused);
	source_parts_order(parts.rows, parts.count);
	source_table_order(rows.rows, rows.count);
	*ret = rows.rows;
	return rows.count;
}

/* ---- tuples ---- */

size_t
source_store_tuples(struct source *s, const struct source_window_id *w, bool out, struct arena *m,
	const struct source_tuple **ret)
{
	struct source_rows_of rows = { .memory = m, .row_size = sizeof(struct source_tuple) };
	unsigned refused = m->refused;
	const char *list = source_store_window(s, w, m).list;
	struct question q = question_begin(s, ASK_TUPLES);

	question_put_text(&q, list);
	question_put(&q, out ? 0 : 1);
	while (question_next(&q)) {
		struct source_tuple *t = source_row_add(&rows);
		if (t == NULL)
			break;
		*t = (struct source_tuple){
			.peer = question_text(&q, 0, m),
			.port = question_text(&q, 1, m),
			.proto = source_proto_quiet((unsigned)question_i64(&q, 2), m),
			.letters = question_text(&q, 3, m),
		};
		(void)source_store_address(s, t->peer, m, &t->address);
	}
	question_end(&q);
	if (out)
		source_store_server_names(s, list, rows.rows, rows.count, m);
	source_store_full(s, m, refused);
	*ret = rows.rows;
	return rows.count;
}
