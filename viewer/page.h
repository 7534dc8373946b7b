/*
 * page.h -- a page to read: facts with their labels, as many rows each as they need, and a cursor to scroll and copy by.
 */
#pragma once

#include "viewer/model.h"

enum { PAGE_LINES_MAX = 256 };

struct page_line {
	const char *label; /* "" further down */
	const char *text;
	enum grid_colour colour;
};

struct page {
	struct model *m;
	struct area area; /* inside of its box */
	struct page_line lines[PAGE_LINES_MAX];
	size_t count;
};

/* An empty one in a box. */
void page_begin(struct page *p, struct model *m, const struct area *a, const char *title);
/* Add a fact, broken at blanks to the page's width; nothing when the text is "". */
void page_fact(struct page *p, const char *label, enum grid_colour colour, const char *text);
void page_format(struct page *p, const char *label, enum grid_colour colour, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void page_blank(struct page *p);
/* Show it, with the cursor of panel 0. */
void page_draw(struct page *p);
