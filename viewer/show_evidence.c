#include "viewer/show_evidence.h"

#include "viewer/filter.h"
#include "viewer/show.h"

#include <stdio.h>
#include <string.h>

struct level {
	const char *name;
	double value;
	enum grid_colour colour;
};

/* docs/DETECTORS.md; a sum of these, each times its confidence, is what an alert is made of */
static const struct level levels[] = {
	{ "info", 0, GRID_DIM },
	{ "low", 0.2, GRID_GOOD },
	{ "medium", 0.5, GRID_WARN },
	{ "high", 0.8, GRID_BAD },
	{ "critical", 1, GRID_BAD },
};

static const struct level *
level_find(const char *threat)
{
	static const struct level unknown = { "", 0, GRID_PLAIN };

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (strcmp(levels[i].name, threat) == 0)
			return &levels[i];
	return &unknown;
}

double
show_level(const char *threat)
{
	return level_find(threat)->value;
}

enum grid_colour
show_level_colour(const char *threat)
{
	return level_find(threat)->colour;
}

enum { TIME, WINDOW, LEVEL, CONFIDENCE, SUM, TEXT };

static const struct column of_window[EVIDENCE_COLUMNS] = { { "time", 8, false },
	{ "level", 8, false }, { "conf", 4, true }, { "sum", 5, true }, { "what", 0, false } };
static const struct column of_windows[EVIDENCE_COLUMNS + 1] = { { "time", 19, false },
	{ "window", 6, true }, { "level", 8, false }, { "conf", 4, true }, { "sum", 5, true },
	{ "what", 0, false } };

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
cell_of(const struct source_evidence *e, size_t column, char room[SHEET_ROOM])
{
	room[0] = '\0';
	switch (column) {
	case TIME:
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

/* Of one window the day is known: the time alone, without a column for the window. */
static struct sheet_cell
cell_of_window(const void *rows, size_t row, size_t column, char room[SHEET_ROOM])
{
	const struct source_evidence *e = (const struct source_evidence *)rows + row;
	struct sheet_cell cell = cell_of(e, column == 0 ? TIME : column + 1, room);

	if (column == 0 && cell.text[0] != '\0')
		cell.text += strlen("2020/10/07 ");
	return cell;
}

static struct sheet_cell
cell_of_windows(const void *rows, size_t row, size_t column, char room[SHEET_ROOM])
{
	return cell_of((const struct source_evidence *)rows + row, column, room);
}

static int
compare(const struct source_evidence *a, const struct source_evidence *b, size_t column)
{
	switch (column) {
	case TIME:
		return SHEET_ORDER(a->ts_ns, b->ts_ns);
	case WINDOW:
		return SHEET_ORDER(a->window.number, b->window.number);
	case LEVEL:
		return SHEET_ORDER(show_level(a->threat), show_level(b->threat));
	case CONFIDENCE:
		return SHEET_ORDER(a->confidence, b->confidence);
	case SUM:
		return SHEET_ORDER(a->sum, b->sum);
	default:
		return strcmp(a->text, b->text);
	}
}

static int
compare_of_window(const void *rows, size_t a, size_t b, size_t column)
{
	const struct source_evidence *e = rows;

	return compare(&e[a], &e[b], column == 0 ? TIME : column + 1);
}

static int
compare_of_windows(const void *rows, size_t a, size_t b, size_t column)
{
	const struct source_evidence *e = rows;

	return compare(&e[a], &e[b], column);
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
		.column_count = windows ? EVIDENCE_COLUMNS + 1 : EVIDENCE_COLUMNS,
		.rows = rows,
		.count = count,
		.cell = windows ? cell_of_windows : cell_of_window,
		.compare = windows ? compare_of_windows : compare_of_window,
		.key = key_of,
		.passes = is_looked_for,
	};
}

const struct source_evidence *
show_evidence_find(const struct source_evidence *rows, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].id, id) == 0)
			return &rows[i];
	return NULL;
}
