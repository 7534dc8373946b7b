#include "viewer/screens/table_screen.h"

#include "viewer/screens/log_bar.h"
#include "viewer/screens/sorted.h"

#include <stdio.h>
#include <string.h>

enum {
	LEAST_ROWS = 5, /* of a half: its box, head, sum, and a row */
	OTHER_ROWS = 4, /* of a half, besides what it lists */
	SUM_ROWS = 3,   /* of a half that has its sum only */
	WIDE_FROM = 110,
	WIDER_FROM = 160,
};

/* A row of the source, or one part of it. */
struct line {
	const struct source_row *row;
	const struct source_part *part;
};

/* One half while it is drawn. */
struct half {
	const struct table_screen *table;
	struct line *lines;
	struct sorted *order;
	size_t count, all_count;        /* that are shown, and that there are */
	uint64_t flows, packets, bytes; /* of all lines */
	struct columns columns;
	struct column column[COLUMNS_MAX];
	size_t who; /* column of what is known of an address; 0: none */
};

enum { KEY, FLOWS, PACKETS, BYTES, SORTABLE };             /* columns of rows, */
enum { PART_KEY, PART_PEER, PART_PACKETS, PART_SORTABLE }; /* and of parts */

static void
line_key(void *context, size_t i, char key[LIST_KEY_MAX])
{
	const struct half *h = context;
	const struct line *l = &h->lines[h->order[i].at];

	if (l->part == NULL)
		(void)snprintf(key, LIST_KEY_MAX, "%s/%s", l->row->proto, l->row->key);
	else
		(void)snprintf(
			key, LIST_KEY_MAX, "%s/%s %s", l->row->proto, l->row->key, l->part->key);
}

static void
line_add(struct half *h, const struct source_row *row, const struct source_part *part)
{
	h->lines[h->count++] = (struct line){ row, part };
	h->packets += part == NULL ? row->packets : part->packets;
	if (part != NULL)
		return;
	h->flows += row->flows;
	h->bytes += row->bytes;
}

static void
lines_of_row(struct half *h, const struct model *m, const struct source_row *row)
{
	if (!h->table->by_part) {
		if (passes(m, row->proto, row->key, NULL))
			line_add(h, row, NULL);
		return;
	}
	for (size_t i = 0; i < row->part_count; i++)
		if (passes(m, row->proto, row->key, row->parts[i].key, NULL))
			line_add(h, row, &row->parts[i]);
}

