#include "ctl/table_print.h"

#include "ctl/cell.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

enum {
	GAP = 2,       /* columns between two */
	FOLD_MIN = 16, /* columns below which folding makes a text unreadable */
	BELOW = 4,     /* where a text begins that has no room beside the others */
	ARENA_MAX_BYTES = 64 * 1024 * 1024,
};

struct table_cell {
	struct table_cell *next;
	const char *text;
	size_t width;
	enum table_style style;
};

void
table_print_begin(struct table_print *t, const struct table_terminal *terminal,
	const struct table_column *columns, size_t column_count)
{
	assert(column_count > 0 && column_count <= TABLE_COLUMNS_MAX);
	*t = (struct table_print){
		.terminal = terminal,
		.columns = columns,
		.column_count = column_count,
	};
	arena_init(&t->arena, ARENA_MAX_BYTES, NULL);
	for (size_t i = 0; i < column_count; i++)
		if (columns[i].title != NULL)
			t->widths[i] = strlen(columns[i].title);
}

void
table_print_cell(struct table_print *t, const char *text, enum table_style style)
{
	char memory[TABLE_CELL_MAX * 4 + 8];
	struct strbuf clean;
	struct table_cell *c = arena_alloc(&t->arena, sizeof(*c));

	if (c == NULL) /* a table of 64 MiB is cut */
		return;
	strbuf_init(&clean, memory, sizeof(memory));
	cell_append(&clean, text == NULL ? "-" : text, TABLE_CELL_MAX, t->terminal->utf8);
	c->text = arena_string(&t->arena, clean.text, clean.length);
	if (c->text == NULL)
		c->text = "";
	c->width = cell_width(c->text, t->terminal->utf8);
	c->style = style;
	if (t->last == NULL)
		t->first = c;
	else
		t->last->next = c;
	t->last = c;
	size_t column = t->cell_count++ % t->column_count;
	if (c->width > t->widths[column])
		t->widths[column] = c->width;
}

void
table_print_format(struct table_print *t, enum table_style style, const char *fmt, ...)
{
	char text[TABLE_CELL_MAX + 1];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	table_print_cell(t, text, style);
}

static void
blanks(FILE *out, size_t count)
{
	(void)fprintf(out, "%*s", (int)count, "");
}

static void
piece_print(const struct table_print *t, const char *text, size_t length, enum table_style style)
{
	static const char *const codes[] = {
		[TABLE_GOOD] = "\x1b[32m",
		[TABLE_WARN] = "\x1b[33m",
		[TABLE_BAD] = "\x1b[1;31m",
	};
	bool colour = t->terminal->colour && style != TABLE_PLAIN;

	if (colour)
		(void)fputs(codes[style], t->terminal->out);
	(void)fwrite(text, 1, length, t->terminal->out);
	if (colour)
		(void)fputs("\x1b[0m", t->terminal->out);
}

/* The last column, from column `left` on: on as many lines as it takes, one below the other. */
static void
last_print(const struct table_print *t, const char *text, enum table_style style, size_t left)
{
	size_t width = t->terminal->width;
	size_t room = width > left + FOLD_MIN ? width - left : 0;

	while (room > 0 && cell_width(text, t->terminal->utf8) > room) {
		size_t skip = 0;
		size_t length = cell_fold(text, room, t->terminal->utf8, &skip);

		piece_print(t, text, length, style);
		(void)fputc('\n', t->terminal->out);
		blanks(t->terminal->out, left);
		text += skip;
	}
	piece_print(t, text, strlen(text), style);
}

/* On a line of its own, which nothing is not worth. */
static void
below_print(const struct table_print *t, const char *text, enum table_style style)
{
	if (strcmp(text, "-") == 0)
		return;
	(void)fputc('\n', t->terminal->out);
	blanks(t->terminal->out, BELOW);
	last_print(t, text, style, BELOW);
}

/* What stands in column `i`, which begins at *left, and the way to the next. */
static void
cell_print(const struct table_print *t, size_t i, const char *text, size_t text_width,
	enum table_style style, size_t *left)
{
	size_t padding = t->widths[i] - text_width;
	FILE *out = t->terminal->out;

	if (i + 1 == t->column_count && t->is_below) {
		below_print(t, text, style);
	} else {
		if (t->columns[i].right)
			blanks(out, padding);
		if (i + 1 == t->column_count)
			last_print(t, text, style, *left);
		else
			piece_print(t, text, strlen(text), style);
	}
	if (i + 1 == t->column_count)
		(void)fputc('\n', out);
	else if (i + 2 < t->column_count || !t->is_below)
		blanks(out, GAP + (t->columns[i].right ? 0 : padding));
	*left = i + 1 == t->column_count ? 0 : *left + t->widths[i] + GAP;
}

static void
rows_print(const struct table_print *t)
{
	size_t left = 0;
	size_t i = 0;

	for (const struct table_cell *c = t->first; c != NULL; c = c->next) {
		cell_print(t, i, c->text, c->width, c->style, &left);
		i = (i + 1) % t->column_count;
	}
	if (i != 0) /* memory went in the middle of a row */
		(void)fputc('\n', t->terminal->out);
}

static void
titles_print(const struct table_print *t)
{
	size_t left = 0;

	for (size_t i = 0; i < t->column_count; i++)
		cell_print(
			t, i, t->columns[i].title, strlen(t->columns[i].title), TABLE_PLAIN, &left);
}

/* A last column that is neither narrow enough nor to be folded beside the others stands below them. */
static bool
is_below(const struct table_print *t)
{
	size_t width = t->terminal->width;
	size_t last = t->column_count - 1;
	size_t left = last * GAP;

	for (size_t i = 0; i < last; i++)
		left += t->widths[i];
	return last > 0 && width > BELOW + FOLD_MIN && width <= left + FOLD_MIN &&
	       width < left + t->widths[last];
}

void
table_print_end(struct table_print *t)
{
	t->is_below = is_below(t);
	if (t->columns[0].title != NULL)
		titles_print(t);
	rows_print(t);
	arena_done(&t->arena);
}
