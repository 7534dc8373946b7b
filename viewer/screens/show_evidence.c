#include "viewer/screens/show_evidence.h"

#include "viewer/filter.h"
#include "viewer/screens/show.h"
#include "viewer/source/source_sum.h"

#include <stdio.h>
#include <string.h>

enum grid_colour
show_level_colour(const char *threat)
{
	static const struct {
		const char *threat;
		enum grid_colour colour;
	} colours[] = {
		{ "info", GRID_DIM },
		{ "low", GRID_GOOD },
		{ "medium", GRID_WARN },
		{ "high", GRID_BAD },
		{ "critical", GRID_BAD },
	};

	for (size_t i = 0; i < sizeof(colours) / sizeof(colours[0]); i++)
		if (strcmp(colours[i].threat, threat) == 0)
			return colours[i].colour;
	return GRID_PLAIN;
}

enum { TIME_AT = 11 }; /* in "2020/10/07 13:00:00" */

enum { TIME, DATE, WINDOW, LEVEL, CONFIDENCE, SUM, TEXT, COLUMN_COUNT };

/* The sentence is what is read: where there is little room it has all of it. */
#define COLUMNS(time_from, date_from, numbers_from)                   \
	{                                                             \
		[TIME] = { { "time", 8, false }, time_from },         \
		[DATE] = { { "time", 19, false }, date_from },        \
		[WINDOW] = { { "window", 6, true }, date_from },      \
		[LEVEL] = { { "level", 8, false }, 0 },               \
		[CONFIDENCE] = { { "conf", 4, true }, numbers_from }, \
		[SUM] = { { "sum", 5, true }, numbers_from },         \
		[TEXT] = { { "what", 0, false }, 0 },                 \
	}

static const struct sheet_column of_window[COLUMN_COUNT] = COLUMNS(0, SHEET_NEVER, 70);
static const struct sheet_column of_windows[COLUMN_COUNT] = COLUMNS(SHEET_NEVER, 0, 90);

/* What adds nothing is dim; what convicts alone says so. */
static struct sheet_cell
said(const struct source_evidence *e, char room[SHEET_ROOM])
{
	if (e->text[0] != '\0')
		return (struct sheet_cell){ e->text,
			e->silenced_by[0] != '\0' ? GRID_DIM : GRID_PLAIN };
	(void)snprintf(room, SHEET_ROOM, "%s", e->title[0] != '\0' ? e->title : e->kind);
	return (struct sheet_cell){ room, GRID_PLAIN };
}

static struct sheet_cell
cell(const void *rows, size_t row, size_t column, char room[SHEET_ROOM])
{
	const struct source_evidence *e = (const struct source_evidence *)rows + row;

	room[0] = '\0';
	switch (column) {
	case TIME:
		if (show_time(room, e->ts_ns)[0] != '\0')
			return (struct sheet_cell){ room + TIME_AT, GRID_DIM };
		return (struct sheet_cell){ room, GRID_DIM };
	case DATE:
		return (struct sheet_cell){ show_time(room, e->ts_ns), GRID_DIM };
	case WINDOW:
		(void)snprintf(room, SHEET_ROOM, "%lld", (long long)e->window.number);
		return (struct sheet_cell){ room, GRID_PLAIN };
	case LEVEL:
		return (struct sheet_cell){ e->threat, show_level_colour(e->threat) };
	case CONFIDENCE:
		(void)snprintf(room, SHEET_ROOM, "%.2f", e->confidence);
		return (struct sheet_cell){ room, GRID_PLAIN };
	case SUM:
		if (e->decisive)
			return (struct sheet_cell){ "alone", GRID_BAD };
		if (e->counted && e->sum >= 0)
			(void)snprintf(room, SHEET_ROOM, "%.2f", e->sum);
		return (struct sheet_cell){ room, GRID_PLAIN };
	default:
		return said(e, room);
	}
}

static int
compare(const void *rows, size_t left, size_t right, size_t column)
{
	const struct source_evidence *a = (const struct source_evidence *)rows + left;
	const struct source_evidence *b = (const struct source_evidence *)rows + right;

	switch (column) {
	case TIME:
	case DATE:
		return SHEET_ORDER(a->ts_ns, b->ts_ns);
	case WINDOW:
		return SHEET_ORDER(a->window.number, b->window.number);
	case LEVEL:
		return SHEET_ORDER(source_level(a->threat), source_level(b->threat));
	case CONFIDENCE:
		return SHEET_ORDER(a->confidence, b->confidence);
	case SUM:
		return SHEET_ORDER(a->sum, b->sum);
	default:
		return strcmp(a->text, b->text);
	}
}

static void
key_of(const void *rows, size_t row, char key[LIST_KEY_MAX])
{
	(void)snprintf(key, LIST_KEY_MAX, "%s", ((const struct source_evidence *)rows)[row].id);
}

/* Also by what has no column: a technique, a detector, the other party. */
static bool
is_looked_for(const struct model *m, const void *rows, size_t row)
{
	const struct source_evidence *e = (const struct source_evidence *)rows + row;

	return passes(m, e->text, e->title, e->kind, e->threat, e->about, e->about_place, e->port,
		e->technique, e->detector, e->role, e->silenced_by, NULL);
}

struct sheet
show_evidence_sheet(const struct source_evidence *rows, size_t count, bool windows)
{
	return (struct sheet){
		.title = "Evidence",
		.none = "no evidence",
		.columns = windows ? of_windows : of_window,
		.column_count = COLUMN_COUNT,
		.rows = rows,
		.count = count,
		.cell = cell,
		.compare = compare,
		.key = key_of,
		.passes = is_looked_for,
	};
}