/* returns false when the picture has no memory left for them */
static bool
lines_fill(struct half *h, struct model *m, bool established)
{
	struct source_window_id window = model_window(m);
	const struct source_row *rows = NULL;
	size_t count =
		source_rows(m->source, &window, h->table->table, established, &m->memory, &rows);
	size_t most = h->table->by_part ? 0 : count;

	for (size_t i = 0; h->table->by_part && i < count; i++)
		most += rows[i].part_count;
	h->all_count = most;
	if (most == 0)
		return true;
	h->lines = arena_alloc(&m->memory, most * sizeof(*h->lines));
	h->order = arena_alloc(&m->memory, most * sizeof(*h->order));
	if (h->lines == NULL || h->order == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		lines_of_row(h, m, &rows[i]);
	return true;
}

/* What a line has in the column to sort by. The protocol is the first half of a key. */
static struct sorted
sorted_of(const struct half *h, size_t at, size_t column, struct arena *memory)
{
	const struct line *l = &h->lines[at];
	const double numbers[SORTABLE] = {
		[FLOWS] = (double)l->row->flows,
		[PACKETS] = (double)l->row->packets,
		[BYTES] = (double)l->row->bytes,
	};
	struct sorted s = { .at = at };
	char key[LIST_KEY_MAX];

	if (column == KEY) {
		(void)snprintf(key, sizeof(key), "%s/%s", l->row->proto, l->row->key);
		const char *text = arena_string(memory, key, strlen(key));
		s.text = text == NULL ? "" : text;
	} else if (l->part == NULL) {
		s.number = numbers[column];
	} else if (column == PART_PEER) {
		s.text = l->part->key;
	} else {
		s.number = (double)l->part->packets;
	}
	return s;
}

static void
lines_sort(struct half *h, unsigned by, bool up, struct arena *memory)
{
	for (size_t i = 0; i < h->count; i++)
		h->order[i] =
			by == 0 ? (struct sorted){ .at = i } : sorted_of(h, i, by - 1, memory);
	if (by > 0)
		sorted_by(h->order, h->count, up);
}

static void
column_add(struct half *h, const char *title, unsigned width, bool right)
{
	h->column[h->columns.count++] = (struct column){ title, width, right };
}

static unsigned
key_width(const struct table_screen *t, unsigned width)
{
	if (!t->is_address)
		return width < WIDE_FROM ? 10 : 14;
	if (width < WIDE_FROM)
		return 20;                   /* any of IPv4 */
	return width < WIDER_FROM ? 30 : 43; /* any */
}

static void
columns_fill(struct half *h, unsigned width)
{
	const struct table_screen *t = h->table;

	h->columns.column = h->column;
	column_add(h, t->key_title, key_width(t, width), false);
	if (t->by_part)
		column_add(h, "address", width < WIDE_FROM ? 26 : 39, false);
	else
		column_add(h, "flows", 8, true);
	column_add(h, "packets", 9, true);
	if (!t->by_part)
		column_add(h, "bytes", 9, true);
	if (width >= WIDE_FROM && (t->by_part || t->is_address)) {
		h->who = h->columns.count;
		column_add(h, "who", width < WIDER_FROM ? 24 : 40, false);
	}
	column_add(h, "", 0, false);
	columns_fit(&h->columns, width);
}

/* The name that it was asked for by says most, then its own, then whose network it is. */
static void
who_draw(struct model *m, const struct half *h, const struct area *a, unsigned row,
	const char *address)
{
	struct source_address of;
	char text[256];

	if (!source_address(m->source, address, &m->memory, &of))
		return;
	const char *name = of.name_count > 0 ? of.names[0] : of.reverse;
	(void)snprintf(text, sizeof(text), "%s%s%s%s%s", of.country,
		of.country[0] == '\0' ? "" : " ", name,
		name[0] == '\0' || of.org[0] == '\0' ? "" : ", ", of.org);
	columns_cell(&h->columns, a, row, h->who, GRID_NAME, text);
}

static struct area
bar_area(const struct half *h, const struct area *a)
{
	size_t last = h->columns.count - 1;

	return area_part(a, 0, h->columns.at[last] + 1, a->rows, h->columns.wide[last]);
}

static void
numbers_draw(const struct half *h, const struct area *a, unsigned row, const uint64_t values[3])
{
	char room[32];

	columns_cell(&h->columns, a, row, FLOWS, GRID_PLAIN, show_count(room, values[0]));
	columns_cell(&h->columns, a, row, PACKETS, GRID_PLAIN, show_count(room, values[1]));
	columns_cell(&h->columns, a, row, BYTES, GRID_SIZE, show_bytes(room, values[2]));
}

static void
line_draw(struct model *m, const struct half *h, const struct area *a, unsigned row,
	const struct line *l)
{
	struct area bar = bar_area(h, a);
	char text[LIST_KEY_MAX];

	(void)snprintf(text, sizeof(text), "%s/%s", l->row->proto, l->row->key);
	columns_cell(
		&h->columns, a, row, KEY, h->table->is_address ? GRID_ADDRESS : GRID_PORT, text);
	if (l->part == NULL) {
		const uint64_t values[] = { l->row->flows, l->row->packets, l->row->bytes };

		numbers_draw(h, a, row, values);
		log_bar(&bar, row, values, LOG_BAR_PIECES);
	} else {
		columns_cell(&h->columns, a, row, PART_PEER, GRID_ADDRESS, l->part->key);
		columns_cell(&h->columns, a, row, PART_PACKETS, GRID_PLAIN,
			show_count(text, l->part->packets));
		log_bar(&bar, row, &l->part->packets, 1);
	}
	if (h->who > 0)
		who_draw(m, h, a, row, l->part == NULL ? l->row->key : l->part->key);
}

static void
sum_draw(const struct half *h, const struct area *a, unsigned row)
{
	char room[32];
	char text[64];
	const uint64_t values[] = { h->flows, h->packets, h->bytes };

	(void)snprintf(text, sizeof(text), "%s in all", show_count(room, h->count));
	columns_cell(&h->columns, a, row, KEY, GRID_DIM, text);
	if (h->table->by_part)
		columns_cell(&h->columns, a, row, PART_PACKETS, GRID_PLAIN,
			show_count(room, h->packets));
	else
		numbers_draw(h, a, row, values);
	area_bold(a, row, 0, a->columns);
}

static void
half_draw(struct model *m, struct half *h, const struct area *a, unsigned panel)
{
	static const char *const of_rows[] = { "flows", "packets", "bytes" };
	static const char *const of_parts[] = { "packets" };
	struct screen_state *state = &m->screens[h->table->id];
	struct list_place *place = &state->places[panel];
	char title[128];

	(void)snprintf(title, sizeof(title), "%s: %s",
		panel == 0 ? "Established" : "Not established", h->table->what);
	struct area in = area_box(a, title, state->panel == panel);
	columns_fill(h, in.columns);
	struct area bars = bar_area(h, &in);
	if (in.rows > 1) {
		columns_head(&h->columns, &in, 0, state->sort[panel], state->sort_up[panel]);
		log_bar_legend(&bars, 0, h->table->by_part ? of_parts : of_rows,
			h->table->by_part ? 1 : LOG_BAR_PIECES);
	}
	struct area rows = area_part(&in, 1, 0, in.rows > 2 ? in.rows - 2 : 0, in.columns);
	struct list l = { .place = place, .count = h->count, .rows = rows.rows };
	size_t cursor = list_settle(&l, line_key, h);
	list_stands(place, &rows);
	if (h->count == 0)
		(void)area_text(&rows, 0, 0, GRID_DIM,
			show_none_of(m->source, h->all_count, model_none(m, "")));
	for (unsigned row = 0; row < rows.rows && place->top + row < h->count; row++) {
		line_draw(m, h, &rows, row, &h->lines[h->order[place->top + row].at]);
		if (place->top + row == cursor && state->panel == panel)
			area_reverse(&rows, row);
	}
	sum_draw(h, &in, in.rows > 0 ? in.rows - 1 : 0);
}

/* A half each, unless one of them needs less. Too low for both: the one that keys go to. */
static unsigned
rows_of_first(unsigned rows, size_t first, size_t second, bool has_focus)
{
	unsigned half = (rows + 1) / 2;

	if (rows > SUM_ROWS && rows < 2 * LEAST_ROWS)
		return has_focus ? rows - SUM_ROWS : SUM_ROWS;
	if (first + OTHER_ROWS < half)
		half = first + OTHER_ROWS < LEAST_ROWS ? LEAST_ROWS : (unsigned)first + OTHER_ROWS;
	else if (second + OTHER_ROWS < rows - half)
		half = rows - (second + OTHER_ROWS < LEAST_ROWS ? LEAST_ROWS
								: (unsigned)second + OTHER_ROWS);
	return half;
}

void
table_screen_draw(struct model *m, const struct area *a, const struct table_screen *t)
{
	struct half halves[TABLE_SCREEN_PANELS] = { { .table = t }, { .table = t } };
	const struct screen_state *state = &m->screens[t->id];

	for (unsigned i = 0; i < TABLE_SCREEN_PANELS; i++) {
		if (!lines_fill(&halves[i], m, i == 0))
			(void)snprintf(m->message, sizeof(m->message),
				"no memory left for all rows; / shows some of them");
		lines_sort(&halves[i], state->sort[i], state->sort_up[i], &m->memory);
	}
	unsigned above =
		rows_of_first(a->rows, halves[0].count, halves[1].count, state->panel == 0);
	struct area upper = area_part(a, 0, 0, above, a->columns);
	struct area lower = area_part(a, above, 0, a->rows, a->columns);
	half_draw(m, &halves[0], &upper, 0);
	half_draw(m, &halves[1], &lower, 1);
}

/* A key is "TCP/198.51.100.1", or "TCP/23 198.51.100.1" of a part. returns "" of a port alone */
static const char *
address_in(const struct table_screen *t, const char *key)
{
	const char *before = strchr(key, t->by_part ? ' ' : '/');

	return before == NULL || !(t->by_part || t->is_address) ? "" : before + 1;
}

bool
table_screen_key(struct model *m, const struct key_event *e, const struct table_screen *t)
{
	struct screen_state *state = &m->screens[t->id];
	unsigned *sort = &state->sort[state->panel];
	size_t count = t->by_part ? (size_t)PART_SORTABLE : (size_t)SORTABLE;

	if (columns_key(sort, &state->sort_up[state->panel], e, count))
		return true;
	const char *address = address_in(t, state->places[state->panel].key);
	if (state->places[state->panel].count == 0 || address[0] == '\0')
		return false;
	if (e->key == 'w') {
		model_copy(m, address);
		return true;
	}
	if (e->key != PRESS_ENTER)
		return false;
	(void)snprintf(m->asked, sizeof(m->asked), "%s", address);
	model_show(m, SCREEN_MAIN);
	return true;
}
