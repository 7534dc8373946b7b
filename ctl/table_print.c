#include "ctl/table_print.h"

#include "ctl/cell.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

enum {
	GAP = 2,       /* columns between two */
	FOLD_MIN = 16, /* columns below which folding makes a text unreadable */
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

/* The last column: on as many lines as it takes, one below the other from column `left` on. */
static void
last_print(const struct table_print *t, const struct table_cell *c, size_t left)
{
	const char *text = c->text;
	size_t width = t->terminal->width;
	size_t room = width > left + FOLD_MIN ? width - left : 0;

	while (room > 0 && cell_width(text, t->terminal->utf8) > room) {
		size_t skip = 0;
		size_t length = cell_fold(text, room, t->terminal->utf8, &skip);

		piece_print(t, text, length, c->style);
		(void)fputc('\n', t->terminal->out);
		blanks(t->terminal->out, left);
		text += skip;
	}
	piece_print(t, text, strlen(text), c->style);
}

static const struct table_cell *
row_print(const struct table_print *t, const struct table_cell *c)
{
	size_t left = 0;

	for (size_t i = 0; i < t->column_count && c != NULL; i++, c = c->next) {
		size_t padding = t->widths[i] - c->width;
		bool last = i + 1 == t->column_count;

		if (t->columns[i].right)
			blanks(t->terminal->out, padding);
		if (last)
			last_print(t, c, left);
		else
			piece_print(t, c->text, strlen(c->text), c->style);
		if (!last)
			blanks(t->terminal->out, GAP + (t->columns[i].right ? 0 : padding));
		left += t->widths[i] + GAP;
	}
	(void)fputc('\n', t->terminal->out);
	return c;
}

static void
titles_print(const struct table_print *t)
{
	FILE *out = t->terminal->out;

	for (size_t i = 0; i < t->column_count; i++) {
		const char *title = t->columns[i].title;
		size_t padding = t->widths[i] - strlen(title);
		bool last = i + 1 == t->column_count;

		if (t->columns[i].right)
			blanks(out, padding);
		(void)fputs(title, out);
		if (!last)
			blanks(out, GAP + (t->columns[i].right ? 0 : padding));
	}
	(void)fputc('\n', out);
}

void
table_print_end(struct table_print *t)
{
	if (t->columns[0].title != NULL)
		titles_print(t);
	for (const struct table_cell *c = t->first; c != NULL;)
		c = row_print(t, c);
	arena_done(&t->arena);
}
