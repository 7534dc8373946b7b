/*
 * letters_show.h -- behavioural letters as people see them: each in the colour of its periodicity.
 *
 * A letter says how regular a flow was (a..i strongly, A..I weakly, r..z weakly not, R..Z strongly not, a digit when it
 * is too early to say), the sign after it how long after the last one: '.' 5 s, ',' 1 min, '+' 5 min, '*' 1 h; a '0' is
 * an hour without any.
 */
#pragma once

#include "viewer/grid.h"

enum letters_period {
	LETTERS_STRONG,
	LETTERS_WEAK,
	LETTERS_WEAK_NOT,
	LETTERS_STRONG_NOT,
	LETTERS_EARLY, /* a digit but 0 */
	LETTERS_PERIODS,
};

/* LETTERS_PERIODS for what is no letter. */
enum letters_period letters_period_of(char c);
enum grid_colour letters_colour(char c);

/* Write a piece of letters in a row. What is none of their signs is '?'. returns the column after it */
unsigned letters_draw(
	const struct area *a, unsigned row, unsigned column, const char *letters, size_t length);

/* How many there are of each kind. */
void letters_count(const char *letters, size_t ret_counts[LETTERS_PERIODS]);

enum letters_gap {
	LETTERS_5_S,
	LETTERS_1_MIN,
	LETTERS_5_MIN,
	LETTERS_1_H,
	LETTERS_LONGER,
	LETTERS_GAPS,
};

/* How long after each other they came, by their signs: one gap less than there are letters. */
void letters_gaps(const char *letters, size_t ret_counts[LETTERS_GAPS]);
