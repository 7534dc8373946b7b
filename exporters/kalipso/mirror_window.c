#include "exporters/kalipso/mirror_window.h"

#include "exporters/kalipso/mirror_gone.h"
#include "exporters/kalipso/mirror_lines.h"
#include "exporters/kalipso/mirror_memory.h"

#include <string.h>

static struct mirror_host *
host_find(const struct mirror *m, const struct addr *a)
{
	return table_find(&m->hosts, a, table_hash(&m->hosts, a));
}

struct mirror_window *
mirror_window_find(const struct mirror *m, const struct addr *host, int64_t number)
{
	const struct mirror_window_key key = { .host = *host, .number = number };

	return table_find(&m->windows, &key, table_hash(&m->windows, &key));
}

/* In order of numbers: nearly always the last. */
static void
host_insert(struct mirror_host *h, struct mirror_window *w)
{
	struct mirror_window *before = TAILQ_LAST(&h->windows, mirror_host_windows);

	while (before != NULL && before->ref.number > w->ref.number)
		before = TAILQ_PREV(before, mirror_host_windows, of_host);
	if (before != NULL)
		TAILQ_INSERT_AFTER(&h->windows, before, w, of_host);
	else
		TAILQ_INSERT_HEAD(&h->windows, w, of_host);
}

/* Room for one more, and for its host. returns false when there is none, and nothing that could go */
static bool
room(struct mirror *m)
{
	while (table_count(&m->windows) == table_capacity(&m->windows) ||
		mirror_bytes(m) + mirror_item_bytes(&m->windows) + mirror_item_bytes(&m->hosts) >
			m->plan.bytes) {
		if (TAILQ_EMPTY(&m->ages))
			return false;
		mirror_window_forget(m, TAILQ_FIRST(&m->ages));
		m->stats.windows_forgotten++;
	}
	return true;
}

struct mirror_window *
mirror_window_open(struct mirror *m, const struct addr *host, const struct record_window_ref *ref)
{
	const struct mirror_window_key key = { .host = *host, .number = ref->number };
	const uint64_t hash = table_hash(&m->windows, &key);
	struct mirror_window *w = table_find(&m->windows, &key, hash);

	if (w != NULL)
		return w;
	if (!room(m))
		return NULL;
	struct mirror_host *h = host_find(m, host);
	if (h == NULL) {
		h = table_add(&m->hosts, host, table_hash(&m->hosts, host));
		TAILQ_INIT(&h->windows);
	}
	w = table_add(&m->windows, &key, hash);
	w->ref = *ref;
	host_insert(h, w);
	TAILQ_INSERT_TAIL(&m->ages, w, age);
	for (uint32_t t = 0; t < m->plan.targets; t++)
		w->due[t].whole = true;
	return w;
}

/* Its tuples are other ones, or no more. */
static void
unpacked_forget(struct mirror *m, const struct mirror_window *w)
{
	if (m->unpacked == w)
		m->unpacked = NULL;
}

bool
mirror_window_take(struct mirror *m, struct mirror_window *w, const struct record_window *from)
{
	struct window_packing packing = window_packing_of(from);
	uint8_t *packed = NULL;
	size_t length = 0;
	bool done = false;

	w->threat = from->sum;
	while (!done) {
		struct blob piece = blob_over(m->scratch, WINDOW_PIECE_MAX);

		done = window_pack(&packing, &piece);
		uint8_t *more = mirror_resize(m, packed, length + piece.length, w);
		if (more == NULL) {
			(void)mirror_resize(m, packed, 0, NULL);
			return false;
		}
		packed = more;
		memcpy(packed + length, piece.bytes, piece.length);
		length += piece.length;
	}
	unpacked_forget(m, w);
	(void)mirror_resize(m, w->tuples, 0, NULL);
	w->tuples = packed;
	w->tuples_length = length;
	return true;
}

static void
queue(struct mirror *m, struct mirror_window *w, uint32_t target)
{
	if (w->due[target].queued)
		return;
	w->due[target].queued = true;
	TAILQ_INSERT_TAIL(&m->targets[target].windows, w, due[target].next);
}

