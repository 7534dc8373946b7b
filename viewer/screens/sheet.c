#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): qsort_r() */
#endif
#include "viewer/screens/sheet.h"

#include "viewer/filter.h"
#include "viewer/model.h"
#include "viewer/screens/show.h"

#include <stdio.h>
#include <stdlib.h>

enum { TITLE = 256 };

/* The rows that are shown, in their order. */
struct shown {
	const struct sheet *sheet;
	size_t *row;
	size_t count;
	size_t column;
	bool up;
};

static bool
row_passes(const struct model *m, const struct sheet *s, size_t row)
{
	char room[SHEET_ROOM];

	if (s->is_whole || m->filter[0] == '\0')
		return true;
	if (s->passes != NULL)
		return s->passes(m, s->rows, row);
	for (size_t i = 0; i < s->column_count; i++)
		if (passes(m, s->cell(s->rows, row, i, room).text, NULL))
			return true;
	return false;
}

/* Equal ones stay as the source has them. */
static int
compare(const void *left, const void *right, void *context)
{
	const struct shown *shown = context;
	const struct sheet *s = shown->sheet;
	size_t a = *(const size_t *)left;
	size_t b = *(const size_t *)right;
	int order = s->compare(s->rows, a, b, shown->column);

	if (order == 0)
		return SHEET_ORDER(a, b);
	return shown->up ? order : -order;
}

static void
choose(struct model *m, const struct screen_state *state, unsigned panel, struct shown *shown)
{
	const struct sheet *s = shown->sheet;

	shown->row = s->count == 0 ? NULL : arena_alloc(&m->memory, s->count * sizeof(size_t));
	for (size_t i = 0; shown->row != NULL && i < s->count; i++)
		if (row_passes(m, s, i))
			shown->row[shown->count++] = i;
	if (state->sort[panel] == 0 || shown->row == NULL)
		return;
	shown->column = state->sort[panel] - 1;
	shown->up = state->sort_up[panel];
	qsort_r(shown->row, shown->count, sizeof(*shown->row), compare, shown);
}

static void
key_of(void *context, size_t i, char key[LIST_KEY_MAX])
{
	const struct shown *shown = context;

	shown->sheet->key(shown->sheet->rows, shown->row[i], key);
}

static struct area
box(const struct sheet *s, const struct shown *shown, const struct area *a, bool focus)
{
	char title[TITLE];

	if (shown->count == s->count)
		(void)snprintf(title, sizeof(title), "%s: %zu", s->title, s->count);
	else
		(void)snprintf(
			title, sizeof(title), "%s: %zu of %zu", s->title, shown->count, s->count);
	return area_box(a, title, focus);
}

/* The columns for which there is room; which ones, as numbers of the sheet. */
struct fitted {
	struct column column[COLUMNS_MAX];
	size_t number[COLUMNS_MAX];
	struct columns columns;
	unsigned sorted; /* as columns_head() has it */
};

static void
fit(struct fitted *f, const struct sheet *s, unsigned width, unsigned sorted)
{
	size_t count = 0;

	f->sorted = 0;
	for (size_t i = 0; i < s->column_count; i++) {
		if (width < s->columns[i].from)
			continue;
		f->column[count] = s->columns[i].column;
		f->number[count++] = i;
		if (sorted == i + 1)
			f->sorted = (unsigned)count;
	}
	f->columns = (struct columns){ .column = f->column, .count = count };
	columns_fit(&f->columns, width);
}

static void
row_draw(const struct sheet *s, const struct fitted *f, const struct area *a, unsigned at,
	size_t row)
{
	char room[SHEET_ROOM];

	for (size_t i = 0; i < f->columns.count; i++) {
		struct sheet_cell cell = s->cell(s->rows, row, f->number[i], room);

		columns_cell(&f->columns, a, at, i, cell.colour, cell.text);
	}
}

size_t
sheet_draw(struct model *m, const struct sheet *s, unsigned panel, const struct area *a)
{
	struct screen_state *state = &m->screens[m->screen];
	struct list_place *place = &state->places[panel];
	struct shown shown = { .sheet = s };
	struct fitted f;

	state->columns[panel] = s->column_count;
	choose(m, state, panel, &shown);
	struct area in = box(s, &shown, a, state->panel == panel);
	struct area body = area_part(&in, 1, 0, in.rows, in.columns);
	struct list l = { .place = place, .count = shown.count, .rows = body.rows };
	size_t cursor = list_settle(&l, key_of, &shown);
	list_stands(place, &body);
	if (shown.count == 0) {
		(void)area_text(&in, 0, 0, GRID_DIM, show_none_of(m->source, s->count, s->none));
		return SHEET_NOTHING;
	}
	fit(&f, s, in.columns, state->sort[panel]);
	columns_head(&f.columns, &in, 0, f.sorted, state->sort_up[panel]);
	for (size_t i = place->top; i < shown.count && i - place->top < body.rows; i++) {
		unsigned at = (unsigned)(i - place->top);

		row_draw(s, &f, &body, at, shown.row[i]);
		if (i == cursor && state->panel == panel)
			area_reverse(&body, at);
		else if (i == cursor)
			area_bold(&body, at, 0, body.columns);
	}
	return shown.row[cursor];
}

bool
sheet_key(struct model *m, const struct key_event *e)
{
	struct screen_state *state = &m->screens[m->screen];

	return columns_key(&state->sort[state->panel], &state->sort_up[state->panel], e,
		state->columns[state->panel]);
}
