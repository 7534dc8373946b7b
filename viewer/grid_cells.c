/* grid_cells.c -- the cells of a picture, and the parts of it. */
#include "viewer/grid.h"

#include <stdlib.h>
#include <string.h>

static unsigned
at_most(unsigned value, unsigned most)
{
	return value < most ? value : most;
}

bool
grid_init(struct grid *g, unsigned rows, unsigned columns, bool utf8)
{
	*g = (struct grid){
		.rows = at_most(rows, GRID_SIDE_MAX),
		.columns = at_most(columns, GRID_SIDE_MAX),
		.utf8 = utf8,
	};
	g->cells = calloc((size_t)g->rows * g->columns + 1, sizeof(*g->cells)); /* never none */
	if (g->cells == NULL)
		return false;
	grid_clear(g);
	return true;
}

void
grid_done(struct grid *g)
{
	free(g->cells);
	g->cells = NULL;
}

void
grid_clear(struct grid *g)
{
	for (size_t i = 0; i < (size_t)g->rows * g->columns; i++)
		g->cells[i] = (struct grid_cell){ .text = " " };
}

struct area
grid_area(struct grid *g)
{
	return (struct area){ .grid = g, .rows = g->rows, .columns = g->columns };
}

struct area
area_part(const struct area *a, unsigned row, unsigned column, unsigned rows, unsigned columns)
{
	unsigned down = at_most(row, a->rows);
	unsigned right = at_most(column, a->columns);

	return (struct area){
		.grid = a->grid,
		.row = a->row + down,
		.column = a->column + right,
		.rows = at_most(rows, a->rows - down),
		.columns = at_most(columns, a->columns - right),
	};
}

static struct grid_cell *
cell_at(const struct area *a, unsigned row, unsigned column)
{
	size_t line = (size_t)(a->row + row) * a->grid->columns;

	return &a->grid->cells[line + a->column + column];
}

/* What a wide character leaves where one half of it is taken is a blank. */
static void
halves_clear(const struct area *a, struct grid_cell *cell, bool takes_right)
{
	size_t column = (size_t)(cell - a->grid->cells) % a->grid->columns;

	if (column > 0 && cell->text[0] == '\0' && !takes_right)
		(void)strcpy(cell[-1].text, " ");
	if (column + 1 < a->grid->columns && cell[1].text[0] == '\0')
		(void)strcpy(cell[1].text, " ");
}

void
area_character(const struct area *a, unsigned row, unsigned column, enum grid_colour colour,
	const char *character)
{
	if (row >= a->rows || column >= a->columns)
		return;
	struct grid_cell *cell = cell_at(a, row, column);
	halves_clear(a, cell, character[0] == '\0');
	*cell = (struct grid_cell){ .colour = (uint8_t)colour };
	strncpy(cell->text, character, sizeof(cell->text) - 1);
}

void
area_clear(const struct area *a)
{
	for (unsigned row = 0; row < a->rows; row++)
		for (unsigned i = 0; i < a->columns; i++)
			area_character(a, row, i, GRID_PLAIN, " ");
}

void
area_bold(const struct area *a, unsigned row, unsigned column, unsigned columns)
{
	for (unsigned i = column; row < a->rows && i < a->columns && i - column < columns; i++)
		cell_at(a, row, i)->bold = true;
}

void
area_reverse(const struct area *a, unsigned row)
{
	for (unsigned i = 0; row < a->rows && i < a->columns; i++)
		cell_at(a, row, i)->reverse = true;
}
