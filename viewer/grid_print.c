/* grid_print.c -- a picture as text, for tests and for pipes. */
#include "viewer/grid.h"

#include "daemon/base/strbuf.h"

#include <ctype.h>

enum { LINE_MAX_BYTES = GRID_SIDE_MAX * 4 + 1 };

static void
line_print(FILE *out, struct strbuf *line)
{
	while (line->length > 0 && line->text[line->length - 1] == ' ')
		line->length--;
	(void)fprintf(out, "%.*s\n", (int)line->length, line->text);
	strbuf_reset(line);
}

static char
letter_of(const struct grid_cell *cell)
{
	if (cell->colour == GRID_PLAIN && !cell->reverse)
		return cell->text[0] == ' ' ? ' ' : '.';
	if (cell->colour == GRID_PLAIN)
		return '#';
	int letter = 'a' + cell->colour - 1;
	return (char)(cell->reverse ? toupper(letter) : letter);
}

void
grid_print(const struct grid *g, FILE *out, bool colours)
{
	char memory[LINE_MAX_BYTES];
	struct strbuf line;

	strbuf_init(&line, memory, sizeof(memory));
	for (unsigned row = 0; row < g->rows; row++) {
		for (unsigned i = 0; i < g->columns; i++)
			strbuf_text(&line, g->cells[(size_t)row * g->columns + i].text);
		line_print(out, &line);
	}
	for (unsigned row = 0; colours && row < g->rows; row++) {
		for (unsigned i = 0; i < g->columns; i++)
			strbuf_char(&line, letter_of(&g->cells[(size_t)row * g->columns + i]));
		line_print(out, &line);
	}
}
