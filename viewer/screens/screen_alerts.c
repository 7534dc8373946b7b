/* screen_alerts.c -- all alerts above, and below the arithmetic that made the one under the cursor. */
#include "viewer/screen.h"
#include "viewer/screens/main_tree.h"
#include "viewer/screens/sheet.h"
#include "viewer/screens/show_evidence.h"
#include "viewer/screens/sorted.h"
#include "viewer/source/source_sum.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PANEL_ALERTS, PANEL_STEPS, PANEL_COUNT };

enum {
	ALERTS_SHARE = 3, /* of the rows */
	ALERTS_ROWS_LEAST = 4,
	TIME_AT = 11, /* in "2020/10/07 13:00:00" */
	DAY_LENGTH = 10,
	TITLE = 160,
};

enum { TIME, DATE, HOST, WINDOW, SUM, LEVEL, REASON, ALERT_COLUMNS };

static const struct sheet_column alert_columns[ALERT_COLUMNS] = {
	[TIME] = { { "time", 8, false }, 0 },
	[DATE] = { { "day", 10, false }, 100 },
	[HOST] = { { "host", 15, false }, 0 },
	[WINDOW] = { { "window", 6, true }, 0 },
	[SUM] = { { "sum of", 11, true }, 0 },
	[LEVEL] = { { "highest", 8, false }, 90 },
	[REASON] = { { "strongest", 0, false }, 0 },
};

static struct sheet_cell
alert_cell(const void *rows, size_t row, size_t column, char room[SHEET_ROOM])
{
	const struct source_alert *a = (const struct source_alert *)rows + row;

	switch (column) {
	case TIME:
		if (show_time(room, a->ts_ns)[0] != '\0')
			return (struct sheet_cell){ room + TIME_AT, GRID_DIM };
		return (struct sheet_cell){ room, GRID_DIM };
	case DATE:
		(void)show_time(room, a->ts_ns);
		room[DAY_LENGTH] = '\0';
		return (struct sheet_cell){ room, GRID_DIM };
	case HOST:
		return (struct sheet_cell){ a->window.host, GRID_BAD };
	case WINDOW:
		(void)snprintf(room, SHEET_ROOM, "%lld", (long long)a->window.number);
		return (struct sheet_cell){ room, GRID_PLAIN };
	case SUM:
		(void)snprintf(room, SHEET_ROOM, "%.2f / %.2f", a->sum, a->threshold);
		return (struct sheet_cell){ a->decisive ? "decisive" : room, GRID_PLAIN };
	case LEVEL:
		return (struct sheet_cell){ a->highest, show_level_colour(a->highest) };
	default:
		return (struct sheet_cell){ a->reason[0] != '\0' ? a->reason : a->strongest,
			GRID_PLAIN };
	}
}

static int
alert_compare(const void *rows, size_t left, size_t right, size_t column)
{
	const struct source_alert *a = (const struct source_alert *)rows + left;
	const struct source_alert *b = (const struct source_alert *)rows + right;

	switch (column) {
	case TIME:
	case DATE:
		return SHEET_ORDER(a->ts_ns, b->ts_ns);
	case HOST:
		return sorted_texts(a->window.host, b->window.host);
	case WINDOW:
		return SHEET_ORDER(a->window.number, b->window.number);
	case SUM:
		return SHEET_ORDER(a->sum, b->sum);
	case LEVEL:
		return SHEET_ORDER(source_level(a->highest), source_level(b->highest));
	default:
		return strcmp(a->reason, b->reason);
	}
}

static void
alert_key(const void *rows, size_t row, char key[LIST_KEY_MAX])
{
	(void)snprintf(key, LIST_KEY_MAX, "%s", ((const struct source_alert *)rows)[row].id);
}

enum { STEP_WHEN, STEP_ADDED, STEP_SUM, STEP_WEIGHT, STEP_WHY, STEP_TEXT, STEP_COLUMNS };

