#include "daemon/input/place_heap.h"

void
place_heap_add(struct place *heap, size_t count, struct place p)
{
	size_t at = count;

	for (size_t above; at > 0 && place_is_before(&p, &heap[above = (at - 1) / 2]); at = above)
		heap[at] = heap[above];
	heap[at] = p;
}

struct place
place_heap_take(struct place *heap, size_t count)
{
	const struct place first = heap[0];
	const struct place last = heap[--count];
	size_t at = 0;

	/* The last belongs far down: the gap goes to the bottom, and from there the last up again. */
	for (size_t below; (below = at * 2 + 1) < count; at = below) {
		if (below + 1 < count)
			below += place_is_before(&heap[below + 1], &heap[below]);
		heap[at] = heap[below];
	}
	place_heap_add(heap, at, last);
	return first;
}
