/* screen_devices.c -- the network cards that were seen, and what is behind them. */
#include "viewer/screen.h"
#include "viewer/screens/sheet.h"
#include "viewer/screens/sorted.h"

#include <stdio.h>
#include <string.h>

enum { MAC, VENDOR, ROUTER, ADDRESSES, NAMES, FIRST, LAST, COLUMN_COUNT };

static const struct sheet_column columns[COLUMN_COUNT] = {
	[MAC] = { { "card", 17, false }, 0 },
	[VENDOR] = { { "made by", 0, false }, 0 },
	[ROUTER] = { { "routes", 6, false }, 0 },
	[ADDRESSES] = { { "addresses", 0, false }, 0 },
	[NAMES] = { { "names", 0, false }, 0 },
	[FIRST] = { { "first seen", 19, false }, 110 },
	[LAST] = { { "last seen", 19, false }, 110 },
};

static struct sheet_cell
cell(const void *rows, size_t row, size_t column, char room[SHEET_ROOM])
{
	const struct source_device *d = (const struct source_device *)rows + row;

	switch (column) {
	case MAC:
		return (struct sheet_cell){ d->mac, GRID_ADDRESS };
	case VENDOR:
		return (struct sheet_cell){ d->vendor, GRID_PLAIN };
	case ROUTER:
		return (struct sheet_cell){ d->is_router ? "yes" : "", GRID_KEY };
	case ADDRESSES:
		return (struct sheet_cell){ d->addresses, GRID_ADDRESS };
	case NAMES:
		return (struct sheet_cell){ d->names, GRID_NAME };
	case FIRST:
		return (struct sheet_cell){ show_time(room, d->first_ns), GRID_DIM };
	default:
		return (struct sheet_cell){ show_time(room, d->last_ns), GRID_DIM };
	}
}

static int
compare(const void *rows, size_t left, size_t right, size_t column)
{
	const struct source_device *a = (const struct source_device *)rows + left;
	const struct source_device *b = (const struct source_device *)rows + right;

	switch (column) {
	case MAC:
		return strcmp(a->mac, b->mac);
	case VENDOR:
		return strcmp(a->vendor, b->vendor);
	case ROUTER:
		return SHEET_ORDER(a->is_router, b->is_router);
	case ADDRESSES:
		return sorted_texts(a->addresses, b->addresses);
	case NAMES:
		return strcmp(a->names, b->names);
	case FIRST:
		return SHEET_ORDER(a->first_ns, b->first_ns);
	default:
		return SHEET_ORDER(a->last_ns, b->last_ns);
	}
}

static void
key_of(const void *rows, size_t row, char key[LIST_KEY_MAX])
{
	(void)snprintf(key, LIST_KEY_MAX, "%s", ((const struct source_device *)rows)[row].mac);
}

static const char *
refuses(const struct model *m)
{
	return source_can(m->source, SOURCE_HAS_DEVICES)
		       ? NULL
		       : "this source knows no devices: open the store of the run";
}

static void
draw(struct model *m, const struct area *a)
{
	struct sheet s = {
		.title = "Devices",
		.none = "no device was seen",
		.columns = columns,
		.column_count = COLUMN_COUNT,
		.cell = cell,
		.compare = compare,
		.key = key_of,
	};
	const struct source_device *rows = NULL;

	m->evidence[0] = '\0'; /* that of the screen before may be of another window */
	s.count = source_devices(m->source, &m->memory, &rows);
	s.rows = rows;
	(void)sheet_draw(m, &s, 0, a);
}

static bool
key(struct model *m, const struct key_event *e, const struct area *a)
{
	(void)a;
	return sheet_key(m, e);
}

const struct screen screen_devices = {
	.title = "devices",
	.refuses = refuses,
	.is_of_all = true,
	.draw = draw,
	.key = key,
};
