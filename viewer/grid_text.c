/*
 * grid_text.c -- text in a picture, whoever wrote it.
 *
 * What could drive a terminal or reorder text is written as its bytes (text_safe()); so is what has no width of its
 * own, since terminals do not agree on where it goes, and all but ASCII where the terminal has no UTF-8. What is left
 * takes one column or two, and never more than the area has.
 */
#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700 /* NOLINT(bugprone-reserved-identifier): wcwidth() */
#endif
#include "viewer/grid.h"

#include "daemon/base/text_safe.h"
#include "daemon/base/utf8.h"

#include <stdarg.h>
#include <string.h>
#include <wchar.h>

/* As it stands in cells: a character, or one of "\xHH" at a time. */
struct piece {
	char text[5];
	unsigned columns;
};

/* A text, read piece by piece. */
struct reading {
	const char *at; /* clean, or with characters that have no width */
	bool utf8;
	char code[17]; /* "\xHH" of up to four bytes, */
	const char *in_code;
};

static unsigned
width_of(const char *text, size_t length)
{
	static const unsigned char lead[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	wchar_t code = (wchar_t)((unsigned char)text[0] & lead[length]);

	for (size_t i = 1; i < length; i++)
		code = (wchar_t)(code << 6 | ((unsigned char)text[i] & 0x3f));
	int columns = wcwidth(code);
	return columns > 0 ? (unsigned)columns : 0;
}

static void
code_begin(struct reading *r, size_t length)
{
	struct strbuf code;

	strbuf_init(&code, r->code, sizeof(r->code));
	for (size_t i = 0; i < length; i++)
		strbuf_printf(&code, "\\x%02x", (unsigned char)r->at[i]);
	r->in_code = r->code;
	r->at += length;
}

/* returns false at the end */
static bool
piece_next(struct reading *r, struct piece *ret)
{
	*ret = (struct piece){ .columns = 1 };
	if (r->in_code != NULL && *r->in_code != '\0') {
		ret->text[0] = *r->in_code++;
		return true;
	}
	if (*r->at == '\0')
		return false;
	size_t length = utf8_sequence(r->at, strnlen(r->at, 4)); /* never 0: text_safe() */
	ret->columns = length == 1 ? 1 : width_of(r->at, length);
	if (ret->columns == 0 || (length > 1 && !r->utf8)) {
		code_begin(r, length);
		return piece_next(r, ret);
	}
	memcpy(ret->text, r->at, length);
	r->at += length;
	return true;
}

/* A text is read twice: how wide it is, and into its place. */
struct clean {
	char room[(size_t)4 * GRID_TEXT_MAX + sizeof("...")];
};

static const char *
cleaned(struct clean *c, const char *text)
{
	struct strbuf out;

	strbuf_init(&out, c->room, sizeof(c->room));
	text_safe(&out, text, GRID_TEXT_MAX);
	return c->room;
}

static unsigned
width(const char *clean, bool utf8)
{
	struct reading r = { .at = clean, .utf8 = utf8 };
	struct piece p;
	unsigned columns = 0;

	while (piece_next(&r, &p))
		columns += p.columns;
	return columns;
}

unsigned
area_width(const struct area *a, const char *text)
{
	struct clean c;

	return width(cleaned(&c, text), a->grid->utf8);
}

static void
piece_put(const struct area *a, unsigned row, unsigned column, enum grid_colour colour,
	const struct piece *p)
{
	area_character(a, row, column, colour, p->text);
	if (p->columns == 2)
		area_character(a, row, column + 1, colour, "");
}

static unsigned
write_clean(const struct area *a, unsigned row, unsigned column, enum grid_colour colour,
	const char *clean)
{
	bool utf8 = a->grid->utf8;
	struct reading r = { .at = clean, .utf8 = utf8 };
	struct piece p;

	if (row >= a->rows || column >= a->columns)
		return column;
	bool cut = width(clean, utf8) > a->columns - column;
	unsigned end = a->columns - (cut ? 1 : 0);
	while (piece_next(&r, &p) && column + p.columns <= end) {
		piece_put(a, row, column, colour, &p);
		column += p.columns;
	}
	while (cut && column < a->columns) /* one more where a wide one had half a place */
		area_character(a, row, column++, colour, utf8 ? "…" : "~");
	return column;
}

unsigned
area_text(const struct area *a, unsigned row, unsigned column, enum grid_colour colour,
	const char *text)
{
	struct clean c;

	return write_clean(a, row, column, colour, cleaned(&c, text));
}

unsigned
area_format(const struct area *a, unsigned row, unsigned column, enum grid_colour colour,
	const char *fmt, ...)
{
	char text[GRID_TEXT_MAX + 1];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return area_text(a, row, column, colour, text);
}

struct area
area_labelled(const struct area *a, unsigned row, const char *label, unsigned columns)
{
	(void)area_text(a, row, 0, GRID_DIM, label);
	return area_part(a, row, columns, 1, a->columns);
}

void
area_right(const struct area *a, unsigned row, unsigned column, enum grid_colour colour,
	const char *text)
{
	struct clean c;
	const char *clean = cleaned(&c, text);
	unsigned wide = width(clean, a->grid->utf8);
	struct area left = area_part(a, 0, 0, a->rows, column + 1);

	(void)write_clean(&left, row, wide > left.columns ? 0 : left.columns - wide, colour, clean);
}
