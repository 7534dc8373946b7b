/* screen_flows.c -- conversations: those that an evidence rests on, or those of the window. */
#include "viewer/screen.h"
#include "viewer/screens/main_panels.h"
#include "viewer/screens/refusal.h"
#include "viewer/screens/sheet.h"
#include "viewer/screens/sorted.h"
#include "viewer/source/source_sum.h"

#include <stdio.h>
#include <string.h>

enum { FLOWS_MOST = 5000, TIME_AT = 11, TITLE = 256 };

enum {
	START,
	ORIG,
	ORIG_PORT,
	RESP,
	PORT,
	PROTO,
	SERVICE,
	STATE,
	LASTED,
	SENT,
	RECEIVED,
	UID,
	COLUMN_COUNT,
};

/* Who spoke to whom is what is read: where there is little room it has all of it. */
static const struct sheet_column columns[COLUMN_COUNT] = {
	[START] = { { "start", 8, false }, 58 },
	[ORIG] = { { "from", 0, false }, 0 },
	[ORIG_PORT] = { { "port", 5, true }, 90 },
	[RESP] = { { "to", 0, false }, 0 },
	[PORT] = { { "port", 5, true }, 0 },
	[PROTO] = { { "proto", 5, false }, 44 },
	[SERVICE] = { { "service", 7, false }, 90 },
	[STATE] = { { "state", 6, false }, 58 },
	[LASTED] = { { "seconds", 8, true }, 110 },
	[SENT] = { { "sent", 8, true }, 78 },
	[RECEIVED] = { { "received", 8, true }, 78 },
	[UID] = { { "uid", 18, false }, 130 },
};

static struct sheet_cell
cell(const void *rows, size_t row, size_t column, char room[SHEET_ROOM])
{
	const struct source_flow *f = (const struct source_flow *)rows + row;

	switch (column) {
	case START:
		if (show_time(room, f->start_ns)[0] != '\0')
			return (struct sheet_cell){ room + TIME_AT, GRID_DIM };
		return (struct sheet_cell){ room, GRID_DIM };
	case ORIG:
		return (struct sheet_cell){ f->orig, GRID_ADDRESS };
	case ORIG_PORT:
		return (struct sheet_cell){ f->orig_port, GRID_PORT };
	case RESP:
		return (struct sheet_cell){ f->resp, GRID_ADDRESS };
	case PORT:
		return (struct sheet_cell){ f->resp_port, GRID_PORT };
	case PROTO:
		return (struct sheet_cell){ f->proto, GRID_PLAIN };
	case SERVICE:
		return (struct sheet_cell){ f->service, GRID_SERVICE };
	case STATE:
		return (struct sheet_cell){ f->state, f->established ? GRID_GOOD : GRID_WARN };
	case LASTED:
		(void)snprintf(room, SHEET_ROOM, "%.1f", f->duration_s);
		return (struct sheet_cell){ f->duration_s < 0 ? "" : room, GRID_PLAIN };
	case SENT:
		return (struct sheet_cell){ show_bytes(room, f->orig_bytes), GRID_SIZE };
	case RECEIVED:
		return (struct sheet_cell){ show_bytes(room, f->resp_bytes), GRID_SIZE };
	default:
		return (struct sheet_cell){ f->uid, GRID_DIM };
	}
}

static int
compare(const void *rows, size_t left, size_t right, size_t column)
{
	const struct source_flow *a = (const struct source_flow *)rows + left;
	const struct source_flow *b = (const struct source_flow *)rows + right;

	switch (column) {
	case START:
		return SHEET_ORDER(a->start_ns, b->start_ns);
	case ORIG:
		return sorted_texts(a->orig, b->orig);
	case ORIG_PORT:
		return sorted_texts(a->orig_port, b->orig_port);
	case RESP:
		return sorted_texts(a->resp, b->resp);
	case PORT:
		return sorted_texts(a->resp_port, b->resp_port);
	case PROTO:
		return strcmp(a->proto, b->proto);
	case SERVICE:
		return strcmp(a->service, b->service);
	case STATE:
		return strcmp(a->state, b->state);
	case LASTED:
		return SHEET_ORDER(a->duration_s, b->duration_s);
	case SENT:
		return SHEET_ORDER(a->orig_bytes, b->orig_bytes);
	case RECEIVED:
		return SHEET_ORDER(a->resp_bytes, b->resp_bytes);
	default:
		return strcmp(a->uid, b->uid);
	}
}

static void
key_of(const void *rows, size_t row, char key[LIST_KEY_MAX])
{
	(void)snprintf(key, LIST_KEY_MAX, "%s", ((const struct source_flow *)rows)[row].uid);
}

static const char *
refuses(const struct model *m)
{
	if (!source_can(m->source, SOURCE_HAS_FLOWS))
		return "this source keeps no flows: open the store of the run";
	return refusal_without_window(m);
}

/* From where evidence is looked at one wants the flows of that. */
static const struct source_evidence *
evidence_of(struct model *m)
{
	const struct source_evidence *rows = NULL;
	struct source_window_id w = model_window(m);
	bool is_wanted =
		m->back == SCREEN_EXPLAIN || m->back == SCREEN_ALL_EVIDENCE ||
		m->back == SCREEN_ALERTS || m->back == SCREEN_ATTACK ||
		(m->back == SCREEN_MAIN && m->screens[SCREEN_MAIN].panel == PANEL_EVIDENCE);

	if (!is_wanted || m->evidence[0] == '\0')
		return NULL;
	size_t count = source_evidences(m->source, &w, false, &m->memory, &rows);
	return source_evidence_find(rows, count, m->evidence);
}

static void
draw(struct model *m, const struct area *a)
{
	struct sheet s = {
		.none = "no flows are kept of it",
		.columns = columns,
		.column_count = COLUMN_COUNT,
		.cell = cell,
		.compare = compare,
		.key = key_of,
	};
	const struct source_flow *rows = NULL;
	struct source_window_id w = model_window(m);
	const struct source_evidence *e = evidence_of(m);
	char title[TITLE];

	if (e == NULL)
		(void)snprintf(title, sizeof(title), "Flows of %s, window %lld", m->host,
			(long long)m->number);
	else
		(void)snprintf(title, sizeof(title), "Flows of: %.128s", e->text);
	s.title = title;
	if (e == NULL)
		s.count = source_flows(m->source, &w, NULL, 0, FLOWS_MOST, &m->memory, &rows);
	else if (e->uid_count > 0)
		s.count = source_flows(
			m->source, &w, e->uids, e->uid_count, FLOWS_MOST, &m->memory, &rows);
	s.rows = rows;
	if (s.count == FLOWS_MOST)
		(void)snprintf(title, sizeof(title), "Flows of %s, window %lld, the first", m->host,
			(long long)m->number);
	(void)sheet_draw(m, &s, 0, a);
}

static bool
key(struct model *m, const struct key_event *e, const struct area *a)
{
	(void)a;
	return sheet_key(m, e);
}

const struct screen screen_flows = {
	.title = "flows",
	.refuses = refuses,
	.draw = draw,
	.key = key,
};
