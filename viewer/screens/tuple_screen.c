#include "viewer/screens/tuple_screen.h"

#include "viewer/screens/letters_show.h"
#include "viewer/screens/show.h"
#include "viewer/screens/sorted.h"
#include "viewer/screens/tuple_details.h"

#include <stdio.h>
#include <string.h>

enum {
	PIECES_MAX = 5, /* rows of one tuple; the beacon picture has all its letters */
	PIECE_LETTERS = 40,
	WIDE_FROM = 110,
	WIDER_FROM = 170,
};

/* In the order of Kalipso's last generation. */
enum { KEY, LETTERS, NAMES, SERVER_NAMES, REVERSE, ORG, COUNTRY, URL, DOWN, REF, COM, COLUMNS };

/* A row of the picture. */
struct line {
	const struct source_tuple *tuple;
	unsigned piece;
};

struct table {
	const struct source_tuple *tuples;
	struct line *lines;
	size_t count;
	size_t tuple_count, all_count; /* that are shown, and that there are */
	struct columns columns;
};

static const struct column columns_narrow[COLUMNS] = {
	[KEY] = { "tuple", 25, false },
	[LETTERS] = { "letters", 26, false },
	[NAMES] = { "names", 0, false },
};
static const struct column columns_wide[COLUMNS] = {
	[KEY] = { "tuple", 27, false },
	[LETTERS] = { "letters", PIECE_LETTERS, false },
	[NAMES] = { "names", 0, false },
	[SERVER_NAMES] = { "SNI", 0, false },
};
static const struct column columns_wider[COLUMNS] = {
	[KEY] = { "tuple", 30, false },
	[LETTERS] = { "letters", PIECE_LETTERS, false },
	[NAMES] = { "names", 0, false },
	[SERVER_NAMES] = { "SNI", 0, false },
	[REVERSE] = { "rDNS", 0, false },
	[ORG] = { "AS", 20, false },
	[COUNTRY] = { "CN", 2, false },
	[URL] = { "url", 7, true },
	[DOWN] = { "down", 7, true },
	[REF] = { "ref", 7, true },
	[COM] = { "com", 7, true },
};

static struct columns
columns_for(unsigned width)
{
	if (width >= WIDER_FROM)
		return (struct columns){ .column = columns_wider, .count = COLUMNS };
	if (width >= WIDE_FROM)
		return (struct columns){ .column = columns_wide, .count = SERVER_NAMES + 1 };
	return (struct columns){ .column = columns_narrow, .count = NAMES + 1 };
}

void
tuple_key(const struct source_tuple *t, char ret[TUPLE_KEY_MAX])
{
	(void)snprintf(ret, TUPLE_KEY_MAX, "%s-%s-%s", t->peer, t->port, t->proto);
}

/* Each row has a key of its own: the cursor keeps to a piece. */
static void
line_key(void *context, size_t i, char key[LIST_KEY_MAX])
{
	const struct table *table = context;
	const struct line *l = &table->lines[i];
	size_t length;

	tuple_key(l->tuple, key);
	length = strlen(key);
	if (l->piece > 0)
		(void)snprintf(key + length, LIST_KEY_MAX - length, " %u", l->piece + 1);
}

static bool
is_shown(const struct model *m, const struct source_tuple *t)
{
	char key[TUPLE_KEY_MAX];

	tuple_key(t, key);
	bool passing = passes(m, key, t->letters, t->address.org, t->address.reverse, NULL);
	for (size_t i = 0; i < t->address.name_count && !passing; i++)
		passing = passes(m, t->address.names[i], NULL);
	for (size_t i = 0; i < t->address.server_name_count && !passing; i++)
		passing = passes(m, t->address.server_names[i], NULL);
	return passing;
}

static const char *
first_of(const char *const *texts, size_t count)
{
	return count > 0 ? texts[0] : "";
}

