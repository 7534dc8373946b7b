/*
 * main_timeline.c -- entries of several rows each, of which a hundred thousand may be there.
 *
 * An item is an entry; how many of them have room depends on what was said in each, so the place is settled here and not
 * by list_settle(): the cursor's entry has to be in sight whole. A live timeline takes entries in the middle, by
 * their time; the one under the cursor is looked for a little further on, where those before it have pushed it.
 */
#include "viewer/screens/main_timeline.h"

#include "viewer/screen.h"
#include "viewer/screens/main_panels.h"
#include "viewer/screens/timeline_entry.h"
#include "viewer/screens/timeline_find.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PUSHED_MOST = 256, TITLE = 256, SOME = 80 };

#define NOWHERE SIZE_MAX

struct timeline {
	struct model *m;
	struct source_window_id window;
	const struct timeline_found *found; /* NULL: all are shown */
	size_t count;                       /* that are shown */
	bool is_newest_first;
	bool is_ahead; /* of what was found by now: the entry that the cursor is for */
};

static bool
is_searching(const struct timeline *t)
{
	return t->found != NULL && !timeline_found_is_whole(t->found);
}

static void
timeline_open(struct timeline *t, struct model *m)
{
	*t = (struct timeline){
		.m = m,
		.window = model_window(m),
		.is_newest_first = m->screens[SCREEN_MAIN].sort_up[PANEL_TIMELINE],
	};
	if (!m->has_window)
		return;
	t->count = source_entry_count(m->source, &t->window);
	if (!main_filters(m, PANEL_TIMELINE))
		return;
	t->found = timeline_find(m, t->count);
	t->count = t->found == NULL ? 0 : t->found->count;
}

/* Item 0 is the one on top. */
static size_t
turned(const struct timeline *t, size_t item)
{
	return t->is_newest_first ? t->count - 1 - item : item;
}

/*
 * Items from one on, in their order.
 *
 * returns  how many lie at *ret
 */
static size_t
items(const struct timeline *t, size_t from, size_t most, const struct source_entry *const **ret)
{
	size_t count = from < t->count ? t->count - from : 0;
	const struct source_entry *entries = NULL;

	if (count > most)
		count = most;
	if (count == 0)
		return 0;
	size_t first = t->is_newest_first ? t->count - from - count : from;
	const struct source_entry **item =
		arena_alloc(&t->m->memory, count * sizeof(struct source_entry *));
	if (item == NULL)
		return 0;
	if (t->found != NULL)
		entries = t->found->entries + first;
	else
		count = source_entries(
			t->m->source, &t->window, first, count, &t->m->memory, &entries);
	for (size_t i = 0; i < count; i++)
		item[i] = &entries[t->is_newest_first ? count - 1 - i : i];
	*ret = item;
	return count;
}

static void
key_write(
	const struct timeline *t, size_t item, const struct source_entry *e, char key[LIST_KEY_MAX])
{
	size_t number = turned(t, item);

	if (t->found != NULL)
		number = t->found->numbers[number];
	(void)snprintf(
		key, LIST_KEY_MAX, "%zu %" PRIu64 " %s %s", number, e->ts_ns, e->uid, e->peer);
}

/* The first found one that is there or later. */
static size_t
found_place(const struct timeline_found *f, size_t number)
{
	size_t at = 0;

	while (at + 1 < f->count && f->numbers[at] < number)
		at++;
	return at;
}

/* Its number, if it is among so many from one on. */
static size_t
look(const struct timeline *t, size_t from, size_t most, const char *after_number)
{
	const struct source_entry *e = NULL;
	size_t count = source_entries(t->m->source, &t->window, from, most, &t->m->memory, &e);
	char key[LIST_KEY_MAX];

	for (size_t i = 0; i < count; i++) {
		key_write(t, turned(t, from + i), &e[i], key);
		if (strcmp(strchr(key, ' '), after_number) == 0)
			return from + i;
	}
	return NOWHERE;
}

