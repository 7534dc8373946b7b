/*
 * screen_explain.c -- one evidence in plain words: what was seen and how much of it, about whom, what it weighs, and what it
 * rests on.
 */
#include "viewer/page.h"
#include "viewer/screen.h"
#include "viewer/screens/refusal.h"
#include "viewer/screens/show_evidence.h"
#include "viewer/source/source_sum.h"

#include "daemon/base/attack.h"
#include "daemon/base/strbuf.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { OBSERVED_MAX = 512 };

static size_t
of_host(struct model *m, const struct source_evidence **ret)
{
	struct source_window_id w = model_window(m);

	return source_evidences(m->source, &w, false, &m->memory, ret);
}

/* Whose part the host had in it, when the source says so. */
static const char *
part_of(const struct source_evidence *e)
{
	if (strcmp(e->role, "victim") == 0)
		return ", to whom it was done (victim)";
	return strcmp(e->role, "attacker") == 0 ? ", who did it (attacker)" : "";
}

static void
head_facts(struct page *p, const struct source_evidence *e)
{
	char room[40];

	page_fact(
		p, "what", show_level_colour(e->threat), e->title[0] != '\0' ? e->title : e->kind);
	page_format(p, "", GRID_PLAIN, "%s %s", e->window.host, e->text);
	page_blank(p);
	if (show_time(room, e->ts_ns)[0] != '\0')
		page_fact(p, "when", GRID_PLAIN, room);
	page_format(p, "window", GRID_PLAIN, "%lld", (long long)e->window.number);
	page_format(p, "who", GRID_ADDRESS, "%s%s", e->window.host, part_of(e));
	if (e->about_place[0] != '\0')
		page_format(p, "about", GRID_ADDRESS, "%s (%s)", e->about, e->about_place);
	else
		page_fact(p, "about", GRID_ADDRESS, e->about);
	page_fact(p, "port", GRID_PORT, e->port);
}

static void
numbers_facts(struct page *p, const struct source_evidence *e)
{
	char memory[OBSERVED_MAX];
	struct strbuf b;

	if (e->observed == 0 && e->threshold == 0)
		return;
	strbuf_init(&b, memory, sizeof(memory));
	strbuf_quantity(&b, e->observed, e->unit[0] != '\0' ? e->unit : "seen");
	if (e->threshold > 0)
		strbuf_printf(&b, "; reported from %" PRIu64 " on", e->threshold);
	page_fact(p, "observed", GRID_PLAIN, b.text);
}

/* What it did to the sum of which alerts are made. */
static void
sum_fact(struct page *p, const struct source_evidence *e, double added)
{
	enum source_idle idle = source_idle(e);

	if (idle != SOURCE_ADDS)
		page_fact(p, "sum", GRID_DIM, source_idle_says(idle));
	else if (added >= 0)
		page_format(p, "sum", GRID_WARN, "it added %.2f: %.2f after it", added, e->sum);
	else
		page_fact(p, "sum", GRID_DIM, "it was counted; the source does not tell the sum");
	if (e->decisive)
		page_fact(p, "", GRID_BAD, "it is decisive: an alert was raised for it alone");
}

static void
weight_facts(struct page *p, const struct source_evidence *e, double added)
{
	page_format(p, "weight", show_level_colour(e->threat), "%s (%.2f) x confidence %.2f = %.2f",
		e->threat, source_level(e->threat), e->confidence,
		source_level(e->threat) * e->confidence);
	sum_fact(p, e, added);
	page_fact(p, "silenced by", GRID_WARN, e->silenced_by);
}

static void
origin_facts(struct page *p, const struct source_evidence *e)
{
	const struct attack *t = attack_find(e->technique);

	if (t != NULL)
		page_format(p, "ATT&CK", GRID_PLAIN, "%s %s (%s)", e->technique, t->technique_name,
			t->tactic_name);
	else
		page_fact(p, "ATT&CK", GRID_PLAIN, e->technique);
	page_fact(p, "kind", GRID_PLAIN, e->kind);
	page_fact(p, "detector", GRID_PLAIN, e->detector);
	page_fact(p, "listed by", GRID_PLAIN, e->source);
	page_fact(p, "other side", GRID_DIM, e->twin);
	page_fact(p, "id", GRID_DIM, e->id);
}

static void
flows_facts(struct page *p, const struct source_evidence *e)
{
	page_blank(p);
	for (size_t i = 0; i < e->uid_count; i++)
		page_fact(p, i == 0 ? "flows" : "", GRID_SERVICE, e->uids[i]);
	if (e->uid_count == 0)
		page_fact(p, "flows", GRID_DIM, "none are named");
	else if (source_can(p->m->source, SOURCE_HAS_FLOWS))
		page_fact(p, "", GRID_DIM, "Enter shows them");
}

static void
draw(struct model *m, const struct area *a)
{
	const struct source_evidence *rows = NULL;
	size_t count = of_host(m, &rows);
	const struct source_evidence *e = source_evidence_find(rows, count, m->evidence);
	struct page p;
	char title[64];

	if (e == NULL) {
		page_begin(&p, m, a, "Why");
		page_fact(&p, "", GRID_DIM, "the source has this evidence no more");
	} else {
		(void)snprintf(title, sizeof(title),
			"Why: evidence %zu of %zu; Left, Right: others", (size_t)(e - rows) + 1,
			count);
		page_begin(&p, m, a, title);
		head_facts(&p, e);
		numbers_facts(&p, e);
		weight_facts(&p, e, source_sum_added(rows, count, e));
		page_blank(&p);
		origin_facts(&p, e);
		flows_facts(&p, e);
	}
	page_draw(&p);
}

/* To the one before, or after, of the same host. */
static void
step(struct model *m, bool forward)
{
	const struct source_evidence *rows = NULL;
	size_t count = of_host(m, &rows);
	const struct source_evidence *e = source_evidence_find(rows, count, m->evidence);

	if (e == NULL || (forward ? e + 1 == rows + count : e == rows))
		return;
	e = forward ? e + 1 : e - 1;
	(void)snprintf(m->evidence, sizeof(m->evidence), "%s", e->id);
	m->screens[SCREEN_EXPLAIN].places[0] = (struct list_place){ .at = 0 };
}

static void
copy(struct model *m)
{
	const char *text = strchr(m->screens[SCREEN_EXPLAIN].places[0].key, ' ');

	model_copy(m, text == NULL ? "" : text + 1);
}

static bool
key(struct model *m, const struct key_event *e, const struct area *a)
{
	(void)a;
	switch (e->key) {
	case PRESS_ENTER:
		model_show(m, SCREEN_FLOWS);
		return true;
	case PRESS_LEFT:
	case PRESS_RIGHT:
		step(m, e->key == PRESS_RIGHT);
		return true;
	case 'w':
		copy(m);
		return true;
	default:
		return false;
	}
}

static const char *
refuses(const struct model *m)
{
	if (!m->has_window)
		return refusal_without_window(m);
	return m->evidence[0] != '\0' ? NULL : "there is no evidence under the cursor";
}

const struct screen screen_explain = {
	.title = "why",
	.is_whole = true,
	.refuses = refuses,
	.draw = draw,
	.key = key,
};
