#include "viewer/screens/map_canvas.h"

#include "viewer/screens/map_land.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	WIDE = 2,
	HIGH = 4,
	DEGREES = 360,
	HALF = 180,
	NORTH = 84,
	SOUTH = -57,
	BRAILLE = 0x2800,
	DISC_OF = 300,     /* dots; of a world so wide a step is one of them */
	TEXTURE_FROM = 160 /* dots: of a smaller world the coasts alone are seen better */
};

#define STRETCH 1.5 /* so much taller than wide may a degree be: on a map nobody minds */

static unsigned
lesser(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

bool
map_canvas_begin(struct map_canvas *c, const struct area *a, struct arena *memory)
{
	double wide = a->columns * WIDE;
	double high = a->rows * HIGH;
	double degree = wide / DEGREES;

	*c = (struct map_canvas){ .columns = 0 };
	if (high > degree * STRETCH * (NORTH - SOUTH))
		high = degree * STRETCH * (NORTH - SOUTH);
	if (wide > high / (NORTH - SOUTH) * STRETCH * DEGREES)
		wide = high / (NORTH - SOUTH) * STRETCH * DEGREES;
	c->columns = (unsigned)wide;
	c->rows = (unsigned)high;
	if (c->columns < 2 || c->rows < 2)
		return false;
	unsigned rows = (c->rows + HIGH - 1) / HIGH;
	unsigned columns = (c->columns + WIDE - 1) / WIDE;
	c->area = area_part(a, (a->rows - rows) / 2, (a->columns - columns) / 2, rows, columns);
	c->cells = arena_alloc(memory, (size_t)rows * columns * sizeof(*c->cells));
	return c->cells != NULL;
}

static double
x_of(const struct map_canvas *c, double longitude)
{
	return (longitude + HALF) / DEGREES * (c->columns - 1);
}

static double
y_of(const struct map_canvas *c, double latitude)
{
	double inside = latitude < SOUTH ? SOUTH : latitude > NORTH ? NORTH : latitude;

	return (NORTH - inside) / (NORTH - SOUTH) * (c->rows - 1);
}

static void
dot(struct map_canvas *c, long x, long y, enum grid_colour colour, bool is_mark)
{
	/* Unicode 15, section 21.1: dots 1 2 3 and 4 5 6 downwards, 7 and 8 below them */
	static const uint8_t dots[HIGH][WIDE] = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 },
		{ 0x40, 0x80 } };

	if (x < 0 || y < 0 || x >= (long)c->columns || y >= (long)c->rows)
		return;
	size_t at = (size_t)(y / HIGH) * c->area.columns + (size_t)(x / WIDE);
	struct map_cell *cell = &c->cells[at];
	if (is_mark && !cell->is_mark)
		cell->dots = 0; /* a coast would make it another size */
	cell->dots |= dots[y % HIGH][x % WIDE];
	cell->colour = (uint8_t)colour;
	cell->is_mark = is_mark;
}

static void
line(struct map_canvas *c, struct map_point from, struct map_point to)
{
	double x = x_of(c, from.longitude);
	double y = y_of(c, from.latitude);
	double right = x_of(c, to.longitude) - x;
	double down = y_of(c, to.latitude) - y;
	unsigned steps = (unsigned)ceil(fmax(fabs(right), fabs(down)));

	for (unsigned i = 0; i < steps; i++)
		dot(c, lround(x + right * i / steps), lround(y + down * i / steps), GRID_BORDER,
			false);
}

/* A point in the middle of each cell that is land. */
static void
inside(struct map_canvas *c)
{
	for (unsigned y = HIGH / 2; y < c->rows; y += HIGH)
		for (unsigned x = 1; x < c->columns; x += WIDE) {
			double longitude = (double)x / (c->columns - 1) * DEGREES - HALF;
			double latitude = NORTH - (double)y / (c->rows - 1) * (NORTH - SOUTH);

			if (map_is_land(longitude, latitude))
				dot(c, x, y, GRID_DIM, false);
		}
}

/* Without braille a coast is as wide as a cell, so there are none. */
void
map_canvas_world(struct map_canvas *c)
{
	if (!c->area.grid->utf8 || c->columns >= TEXTURE_FROM)
		inside(c);
	for (size_t i = 0; c->area.grid->utf8 && i < map_land_count; i++) {
		const struct map_shape *s = &map_land[i];

		for (size_t at = 0; at < s->count; at++)
			line(c, s->points[at], s->points[at + 1 < s->count ? at + 1 : 0]);
	}
}

unsigned
map_canvas_radius(const struct map_canvas *c, unsigned step)
{
	long radius = lround((double)step * c->columns / DISC_OF);

	return radius < 1 ? 1 : (unsigned)radius;
}

void
map_canvas_disc(
	struct map_canvas *c, int longitude, int latitude, unsigned radius, enum grid_colour colour)
{
	long x = lround(x_of(c, longitude));
	long y = lround(y_of(c, latitude));
	long r = (long)radius;

	for (long down = -r; down <= r; down++)
		for (long right = -r; right <= r; right++)
			if (right * right + down * down <= r * r + r / 2)
				dot(c, x + right, y + down, colour, true);
}

static void
character_of(const struct map_canvas *c, const struct map_cell *cell, char ret[4])
{
	static const char rings[HIGH * WIDE + 1] = { 'o', 'o', 'o', 'o', 'O', 'O', 'O', '@', '@' };
	unsigned code = BRAILLE + cell->dots;

	memset(ret, 0, 4);
	if (c->area.grid->utf8) {
		ret[0] = (char)(0xe0 | code >> 12);
		ret[1] = (char)(0x80 | (code >> 6 & 0x3f));
		ret[2] = (char)(0x80 | (code & 0x3f));
	} else if (!cell->is_mark) {
		ret[0] = '.';
	} else {
		ret[0] = rings[__builtin_popcount(cell->dots)];
	}
}

void
map_canvas_draw(struct map_canvas *c)
{
	for (unsigned row = 0; row < c->area.rows; row++)
		for (unsigned column = 0; column < c->area.columns; column++) {
			const struct map_cell *cell =
				&c->cells[(size_t)row * c->area.columns + column];
			char character[4];

			if (cell->dots == 0)
				continue;
			character_of(c, cell, character);
			area_character(&c->area, row, column, cell->colour, character);
		}
}

/* Nothing but sea and land there. */
static bool
is_free(const struct map_canvas *c, unsigned row, unsigned column, unsigned columns)
{
	for (unsigned i = 0; i < columns; i++)
		if (column + i >= c->area.columns ||
			c->cells[(size_t)row * c->area.columns + column + i].is_mark)
			return false;
	return true;
}

void
map_canvas_label(struct map_canvas *c, int longitude, int latitude, unsigned radius,
	enum grid_colour colour, const char *text)
{
	unsigned wide = area_width(&c->area, text);
	unsigned row = lesser((unsigned)lround(y_of(c, latitude)) / HIGH, c->area.rows - 1);
	long x = lround(x_of(c, longitude));
	unsigned right = (unsigned)(x + (long)radius) / WIDE + 1;
	long before = (x - (long)radius) / WIDE - (long)wide;
	unsigned left = before > 0 ? (unsigned)before : 0;
	unsigned column = is_free(c, row, right, wide) ? right : left;

	if (!is_free(c, row, column, wide))
		return;
	(void)area_text(&c->area, row, column, colour, text);
	for (unsigned i = 0; i < wide; i++)
		c->cells[(size_t)row * c->area.columns + column + i].is_mark = true;
}
