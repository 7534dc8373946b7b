/*
 * map_land.h -- where the land is, as coarse polygons: good enough to see which continent a dot is on.
 *
 * Drawn for this program by hand; no coast is right by more than a degree or two.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct map_point {
	short longitude, latitude; /* degrees, east and north */
};

struct map_shape {
	const struct map_point *points; /* the last is joined to the first */
	size_t count;
	bool is_water; /* a lake or an inner sea, inside land */
};

extern const struct map_shape map_land[];
extern const size_t map_land_count;

/* Is this place on land? */
bool map_is_land(double longitude, double latitude);
