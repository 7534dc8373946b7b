#include "viewer/screens/letters_show.h"

#include <string.h>

enum letters_period
letters_period_of(char c)
{
	if (c >= 'a' && c <= 'i')
		return LETTERS_STRONG;
	if (c >= 'A' && c <= 'I')
		return LETTERS_WEAK;
	if (c >= 'r' && c <= 'z')
		return LETTERS_WEAK_NOT;
	if (c >= 'R' && c <= 'Z')
		return LETTERS_STRONG_NOT;
	return c >= '1' && c <= '9' ? LETTERS_EARLY : LETTERS_PERIODS;
}

enum grid_colour
letters_colour(char c)
{
	static const enum grid_colour colours[] = {
		[LETTERS_STRONG] = GRID_STRONG,
		[LETTERS_WEAK] = GRID_WEAK,
		[LETTERS_WEAK_NOT] = GRID_NOT,
		[LETTERS_STRONG_NOT] = GRID_NOT,
		[LETTERS_EARLY] = GRID_PLAIN,
		[LETTERS_PERIODS] = GRID_DIM,
	};

	return colours[letters_period_of(c)];
}

static bool
is_sign(char c)
{
	return letters_period_of(c) != LETTERS_PERIODS || (c != '\0' && strchr(".,+*0", c) != NULL);
}

unsigned
letters_draw(
	const struct area *a, unsigned row, unsigned column, const char *letters, size_t length)
{
	for (size_t i = 0; i < length; i++, column++) {
		char character[2] = "?";

		if (is_sign(letters[i]))
			character[0] = letters[i];
		area_character(a, row, column, letters_colour(letters[i]), character);
		if (letters_period_of(letters[i]) == LETTERS_STRONG)
			area_bold(a, row, column, 1);
	}
	return column;
}

void
letters_count(const char *letters, size_t ret_counts[LETTERS_PERIODS])
{
	memset(ret_counts, 0, LETTERS_PERIODS * sizeof(*ret_counts));
	for (; *letters != '\0'; letters++) {
		enum letters_period period = letters_period_of(*letters);

		if (period != LETTERS_PERIODS)
			ret_counts[period]++;
	}
}

static enum letters_gap
gap_of(char sign)
{
	switch (sign) {
	case '.':
		return LETTERS_5_S;
	case ',':
		return LETTERS_1_MIN;
	case '+':
		return LETTERS_5_MIN;
	case '*':
		return LETTERS_1_H;
	default:
		return LETTERS_LONGER;
	}
}

/* The first letter came after nothing. */
void
letters_gaps(const char *letters, size_t ret_counts[LETTERS_GAPS])
{
	bool is_first = true;

	memset(ret_counts, 0, LETTERS_GAPS * sizeof(*ret_counts));
	for (; *letters != '\0'; letters++) {
		if (letters_period_of(*letters) == LETTERS_PERIODS)
			continue;
		if (!is_first)
			ret_counts[gap_of(letters[1])]++;
		is_first = false;
	}
}
