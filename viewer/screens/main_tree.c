#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): qsort_r() */
#endif
#include "viewer/screens/main_tree.h"

#include "viewer/columns.h"
#include "viewer/filter.h"
#include "viewer/screen.h"
#include "viewer/screens/main_evidence.h"
#include "viewer/screens/main_panels.h"
#include "viewer/screens/main_tree_rows.h"
#include "viewer/screens/sheet.h"

#include "daemon/base/addr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TITLE = 64 };

/* By what the hosts are sorted; 0: as the source has them, infected first. */
enum { BY_SOURCE, BY_ADDRESS, BY_NAME, BY_EVIDENCE, BY_TRAFFIC, BY_COUNT };

static const char *const orders[BY_COUNT] = { "", " by address ", " by name ", " by evidence ",
	" by traffic " };

struct tree {
	struct tree_node *nodes;
	size_t count;
	size_t hosts, all_hosts; /* that are shown, and that there are */
};

struct hosts_order {
	unsigned by;
	bool up;
};

static uint64_t
traffic(const struct source_profile *p)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < p->window_count; i++)
		bytes += p->windows[i].bytes;
	return bytes;
}

/* By their numbers: 10.0.0.9 comes before 10.0.0.10. What is no address is a text. */
static int
compare_addresses(const char *left, const char *right)
{
	struct addr a;
	struct addr b;

	if (addr_parse(left, &a) && addr_parse(right, &b))
		return memcmp(a.byte, b.byte, sizeof(a.byte));
	return strcmp(left, right);
}

static int
compare_hosts(const void *left, const void *right, void *context)
{
	const struct source_profile *a = *(const struct source_profile *const *)left;
	const struct source_profile *b = *(const struct source_profile *const *)right;
	const struct hosts_order *o = context;
	int order = 0;

	switch (o->by) {
	case BY_ADDRESS:
		order = compare_addresses(a->host, b->host);
		break;
	case BY_NAME:
		order = strcmp(a->name, b->name);
		break;
	case BY_EVIDENCE:
		order = SHEET_ORDER(a->evidence, b->evidence);
		break;
	default:
		order = SHEET_ORDER(traffic(a), traffic(b));
		break;
	}
	if (order == 0)
		return SHEET_ORDER(a, b); /* as the source has them */
	return o->up ? order : -order;
}

/* Those with the filter's text, in the order that was chosen. */
static const struct source_profile **
hosts(struct model *m, struct tree *t)
{
	const struct source_profile *all = NULL;
	const struct screen_state *state = &m->screens[SCREEN_MAIN];
	struct hosts_order order = { state->sort[PANEL_TREE], state->sort_up[PANEL_TREE] };

	t->all_hosts = model_profiles(m, &all);
	if (t->all_hosts == 0)
		return NULL;
	const struct source_profile **chosen =
		arena_alloc(&m->memory, t->all_hosts * sizeof(struct source_profile *));
	for (size_t i = 0; chosen != NULL && i < t->all_hosts; i++)
		if (!main_filters(m, PANEL_TREE) ||
			passes(m, all[i].host, all[i].name, all[i].vendor, all[i].country, NULL))
			chosen[t->hosts++] = &all[i];
	if (order.by != BY_SOURCE && chosen != NULL)
		qsort_r(chosen, t->hosts, sizeof(struct source_profile *), compare_hosts, &order);
	return chosen;
}

static void
host_put(struct tree *t, const struct source_profile *p, bool is_unfolded)
{
	t->nodes[t->count++] = (struct tree_node){ .host = p, .is_unfolded = is_unfolded };
	for (size_t i = 0; is_unfolded && i < p->window_count; i++)
		t->nodes[t->count++] = (struct tree_node){ .host = p, .window = &p->windows[i] };
}

static void
fill(struct model *m, struct tree *t)
{
	*t = (struct tree){ .count = 0 };
	const struct source_profile **host = hosts(m, t);
	size_t most = t->hosts;

	for (size_t i = 0; i < t->hosts; i++)
		if (model_is_unfolded(m, host[i]->host))
			most += host[i]->window_count;
	t->nodes = most == 0 ? NULL : arena_alloc(&m->memory, most * sizeof(*t->nodes));
	for (size_t i = 0; t->nodes != NULL && i < t->hosts; i++)
		host_put(t, host[i], model_is_unfolded(m, host[i]->host));
}

static void
key_of(void *context, size_t i, char key[LIST_KEY_MAX])
{
	const struct tree_node *n = &((const struct tree *)context)->nodes[i];

	if (n->window == NULL)
		(void)snprintf(key, LIST_KEY_MAX, "%s", n->host->host);
	else
		(void)snprintf(key, LIST_KEY_MAX, "%s timewindow%lld", n->host->host,
			(long long)n->window->id.number);
}

static struct area
box(const struct model *m, const struct tree *t, const struct area *a)
{
	const struct screen_state *state = &m->screens[SCREEN_MAIN];
	char title[TITLE];
	char count[TITLE / 2];
	unsigned by = state->sort[PANEL_TREE];

	(void)snprintf(count, sizeof(count), "%zu", t->all_hosts);
	if (t->hosts < t->all_hosts)
		(void)snprintf(count, sizeof(count), "%zu of %zu", t->hosts, t->all_hosts);
	(void)snprintf(title, sizeof(title), "Hosts %s%s%s", count, orders[by],
		by == BY_SOURCE ? "" : columns_arrow(a, state->sort_up[PANEL_TREE]));
	return area_box(a, title, state->panel == PANEL_TREE);
}

