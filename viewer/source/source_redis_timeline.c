/*
 * Timelines: a sorted set of JSON lines, of which a page is read; in the generation of the talk a list.
 *
 * A list is in order of time only where it was told at once, and what HTTP said has a line of its own: it is read whole, its
 * lines put together and in order, and kept.
 */
#include "viewer/source/source_redis_part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	NUMBER_MAX = 24,
	PAGE = 256,
	LIST_MAX = 20000, /* lines of a list that are read: the latest */
	LIST_MEMORY = 64 * 1024 * 1024,
};

static bool
is_list(struct source_redis *r, const char *key)
{
	struct redisReply *type = source_redis_ask(r->data, "TYPE", key, (const char *)NULL);
	bool is = source_redis_is(type, "list");

	source_redis_drop(type);
	return is;
}

/* returns how many lines there were */
static size_t
take_page(struct source_redis *r, const char *host, struct source_rows_of *rows)
{
	struct redisReply *lines = source_redis_take(r->data);
	size_t count = source_redis_count(lines);

	for (size_t i = 0; i < count; i++) {
		struct source_entry *e = source_row_add(rows);
		size_t length = 0;
		const char *json = source_redis_text(source_redis_item(lines, i), &length);

		if (e == NULL)
			break;
		/* One that cannot be read keeps its place: what is counted is what is there. */
		if (json == NULL || !source_entry_read(json, length, host, rows->memory, e)) {
			*e = source_entry_empty();
			e->warning = "an entry that cannot be read";
		}
	}
	source_redis_drop(lines);
	return count;
}

static void
take_lines(struct source_redis *r, const struct source_window_id *w, const char *command,
	size_t from, size_t most, struct source_rows_of *rows)
{
	const struct source_redis_key key = source_redis_window_key(w, "_timeline");
	bool more = true;

	while (more && most > 0) {
		const size_t page = most < PAGE ? most : PAGE;
		char first[NUMBER_MAX];
		char last[NUMBER_MAX];

		(void)snprintf(first, sizeof(first), "%zu", from);
		(void)snprintf(last, sizeof(last), "%zu", from + page - 1);
		source_redis_send(r->data, command, key.text, first, last, (const char *)NULL);
		more = take_page(r, w->host, rows) == page;
		from += page;
		most -= page;
	}
}

/* ---- the talk's ---- */

static size_t
list_length(struct source_redis *r, const struct source_window_id *w)
{
	const struct source_redis_key key = source_redis_window_key(w, "_timeline");
	struct redisReply *answer = source_redis_ask(r->data, "LLEN", key.text, (const char *)NULL);
	long long length = source_redis_number(answer);

	source_redis_drop(answer);
	return length > 0 ? (size_t)length : 0;
}

/* What was said goes on: it belongs to the entry before. */
static void
go_on(struct source_entry *e, const struct source_entry *said, struct arena *m)
{
	struct source_pair *pairs =
		said->pair_count > 0
			? arena_alloc(m, (e->pair_count + said->pair_count) * sizeof(*pairs))
			: NULL;

	if (pairs == NULL)
		return;
	if (e->pair_count > 0)
		memcpy(pairs, e->pairs, e->pair_count * sizeof(*pairs));
	memcpy(pairs + e->pair_count, said->pairs, said->pair_count * sizeof(*pairs));
	e->pairs = pairs;
	e->pair_count += said->pair_count;
}

struct place {
	struct source_entry entry;
	size_t number; /* as they came */
};

static int
compare_places(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;

	if (x->entry.ts_ns != y->entry.ts_ns)
		return x->entry.ts_ns < y->entry.ts_ns ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* By time; those of the same time stay as they came. */
static void
order(struct source_entry *entries, size_t count, struct arena *m)
{
	struct place *places = count > 1 ? arena_alloc(m, count * sizeof(*places)) : NULL;

	if (places == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		places[i] = (struct place){ entries[i], i };
	qsort(places, count, sizeof(*places), compare_places);
	for (size_t i = 0; i < count; i++)
		entries[i] = places[i].entry;
}

static void
take_list(struct source_redis *r, const struct source_window_id *w, struct source_rows_of *rows)
{
	size_t length = list_length(r, w);
	size_t kept = 0;

	take_lines(r, w, "LRANGE", length > LIST_MAX ? length - LIST_MAX : 0, LIST_MAX, rows);
	struct source_entry *e = rows->rows;
	for (size_t i = 0; i < rows->count; i++)
		if (e[i].ts_ns == 0 && kept > 0 && e[i].pair_count > 0)
			go_on(&e[kept - 1], &e[i], rows->memory);
		else
			e[kept++] = e[i];
	rows->count = kept;
	order(e, kept, rows->memory);
}

/*
 * Who looks at the stamp draws a picture for each key: a list is read once a look, and not once a picture.
 *
 * returns  NULL: the timeline is none
 */
static const struct source_redis_list *
list_of(struct source *s, struct source_redis *r, const struct source_window_id *w)
{
	const struct source_redis_key key = source_redis_window_key(w, "_timeline");
	struct source_redis_list *list = &r->list;
	struct source_rows_of rows = { .memory = &list->memory,
		.row_size = sizeof(struct source_entry) };

	if (r->stamp != 0 && list->stamp == r->stamp && strcmp(list->key.text, key.text) == 0)
		return list;
	if (!is_list(r, key.text))
		return NULL;
	arena_done(&list->memory);
	arena_init(&list->memory, LIST_MEMORY, NULL);
	take_list(r, w, &rows);
	list->key = key;
	list->entries = rows.rows;
	list->count = source_redis_answer(s, rows.count);
	list->stamp = s->trouble[0] == '\0' ? r->stamp : 0;
	return list;
}

/* ---- both ---- */

size_t
source_redis_entry_count(struct source *s, const struct source_window_id *w)
{
	struct source_redis *r = source_redis_question(s);

	if (r == NULL)
		return 0;
	const struct source_redis_list *list = list_of(s, r, w);
	if (list != NULL)
		return list->count;
	struct redisReply *answer = source_redis_ask(
		r->data, "ZCARD", source_redis_window_key(w, "_timeline").text, (const char *)NULL);
	long long count = source_redis_number(answer);
	source_redis_drop(answer);
	return source_redis_answer(s, count > 0 ? (size_t)count : 0);
}

size_t
source_redis_entries(struct source *s, const struct source_window_id *w, size_t from, size_t most,
	struct arena *m, const struct source_entry **ret)
{
	struct source_rows_of rows = { .memory = m, .row_size = sizeof(struct source_entry) };
	struct source_redis *r = source_redis_question(s);

	*ret = NULL;
	if (r == NULL)
		return 0;
	const struct source_redis_list *list = list_of(s, r, w);
	if (list == NULL)
		take_lines(r, w, "ZRANGE", from, most, &rows);
	for (size_t i = from; list != NULL && i < list->count && i - from < most; i++) {
		struct source_entry *e = source_row_add(&rows);

		if (e == NULL)
			break;
		source_entry_copy(m, &list->entries[i], e);
	}
	*ret = rows.rows;
	return source_redis_answer(s, rows.count);
}
