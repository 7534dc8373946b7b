/* map_places.h -- countries by their two letters (ISO 3166-1), and where on a map they are: roughly in their middle. */
#pragma once

struct map_place {
	char code[3];
	short latitude, longitude; /* degrees, north and east */
	const char *name;
};

/* returns NULL when there is none; static */
const struct map_place *map_place_find(const char *code);
