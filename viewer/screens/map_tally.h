/* map_tally.h -- in which countries those are with whom a window talks, and how much. */
#pragma once

#include "viewer/model.h"
#include "viewer/screens/map_places.h"

enum { MAP_COUNTRIES_MAX = 300 }; /* there are 250; what a source makes up beyond is "other" */

struct map_country {
	const char *code;              /* "" for the last kinds of `name` */
	const char *name;              /* "private", "not known", "other" where it is none */
	const struct map_place *place; /* NULL: nowhere on the map */
	size_t out, in; /* addresses: the host opened conversations with them, they did */
	uint64_t bytes; /* with those that the host opened conversations with */
};

struct map_tally {
	struct map_country *countries; /* those with most addresses first */
	size_t count;
	bool is_full; /* memory was out: some are not counted */
};

struct map_tally map_tally_of(struct model *m);
