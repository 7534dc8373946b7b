/* grid_shapes.c -- boxes, bars and lines of values: what a picture has besides text. */
#include "viewer/grid.h"

#include <math.h>

enum { EIGHTHS = 8 };

/* Eighths of a column, from the left and from below; the first is nothing. */
static const char *const across[] = { " ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█" };
static const char *const upwards[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
static const char *const upwards_ascii[] = { " ", ".", ":", "-", "=", "+", "*", "%", "#" };

struct border {
	const char *across, *down, *corners[4];
};

static const struct border lines = { "─", "│", { "┌", "┐", "└", "┘" } };
static const struct border lines_ascii = { "-", "|", { "+", "+", "+", "+" } };

struct area
area_box(const struct area *a, const char *title, bool focus)
{
	const struct border *b = a->grid->utf8 ? &lines : &lines_ascii;
	enum grid_colour colour = focus ? GRID_FOCUS : GRID_BORDER;
	unsigned bottom = a->rows - 1;
	unsigned right = a->columns - 1;

	if (a->rows < 2 || a->columns < 2)
		return area_part(a, 0, 0, 0, 0);
	for (unsigned i = 1; i < right; i++) {
		area_character(a, 0, i, colour, b->across);
		area_character(a, bottom, i, colour, b->across);
	}
	for (unsigned i = 1; i < bottom; i++) {
		area_character(a, i, 0, colour, b->down);
		area_character(a, i, right, colour, b->down);
	}
	area_character(a, 0, 0, colour, b->corners[0]);
	area_character(a, 0, right, colour, b->corners[1]);
	area_character(a, bottom, 0, colour, b->corners[2]);
	area_character(a, bottom, right, colour, b->corners[3]);
	struct area top = area_part(a, 0, 1, 1, right - 1);
	(void)area_text(&top, 0, 1, GRID_TITLE, title);
	return area_part(a, 1, 1, a->rows - 2, a->columns - 2);
}

void
area_bar(const struct area *a, unsigned row, unsigned column, unsigned columns, double share,
	enum grid_colour colour)
{
	double whole = share > 1 ? 1 : share;

	if (!(whole > 0)) /* nor NaN */
		return;
	if (!a->grid->utf8) {
		for (unsigned i = 0; i < (unsigned)lround(whole * columns); i++)
			area_character(a, row, column + i, colour, "#");
		return;
	}
	unsigned eighths = (unsigned)lround(whole * columns * EIGHTHS);
	for (unsigned i = 0; i * EIGHTHS < eighths; i++) {
		unsigned left = eighths - i * EIGHTHS;

		area_character(a, row, column + i, colour, across[left < EIGHTHS ? left : EIGHTHS]);
	}
}

void
area_spark(const struct area *a, unsigned row, unsigned column, const double *values, size_t count,
	enum grid_colour colour)
{
	const char *const *levels = a->grid->utf8 ? upwards : upwards_ascii;
	double most = 0;

	for (size_t i = 0; i < count; i++)
		most = values[i] > most ? values[i] : most;
	for (size_t i = 0; i < count && i < a->columns; i++) {
		double level = values[i] > 0 ? values[i] / most * EIGHTHS : 0;

		/* What is there at all is seen. */
		if (values[i] > 0 && !(level >= 1))
			level = 1;
		area_character(a, row, column + (unsigned)i, colour, levels[lround(level)]);
	}
}
