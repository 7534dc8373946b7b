#include "viewer/screens/timeline_find.h"

#include "viewer/filter.h"

#include <stdio.h>
#include <string.h>

static bool
holds(const struct model *m, const struct source_entry *e)
{
	if (passes(m, e->service, e->names, e->peer, e->port, e->warning, e->critical, e->uid,
		    NULL))
		return true;
	for (size_t i = 0; i < e->pair_count; i++)
		if (passes(m, e->pairs[i].label, e->pairs[i].value, NULL))
			return true;
	return false;
}

bool
timeline_found_is_whole(const struct timeline_found *f)
{
	return f->reached >= f->total || f->count == FOUND_MAX;
}

/* What the source did not tell is asked for again, when it answers. */
static void
look(struct model *m, struct timeline_found *f, struct arena *memory)
{
	struct source_window_id w = model_window(m);
	struct arena piece;
	const struct source_entry *entries = NULL;
	size_t left = f->total - f->reached;
	size_t most = left < FIND_AT_ONCE ? left : FIND_AT_ONCE;

	arena_init(&piece, m->memory.cap_bytes, NULL);
	size_t got = source_entries(m->source, &w, f->reached, most, &piece, &entries);
	if (source_trouble(m->source)[0] != '\0') {
		(void)snprintf(m->trouble, sizeof(m->trouble), "%s", source_trouble(m->source));
		m->is_failing = true;
		arena_done(&piece);
		return;
	}
	for (size_t i = 0; i < got && f->count < FOUND_MAX; i++) {
		if (!holds(m, &entries[i]))
			continue;
		source_entry_copy(memory, &entries[i], &f->entries[f->count]);
		f->numbers[f->count++] = f->reached + i;
	}
	f->reached += most;
	arena_done(&piece);
}

/* returns NULL when memory is out */
static struct timeline_found *
begin(struct model *m, struct arena *memory, size_t count)
{
	size_t most = count < FOUND_MAX ? count : FOUND_MAX;

	arena_done(memory);
	struct timeline_found *f = arena_alloc(memory, sizeof(*f));
	if (f == NULL)
		return NULL;
	*f = (struct timeline_found){ .number = m->number, .stamp = m->stamp, .total = count };
	memcpy(f->filter, m->filter, sizeof(f->filter));
	memcpy(f->host, m->host, sizeof(f->host));
	if (most == 0)
		return f;
	f->entries = arena_alloc(memory, most * sizeof(*f->entries));
	f->numbers = arena_alloc(memory, most * sizeof(*f->numbers));
	if (f->entries == NULL || f->numbers == NULL)
		return NULL;
	look(m, f, memory);
	return f;
}

static bool
is_of_here(const struct model *m)
{
	const struct timeline_found *f = m->found;

	return f != NULL && f->number == m->number && strcmp(f->host, m->host) == 0;
}

/* What a text was added to finds some of what it found before: nothing is read again while somebody types on. */
static bool
narrow(struct model *m)
{
	struct timeline_found *f = m->found;
	size_t kept = 0;

	if (f->count == FOUND_MAX || strncmp(f->filter, m->filter, strlen(f->filter)) != 0)
		return false;
	for (size_t i = 0; i < f->count; i++) {
		if (!holds(m, &f->entries[i]))
			continue;
		f->entries[kept] = f->entries[i];
		f->numbers[kept++] = f->numbers[i];
	}
	f->count = kept;
	memcpy(f->filter, m->filter, sizeof(f->filter));
	return true;
}

/* The newer one takes the place of the one before, once it is whole. */
static void
renew(struct model *m)
{
	struct arena memory = m->found_memory;

	if (m->newer == NULL || !timeline_found_is_whole(m->newer))
		return;
	m->found = m->newer;
	m->found_memory = m->newer_memory;
	m->newer = NULL;
	m->newer_memory = memory;
	arena_done(&m->newer_memory);
}

const struct timeline_found *
timeline_find(struct model *m, size_t count)
{
	bool is_same = is_of_here(m) && strcmp(m->found->filter, m->filter) == 0;

	if (!is_same) {
		m->newer = NULL;
		if (!is_of_here(m) || !narrow(m))
			m->found = begin(m, &m->found_memory, count);
	}
	if (m->found != NULL && m->found->stamp != m->stamp && m->newer == NULL &&
		timeline_found_is_whole(m->found)) {
		m->newer = begin(m, &m->newer_memory, count);
		renew(m);
	}
	return m->found;
}

bool
timeline_find_on(struct model *m)
{
	struct timeline_found *f = m->newer != NULL ? m->newer : m->found;

	if (f == NULL || timeline_found_is_whole(f))
		return false;
	look(m, f, f == m->newer ? &m->newer_memory : &m->found_memory);
	renew(m);
	return true;
}
