#include "viewer/main_evidence.h"

#include "viewer/show_evidence.h"

#include <stdio.h>

enum { PANEL_EVIDENCE = 2 };

void
main_evidence_draw(struct model *m, const struct area *a)
{
	const struct source_evidence *rows = NULL;
	struct source_window_id w = model_window(m);
	size_t count = m->has_window ? source_evidences(m->source, &w, true, &m->memory, &rows) : 0;
	struct sheet s = show_evidence_sheet(rows, count, false);
	size_t at = sheet_draw(m, &s, PANEL_EVIDENCE, a);

	m->evidence[0] = '\0';
	if (at == SHEET_NOTHING)
		return;
	(void)snprintf(m->evidence, sizeof(m->evidence), "%s", rows[at].id);
	if (m->screens[SCREEN_MAIN].panel == PANEL_EVIDENCE)
		(void)snprintf(m->address, sizeof(m->address), "%s",
			rows[at].about[0] != '\0' ? rows[at].about : m->host);
}

bool
main_evidence_key(struct model *m, const struct key_event *e)
{
	if (e->key != PRESS_ENTER)
		return sheet_key(m, e, EVIDENCE_COLUMNS);
	model_show(m, SCREEN_EXPLAIN);
	return true;
}
