/*
 * arena.h -- bump allocation with one owner, one hard cap and one way to free.
 *
 * Everything a time window knows lives in that window's arena and dies with it. Nothing is freed
 * piecemeal, so nothing can be freed twice. Chunks start at 512 B and double to 16 KiB, so an idle
 * window is small and a busy one does not walk a long list; a source that is nearly empty may give smaller
 * ones.
 */
#pragma once

#include <stddef.h>

struct arena_chunk;
struct buddy;

struct arena {
	struct arena_chunk *head; /* newest chunk; older ones follow */
	struct buddy *source;     /* where chunks come from; NULL is malloc (settings, tests) */
	size_t used_bytes;        /* handed out, padding included */
	size_t cap_bytes;         /* arena_alloc() refuses past this */
	unsigned refused;         /* allocations turned away by the cap, or by the source */
};

/*
 * Prepare an empty arena. Allocates nothing.
 *
 * cap_bytes  most that may ever be handed out
 * source     borrowed for the arena's life; NULL for malloc
 */
void arena_init(struct arena *a, size_t cap_bytes, struct buddy *source);

/*
 * Allocate `size` bytes, zeroed, aligned for any type.
 *
 * size     bytes, > 0; with a source at most ARENA_BLOCK_MAX
 * returns  the block, or NULL once `cap_bytes` is reached or memory is out; `refused` counts it
 * owns     the arena; valid until arena_done()
 * cost     O(size), plus one chunk now and then
 */
void *arena_alloc(struct arena *a, size_t size);

enum { ARENA_BLOCK_MAX = 16 * 1024 - 64 };

/* Copy a string of `length` bytes and end it with NUL. returns NULL as arena_alloc() does */
char *arena_string(struct arena *a, const char *text, size_t length);

/* Free every block. Accepts an arena that never allocated; leaves it empty and reusable. */
void arena_done(struct arena *a);
