#include "exporters/kalipso/mirror_memory.h"

#include "exporters/kalipso/mirror_window.h"

#include <malloc.h>
#include <stdlib.h>

enum { MALLOC_HEAD = sizeof(size_t), MALLOC_ROUNDING = 2 * sizeof(size_t) };

static uint64_t
table_bytes(const struct table *t)
{
	return (uint64_t)t->items.touched * table_bytes_per_item(t->items.item_size);
}

uint64_t
mirror_bytes(const struct mirror *m)
{
	const uint64_t rings =
		((uint64_t)table_capacity(&m->windows) + table_capacity(&m->addresses)) *
		sizeof(struct mirror_window_key) * m->plan.targets;

	return sizeof(*m) + WINDOW_PIECE_MAX + rings + m->allocated + table_bytes(&m->windows) +
	       table_bytes(&m->hosts) + table_bytes(&m->addresses);
}

static uint64_t
allocated(void *block)
{
	return block == NULL ? 0 : malloc_usable_size(block) + MALLOC_HEAD;
}

size_t
mirror_item_bytes(const struct table *t)
{
	return table_count(t) < t->items.touched ? 0 : table_bytes_per_item(t->items.item_size);
}

bool
mirror_room(struct mirror *m, size_t size, const struct mirror_window *keep)
{
	while (mirror_bytes(m) + size > m->plan.bytes) {
		struct mirror_window *oldest = TAILQ_FIRST(&m->ages);

		if (oldest != NULL && oldest == keep)
			oldest = TAILQ_NEXT(oldest, age);
		if (oldest == NULL)
			return false;
		mirror_window_forget(m, oldest);
		m->stats.windows_forgotten++;
	}
	return true;
}

void *
mirror_resize(struct mirror *m, void *old, size_t size, const struct mirror_window *keep)
{
	const uint64_t before = allocated(old);

	if (size == 0) {
		free(old);
		m->allocated -= before;
		return NULL;
	}
	/* Both are there while one is copied to the other. */
	if (!mirror_room(m, size + MALLOC_HEAD + MALLOC_ROUNDING, keep))
		return NULL;
	void *block = realloc(old, size);
	if (block == NULL)
		return NULL;
	m->allocated += allocated(block) - before;
	return block;
}
