/* model_state.c -- what is looked at, and what of it is kept. */
#include "viewer/model.h"

#include "viewer/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PICTURE_MAX_BYTES = 64 * 1024 * 1024 };

bool
model_init(struct model *m, struct source *s)
{
	*m = (struct model){
		.source = s,
		.screen = SCREEN_MAIN,
		.back = SCREEN_MAIN,
		.unfolded = calloc(UNFOLDED_MAX, sizeof(*m->unfolded)),
	};
	arena_init(&m->memory, PICTURE_MAX_BYTES, NULL);
	arena_init(&m->tree_memory, PICTURE_MAX_BYTES, NULL);
	arena_init(&m->found_memory, PICTURE_MAX_BYTES, NULL);
	arena_init(&m->newer_memory, PICTURE_MAX_BYTES, NULL);
	if (m->unfolded == NULL)
		return false;
	m->stamp = source_stamp(s);
	return true;
}

void
model_done(struct model *m)
{
	arena_done(&m->memory);
	arena_done(&m->tree_memory);
	arena_done(&m->found_memory);
	arena_done(&m->newer_memory);
	free(m->unfolded);
	m->unfolded = NULL;
}

struct source_window_id
model_window(const struct model *m)
{
	return (struct source_window_id){ .host = m->host, .number = m->number };
}

size_t
model_profiles(struct model *m, const struct source_profile **ret)
{
	if (!m->has_tree) {
		arena_done(&m->tree_memory);
		m->tree_count = source_profiles(m->source, &m->tree_memory, &m->tree);
		m->has_tree = source_trouble(m->source)[0] == '\0';
	}
	*ret = m->tree;
	return m->tree_count;
}

const struct source_profile *
model_profile(struct model *m, const char *host)
{
	const struct source_profile *p = NULL;
	size_t count = model_profiles(m, &p);

	for (size_t i = 0; i < count; i++)
		if (strcmp(p[i].host, host) == 0)
			return &p[i];
	return NULL;
}

const char *
model_none(struct model *m, const char *none)
{
	const struct source_profile *p = model_profile(m, m->host);

	for (size_t i = 0; p != NULL && i < p->window_count; i++)
		if (p->windows[i].id.number == m->number)
			return none;
	return m->has_window ? "this window is no longer there" : none;
}

/* A source that does not answer leaves what was read: better old than nothing. */
bool
model_look(struct model *m)
{
	char before[sizeof(m->trouble)];
	uint64_t stamp = source_stamp(m->source);

	m->is_failing = source_trouble(m->source)[0] != '\0';
	m->is_left = m->is_failing;
	if (m->is_failing) {
		memcpy(before, m->trouble, sizeof(before));
		(void)snprintf(m->trouble, sizeof(m->trouble), "%s", source_trouble(m->source));
		return strcmp(before, m->trouble) != 0;
	}
	if (m->trouble[0] == '\0' && stamp == m->stamp)
		return false;
	m->stamp = stamp;
	m->has_tree = false;
	return true;
}

bool
model_go_on(struct model *m)
{
	const struct screen *s = screens[m->screen];

	return m->trouble[0] == '\0' && s->go_on != NULL && s->go_on(m);
}

static bool
is_detail(enum screen_id screen)
{
	return screen == SCREEN_EXPLAIN || screen == SCREEN_FLOWS || screen == SCREEN_BEACON ||
	       screen == SCREEN_HELP;
}

/* The way back is cut where it comes by again: it has no loops. */
static void
trail_go(struct model *m, enum screen_id screen)
{
	unsigned known = 0;

	while (known < m->trail_count && m->trail[known] != screen)
		known++;
	if (known == m->trail_count && is_detail(screen))
		m->trail[m->trail_count++] = m->screen;
	else
		m->trail_count = known < m->trail_count ? known : 0;
	m->screen = screen;
	m->filtering = false;
	m->back = m->trail_count > 0 ? m->trail[m->trail_count - 1] : SCREEN_MAIN;
}

void
model_show(struct model *m, enum screen_id screen)
{
	const struct screen *s = screens[screen];
	const char *why = s->refuses == NULL ? NULL : s->refuses(m);

	if (why != NULL)
		(void)snprintf(m->message, sizeof(m->message), "%s", why);
	else if (screen != m->screen)
		trail_go(m, screen);
}

void
model_choose(struct model *m, const struct source_window_id *w)
{
	char host[MODEL_TEXT_MAX]; /* may be the one that is chosen */

	(void)snprintf(host, sizeof(host), "%s", w->host);
	memcpy(m->host, host, sizeof(host));
	memcpy(m->address, host, sizeof(host));
	m->number = w->number;
	m->has_window = true;
}

/* Where a host is among the unfolded, or would be. */
static size_t
unfolded_place(const struct model *m, const char *host, bool *ret_is_there)
{
	size_t from = 0;
	size_t to = m->unfolded_count;

	while (from < to) {
		size_t middle = (from + to) / 2;

		if (strcmp(m->unfolded[middle], host) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	*ret_is_there = from < m->unfolded_count && strcmp(m->unfolded[from], host) == 0;
	return from;
}

bool
model_is_unfolded(const struct model *m, const char *host)
{
	bool is_there = false;

	(void)unfolded_place(m, host, &is_there);
	return is_there;
}

void
model_unfold(struct model *m, const char *host, bool unfolded)
{
	bool is_there = false;
	size_t at = unfolded_place(m, host, &is_there);
	size_t after = m->unfolded_count - at;
	char(*here)[sizeof(*m->unfolded)] = m->unfolded + at;

	if (is_there == unfolded)
		return;
	if (!unfolded) {
		memmove(here, here + 1, (after - 1) * sizeof(*here));
		m->unfolded_count--;
		return;
	}
	if (m->unfolded_count == UNFOLDED_MAX || strlen(host) >= sizeof(*here)) {
		(void)snprintf(m->message, sizeof(m->message),
			"%d hosts are unfolded, which is the most; fold some", UNFOLDED_MAX);
		return;
	}
	memmove(here + 1, here, after * sizeof(*here));
	(void)snprintf(*here, sizeof(*here), "%s", host);
	m->unfolded_count++;
}

void
model_copy(struct model *m, const char *text)
{
	(void)snprintf(m->copied, sizeof(m->copied), "%s", text);
	if (text[0] == '\0')
		(void)snprintf(m->message, sizeof(m->message), "there is nothing to copy here");
	else
		(void)snprintf(m->message, sizeof(m->message), "copied: %s", text);
}