static struct sorted
sorted_of(const struct source_tuple *t, size_t at, unsigned column, struct arena *memory)
{
	const struct source_address *of = &t->address;
	const struct source_reputation *r = &of->reputation;
	const double numbers[COLUMNS] = {
		[LETTERS] = (double)strlen(t->letters),
		[URL] = r->url,
		[DOWN] = r->downloaded,
		[REF] = r->referring,
		[COM] = r->communicating,
	};
	const char *const texts[COLUMNS] = {
		[NAMES] = first_of(of->names, of->name_count),
		[SERVER_NAMES] = first_of(of->server_names, of->server_name_count),
		[REVERSE] = of->reverse,
		[ORG] = of->org,
		[COUNTRY] = of->country,
	};
	char key[TUPLE_KEY_MAX];

	if (column != KEY)
		return (struct sorted){ at, texts[column], numbers[column] };
	tuple_key(t, key);
	const char *kept = arena_string(memory, key, strlen(key));
	return (struct sorted){ at, kept == NULL ? "" : kept, 0 };
}

static unsigned
at_most(size_t pieces)
{
	return pieces < PIECES_MAX ? (unsigned)pieces : (unsigned)PIECES_MAX;
}

static unsigned
pieces_of(const struct source_tuple *t, const struct columns *c)
{
	size_t wide = c->wide[LETTERS] > 0 ? c->wide[LETTERS] : 1;
	size_t most = (strlen(t->letters) + wide - 1) / wide;

	if (t->address.name_count > most)
		most = t->address.name_count;
	if (c->count > SERVER_NAMES && t->address.server_name_count > most)
		most = t->address.server_name_count;
	return most > 0 ? at_most(most) : 1;
}

/* returns false when the picture has no memory left for them */
static bool
lines_fill(struct table *t, struct model *m, const struct screen_state *state)
{
	size_t count = t->all_count;
	struct sorted *order = count > 0 ? arena_alloc(&m->memory, count * sizeof(*order)) : NULL;
	size_t lines = 0;

	for (size_t i = 0; order != NULL && i < count; i++) {
		if (!is_shown(m, &t->tuples[i]))
			continue;
		order[t->tuple_count++] =
			state->sort[0] == 0
				? (struct sorted){ .at = i }
				: sorted_of(&t->tuples[i], i, state->sort[0] - 1, &m->memory);
		lines += pieces_of(&t->tuples[i], &t->columns);
	}
	if (state->sort[0] > 0)
		sorted_by(order, t->tuple_count, state->sort_up[0]);
	t->lines = lines > 0 ? arena_alloc(&m->memory, lines * sizeof(*t->lines)) : NULL;
	for (size_t i = 0; t->lines != NULL && i < t->tuple_count; i++) {
		const struct source_tuple *tuple = &t->tuples[order[i].at];
		unsigned pieces = pieces_of(tuple, &t->columns);

		for (unsigned piece = 0; piece < pieces; piece++)
			t->lines[t->count++] = (struct line){ tuple, piece };
	}
	return t->count == lines && (order != NULL || count == 0);
}

static void
letters_cell(const struct table *t, const struct area *a, unsigned row, const struct line *l)
{
	unsigned wide = t->columns.wide[LETTERS];
	size_t length = strlen(l->tuple->letters);
	size_t from = (size_t)l->piece * wide;
	struct area cell = area_part(a, row, t->columns.at[LETTERS], 1, wide);

	if (from >= length)
		return;
	bool more = length - from > wide;
	(void)letters_draw(&cell, 0, 0, l->tuple->letters + from, more ? wide : length - from);
	if (more && l->piece == PIECES_MAX - 1)
		area_character(&cell, 0, wide - 1, GRID_DIM, a->grid->utf8 ? "…" : "~");
}

static void
reputation_draw(const struct table *t, const struct area *a, unsigned row,
	const struct source_reputation *r)
{
	const double shares[] = { r->url, r->downloaded, r->referring, r->communicating };
	char text[32];

	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		(void)snprintf(text, sizeof(text), "%.5g", shares[i]);
		columns_cell(&t->columns, a, row, URL + i, shares[i] > 0 ? GRID_BAD : GRID_PLAIN,
			r->known ? text : "-");
	}
}

static void
list_cell(const struct table *t, const struct area *a, unsigned row, size_t column,
	const char *const *texts, size_t count, unsigned piece)
{
	if (piece < count)
		columns_cell(&t->columns, a, row, column, GRID_NAME, texts[piece]);
}

