#include "viewer/screens/main_evidence.h"

#include "viewer/screens/main_panels.h"
#include "viewer/screens/show_evidence.h"
#include "viewer/source/source_sum.h"

#include <stdio.h>

void
main_evidence_draw(struct model *m, const struct area *a)
{
	const struct source_evidence *rows = NULL;
	struct source_window_id w = model_window(m);
	size_t count = 0;

	if (m->has_window)
		count = source_evidences(m->source, &w, true, &m->memory, &rows);
	struct sheet s = show_evidence_sheet(rows, count, false);

	s.none = model_none(m, s.none);
	s.is_whole = !main_filters(m, PANEL_EVIDENCE);
	size_t at = sheet_draw(m, &s, PANEL_EVIDENCE, a);

	m->evidence[0] = '\0';
	if (rows == NULL || at == SHEET_NOTHING)
		return;
	(void)snprintf(m->evidence, sizeof(m->evidence), "%s", rows[at].id);
	if (m->screens[SCREEN_MAIN].panel == PANEL_EVIDENCE)
		(void)snprintf(m->address, sizeof(m->address), "%s",
			rows[at].about[0] != '\0' ? rows[at].about : m->host);
}

static double
strength(const struct source_evidence *e)
{
	return (e->decisive ? 1 : 0) + source_level(e->threat) * e->confidence;
}

void
main_evidence_start(struct model *m)
{
	const struct source_evidence *rows = NULL;
	struct source_window_id w = model_window(m);
	struct list_place *place = &m->screens[SCREEN_MAIN].places[PANEL_EVIDENCE];
	size_t count = source_evidences(m->source, &w, true, &m->memory, &rows);
	size_t best = 0;

	*place = (struct list_place){ .at = 0 };
	for (size_t i = 1; i < count; i++)
		if (strength(&rows[i]) > strength(&rows[best]))
			best = i;
	if (count > 0)
		(void)snprintf(place->key, sizeof(place->key), "%s", rows[best].id);
}

bool
main_evidence_key(struct model *m, const struct key_event *e)
{
	if (e->key != PRESS_ENTER)
		return sheet_key(m, e);
	model_show(m, SCREEN_EXPLAIN);
	return true;
}
