#include "daemon/input/place_heap.h"

#include <stdbool.h>

static bool
is_before(const struct place *a, const struct place *b)
{
	return a->key_ns != b->key_ns ? a->key_ns < b->key_ns : a->where < b->where;
}

void
place_heap_add(struct place *heap, size_t count, struct place p)
{
	size_t at = count;

	for (size_t above; at > 0 && is_before(&p, &heap[above = (at - 1) / 2]); at = above)
		heap[at] = heap[above];
	heap[at] = p;
}

struct place
place_heap_take(struct place *heap, size_t count)
{
	const struct place first = heap[0];
	const struct place last = heap[--count];
	size_t at = 0;

	for (size_t below; (below = at * 2 + 1) < count; at = below) {
		if (below + 1 < count && is_before(&heap[below + 1], &heap[below]))
			below++;
		if (!is_before(&heap[below], &last))
			break;
		heap[at] = heap[below];
	}
	heap[at] = last;
	return first;
}
