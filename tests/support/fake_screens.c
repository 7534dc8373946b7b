/*
 * fake_screens.c -- screens of the viewer's for tests of what is around them: a tree and a list on the main one, a sentence on
 * the others. The help is the real one.
 */
#include "viewer/screen.h"

#include <stdio.h>

enum { LINES = 40, NODES_MAX = 12000 };

/* The tree's rows: a host, or a window of an unfolded one. */
struct nodes {
	struct {
		const struct source_profile *profile;
		int64_t window; /* 0: the host itself */
	} at[NODES_MAX];
	size_t count;
};

static void
node_key(void *context, size_t i, char key[LIST_KEY_MAX])
{
	const struct nodes *n = context;

	(void)snprintf(
		key, LIST_KEY_MAX, "%s %lld", n->at[i].profile->host, (long long)n->at[i].window);
}

static void
nodes_fill(struct model *m, struct nodes *n)
{
	const struct source_profile *profiles = NULL;
	size_t count = model_profiles(m, &profiles);

	n->count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct source_profile *p = &profiles[i];

		if (!passes(m, p->host, p->name, NULL))
			continue;
		n->at[n->count].profile = p;
		n->at[n->count++].window = 0;
		for (size_t w = 0; model_is_unfolded(m, p->host) && w < p->window_count; w++) {
			n->at[n->count].profile = p;
			n->at[n->count++].window = p->windows[w].id.number;
		}
	}
}

static struct nodes nodes;
static size_t cursor;

static void
tree_draw(struct model *m, const struct area *a)
{
	struct screen_state *state = &m->screens[SCREEN_MAIN];
	struct area in = area_box(a, "Tree", state->panel == 0);

	nodes_fill(m, &nodes);
	struct list l = { &state->places[0], nodes.count, in.rows };
	cursor = list_settle(&l, node_key, &nodes);
	list_stands(&state->places[0], &in);
	for (size_t i = state->places[0].top; i < nodes.count; i++) {
		unsigned row = (unsigned)(i - state->places[0].top);
		const struct source_profile *p = nodes.at[i].profile;

		if (row >= in.rows)
			break;
		if (nodes.at[i].window == 0)
			(void)area_text(&in, row, 0, GRID_PLAIN, p->host);
		else
			(void)area_format(
				&in, row, 2, GRID_PLAIN, "window %d", (int)nodes.at[i].window);
		if (i == cursor)
			(void)area_text(&in, row, in.columns - 1, GRID_KEY, "<");
	}
}

static void
line_key(void *context, size_t i, char key[LIST_KEY_MAX])
{
	(void)context;
	(void)snprintf(key, LIST_KEY_MAX, "line %zu", i);
}

static void
main_draw(struct model *m, const struct area *a)
{
	struct screen_state *state = &m->screens[SCREEN_MAIN];
	struct area left = area_part(a, 0, 0, a->rows, a->columns / 2);
	struct area right = area_part(a, 0, a->columns / 2, a->rows, a->columns);
	struct area in = area_box(&right, "Lines", state->panel == 1);
	struct list l = { &state->places[1], LINES, in.rows };

	tree_draw(m, &left);
	size_t at = list_settle(&l, line_key, NULL);
	list_stands(&state->places[1], &in);
	for (unsigned row = 0; row < in.rows && state->places[1].top + row < LINES; row++)
		(void)area_format(&in, row, 0, GRID_PLAIN, "line %zu%s", state->places[1].top + row,
			state->places[1].top + row == at ? " <" : "");
}

static bool
main_key(struct model *m, const struct key_event *e, const struct area *a)
{
	(void)a;
	if (e->key != PRESS_ENTER || m->screens[SCREEN_MAIN].panel != 0 || nodes.count == 0)
		return false;
	size_t at = m->screens[SCREEN_MAIN].places[0].at;
	const struct source_profile *p = nodes.at[at].profile;
	if (nodes.at[at].window == 0)
		model_unfold(m, p->host, !model_is_unfolded(m, p->host));
	else
		model_choose(m, &p->windows[nodes.at[at].window - 1].id);
	return true;
}

static const struct screen screen_main = {
	.title = "main page",
	.panels = 3, /* the third has no list */
	.draw = main_draw,
	.key = main_key,
};

static const char *
needs_window(const struct model *m)
{
	return m->has_window ? NULL : "select a window first";
}

static void
sentence_draw(struct model *m, const struct area *a)
{
	(void)area_format(a, 0, 0, GRID_PLAIN, "this is screen %d", (int)m->screen);
}

static const struct screen of_window = {
	.title = "of a window",
	.refuses = needs_window,
	.draw = sentence_draw,
};
static const struct screen other = { .title = "another", .draw = sentence_draw };

extern const struct screen screen_help;

const struct screen *const screens[SCREEN_COUNT] = {
	[SCREEN_MAIN] = &screen_main,
	[SCREEN_SOURCE_PORTS] = &of_window,
	[SCREEN_PEERS] = &of_window,
	[SCREEN_SERVER_PORTS] = &of_window,
	[SCREEN_PORTS] = &of_window,
	[SCREEN_PORTS_BY_PEER] = &of_window,
	[SCREEN_OUT_TUPLES] = &of_window,
	[SCREEN_IN_TUPLES] = &of_window,
	[SCREEN_MAP] = &other,
	[SCREEN_ALL_EVIDENCE] = &other,
	[SCREEN_ALERTS] = &other,
	[SCREEN_EXPLAIN] = &other,
	[SCREEN_FLOWS] = &other,
	[SCREEN_BEACON] = &other,
	[SCREEN_DEVICES] = &other,
	[SCREEN_ATTACK] = &other,
	[SCREEN_HELP] = &screen_help,
};