static const struct sheet_column step_columns[STEP_COLUMNS] = {
	[STEP_WHEN] = { { "time", 8, false }, 0 },
	[STEP_ADDED] = { { "adds", 5, true }, 0 },
	[STEP_SUM] = { { "sum", 5, true }, 0 },
	[STEP_WEIGHT] = { { "level x confidence", 27, false }, 0 },
	[STEP_WHY] = { { "but", 0, false }, 100 },
	[STEP_TEXT] = { { "what", 0, false }, 0 },
};

static struct sheet_cell
step_cell(const void *rows, size_t row, size_t column, char room[SHEET_ROOM])
{
	const struct source_step *s = (const struct source_step *)rows + row;
	const struct source_evidence *e = s->evidence;
	bool adds = e != NULL && s->added > 0;

	room[0] = '\0';
	switch (column) {
	case STEP_WHEN:
		if (e != NULL && show_time(room, e->ts_ns)[0] != '\0')
			return (struct sheet_cell){ room + TIME_AT, GRID_DIM };
		return (struct sheet_cell){ room, GRID_DIM };
	case STEP_ADDED:
		if (adds)
			(void)snprintf(room, SHEET_ROOM, "+%.2f", s->added);
		return (struct sheet_cell){ room, GRID_WARN };
	case STEP_SUM:
		if (s->sum >= 0)
			(void)snprintf(room, SHEET_ROOM, "%.2f", s->sum);
		return (struct sheet_cell){ room, adds ? GRID_PLAIN : GRID_DIM };
	case STEP_WEIGHT:
		if (e != NULL)
			(void)snprintf(room, SHEET_ROOM, "%-8s %.2f x %.2f = %.2f", e->threat,
				source_level(e->threat), e->confidence, s->weight);
		return (struct sheet_cell){ room,
			e != NULL && adds ? show_level_colour(e->threat) : GRID_DIM };
	case STEP_WHY:
		return (struct sheet_cell){ source_step_says(s),
			e != NULL && e->decisive ? GRID_BAD : GRID_DIM };
	default:
		return (struct sheet_cell){ e == NULL ? s->id : e->text,
			adds ? GRID_PLAIN : GRID_DIM };
	}
}

static int
step_compare(const void *rows, size_t left, size_t right, size_t column)
{
	const struct source_step *a = (const struct source_step *)rows + left;
	const struct source_step *b = (const struct source_step *)rows + right;

	switch (column) {
	case STEP_ADDED:
		return SHEET_ORDER(a->added, b->added);
	case STEP_WEIGHT:
		return SHEET_ORDER(a->weight, b->weight);
	case STEP_TEXT:
		return strcmp(a->id, b->id);
	default:
		return SHEET_ORDER(left, right); /* as they were raised */
	}
}

static void
step_key(const void *rows, size_t row, char key[LIST_KEY_MAX])
{
	(void)snprintf(key, LIST_KEY_MAX, "%s", ((const struct source_step *)rows)[row].id);
}

/* The sentence below: what it came to. */
static void
verdict_draw(const struct area *a, const struct source_alert *alert)
{
	unsigned at = 0;

	if (alert->decisive)
		at = area_text(
			a, 0, 0, GRID_BAD, "One is decisive: that is an alert, whatever the sum.");
	else
		at = area_format(a, 0, 0, GRID_BAD, "%.2f is at least %.2f: an alert.", alert->sum,
			alert->threshold);
	if (alert->evidence_total > alert->evidence_count)
		(void)area_format(a, 0, at + 1, GRID_DIM,
			"It rests on %zu, of which these are told.", alert->evidence_total);
}

