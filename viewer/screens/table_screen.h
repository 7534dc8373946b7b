/*
 * table_screen.h -- what a window has to do with ports and addresses: established above, not established below.
 *
 * Five screens are this one over another feature dictionary. Each half has a row a port or address, their sum, and a
 * bar a row (log_bar.h).
 */
#pragma once

#include "viewer/screen.h"

struct table_screen {
	enum screen_id id;
	enum source_table table;
	const char *what;      /* "source ports as client", in the titles of the halves */
	const char *key_title; /* "port" */
	bool is_address;       /* keys are addresses; else ports */
	bool by_part;          /* a row for each address of a port, with packets only */
};

enum { TABLE_SCREEN_PANELS = 2 };

void table_screen_draw(struct model *m, const struct area *a, const struct table_screen *t);
/* Columns are sorted by; Enter looks up an address on the main page. returns false when it is neither */
bool table_screen_key(struct model *m, const struct key_event *e, const struct table_screen *t);
