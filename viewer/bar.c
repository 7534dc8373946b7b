#include "viewer/bar.h"

#include <string.h>

enum { BOXED_ROWS = 3, BOXED_FROM = 30, PLAIN_ROWS = 2, BAR_COLUMNS = 160 };

static bool
has_trouble(const struct model *m)
{
	return m->trouble[0] != '\0';
}

/* Keys in one row in a box where there is room for both, else in two rows without. */
unsigned
bar_rows(const struct model *m, unsigned rows, unsigned columns)
{
	unsigned of_keys = rows >= BOXED_FROM && columns >= BAR_COLUMNS ? BOXED_ROWS : PLAIN_ROWS;

	return of_keys + has_trouble(m);
}

/* Where the bar's next key stands: one after the other, into the next row where this one is full. */
struct spot {
	unsigned row, column, columns;
};

static void
spot_next(struct spot *s, const struct area *a, const struct hotkey *h)
{
	s->column += s->columns + (s->columns > 0);
	s->columns = (unsigned)strlen(h->name) + 2;
	if (s->column + s->columns > a->columns) {
		s->row++;
		s->column = 0;
	}
}

static struct area
below_trouble(const struct model *m, const struct area *a)
{
	return area_part(a, has_trouble(m), 0, a->rows, a->columns);
}

static struct area
inside(const struct area *a)
{
	return a->rows == BOXED_ROWS ? area_part(a, 1, 1, 1, a->columns - 2) : *a;
}

static void
keys_draw(const struct model *m, const struct area *a)
{
	size_t count = 0;
	const struct hotkey *keys = keymap(m->keys_last, &count);
	struct spot s = { .row = 0 };

	for (size_t i = 0; i < count; i++) {
		const struct hotkey *h = &keys[i];

		if (h->name == NULL)
			continue;
		bool is_active = h->does == HOTKEY_SCREEN && h->screen == m->screen;
		spot_next(&s, a, h);
		unsigned after = area_format(
			a, s.row, s.column, is_active ? GRID_BAD : GRID_KEY, "%c", h->key);
		(void)area_format(
			a, s.row, after, is_active ? GRID_BAD : GRID_PLAIN, ":%s", h->name);
		if (is_active)
			area_bold(a, s.row, s.column, s.columns);
	}
}

void
bar_draw(const struct model *m, const struct area *a)
{
	struct area low = below_trouble(m, a);
	struct area in = inside(&low);

	if (has_trouble(m))
		(void)area_text(a, 0, 0, GRID_BAD, m->trouble);
	if (in.rows < low.rows)
		(void)area_box(&low, "", false);
	if (m->filtering) {
		unsigned end = area_format(&in, 0, 0, GRID_KEY, "/");

		end = area_text(&in, 0, end, GRID_PLAIN, m->filter);
		(void)area_text(&in, 0, end, GRID_KEY, "_");
	} else if (m->message[0] != '\0') {
		(void)area_text(&in, 0, 0, GRID_WARN, m->message);
	} else {
		keys_draw(m, &in);
	}
}

const struct hotkey *
bar_at(const struct model *m, const struct area *a, unsigned row, unsigned column)
{
	struct area low = below_trouble(m, a);
	struct area in = inside(&low);
	size_t count = 0;
	const struct hotkey *keys = keymap(m->keys_last, &count);
	struct spot s = { .row = 0 };

	if (m->filtering || m->message[0] != '\0')
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (keys[i].name == NULL)
			continue;
		spot_next(&s, &in, &keys[i]);
		unsigned left = in.column + s.column;

		if (row == in.row + s.row && column >= left && column < left + s.columns)
			return &keys[i];
	}
	return NULL;
}
