/* model_draw.c -- the whole picture: a line of where one is, the screen, the bar. */
#include "viewer/bar.h"
#include "viewer/head.h"
#include "viewer/model.h"
#include "viewer/model_parts.h"
#include "viewer/screen.h"

#include <stdio.h>

enum { ROWS_LEAST = 8, COLUMNS_LEAST = 40, HEAD_ROWS = 1 };

struct area
model_screen_area(const struct model *m, struct grid *g)
{
	struct area whole = grid_area(g);
	unsigned taken = HEAD_ROWS + bar_rows(m, g->rows, g->columns);

	return area_part(&whole, HEAD_ROWS, 0, g->rows > taken ? g->rows - taken : 0, g->columns);
}

struct area
model_bar_area(const struct model *m, struct grid *g)
{
	struct area whole = grid_area(g);
	unsigned rows = bar_rows(m, g->rows, g->columns);

	return area_part(&whole, g->rows > rows ? g->rows - rows : 0, 0, rows, g->columns);
}

/* Nothing is there, and nobody anywhere, until the screen says so again. */
static void
picture_begin(struct model *m, struct grid *g)
{
	struct screen_state *state = &m->screens[m->screen];

	arena_done(&m->memory);
	grid_clear(g);
	for (size_t i = 0; i < PANELS_MAX; i++) {
		state->places[i].count = 0;
		state->places[i].area = (struct area){ .grid = NULL };
	}
}

/* What is around a screen that stays. */
static void
frame_draw(struct model *m, struct grid *g)
{
	struct area whole = grid_area(g);
	struct area head = area_part(&whole, 0, 0, HEAD_ROWS, g->columns);
	struct area bar = model_bar_area(m, g);

	area_clear(&head);
	area_clear(&bar);
	head_draw(m, &whole);
	bar_draw(m, &bar);
}

/* Any of its questions may have failed; none may have, where one did in the picture before. */
static void
screen_draw(struct model *m, struct grid *g)
{
	struct area screen = model_screen_area(m, g);

	picture_begin(m, g);
	source_trouble_forget(m->source);
	screens[m->screen]->draw(m, &screen);
	const char *trouble = source_trouble_first(m->source);
	if (trouble[0] != '\0' || !m->is_failing)
		(void)snprintf(m->trouble, sizeof(m->trouble), "%s", trouble);
}

void
model_draw(struct model *m, struct grid *g)
{
	struct area whole = grid_area(g);
	bool was_in_trouble = m->trouble[0] != '\0';

	if (m->is_left) {
		arena_done(&m->memory);
		frame_draw(m, g);
		return;
	}
	if (g->rows < ROWS_LEAST || g->columns < COLUMNS_LEAST) {
		picture_begin(m, g);
		(void)area_format(&whole, 0, 0, GRID_WARN, "%ux%u is too small: 80x24 at least",
			g->columns, g->rows);
		return;
	}
	screen_draw(m, g);
	if (was_in_trouble && m->trouble[0] == '\0')
		screen_draw(m, g); /* into the row that is free again */
	frame_draw(m, g);          /* what is looked at may have been chosen just now */
}
