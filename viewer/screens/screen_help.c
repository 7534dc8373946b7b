/* screen_help.c -- what each key does, in the set at hand. */
#include "viewer/keymap.h"
#include "viewer/screen.h"

#include <stdio.h>

struct line {
	char key[24];
	const char *help;
};

enum { LINES_MAX = 64 };

/* What all lists have, whichever set of keys. */
static const struct line of_lists[] = {
	{ "Tab", "the next panel; Shift-Tab: the one before" },
	{ "Enter", "open what is under the cursor" },
	{ "space +", "in the timeline: with what was said, or without" },
	{ "Left Right", "in the tree: fold, unfold; - folds all" },
	{ "Escape", "leave out the filter; else back" },
	{ "arrows j k", "a row down or up" },
	{ "PgUp PgDn", "a page; Ctrl-B, Ctrl-F too" },
	{ "Ctrl-U Ctrl-D", "half a page" },
	{ "g G", "the first, the last; Home, End too" },
	{ "H M L", "top, middle and bottom of what is shown" },
	{ "< >", "the column to sort by" },
	{ "s", "sort the other way round" },
	{ "click", "goes there; once more: opens it" },
	{ "Ctrl-Z", "stop; fg goes on" },
};

struct text {
	struct line lines[LINES_MAX];
	size_t count;
};

static void
fill(struct text *t, const struct model *m)
{
	size_t count = 0;
	const struct hotkey *keys = keymap(m->keys_last, &count);

	t->count = 0;
	for (size_t i = 0; i < count; i++) {
		struct line *l = &t->lines[t->count];

		if (keys[i].help == NULL || !passes(m, keys[i].help, NULL))
			continue;
		(void)snprintf(l->key, sizeof(l->key), "%c", keys[i].key);
		l->help = keys[i].help;
		t->count++;
	}
	for (size_t i = 0; i < sizeof(of_lists) / sizeof(of_lists[0]); i++)
		if (passes(m, of_lists[i].key, of_lists[i].help, NULL))
			t->lines[t->count++] = of_lists[i];
}

static void
key_of(void *context, size_t i, char key[LIST_KEY_MAX])
{
	const struct text *t = context;

	(void)snprintf(key, LIST_KEY_MAX, "%s", t->lines[i].key);
}

static void
draw(struct model *m, const struct area *a)
{
	struct area in = area_box(a, "Help", true);
	struct text t;
	struct list_place *place = &m->screens[SCREEN_HELP].places[0];

	fill(&t, m);
	struct list l = { .place = place, .count = t.count, .rows = in.rows };
	size_t cursor = list_settle(&l, key_of, &t);
	list_stands(place, &in);
	if (t.count == 0)
		(void)area_text(&in, 0, 1, GRID_DIM, show_none_of(m->source, LINES_MAX, ""));
	for (size_t i = place->top; i < t.count && i - place->top < in.rows; i++) {
		unsigned row = (unsigned)(i - place->top);

		(void)area_text(&in, row, 1, GRID_KEY, t.lines[i].key);
		(void)area_text(&in, row, 17, GRID_PLAIN, t.lines[i].help);
		if (i == cursor)
			area_reverse(&in, row);
	}
}

const struct screen screen_help = {
	.title = "help",
	.is_of_all = true,
	.draw = draw,
};
