/*
 * screen_main.c -- the page that one starts from: hosts at the left; what is known of one address, the timeline and the evidence
 * at the right.
 *
 * On a screen that has no room for two columns the tree has all of it, or what Tab chose.
 */
#include "viewer/screen.h"
#include "viewer/screens/main_address.h"
#include "viewer/screens/main_evidence.h"
#include "viewer/screens/main_panels.h"
#include "viewer/screens/main_timeline.h"
#include "viewer/screens/main_tree.h"

#include <string.h>

enum {
	TWO_COLUMNS_FROM = 60,
	TREE_LEAST = 27,
	TREE_MOST = 60,
	ADDRESS_FROM = 14, /* rows; with fewer there is none */
	ADDRESS_ROWS = 4,
	ADDRESS_ROWS_HIGH = 5,
	HIGH_FROM = 30,
	EVIDENCE_FROM = 10,
	EVIDENCE_LEAST = 5,
};

static unsigned
tree_columns(unsigned columns)
{
	unsigned share = columns * 3 / 10;

	if (share < TREE_LEAST)
		return TREE_LEAST;
	return share < TREE_MOST ? share : TREE_MOST;
}

static unsigned
address_rows(unsigned rows)
{
	if (rows < ADDRESS_FROM)
		return 0;
	return rows < HIGH_FROM ? ADDRESS_ROWS : ADDRESS_ROWS_HIGH;
}

static unsigned
evidence_rows(unsigned rows)
{
	unsigned share = rows * 3 / 10;

	if (rows < EVIDENCE_FROM)
		return 0;
	return share < EVIDENCE_LEAST ? EVIDENCE_LEAST : share;
}

/* The address comes last: it is that of whatever the cursor is on, unless another screen asked for one. */
static void
right_draw(struct model *m, const struct area *a)
{
	unsigned top = address_rows(a->rows);
	unsigned low = evidence_rows(a->rows);
	struct area address = area_part(a, 0, 0, top, a->columns);
	struct area timeline = area_part(a, top, 0, a->rows - top - low, a->columns);
	struct area evidence = area_part(a, a->rows - low, 0, low, a->columns);

	/* Too low for both: the one that keys go to. */
	if (low == 0 && m->screens[SCREEN_MAIN].panel == PANEL_EVIDENCE) {
		evidence = timeline;
		timeline.rows = 0;
	}
	main_timeline_draw(m, &timeline);
	main_evidence_draw(m, &evidence);
	if (m->asked[0] != '\0')
		memcpy(m->address, m->asked, sizeof(m->address));
	if (top > 0)
		main_address_draw(m, &address);
}

static void
draw(struct model *m, const struct area *a)
{
	bool is_narrow = a->columns < TWO_COLUMNS_FROM;
	bool has_tree = m->screens[SCREEN_MAIN].panel == PANEL_TREE;
	unsigned left = is_narrow ? (has_tree ? a->columns : 0) : tree_columns(a->columns);
	struct area tree = area_part(a, 0, 0, a->rows, left);
	struct area right = area_part(a, 0, left, a->rows, a->columns);

	main_tree_choose(m);
	main_tree_draw(m, &tree);
	right_draw(m, &right);
}

static bool
key(struct model *m, const struct key_event *e, const struct area *a)
{
	(void)a;
	if (e->key == PRESS_CLICK)
		return main_timeline_key(m, e);
	switch (m->screens[SCREEN_MAIN].panel) {
	case PANEL_TREE:
		return main_tree_key(m, e);
	case PANEL_TIMELINE:
		return main_timeline_key(m, e);
	default:
		return main_evidence_key(m, e);
	}
}

const struct screen screen_main = {
	.title = "main page",
	.panels = PANEL_COUNT,
	.draw = draw,
	.key = key,
	.go_on = main_timeline_go_on,
};