static void
unqueue(struct mirror *m, struct mirror_window *w, uint32_t target)
{
	w->due[target].queued = false;
	TAILQ_REMOVE(&m->targets[target].windows, w, due[target].next);
}

void
mirror_window_changed(struct mirror *m, struct mirror_window *w)
{
	TAILQ_REMOVE(&m->ages, w, age);
	TAILQ_INSERT_TAIL(&m->ages, w, age);
	w->changed_ns = m->now_ns;
	for (uint32_t t = 0; t < m->plan.targets; t++)
		queue(m, w, t);
}

void
mirror_window_due(struct mirror *m, struct mirror_window *w, uint32_t target)
{
	w->due[target].whole = true;
	w->due[target].timeline_told = 0;
	queue(m, w, target);
}

void
mirror_window_forget(struct mirror *m, struct mirror_window *w)
{
	const struct mirror_window_key key = { .host = w->host, .number = w->ref.number };
	struct mirror_host *h = host_find(m, &w->host);

	for (uint32_t t = 0; t < m->plan.targets; t++) {
		if (w->due[t].queued) {
			m->stats.untold[t]++;
			unqueue(m, w, t);
		}
		if (w->due[t].there && !mirror_ring_push(&m->targets[t].gone, &key))
			m->stats.untold[t]++;
	}
	mirror_lines_free(m, &w->timeline);
	mirror_lines_free(m, &w->evidence);
	mirror_lines_free(m, &w->alerted);
	unpacked_forget(m, w);
	(void)mirror_resize(m, w->tuples, 0, NULL);
	TAILQ_REMOVE(&m->ages, w, age);
	TAILQ_REMOVE(&h->windows, w, of_host);
	if (TAILQ_EMPTY(&h->windows))
		table_remove(&m->hosts, h, table_hash(&m->hosts, &h->addr));
	table_remove(&m->windows, w, table_hash(&m->windows, &key));
}

struct mirror_window *
mirror_first_window(struct mirror *m, uint32_t target)
{
	return TAILQ_FIRST(&m->targets[target].windows);
}

struct mirror_window *
mirror_next_window(struct mirror *m, uint32_t target)
{
	struct mirror_window *w = TAILQ_FIRST(&m->targets[target].windows);

	if (w == NULL)
		return NULL;
	unqueue(m, w, target);
	w->due[target].there = true;
	return w;
}

void
mirror_window_told(struct mirror_window *w, uint32_t target)
{
	w->due[target].whole = false;
	w->due[target].timeline_told = w->timeline.begun + w->timeline.count;
}

void
mirror_window_again(struct mirror *m, uint32_t target, const struct addr *host, int64_t number)
{
	struct mirror_window *w = mirror_window_find(m, host, number);

	if (w != NULL)
		mirror_window_due(m, w, target);
}

struct window_unpacking *
mirror_window_tuples(struct mirror *m, const struct mirror_window *w)
{
	struct cursor in = cursor_over(w->tuples, w->tuples_length);

	if (w->tuples == NULL)
		return NULL;
	if (m->unpacked == w)
		return &m->unpacking;
	m->unpacked = NULL;
	for (;;)
		switch (window_unpack(&m->unpacking, &in)) {
		case WINDOW_WHOLE:
			m->unpacked = w;
			return &m->unpacking;
		case WINDOW_BAD:
			return NULL;
		case WINDOW_PART:
			break;
		}
}

const struct mirror_window *
mirror_window_of(const struct mirror *m, const struct addr *host, const struct mirror_window *after)
{
	if (after != NULL)
		return TAILQ_NEXT(after, of_host);
	const struct mirror_host *h = host_find(m, host);
	return h == NULL ? NULL : TAILQ_FIRST(&h->windows);
}

bool
mirror_host_told(const struct mirror *m, uint32_t target, const struct addr *host)
{
	for (const struct mirror_window *w = mirror_window_of(m, host, NULL); w != NULL;
		w = mirror_window_of(m, host, w))
		if (w->due[target].there)
			return true;
	return false;
}
