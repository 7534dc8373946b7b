#include "viewer/main_evidence.h"

#include "viewer/show_evidence.h"

#include <stdio.h>

enum { PANEL_EVIDENCE = 2 };

void
main_evidence_draw(struct model *m, const struct area *a)
{
	struct evidence_rows r = { .count = 0 };
	struct source_window_id w = model_window(m);

	if (m->has_window)
		r.count = source_evidences(m->source, &w, true, &m->memory, &r.evidence);
	struct sheet s = show_evidence_sheet(&r, false, a->columns);
	size_t at = sheet_draw(m, &s, PANEL_EVIDENCE, a);

	m->evidence[0] = '\0';
	if (at == SHEET_NOTHING)
		return;
	(void)snprintf(m->evidence, sizeof(m->evidence), "%s", r.evidence[at].id);
	if (m->screens[SCREEN_MAIN].panel == PANEL_EVIDENCE)
		(void)snprintf(m->address, sizeof(m->address), "%s",
			r.evidence[at].about[0] != '\0' ? r.evidence[at].about : m->host);
}

bool
main_evidence_key(struct model *m, const struct key_event *e)
{
	if (e->key != PRESS_ENTER)
		return sheet_key(m, e);
	model_show(m, SCREEN_EXPLAIN);
	return true;
}