static bool
is_chosen(const struct model *m, const struct tree_node *n)
{
	return m->has_window && n->window != NULL && n->window->id.number == m->number &&
	       strcmp(n->host->host, m->host) == 0;
}

void
main_tree_draw(struct model *m, const struct area *a)
{
	struct screen_state *state = &m->screens[SCREEN_MAIN];
	struct list_place *place = &state->places[PANEL_TREE];
	bool has_focus = state->panel == PANEL_TREE;
	struct tree t;

	fill(m, &t);
	struct area in = box(m, &t, a);
	struct list l = { .place = place, .count = t.count, .rows = in.rows };
	size_t cursor = list_settle(&l, key_of, &t);
	list_stands(place, &in);
	if (t.count == 0) {
		(void)area_text(&in, 0, 0, GRID_DIM,
			show_none_of(m->source, t.all_hosts, "no host was seen"));
		return;
	}
	for (size_t i = place->top; i < t.count && i - place->top < in.rows; i++) {
		unsigned row = (unsigned)(i - place->top);
		bool is_last = i + 1 == t.count || t.nodes[i + 1].window == NULL;

		main_tree_row(&in, row, &t.nodes[i], is_last, is_chosen(m, &t.nodes[i]));
		if (i == cursor && has_focus)
			area_reverse(&in, row);
	}
	if (has_focus)
		(void)snprintf(m->address, sizeof(m->address), "%s", t.nodes[cursor].host->host);
}

/* What was looked at in the window before says nothing in this one. */
static void
choose(struct model *m, const struct source_window_id *w)
{
	struct screen_state *state = &m->screens[SCREEN_MAIN];

	if (m->has_window && m->number == w->number && strcmp(m->host, w->host) == 0)
		return;
	model_choose(m, w);
	state->places[PANEL_TIMELINE] = (struct list_place){ .at = 0 };
	main_evidence_start(m);
}

/* On a window: of its host, on which the cursor is then. */
static void
fold(struct model *m, const struct tree_node *n)
{
	struct list_place *place = &m->screens[SCREEN_MAIN].places[PANEL_TREE];

	model_unfold(m, n->host->host, false);
	(void)snprintf(place->key, sizeof(place->key), "%s", n->host->host);
}

static void
open(struct model *m, const struct tree_node *n)
{
	if (n->window != NULL)
		choose(m, &n->window->id);
	else if (n->is_unfolded)
		fold(m, n);
	else
		model_unfold(m, n->host->host, true);
}

static bool
is_mine(int key)
{
	return key == PRESS_ENTER || key == PRESS_LEFT || key == PRESS_RIGHT || key == ' ' ||
	       key == '+' || key == '-';
}

static void
node_key(struct model *m, const struct tree_node *n, int key)
{
	switch (key) {
	case PRESS_RIGHT:
		model_unfold(m, n->host->host, true);
		return;
	case PRESS_LEFT:
		fold(m, n);
		return;
	case '-':
		fold(m, n);
		m->unfolded_count = 0;
		return;
	default:
		open(m, n);
		return;
	}
}

bool
main_tree_key(struct model *m, const struct key_event *e)
{
	struct screen_state *state = &m->screens[SCREEN_MAIN];
	struct list_place *place = &state->places[PANEL_TREE];
	struct tree t;

	if (columns_key(&state->sort[PANEL_TREE], &state->sort_up[PANEL_TREE], e, BY_COUNT - 1))
		return true;
	if (!is_mine(e->key))
		return false;
	fill(m, &t);
	if (t.nodes != NULL && place->at < t.count)
		node_key(m, &t.nodes[place->at], e->key);
	return true;
}

/* Infected ones come first; where there are none, of what most was seen. */
static const struct source_profile *
worst_host(const struct source_profile *p, size_t count)
{
	const struct source_profile *worst = p;

	for (size_t i = 1; i < count && !p->infected; i++)
		if (p[i].evidence > worst->evidence)
			worst = &p[i];
	return worst;
}

/* returns NULL when it has none */
static const struct source_window *
worst_window(const struct source_profile *p)
{
	const struct source_window *worst =
		p->window_count > 0 ? &p->windows[p->window_count - 1] : NULL;

	for (size_t i = p->window_count; i > 0; i--) {
		const struct source_window *w = &p->windows[i - 1];

		if (p->infected ? w->infected : w->evidence > worst->evidence)
			worst = w;
	}
	return worst;
}

void
main_tree_choose(struct model *m)
{
	struct list_place *place = &m->screens[SCREEN_MAIN].places[PANEL_TREE];
	const struct source_profile *p = NULL;
	size_t count = m->has_window ? 0 : model_profiles(m, &p);
	const struct source_profile *host = count > 0 ? worst_host(p, count) : NULL;
	const struct source_window *window = host != NULL ? worst_window(host) : NULL;

	if (window == NULL)
		return;
	choose(m, &window->id);
	if (host->infected || host->evidence > 0)
		model_unfold(m, host->host, true);
	/* By its key: hosts may be sorted already, or filtered. */
	(void)snprintf(place->key, sizeof(place->key), "%s", host->host);
}

void
main_tree_go(struct model *m, const struct source_window_id *w)
{
	struct list_place *place = &m->screens[SCREEN_MAIN].places[PANEL_TREE];
	struct tree t;

	choose(m, w);
	model_unfold(m, w->host, true);
	fill(m, &t);
	for (size_t i = 1; t.nodes != NULL && i < t.count; i++) {
		if (!is_chosen(m, &t.nodes[i]))
			continue;
		place->at = i;
		place->key[0] = '\0';
		if (place->top >= i) /* its host is in sight too */
			place->top = i - 1;
	}
}
