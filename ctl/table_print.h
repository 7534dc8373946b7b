/* table_print.h -- a table for people: columns in line, as wide as what is in them. */
#pragma once

#include "daemon/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { TABLE_COLUMNS_MAX = 9, TABLE_CELL_MAX = 1024 /* bytes of a text that are shown */ };

enum table_style {
	TABLE_PLAIN,
	TABLE_GOOD,
	TABLE_WARN,
	TABLE_BAD,
};

struct table_column {
	const char *title; /* NULL in all of them: no line of titles */
	bool right;        /* a number */
};

/* What people look at. */
struct table_terminal {
	FILE *out;
	size_t width; /* columns; 0: no end */
	bool colour;
	bool utf8;
};

struct table_cell;

struct table_print {
	const struct table_terminal *terminal;
	const struct table_column *columns;
	size_t column_count;
	struct arena arena; /* of the cells */
	struct table_cell *first, *last;
	size_t cell_count;
	size_t widths[TABLE_COLUMNS_MAX];
	size_t beside; /* how many columns stand beside each other; the others below, for want of room */
};

/* Begin a table of 1 .. TABLE_COLUMNS_MAX columns; both are borrowed until its end. */
void table_print_begin(struct table_print *t, const struct table_terminal *terminal,
	const struct table_column *columns, size_t column_count);

/* Add a cell, row by row. Whatever is in `text` (NULL: "-") stays in its place: see cell_append(). */
void table_print_cell(struct table_print *t, const char *text, enum table_style style);

/* A cell whose text is put together. */
void table_print_format(struct table_print *t, enum table_style style, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Print it and forget it. The last column is folded, and stands below the others where the terminal leaves it no room;
 * texts before it do, too, with their titles, where the others have none without that.
 */
void table_print_end(struct table_print *t);
