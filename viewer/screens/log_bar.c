#include "viewer/screens/log_bar.h"

#include <math.h>

enum { WHOLE = 50 };

/* Told apart without colours too. */
struct piece {
	enum grid_colour colour;
	const char *character, *ascii;
};

static const struct piece pieces[LOG_BAR_PIECES] = {
	{ GRID_FLOWS, "█", "#" },
	{ GRID_PACKETS, "▓", "=" },
	{ GRID_BYTES, "▒", "-" },
};

static const char *
character_of(const struct area *a, size_t piece)
{
	return a->grid->utf8 ? pieces[piece].character : pieces[piece].ascii;
}

void
log_bar(const struct area *a, unsigned row, const uint64_t *values, size_t count)
{
	double end = 0;
	unsigned at = 0;

	for (size_t i = 0; i < count && i < LOG_BAR_PIECES; i++) {
		if (values[i] > 0)
			end += log((double)values[i]);
		/* Where it ends is rounded, not its width: else three roundings add up. */
		for (; at < a->columns && at < lround(end * a->columns / WHOLE); at++)
			area_character(a, row, at, pieces[i].colour, character_of(a, i));
	}
}

void
log_bar_legend(const struct area *a, unsigned row, const char *const *names, size_t count)
{
	unsigned at = 0;

	for (size_t i = 0; i < count && i < LOG_BAR_PIECES; i++) {
		area_character(a, row, at, pieces[i].colour, character_of(a, i));
		at = area_text(a, row, at + 1, pieces[i].colour, names[i]) + 1;
	}
}