/* Where the entry is that had this key; in a source that has changed what came before it has pushed it on. */
static size_t
place_of(const struct timeline *t, const char *key, bool is_fresh)
{
	char *after_number = NULL;
	size_t number = strtoull(key, &after_number, 10);

	if (t->found != NULL)
		return turned(t, found_place(t->found, number));
	if (number >= t->count)
		return turned(t, t->count - 1);
	if (is_fresh)
		return turned(t, number);
	size_t now = look(t, number, 1, after_number);
	if (now == NOWHERE)
		now = look(t, number, PUSHED_MOST, after_number);
	return turned(t, now == NOWHERE ? number : now);
}

static void
cursor_find(struct timeline *t, struct list_place *p)
{
	size_t at = p->at < t->count ? p->at : t->count - 1;
	bool is_fresh = t->m->timeline_stamp == t->m->stamp;

	if (p->key[0] != '\0')
		at = place_of(t, p->key, is_fresh);
	t->is_ahead =
		is_searching(t) && t->found->numbers[t->count - 1] < strtoull(p->key, NULL, 10);
	t->m->timeline_stamp = t->m->stamp;
	if (at > p->at) /* the picture goes with it */
		p->top += at - p->at;
	else
		p->top -= p->at - at < p->top ? p->at - at : p->top;
	p->at = at;
}

/* What is in sight: items from place->top on. */
struct sight {
	const struct source_entry *const *item;
	size_t count;
	bool is_brief;
};

static unsigned
rows_of(const struct sight *s, size_t from, size_t to)
{
	unsigned rows = 0;

	for (size_t i = from; i <= to; i++)
		rows += timeline_entry_rows(s->item[i], s->is_brief);
	return rows;
}

/* Put the cursor's entry in sight, whole if there is room for it. */
static void
sight_find(const struct timeline *t, struct list_place *p, unsigned rows, struct sight *s)
{
	if (p->at < p->top)
		p->top = p->at;
	if (p->at >= p->top + rows)
		p->top = p->at - (rows - 1);
	s->count = items(t, p->top, rows, &s->item);
	if (s->count == 0 || p->at - p->top >= s->count)
		return;
	size_t skip = 0;
	while (p->top + skip < p->at && rows_of(s, skip, p->at - p->top) > rows)
		skip++;
	if (skip == 0)
		return;
	p->top += skip;
	s->count = items(t, p->top, rows, &s->item);
}

static void
draw(const struct timeline *t, struct list_place *p, const struct area *a, bool has_focus)
{
	struct sight s = { .is_brief = t->m->is_brief };
	unsigned row = 0;

	p->rows = 0;
	sight_find(t, p, a->rows, &s);
	if (s.count == 0)
		(void)area_text(a, 0, 0, GRID_DIM, show_none(t->m->source, ""));
	for (size_t i = 0; i < s.count && row < a->rows; i++) {
		timeline_entry_draw(a, row, s.item[i], s.is_brief);
		if (p->top + i == p->at) {
			if (!t->is_ahead)
				key_write(t, p->at, s.item[i], p->key);
			if (has_focus) {
				area_reverse(a, row);
				(void)snprintf(t->m->address, sizeof(t->m->address), "%s",
					s.item[i]->peer);
			}
		}
		row += timeline_entry_rows(s.item[i], s.is_brief);
		p->rows += row <= a->rows;
	}
}

/* When the window began; 0: not known. */
static uint64_t
start_ns(const struct timeline *t)
{
	const struct source_profile *p = model_profile(t->m, t->m->host);

	for (size_t i = 0; p != NULL && i < p->window_count; i++)
		if (p->windows[i].id.number == t->window.number)
			return p->windows[i].start_ns;
	return 0;
}

/* "406"; "searching... 34%, 12 found"; "first 10000 found". */
static const char *
found_text(const struct timeline *t, char room[SOME])
{
	const struct timeline_found *f = t->found;

	if (f == NULL)
		(void)snprintf(room, SOME, "%zu", t->count);
	else if (is_searching(t))
		(void)snprintf(room, SOME, "searching... %zu%%, %zu found",
			f->reached * 100 / f->total, f->count);
	else
		(void)snprintf(
			room, SOME, "%s%zu found", f->count == FOUND_MAX ? "first " : "", f->count);
	return room;
}

