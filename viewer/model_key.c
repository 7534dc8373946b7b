/*
 * model_key.c -- who gets a key: what is typed, the screen, the list that has the focus, then what all screens have
 * alike.
 */
#include "viewer/bar.h"
#include "viewer/model.h"
#include "viewer/model_parts.h"
#include "viewer/screen.h"

#include <stdio.h>
#include <string.h>

static unsigned
panels_of(const struct screen *s)
{
	return s->panels > 0 ? s->panels : 1;
}

static bool
is_inside(const struct area *a, const struct key_event *e)
{
	return e->row >= a->row && e->row < a->row + a->rows && e->column >= a->column &&
	       e->column < a->column + a->columns;
}

static bool
screen_key(struct model *m, const struct key_event *e, const struct area *a)
{
	const struct screen *s = screens[m->screen];

	return s->key != NULL && s->key(m, e, a);
}

static bool
list_of_focus_key(struct model *m, const struct key_event *e)
{
	struct screen_state *state = &m->screens[m->screen];
	struct list_place *p = &state->places[state->panel];

	return p->count > 0 && list_key(p, e, p->count, p->rows);
}

/* What was shown before may refuse by now: the main page never does. */
static void
go_back(struct model *m)
{
	enum screen_id here = m->screen;

	model_show(m, m->back);
	if (m->screen == here)
		model_show(m, SCREEN_MAIN);
}

static void
copy(struct model *m)
{
	const struct screen_state *state = &m->screens[m->screen];
	const struct list_place *p = &state->places[state->panel];

	model_copy(m, p->count == 0 ? "" : p->key);
}

/* What is copied is pasted into a shell: an id that a source made up is none. */
static bool
is_id(const char *text)
{
	enum { UUID_CHARACTERS = 36 };

	return strlen(text) == UUID_CHARACTERS &&
	       strspn(text, "0123456789abcdef-") == UUID_CHARACTERS;
}

static void
mute(struct model *m)
{
	char command[MODEL_TEXT_MAX + sizeof("naiadctl mute ")];

	if (!is_id(m->evidence)) {
		(void)snprintf(m->message, sizeof(m->message), "no evidence to mute here");
		return;
	}
	(void)snprintf(command, sizeof(command), "naiadctl mute %s", m->evidence);
	model_copy(m, command);
}

/* From what is of all hosts to what is of one window: that of what the cursor is on. */
static void
go_on_to(struct model *m, enum screen_id screen)
{
	/* The help stands over another one. */
	const struct screen *here = screens[m->screen == SCREEN_HELP ? m->back : m->screen];

	if (here->choose != NULL && !screens[screen]->is_of_all)
		here->choose(m);
	model_show(m, screen);
}

static void
hotkey_do(struct model *m, const struct hotkey *h)
{
	switch (h->does) {
	case HOTKEY_SCREEN: /* once more: back, as in the talk */
		if (h->screen == m->screen)
			go_back(m);
		else
			go_on_to(m, h->screen);
		return;
	case HOTKEY_AGAIN:
		m->has_tree = false;
		m->trouble[0] = '\0';
		(void)snprintf(m->message, sizeof(m->message), "read again");
		return;
	case HOTKEY_FILTER:
		m->filtering = !screens[m->screen]->is_whole;
		if (!m->filtering)
			(void)snprintf(m->message, sizeof(m->message), "all is shown here");
		return;
	case HOTKEY_COPY:
		copy(m);
		return;
	case HOTKEY_MUTE:
		mute(m);
		return;
	case HOTKEY_QUIT:
		m->quit = true;
		return;
	}
}

static void
focus_move(struct model *m, bool forward)
{
	unsigned panels = panels_of(screens[m->screen]);
	unsigned *panel = &m->screens[m->screen].panel;

	*panel = (*panel + (forward ? 1 : panels - 1)) % panels;
}

/* Escape leaves nothing that `q` has to leave: first the filter, then the screen. */
static void
escape(struct model *m)
{
	if (m->filter[0] != '\0' && !screens[m->screen]->is_whole) {
		m->filter[0] = '\0';
		return;
	}
	go_back(m);
}

/* The panel under the mouse gets the focus; a click on what the cursor is on opens it. */
static void
mouse(struct model *m, const struct key_event *e, const struct area *screen)
{
	struct screen_state *state = &m->screens[m->screen];

	for (unsigned i = 0; i < PANELS_MAX; i++) {
		struct list_place *p = &state->places[i];
		bool had_focus = state->panel == i;
		size_t at = p->at;

		if (!is_inside(&p->area, e))
			continue;
		state->panel = i;
		if (p->count == 0 || !list_key(p, e, p->count, p->rows))
			return;
		if (e->key == PRESS_CLICK && had_focus && p->at == at)
			(void)screen_key(m, &(struct key_event){ .key = PRESS_ENTER }, screen);
		return;
	}
	if (e->key != PRESS_CLICK)
		(void)list_of_focus_key(m, e);
}

static bool
is_mouse(const struct key_event *e)
{
	return e->key == PRESS_CLICK || e->key == PRESS_WHEEL_UP || e->key == PRESS_WHEEL_DOWN;
}

void
model_key(struct model *m, const struct key_event *e, struct grid *g)
{
	struct area screen = model_screen_area(m, g);
	struct area bar = model_bar_area(m, g);
	/* As it was drawn: the message that may be in its place goes with this key. */
	const struct hotkey *clicked =
		e->key == PRESS_CLICK ? bar_at(m, &bar, e->row, e->column) : NULL;

	arena_done(
		&m->memory); /* the next picture needs nothing of this one, and the key may need as much */
	m->message[0] = '\0';
	m->is_left = false;
	if (e->key != PRESS_RESIZE)
		m->asked[0] = '\0';
	if (m->filtering && filter_key(m, e))
		return;
	if (clicked != NULL) {
		hotkey_do(m, clicked);
		return;
	}
	if (screen_key(m, e, &screen))
		return;
	if (is_mouse(e)) {
		mouse(m, e, &screen);
		return;
	}
	if (list_of_focus_key(m, e))
		return;
	switch (e->key) {
	case PRESS_TAB:
	case PRESS_BACK_TAB:
		focus_move(m, e->key == PRESS_TAB);
		return;
	case PRESS_ESCAPE:
		escape(m);
		return;
	default:
		break;
	}
	const struct hotkey *h = keymap_find(m->keys_last, e->key);
	if (h != NULL)
		hotkey_do(m, h);
}
