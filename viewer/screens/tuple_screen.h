/*
 * tuple_screen.h -- with whom a window talks, tuple by tuple: letters, names, network, reputation.
 *
 * Letters, names and server names that need more room go on in further rows. Where the picture has no room for all
 * columns, a panel below has all of the tuple under the cursor.
 */
#pragma once

#include "viewer/screen.h"

struct tuple_screen {
	enum screen_id id;
	bool out;
	const char *title; /* "Out-tuples" */
};

void tuple_screen_draw(struct model *m, const struct area *a, const struct tuple_screen *t);
/* Columns that are shown are sorted by; Enter shows the beacon picture. returns false when it is neither */
bool tuple_screen_key(struct model *m, const struct key_event *e, const struct area *a,
	const struct tuple_screen *t);

enum { TUPLE_KEY_MAX = LIST_KEY_MAX };
/* "203.0.113.66-48101-tcp" */
void tuple_key(const struct source_tuple *t, char ret[TUPLE_KEY_MAX]);
