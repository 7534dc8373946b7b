/* screen_all_evidence.c -- the evidence of all windows of the host. */
#include "viewer/screen.h"
#include "viewer/screens/refusal.h"
#include "viewer/screens/show_evidence.h"

#include <stdio.h>

static void
draw(struct model *m, const struct area *a)
{
	const struct source_evidence *rows = NULL;
	struct source_window_id w = model_window(m);
	size_t count = source_evidences(m->source, &w, false, &m->memory, &rows);
	struct sheet s = show_evidence_sheet(rows, count, true);
	char title[MODEL_TEXT_MAX + sizeof("Evidence of ")];

	(void)snprintf(title, sizeof(title), "Evidence of %s", m->host);
	s.title = title;
	size_t at = sheet_draw(m, &s, 0, a);
	(void)snprintf(
		m->evidence, sizeof(m->evidence), "%s", at == SHEET_NOTHING ? "" : rows[at].id);
}

static bool
key(struct model *m, const struct key_event *e, const struct area *a)
{
	(void)a;
	if (e->key != PRESS_ENTER)
		return sheet_key(m, e);
	model_show(m, SCREEN_EXPLAIN);
	return true;
}

const struct screen screen_all_evidence = {
	.title = "evidence of all windows",
	.refuses = refusal_without_window,
	.draw = draw,
	.key = key,
};