static void
line_draw(const struct table *t, const struct area *a, unsigned row, const struct line *l)
{
	const struct source_address *of = &l->tuple->address;
	char key[TUPLE_KEY_MAX];

	letters_cell(t, a, row, l);
	list_cell(t, a, row, NAMES, of->names, of->name_count, l->piece);
	if (t->columns.count > SERVER_NAMES)
		list_cell(
			t, a, row, SERVER_NAMES, of->server_names, of->server_name_count, l->piece);
	if (l->piece > 0)
		return;
	tuple_key(l->tuple, key);
	columns_cell(&t->columns, a, row, KEY, GRID_ADDRESS, key);
	if (t->columns.count < COLUMNS)
		return;
	columns_cell(&t->columns, a, row, REVERSE, GRID_NAME, of->reverse);
	columns_cell(&t->columns, a, row, ORG, GRID_PLAIN, of->org);
	columns_cell(&t->columns, a, row, COUNTRY, GRID_PLAIN, of->country);
	reputation_draw(t, a, row, &of->reputation);
}

/* Where the beacon picture is asked for, this is whose. */
static void
cursor_tell(struct model *m, const struct table *t, size_t cursor)
{
	if (t->count == 0)
		m->tuple[0] = '\0';
	else
		tuple_key(t->lines[cursor].tuple, m->tuple);
}

static void
table_draw(struct model *m, struct table *t, const struct area *a, struct screen_state *state)
{
	struct list_place *place = &state->places[0];
	struct area rows = area_part(a, 1, 0, a->rows, a->columns);

	columns_head(&t->columns, a, 0, state->sort[0], state->sort_up[0]);
	struct list l = { .place = place, .count = t->count, .rows = rows.rows };
	size_t cursor = list_settle(&l, line_key, t);
	list_stands(place, &rows);
	if (t->count == 0)
		(void)area_text(&rows, 0, 0, GRID_DIM,
			show_none_of(m->source, t->all_count, model_none(m, "no tuple")));
	for (unsigned row = 0; row < rows.rows && place->top + row < t->count; row++) {
		line_draw(t, &rows, row, &t->lines[place->top + row]);
		if (place->top + row == cursor)
			area_reverse(&rows, row);
	}
	cursor_tell(m, t, cursor);
}

/* Columns inside the box. */
static unsigned
inner(const struct area *a)
{
	return a->columns > 2 ? a->columns - 2 : 0;
}

void
tuple_screen_draw(struct model *m, const struct area *a, const struct tuple_screen *t)
{
	struct source_window_id window = model_window(m);
	struct table table = { .columns = columns_for(inner(a)) };
	struct screen_state *state = &m->screens[t->id];
	unsigned below = table.columns.count < COLUMNS ? TUPLE_DETAILS_ROWS : 0;
	char title[64];
	char room[32];

	if (a->rows < 3 * TUPLE_DETAILS_ROWS / 2)
		below = 0;
	table.all_count = source_tuples(m->source, &window, t->out, &m->memory, &table.tuples);
	columns_fit(&table.columns, inner(a));
	if (!lines_fill(&table, m, state))
		(void)snprintf(m->message, sizeof(m->message),
			"no memory left for all rows; / shows some of them");
	(void)snprintf(
		title, sizeof(title), "%s: %s", t->title, show_count(room, table.tuple_count));
	if (table.tuple_count < table.all_count)
		(void)snprintf(title, sizeof(title), "%s: %zu of %zu", t->title, table.tuple_count,
			table.all_count);
	struct area above = area_part(a, 0, 0, a->rows - below, a->columns);
	struct area in = area_box(&above, title, true);
	table_draw(m, &table, &in, state);
	struct area rest = area_part(a, a->rows - below, 0, below, a->columns);
	if (below > 0 && table.count > 0)
		tuple_details_draw(&rest, table.lines[state->places[0].at].tuple);
}

bool
tuple_screen_key(struct model *m, const struct key_event *e, const struct area *a,
	const struct tuple_screen *t)
{
	struct screen_state *state = &m->screens[t->id];

	if (columns_key(&state->sort[0], &state->sort_up[0], e, columns_for(inner(a)).count))
		return true;
	if (e->key != PRESS_ENTER || m->tuple[0] == '\0')
		return false;
	model_show(m, SCREEN_BEACON);
	return true;
}
