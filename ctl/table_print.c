#include "ctl/table_print.h"

#include "ctl/cell.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

enum {
	GAP = 2,       /* columns between two */
	FOLD_MIN = 16, /* columns below which nothing is folded */
	FOLD_WELL =
		24, /* below which folding makes a tower: a text that is wider stands below its row */
	BELOW = 4, /* where a text begins that has no room beside the others */
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

/* On a line of its own, which nothing is not worth; where there may be several of them, with its title. */
static void
below_print(const struct table_print *t, size_t i, const char *text, enum table_style style)
{
	const char *title = t->column_count - t->beside > 1 ? t->columns[i].title : NULL;
	size_t left = BELOW;

	if (strcmp(text, "-") == 0)
		return;
	(void)fputc('\n', t->terminal->out);
	blanks(t->terminal->out, BELOW);
	if (title != NULL) {
		(void)fprintf(t->terminal->out, "%s ", title);
		left += strlen(title) + 1;
	}
	last_print(t, text, style, left);
}

/* Beside the others it would be a tower. Each row has its own answer: one long text leaves the others where they are. */
static bool
is_tower(const struct table_print *t, size_t text_width, size_t left)
{
	size_t width = t->terminal->width;

	return width > BELOW + FOLD_WELL && width > left + FOLD_MIN && width < left + FOLD_WELL &&
	       width < left + text_width;
}

/* What stands in column `i`, which begins at *left, and the way to the next. */
static void
cell_print(const struct table_print *t, size_t i, const char *text, size_t text_width,
	enum table_style style, size_t *left)
{
	size_t padding = t->widths[i] - text_width;
	bool is_last = i + 1 == t->column_count;
	FILE *out = t->terminal->out;

	if (i >= t->beside || (is_last && is_tower(t, text_width, *left))) {
		below_print(t, i, text, style);
	} else {
		if (t->columns[i].right)
			blanks(out, padding);
		if (is_last)
			last_print(t, text, style, *left);
		else
			piece_print(t, text, strlen(text), style);
		if (i + 1 < t->beside)
			blanks(out, GAP + (t->columns[i].right ? 0 : padding));
	}
	if (is_last)
		(void)fputc('\n', out);
	*left = is_last ? 0 : *left + t->widths[i] + GAP;
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
	bool labelled = t->column_count - t->beside > 1;
	size_t left = 0;

	for (size_t i = 0; i < t->column_count; i++) {
		const char *title = labelled && i >= t->beside ? "-" : t->columns[i].title;

		cell_print(t, i, title, strlen(title), TABLE_PLAIN, &left);
	}
}

/* Where column `i` begins. */
static size_t
left_of(const struct table_print *t, size_t i)
{
	size_t left = i * GAP;

	while (i > 0)
		left += t->widths[--i];
	return left;
}

/*
 * How many columns stand beside each other. A last one that is neither narrow enough nor to be folded there stands below
 * them, and so do texts before it as far as the others are too wide without them. Numbers stay, to be compared.
 */
static size_t
beside_count(const struct table_print *t)
{
	size_t width = t->terminal->width;
	size_t last = t->column_count - 1;
	size_t left = left_of(t, last);

	if (last == 0 || width <= BELOW + FOLD_MIN || width > left + FOLD_MIN ||
		width >= left + t->widths[last])
		return t->column_count;
	while (last > 1 && left_of(t, last) - GAP > width && !t->columns[last - 1].right)
		last--;
	return last;
}

void
table_print_end(struct table_print *t)
{
	t->beside = beside_count(t);
	if (t->columns[0].title != NULL)
		titles_print(t);
	rows_print(t);
	arena_done(&t->arena);
}
