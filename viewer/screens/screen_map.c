/* screen_map.c -- the world, with a dot in each country that the window talks to: the more addresses, the larger. */
#include "viewer/screen.h"
#include "viewer/screens/map_canvas.h"
#include "viewer/screens/map_tally.h"
#include "viewer/screens/refusal.h"
#include "viewer/screens/sorted.h"

#include <stdio.h>

enum { LIST_NARROW = 38, LIST_WIDE = 52, WIDE_FROM = 140, WORLD_LEAST = 20 };

enum { CODE, NAME, OUT, IN, BYTES, COLUMNS };

static const struct column columns_narrow[COLUMNS] = {
	[CODE] = { "CN", 2, false },
	[NAME] = { "country", 0, false },
	[OUT] = { "out", 4, true },
	[IN] = { "in", 4, true },
	[BYTES] = { "bytes", 8, true },
};

/* What is drawn. */
struct picture {
	struct map_tally tally;
	struct sorted *order; /* of those that pass the filter */
	size_t count;
};

static const struct map_country *
country_at(const struct picture *p, size_t i)
{
	return &p->tally.countries[p->order[i].at];
}

static void
country_key(void *context, size_t i, char key[LIST_KEY_MAX])
{
	const struct map_country *c = country_at(context, i);

	(void)snprintf(key, LIST_KEY_MAX, "%s", c->code[0] == '\0' ? c->name : c->code);
}

static struct sorted
sorted_of(const struct map_country *c, size_t at, unsigned column)
{
	const char *const texts[COLUMNS] = { [CODE] = c->code, [NAME] = c->name };
	const double numbers[COLUMNS] = {
		[OUT] = (double)c->out, [IN] = (double)c->in, [BYTES] = (double)c->bytes
	};

	return (struct sorted){ at, texts[column], numbers[column] };
}

static void
order_fill(struct picture *p, struct model *m)
{
	const struct screen_state *state = &m->screens[SCREEN_MAP];
	unsigned by = state->sort[0];

	p->order = arena_alloc(&m->memory, MAP_COUNTRIES_MAX * sizeof(*p->order));
	for (size_t i = 0; p->order != NULL && i < p->tally.count; i++) {
		const struct map_country *c = &p->tally.countries[i];

		if (passes(m, c->code, c->name, NULL))
			p->order[p->count++] =
				by == 0 ? (struct sorted){ .at = i } : sorted_of(c, i, by - 1);
	}
	if (by > 0)
		sorted_by(p->order, p->count, state->sort_up[0]);
	if (p->tally.is_full || p->order == NULL)
		(void)snprintf(
			m->message, sizeof(m->message), "no memory left to count all addresses");
}

/* 1, 3, 10, 30 ... addresses are a step each. */
static unsigned
step_of(const struct map_country *c)
{
	static const size_t from[] = { 3, 10, 30, 100, 1000 };
	unsigned step = 1;

	for (size_t i = 0; i < sizeof(from) / sizeof(from[0]); i++)
		step += c->out + c->in >= from[i];
	return step;
}

static void
disc_draw(struct map_canvas *canvas, const struct map_country *c, enum grid_colour colour)
{
	if (c->place != NULL)
		map_canvas_disc(canvas, c->place->longitude, c->place->latitude,
			map_canvas_radius(canvas, step_of(c)), colour);
}

static void
label_draw(struct map_canvas *canvas, const struct map_country *c, enum grid_colour colour)
{
	if (c->place != NULL)
		map_canvas_label(canvas, c->place->longitude, c->place->latitude,
			map_canvas_radius(canvas, step_of(c)), colour, c->code);
}

/* The one under the cursor is on top of its neighbours, and is named before them. */
static void
map_draw(struct model *m, const struct area *a, const struct picture *p, size_t cursor)
{
	struct map_canvas canvas;

	if (!map_canvas_begin(&canvas, a, &m->memory))
		return;
	map_canvas_world(&canvas);
	for (size_t i = 0; i < p->count; i++)
		disc_draw(&canvas, country_at(p, i), GRID_BAD);
	if (p->count > 0)
		disc_draw(&canvas, country_at(p, cursor), GRID_KEY);
	map_canvas_draw(&canvas);
	if (p->count > 0)
		label_draw(&canvas, country_at(p, cursor), GRID_KEY);
	for (size_t i = 0; i < p->count; i++)
		if (i != cursor)
			label_draw(&canvas, country_at(p, i), GRID_PLAIN);
}

static void
country_draw(const struct columns *columns, const struct area *a, unsigned row,
	const struct map_country *c)
{
	char room[32];

	columns_cell(columns, a, row, CODE, GRID_KEY, c->code);
	columns_cell(columns, a, row, NAME, c->place == NULL ? GRID_DIM : GRID_PLAIN, c->name);
	columns_cell(columns, a, row, OUT, GRID_PLAIN, show_count(room, c->out));
	columns_cell(columns, a, row, IN, GRID_PLAIN, show_count(room, c->in));
	columns_cell(columns, a, row, BYTES, GRID_SIZE, show_bytes(room, c->bytes));
}

static size_t
list_draw(struct model *m, const struct area *a, struct picture *p)
{
	struct screen_state *state = &m->screens[SCREEN_MAP];
	struct list_place *place = &state->places[0];
	struct columns columns = { .column = columns_narrow, .count = COLUMNS };
	struct area rows = area_part(a, 1, 0, a->rows, a->columns);

	columns_fit(&columns, a->columns);
	columns_head(&columns, a, 0, state->sort[0], state->sort_up[0]);
	struct list l = { .place = place, .count = p->count, .rows = rows.rows };
	size_t cursor = list_settle(&l, country_key, p);
	list_stands(place, &rows);
	if (p->count == 0)
		(void)area_text(&rows, 0, 0, GRID_DIM, show_none_of(m->source, p->tally.count, ""));
	for (unsigned row = 0; row < rows.rows && place->top + row < p->count; row++) {
		country_draw(&columns, &rows, row, country_at(p, place->top + row));
		if (place->top + row == cursor)
			area_reverse(&rows, row);
	}
	return cursor;
}

static void
draw(struct model *m, const struct area *a)
{
	unsigned listed = a->columns < WIDE_FROM ? LIST_NARROW : LIST_WIDE;
	unsigned left = a->columns >= listed + WORLD_LEAST ? a->columns - listed : 0;
	struct area world = area_part(a, 0, 0, a->rows, left);
	struct area beside = area_part(a, 0, left, a->rows, a->columns);
	struct picture p = { .tally = map_tally_of(m) };

	order_fill(&p, m);
	struct area in_world = area_box(&world, "World: addresses by country", false);
	struct area in_list = area_box(&beside, "Countries", true);
	size_t cursor = list_draw(m, &in_list, &p);
	map_draw(m, &in_world, &p, cursor);
}

static bool
key(struct model *m, const struct key_event *e, const struct area *a)
{
	struct screen_state *state = &m->screens[SCREEN_MAP];

	(void)a;
	return columns_key(&state->sort[0], &state->sort_up[0], e, COLUMNS);
}

const struct screen screen_map = {
	.title = "world map",
	.refuses = refusal_without_window,
	.draw = draw,
	.key = key,
};
