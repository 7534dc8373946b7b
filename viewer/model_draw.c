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

/* Nobody is anywhere until the screen says so again. */
static void
places_forget(struct screen_state *state)
{
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

void
model_draw(struct model *m, struct grid *g)
{
	struct area whole = grid_area(g);
	struct area screen = model_screen_area(m, g);

	arena_done(&m->memory);
	if (m->is_left) {
		frame_draw(m, g);
		return;
	}
	grid_clear(g);
	places_forget(&m->screens[m->screen]);
	if (g->rows < ROWS_LEAST || g->columns < COLUMNS_LEAST) {
		(void)area_format(&whole, 0, 0, GRID_WARN, "%ux%u is too small: 80x24 at least",
			g->columns, g->rows);
		return;
	}
	screens[m->screen]->draw(m, &screen);
	if (source_trouble(m->source)[0] != '\0')
		(void)snprintf(m->trouble, sizeof(m->trouble), "%s", source_trouble(m->source));
	frame_draw(m, g); /* what is looked at may have been chosen just now */
}
