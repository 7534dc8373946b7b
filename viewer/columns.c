#include "viewer/columns.h"

#include "viewer/model.h"

enum { GAP = 1 };

void
columns_fit(struct columns *c, unsigned width)
{
	unsigned fixed = 0;
	unsigned shares = 0;

	for (size_t i = 0; i < c->count; i++) {
		fixed += c->column[i].width + (i > 0 ? GAP : 0);
		shares += c->column[i].width == 0;
	}
	unsigned left = width > fixed ? width - fixed : 0;
	unsigned at = 0;
	for (size_t i = 0; i < c->count; i++) {
		unsigned wide = c->column[i].width;

		if (wide == 0) {
			wide = left / shares; /* what cannot be divided is the last ones' */
			left -= wide;
			shares--;
		}
		c->at[i] = at < width ? at : width;
		c->wide[i] = wide < width - c->at[i] ? wide : width - c->at[i];
		at += wide + GAP;
	}
}

void
columns_cell(const struct columns *c, const struct area *a, unsigned row, size_t column,
	enum grid_colour colour, const char *text)
{
	struct area cell = area_part(a, row, c->at[column], 1, c->wide[column]);

	if (cell.columns > 0 && c->column[column].right)
		area_right(&cell, 0, cell.columns - 1, colour, text);
	else
		(void)area_text(&cell, 0, 0, colour, text);
}

const char *
columns_arrow(const struct area *a, bool up)
{
	if (a->grid->utf8)
		return up ? "▲" : "▼";
	return up ? "^" : "v";
}

/* Beside the title, or it would seem to be the next one's; a letter has a blank between. Without room, on the title. */
static unsigned
arrow_place(const struct area *cell, const struct column *c)
{
	unsigned away = area_width(cell, c->title) + (cell->grid->utf8 ? 0 : 1);

	if (c->right)
		return cell->columns > away ? cell->columns - away - 1 : 0;
	return away < cell->columns ? away : cell->columns - 1;
}

void
columns_head(const struct columns *c, const struct area *a, unsigned row, unsigned sorted, bool up)
{
	const char *arrow = columns_arrow(a, up);

	for (size_t i = 0; i < c->count; i++) {
		struct area cell = area_part(a, row, c->at[i], 1, c->wide[i]);

		columns_cell(c, a, row, i, GRID_HEAD, c->column[i].title);
		area_bold(&cell, 0, 0, cell.columns);
		if (sorted == i + 1 && cell.columns > 0)
			area_character(
				&cell, 0, arrow_place(&cell, &c->column[i]), GRID_KEY, arrow);
	}
}

bool
columns_key(unsigned *sorted, bool *up, const struct key_event *e, size_t count)
{
	switch (e->key) {
	case '<':
		*sorted = *sorted > 0 ? *sorted - 1 : (unsigned)count;
		return true;
	case '>':
		*sorted = *sorted < count ? *sorted + 1 : 0;
		return true;
	case 's':
		*up = !*up;
		return true;
	default:
		return false;
	}
}
