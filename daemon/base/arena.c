#include "daemon/base/arena.h"

#include "daemon/base/buddy.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { GROW_AFTER = 6 }; /* chunks of a size in use, before the next one is double */

struct arena_chunk {
	struct arena_chunk *older;
	uint32_t used;
	uint32_t size; /* of `data` */
	alignas(max_align_t) uint8_t data[];
};

void
arena_init(struct arena *a, size_t cap_bytes, struct buddy *source)
{
	*a = (struct arena){ .cap_bytes = cap_bytes, .source = source };
}

static size_t
whole_bytes(const struct arena_chunk *c)
{
	return c->size + sizeof(*c);
}

/*
 * Bytes of the next chunk, header included: as the last one, double that once six of it are in use, and at least what
 * is needed. Were it double each time, half of many small arenas' memory would be waiting for use.
 */
static size_t
next_bytes(const struct arena *a, size_t need)
{
	size_t bytes = a->head == NULL ? BUDDY_MIN_BYTES : whole_bytes(a->head);

	if (a->used_bytes >= GROW_AFTER * bytes)
		bytes *= 2;
	if (bytes > BUDDY_MAX_BYTES)
		bytes = BUDDY_MAX_BYTES;
	while (bytes < need + sizeof(struct arena_chunk))
		bytes *= 2;
	return bytes;
}

/* Where what is left of a source lies in pieces, one that is smaller than wanted, but enough, does as well. */
static struct arena_chunk *
chunk_take(struct buddy *source, size_t need, size_t *bytes)
{
	struct arena_chunk *c = NULL;

	if (*bytes > BUDDY_MAX_BYTES)
		return NULL;
	while ((c = buddy_take(source, *bytes)) == NULL && *bytes > BUDDY_MIN_BYTES &&
		*bytes / 2 >= need + sizeof(*c))
		*bytes /= 2;
	return c;
}

static struct arena_chunk *
chunk_push(struct arena *a, size_t need)
{
	size_t bytes = next_bytes(a, need);
	struct arena_chunk *c =
		a->source == NULL ? malloc(bytes) : chunk_take(a->source, need, &bytes);

	if (c == NULL)
		return NULL;
	*c = (struct arena_chunk){ .older = a->head, .size = (uint32_t)(bytes - sizeof(*c)) };
	a->head = c;
	return c;
}

static bool
has_room(const struct arena_chunk *c, size_t need)
{
	return c != NULL && c->size - c->used >= need;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	size_t align = alignof(max_align_t);
	size_t need = (size + align - 1) & ~(align - 1);
	struct arena_chunk *c = a->head;

	if (need < size || need > a->cap_bytes - a->used_bytes)
		goto refuse;
	/* What the one before has left over is enough for many a small block. */
	if (c != NULL && has_room(c->older, need))
		c = c->older;
	else if (!has_room(c, need))
		c = chunk_push(a, need);
	if (c == NULL)
		goto refuse;

	void *block = c->data + c->used;
	c->used += (uint32_t)need;
	a->used_bytes += need;
	return memset(block, 0, size);

refuse:
	a->refused++;
	return NULL;
}

char *
arena_string(struct arena *a, const char *text, size_t length)
{
	char *copy = arena_alloc(a, length + 1);

	if (copy != NULL)
		memcpy(copy, text, length);
	return copy;
}

void
arena_done(struct arena *a)
{
	struct arena_chunk *c = a->head;

	while (c != NULL) {
		struct arena_chunk *older = c->older;
		if (a->source == NULL)
			free(c);
		else
			buddy_give(a->source, c, whole_bytes(c));
		c = older;
	}
	arena_init(a, a->cap_bytes, a->source);
}