static const struct source_alert *
alerts_draw(struct model *m, const struct area *a)
{
	struct sheet s = {
		.title = "Alerts",
		.none = "no alert was raised",
		.columns = alert_columns,
		.column_count = ALERT_COLUMNS,
		.cell = alert_cell,
		.compare = alert_compare,
		.key = alert_key,
	};
	const struct source_alert *rows = NULL;

	s.count = source_alerts(m->source, &m->memory, &rows);
	s.rows = rows;
	size_t at = sheet_draw(m, &s, PANEL_ALERTS, a);
	return at == SHEET_NOTHING ? NULL : &rows[at];
}

/* returns the evidence under the cursor, or NULL */
static const struct source_evidence *
steps_draw(struct model *m, const struct source_alert *alert, const struct area *a)
{
	const struct source_evidence *evidence = NULL;
	size_t count = source_evidences(m->source, &alert->window, true, &m->memory, &evidence);
	struct source_step *steps =
		alert->evidence_count == 0
			? NULL
			: arena_alloc(&m->memory, alert->evidence_count * sizeof(*steps));
	char title[TITLE];
	struct sheet s = {
		.title = title,
		.none = "the source does not tell what it rests on",
		.columns = step_columns,
		.column_count = STEP_COLUMNS,
		.rows = steps,
		.count = steps == NULL ? 0 : alert->evidence_count,
		.cell = step_cell,
		.compare = step_compare,
		.key = step_key,
	};

	(void)snprintf(title, sizeof(title), "What made it: %s, window %lld", alert->window.host,
		(long long)alert->window.number);
	if (steps != NULL)
		source_sum_steps(alert, evidence, count, steps);
	size_t at = sheet_draw(m, &s, PANEL_STEPS, a);
	return steps == NULL || at == SHEET_NOTHING ? NULL : steps[at].evidence;
}

static void
draw(struct model *m, const struct area *a)
{
	unsigned share = a->rows / ALERTS_SHARE;
	unsigned top = share > ALERTS_ROWS_LEAST ? share : ALERTS_ROWS_LEAST;
	struct area upper = area_part(a, 0, 0, top, a->columns);
	struct area lower = area_part(a, top, 0, a->rows, a->columns);
	struct area steps = area_part(&lower, 0, 0, lower.rows - (lower.rows > 0), lower.columns);
	struct area verdict = area_part(&lower, steps.rows, 1, 1, lower.columns);

	m->evidence[0] = '\0';
	const struct source_alert *alert = alerts_draw(m, &upper);
	if (alert == NULL)
		return;
	const struct source_evidence *e = steps_draw(m, alert, &steps);
	verdict_draw(&verdict, alert);
	(void)snprintf(m->evidence, sizeof(m->evidence), "%s", e == NULL ? "" : e->id);
}

static const char *
refuses(const struct model *m)
{
	return source_can(m->source, SOURCE_HAS_ALERTS)
		       ? NULL
		       : "this source does not tell how alerts came about: open the store of the run";
}

/* The alert's window becomes the one that is looked at; not before somebody goes on from here. */
static void
choose(struct model *m)
{
	const struct list_place *place = &m->screens[SCREEN_ALERTS].places[PANEL_ALERTS];
	const struct source_alert *rows = NULL;
	size_t count = source_alerts(m->source, &m->memory, &rows);
	const char *id =
		place->count > 0 ? place->key : ""; /* kept while a filter leaves out all */

	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].id, id) == 0)
			main_tree_go(m, &rows[i].window);
}

static bool
key(struct model *m, const struct key_event *e, const struct area *a)
{
	bool is_step = m->screens[SCREEN_ALERTS].panel == PANEL_STEPS;

	(void)a;
	if (e->key != PRESS_ENTER)
		return sheet_key(m, e);
	choose(m);
	model_show(m, is_step ? SCREEN_EXPLAIN : SCREEN_MAIN);
	return true;
}

const struct screen screen_alerts = {
	.title = "alerts",
	.panels = PANEL_COUNT,
	.refuses = refuses,
	.is_of_all = true,
	.draw = draw,
	.key = key,
	.choose = choose,
};
