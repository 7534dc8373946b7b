#include "ctl/report/report_pictures.h"
#include "ctl/report/report_text.h"
#include "ctl/report/svg.h"
#include "viewer/screens/map_land.h"
#include "viewer/screens/map_places.h"

#include <math.h>

/* A degree is 2.5 units; north of 84 and south of 57 degrees nobody has a network. */
enum { MAP_WIDE = 900, MAP_NORTH = 84, MAP_SOUTH = -57, DOT_MAX = 18, LABELS_MAX = 12 };
static const double unit = MAP_WIDE / 360.0;
static const double map_high = (MAP_NORTH - MAP_SOUTH) * (MAP_WIDE / 360.0);

static double
map_x(double longitude)
{
	return (longitude + 180.0) * unit;
}

static double
map_y(double latitude)
{
	double y = (MAP_NORTH - latitude) * unit;

	return y > map_high ? map_high : y;
}

static void
draw_land(struct html *h)
{
	for (size_t i = 0; i < map_land_count; i++) {
		const struct map_shape *shape = &map_land[i];

		(void)fprintf(
			h->out, "<path class=\"%s\" d=\"", shape->is_water ? "water" : "land");
		for (size_t p = 0; p < shape->count; p++)
			(void)fprintf(h->out, "%c%.0f %.0f", p == 0 ? 'M' : 'L',
				map_x(shape->points[p].longitude),
				map_y(shape->points[p].latitude));
		html_raw(h, "z\"/>");
	}
}

/* The area of a dot is what it stands for; a country with evidence is red. */
static void
draw_country(struct html *h, const struct report_country *c, uint64_t most, bool is_named)
{
	const struct map_place *place = map_place_find(c->code);
	uint64_t sum = c->evidence + c->peers;

	if (place == NULL)
		return;
	double radius = 4.0 + sqrt((double)sum / (double)most) * (DOT_MAX - 4);
	html_open_format(h, "circle", "class=\"place %s\" cx=\"%.0f\" cy=\"%.0f\" r=\"%.1f\"",
		c->evidence > 0 ? "high" : "calm", map_x(place->longitude), map_y(place->latitude),
		radius);
	html_open(h, "title", NULL);
	html_format(h, "%s: %s, %s", place->name,
		report_plural(c->evidence, "finding", "findings").text,
		report_plural(c->peers, "peer", "peers").text);
	html_close(h);
	html_close(h);
	if (is_named)
		svg_text(h, map_x(place->longitude), map_y(place->latitude) + 4, "middle", c->code);
}

void
report_svg_map(struct html *h, const struct report *r)
{
	uint64_t most = 1;

	for (size_t i = 0; i < r->country_count; i++) {
		uint64_t sum = r->countries[i].evidence + r->countries[i].peers;

		most = sum > most ? sum : most;
	}
	svg_open(h, 0, MAP_WIDE, (int)map_high,
		"Countries of the other parties on a map of the world");
	draw_land(h);
	/* The smallest last, so that none is hidden. */
	for (size_t i = 0; i < r->country_count; i++)
		draw_country(h, &r->countries[i], most, i < LABELS_MAX);
	html_close(h);
}
