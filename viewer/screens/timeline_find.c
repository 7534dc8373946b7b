#include "viewer/screens/timeline_find.h"

#include "viewer/filter.h"

#include <string.h>

enum { AT_ONCE = 16384 }; /* a store counts to the first of them each time */

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

/* What has no more room is not known. */
static const char *
text(struct arena *memory, const char *from)
{
	const char *copy = arena_string(memory, from, strlen(from));

	return copy == NULL ? "" : copy;
}

static void
copy(struct arena *memory, const struct source_entry *from, struct source_entry *to)
{
	struct source_pair *pairs =
		from->pair_count == 0 ? NULL
				      : arena_alloc(memory, from->pair_count * sizeof(*pairs));

	*to = *from;
	to->service = text(memory, from->service);
	to->names = text(memory, from->names);
	to->peer = text(memory, from->peer);
	to->port = text(memory, from->port);
	to->warning = text(memory, from->warning);
	to->critical = text(memory, from->critical);
	to->uid = text(memory, from->uid);
	to->pairs = pairs;
	to->pair_count = pairs == NULL ? 0 : from->pair_count;
	for (size_t i = 0; i < to->pair_count; i++)
		pairs[i] = (struct source_pair){ text(memory, from->pairs[i].label),
			text(memory, from->pairs[i].value) };
}

/* The timeline may have grown since it was counted: what came since is not for this picture. */
static void
look(struct model *m, struct timeline_found *f, size_t count)
{
	struct source_window_id w = model_window(m);
	struct arena piece;

	arena_init(&piece, m->memory.cap_bytes, NULL);
	for (size_t from = 0; from < count && f->count < FOUND_MAX; from += AT_ONCE) {
		const struct source_entry *entries = NULL;
		size_t most = count - from < AT_ONCE ? count - from : AT_ONCE;
		size_t got = source_entries(m->source, &w, from, most, &piece, &entries);

		for (size_t i = 0; i < got && f->count < FOUND_MAX; i++) {
			if (!holds(m, &entries[i]))
				continue;
			copy(&m->found_memory, &entries[i], &f->entries[f->count]);
			f->numbers[f->count++] = from + i;
		}
		arena_done(&piece);
	}
}

static bool
is_of_here(const struct model *m)
{
	const struct timeline_found *f = m->found;

	return f != NULL && f->stamp == m->stamp && f->number == m->number &&
	       strcmp(f->host, m->host) == 0;
}

/* What a text was added to finds some of what it found before: nothing is read while somebody types on. */
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

const struct timeline_found *
timeline_find(struct model *m, size_t count)
{
	size_t most = count < FOUND_MAX ? count : FOUND_MAX;

	if (is_of_here(m) && (strcmp(m->found->filter, m->filter) == 0 || narrow(m)))
		return m->found;
	m->found = NULL;
	arena_done(&m->found_memory);
	struct timeline_found *f = arena_alloc(&m->found_memory, sizeof(*f));
	if (f == NULL)
		return NULL;
	f->number = m->number;
	f->stamp = m->stamp;
	memcpy(f->filter, m->filter, sizeof(f->filter));
	memcpy(f->host, m->host, sizeof(f->host));
	m->found = f;
	if (most == 0)
		return f;
	f->entries = arena_alloc(&m->found_memory, most * sizeof(*f->entries));
	f->numbers = arena_alloc(&m->found_memory, most * sizeof(*f->numbers));
	if (f->entries != NULL && f->numbers != NULL)
		look(m, f, count);
	return f;
}
