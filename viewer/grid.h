/*
 * grid.h -- a picture of characters: what a screen draws into, and what is then sent to a terminal or compared.
 *
 * Everything that is put here stays in its place: text of the wire is cleaned on the way (control characters,
 * directions, invalid UTF-8 as \xHH; no character without a width), so nothing that a host called itself can move the
 * cursor or colour the screen.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum grid_colour { /* by what is meant; term.c has the colours, or bold and reverse where there are none */
	GRID_PLAIN,
	GRID_DIM,
	GRID_TITLE, /* of a panel */
	GRID_BORDER,
	GRID_FOCUS, /* border of the panel that keys go to */
	GRID_KEY,   /* a hotkey in the bar */
	GRID_GOOD,
	GRID_WARN,
	GRID_BAD,     /* infected */
	GRID_SERVICE, /* of a timeline's entry */
	GRID_ADDRESS,
	GRID_NAME,
	GRID_PORT,
	GRID_SIZE,
	GRID_SAID,
	GRID_FLOWS, /* bars */
	GRID_PACKETS,
	GRID_BYTES,
	GRID_HEAD,   /* of a table's columns */
	GRID_STRONG, /* letters: strongly periodic, */
	GRID_WEAK,   /* weakly, */
	GRID_NOT,    /* weakly and strongly not */
	GRID_COLOURS,
};

struct grid_cell {
	char text[5];   /* one character, UTF-8; "" right of a wide one */
	uint8_t colour; /* enum grid_colour */
	bool bold, reverse;
};

struct grid {
	unsigned rows, columns;
	struct grid_cell *cells;
	bool utf8; /* else ASCII only: lines, bars and dots have other characters */
};

enum { GRID_SIDE_MAX = 1000, GRID_TEXT_MAX = 4096 };

/* Larger than GRID_SIDE_MAX is cut to it. returns false when memory is out */
bool grid_init(struct grid *g, unsigned rows, unsigned columns, bool utf8);
void grid_done(struct grid *g);
void grid_clear(struct grid *g);

/* A part of a grid. Rows and columns from 0; nothing is drawn outside. */
struct area {
	struct grid *grid;
	unsigned row, column, rows, columns;
};

struct area grid_area(struct grid *g);
struct area area_part(
	const struct area *a, unsigned row, unsigned column, unsigned rows, unsigned columns);

/*
 * Put one character of the program's own, clean and of width 1 (lines, dots), or "" for the right half of the one before.
 *
 * A wide one of which it takes half is gone.
 */
void area_character(const struct area *a, unsigned row, unsigned column, enum grid_colour colour,
	const char *character);

/*
 * Write text at a place of an area.
 *
 * text     cleaned, so much as GRID_TEXT_MAX bytes of it; cut at the area's edge, where an ellipsis (or ~) stands for the rest
 * returns  the column after it
 */
unsigned area_text(const struct area *a, unsigned row, unsigned column, enum grid_colour colour,
	const char *text);
unsigned area_format(const struct area *a, unsigned row, unsigned column, enum grid_colour colour,
	const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* A row's dim label. returns what is right of its `columns` */
struct area area_labelled(const struct area *a, unsigned row, const char *label, unsigned columns);
/* Right-aligned, its last character in `column`. */
void area_right(const struct area *a, unsigned row, unsigned column, enum grid_colour colour,
	const char *text);
/* Columns that a text takes here. */
unsigned area_width(const struct area *a, const char *text);
void area_clear(const struct area *a);
void area_bold(const struct area *a, unsigned row, unsigned column, unsigned columns);
/* The whole row, as of a cursor. */
void area_reverse(const struct area *a, unsigned row);
/* A border with a title in it, the whole area wide. returns what is inside */
struct area area_box(const struct area *a, const char *title, bool focus);
/* A bar of a share (0 .. 1) of a width, in eighths of a column where the terminal can. */
void area_bar(const struct area *a, unsigned row, unsigned column, unsigned columns, double share,
	enum grid_colour colour);
/* A line of values from 0 to their greatest, one column each: ▁▂▃▄▅▆▇█, or .:-=+*%#. Nothing is a blank. */
void area_spark(const struct area *a, unsigned row, unsigned column, const double *values,
	size_t count, enum grid_colour colour);

/*
 * The picture as text: a line a row, blanks at the ends left out.
 *
 * colours  a second picture: '.' for plain, a letter for each other colour in their order from 'a' on, capital and '#'
 *          where reversed
 */
void grid_print(const struct grid *g, FILE *out, bool colours);
