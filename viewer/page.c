#include "viewer/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LABEL_COLUMNS = 12, TEXT_MAX = GRID_TEXT_MAX };

void
page_begin(struct page *p, struct model *m, const struct area *a, const char *title)
{
	p->m = m;
	p->area = area_box(a, title, true);
	p->count = 0;
}

static void
line_put(
	struct page *p, const char *label, enum grid_colour colour, const char *text, size_t length)
{
	const char *copy = arena_string(&p->m->memory, text, length);

	if (copy != NULL && p->count < PAGE_LINES_MAX)
		p->lines[p->count++] =
			(struct page_line){ .label = label, .text = copy, .colour = colour };
}

/* Bytes of whole words that have room; one at least, which is cut when it is too long. */
static size_t
fitting(const struct page *p, const char *text)
{
	unsigned room = p->area.columns > LABEL_COLUMNS ? p->area.columns - LABEL_COLUMNS : 0;
	char line[TEXT_MAX + 1];
	size_t fits = 0;

	for (size_t end = 0; text[end] != '\0' && end < TEXT_MAX;) {
		end += 1 + strcspn(text + end + 1, " ");
		if (end > TEXT_MAX)
			end = TEXT_MAX;
		memcpy(line, text, end);
		line[end] = '\0';
		if (fits > 0 && area_width(&p->area, line) > room)
			break;
		fits = end;
	}
	return fits;
}

void
page_fact(struct page *p, const char *label, enum grid_colour colour, const char *text)
{
	while (text[0] != '\0' && p->count < PAGE_LINES_MAX) {
		size_t length = fitting(p, text);

		line_put(p, label, colour, text, length);
		text += length;
		text += strspn(text, " ");
		label = "";
	}
}

void
page_format(struct page *p, const char *label, enum grid_colour colour, const char *fmt, ...)
{
	char text[TEXT_MAX + 1];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	page_fact(p, label, colour, text);
}

void
page_blank(struct page *p)
{
	line_put(p, "", GRID_PLAIN, "", 0);
}

static void
key_of(void *context, size_t i, char key[LIST_KEY_MAX])
{
	const struct page *p = context;

	(void)snprintf(key, LIST_KEY_MAX, "%zu %s", i, p->lines[i].text);
}

void
page_draw(struct page *p)
{
	const struct area *a = &p->area;
	struct list_place *place = &p->m->screens[p->m->screen].places[0];
	struct list l = { .place = place, .count = p->count, .rows = a->rows };
	size_t cursor = list_settle(&l, key_of, p);

	list_stands(place, a);
	for (size_t i = place->top; i < p->count && i - place->top < a->rows; i++) {
		unsigned row = (unsigned)(i - place->top);

		(void)area_text(a, row, 0, GRID_DIM, p->lines[i].label);
		(void)area_text(a, row, LABEL_COLUMNS, p->lines[i].colour, p->lines[i].text);
		if (i == cursor)
			area_reverse(a, row);
	}
}
