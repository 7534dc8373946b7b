/* grid_picture.h -- a picture of the viewer as a text that a test can compare. */
#pragma once

#include "viewer/grid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct grid_picture {
	struct grid grid;
	char *text; /* of the last look */
	size_t length;
};

static inline void
grid_picture_begin(struct grid_picture *p, unsigned rows, unsigned columns, bool utf8)
{
	*p = (struct grid_picture){ .text = NULL };
	assert_true(grid_init(&p->grid, rows, columns, utf8));
}

static inline void
grid_picture_end(struct grid_picture *p)
{
	grid_done(&p->grid);
	free(p->text);
}

static inline const char *
grid_picture_text(struct grid_picture *p, bool colours)
{
	free(p->text);
	FILE *out = open_memstream(&p->text, &p->length);
	assert_non_null(out);
	grid_print(&p->grid, out, colours);
	assert_int_equal(fclose(out), 0);
	return p->text;
}

#define assert_picture(p, expected) assert_string_equal(grid_picture_text(p, false), expected)
