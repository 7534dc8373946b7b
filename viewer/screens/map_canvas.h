/*
 * map_canvas.h -- dots finer than characters: eight of braille in a cell, where the terminal can; and the world on them.
 *
 * Each cell has one colour, that of what was drawn last into it. Without UTF-8 a cell is a point, or a ring that grows
 * with the dots in it.
 */
#pragma once

#include "daemon/base/arena.h"
#include "viewer/grid.h"

struct map_cell {
	uint8_t dots;   /* as in the character: U+2800 + dots */
	uint8_t colour; /* enum grid_colour */
	bool is_mark;   /* part of a disc */
};

struct map_canvas {
	struct area area; /* the world's, in the middle of what there is */
	struct map_cell *cells;
	unsigned columns, rows; /* dots that it takes */
};

/* As large as the area is, or as the world's proportions let it be. returns false when memory is out or there is no area */
bool map_canvas_begin(struct map_canvas *c, const struct area *a, struct arena *memory);
/* The land. */
void map_canvas_world(struct map_canvas *c);
/* Dots around a place that the `step`-th size of it takes: more on a larger world, never none. */
unsigned map_canvas_radius(const struct map_canvas *c, unsigned step);
/* A disc at a place (degrees), `radius` dots around it. */
void map_canvas_disc(struct map_canvas *c, int longitude, int latitude, unsigned radius,
	enum grid_colour colour);
/* A text right of a place, where nothing of the kind is yet; else left of it or nowhere. */
void map_canvas_label(struct map_canvas *c, int longitude, int latitude, unsigned radius,
	enum grid_colour colour, const char *text);
/* Put it into the area: before labels. */
void map_canvas_draw(struct map_canvas *c);