static const char *
nothing_text(const struct timeline *t)
{
	if (t->found == NULL)
		return show_none(t->m->source, model_none(t->m, "nothing happened"));
	return is_searching(t) ? "searching..." : "no entry has the text";
}

static struct area
box(const struct timeline *t, const struct area *a, bool has_focus)
{
	char title[TITLE];
	char room[40];
	char some[SOME];

	if (!t->m->has_window)
		return area_box(a, "Timeline", has_focus);
	(void)snprintf(title, sizeof(title), "Timeline %s%s, window %lld %s", found_text(t, some),
		t->is_newest_first ? " newest first" : "", (long long)t->window.number,
		show_time(room, start_ns(t)));
	return area_box(a, title, has_focus);
}

void
main_timeline_draw(struct model *m, const struct area *a)
{
	struct screen_state *state = &m->screens[SCREEN_MAIN];
	struct list_place *p = &state->places[PANEL_TIMELINE];
	bool has_focus = state->panel == PANEL_TIMELINE;
	struct timeline t;

	timeline_open(&t, m);
	struct area in = box(&t, a, has_focus);
	p->count = t.count;
	p->rows = in.rows;
	if (t.count == 0)
		p->top = 0; /* as list_settle() does */
	if (!m->has_window)
		(void)area_text(
			&in, 0, 0, GRID_DIM, m->tree_count == 0 ? "" : "open a window in the tree");
	else if (t.count == 0)
		(void)area_text(&in, 0, 0, GRID_DIM, nothing_text(&t));
	if (t.count > 0 && in.rows > 0) {
		cursor_find(&t, p);
		draw(&t, p, &in, has_focus);
	}
	list_stands(p, &in);
}

/* The flows of the window, on the one that the entry tells of. */
static void
conversation_show(struct model *m, const struct timeline *t, const struct list_place *p)
{
	const struct source_entry *const *item = NULL;

	if (p->at >= t->count || items(t, p->at, 1, &item) == 0)
		return;
	struct list_place *flow = &m->screens[SCREEN_FLOWS].places[0];
	(void)snprintf(flow->key, sizeof(flow->key), "%s", item[0]->uid);
	model_show(m, SCREEN_FLOWS);
}

/* A click on any row of an entry is one on the entry. */
static bool
click(struct model *m, const struct timeline *t, const struct key_event *e)
{
	struct screen_state *state = &m->screens[SCREEN_MAIN];
	struct list_place *p = &state->places[PANEL_TIMELINE];
	const struct area *a = &p->area;
	struct sight s = { .is_brief = m->is_brief };
	size_t i = 0;

	if (e->row < a->row || e->row >= a->row + a->rows || e->column < a->column ||
		e->column >= a->column + a->columns)
		return false;
	bool had_focus = state->panel == PANEL_TIMELINE;
	state->panel = PANEL_TIMELINE;
	s.count = items(t, p->top, a->rows, &s.item);
	while (i < s.count && a->row + rows_of(&s, 0, i) <= e->row)
		i++;
	if (i == s.count)
		return true;
	if (had_focus && p->at == p->top + i) {
		conversation_show(m, t, p);
		return true;
	}
	p->at = p->top + i;
	p->key[0] = '\0';
	return true;
}

bool
main_timeline_key(struct model *m, const struct key_event *e)
{
	struct screen_state *state = &m->screens[SCREEN_MAIN];
	struct list_place *p = &state->places[PANEL_TIMELINE];
	struct timeline t;

	switch (e->key) {
	case PRESS_CLICK:
		timeline_open(&t, m);
		return click(m, &t, e);
	case PRESS_ENTER:
		timeline_open(&t, m);
		conversation_show(m, &t, p);
		return true;
	case ' ':
	case '+':
		m->is_brief = !m->is_brief;
		return true;
	case 's': /* the cursor stays on its entry, which is elsewhere now */
		state->sort_up[PANEL_TIMELINE] = !state->sort_up[PANEL_TIMELINE];
		return true;
	case 'w':
		model_copy(m, m->address);
		return true;
	default:
		return false;
	}
}

bool
main_timeline_go_on(struct model *m)
{
	return m->has_window && main_filters(m, PANEL_TIMELINE) && timeline_find_on(m);
}
