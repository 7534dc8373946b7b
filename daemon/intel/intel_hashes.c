#include "daemon/intel/intel_hashes.h"

#include <errno.h>
#include <stdlib.h>

uint32_t
intel_hashes_slots(uint32_t capacity)
{
	return capacity == 0 ? 0 : (uint32_t)((uint64_t)capacity * 5 / 4) + 1;
}

uint64_t
intel_hashes_bytes(uint32_t capacity)
{
	return (uint64_t)intel_hashes_slots(capacity) * (sizeof(uint64_t) + sizeof(uint32_t));
}

int
intel_hashes_init(struct intel_hashes *h, uint32_t capacity)
{
	*h = (struct intel_hashes){ 0 };
	if (capacity == 0)
		return 0;
	h->slot_count = intel_hashes_slots(capacity);
	h->capacity = capacity;
	h->hashes = calloc(h->slot_count, sizeof(*h->hashes));
	h->values = calloc(h->slot_count, sizeof(*h->values));
	if (h->hashes != NULL && h->values != NULL)
		return 0;
	intel_hashes_done(h);
	return -ENOMEM;
}

void
intel_hashes_done(struct intel_hashes *h)
{
	free(h->hashes);
	free(h->values);
	*h = (struct intel_hashes){ 0 };
}

/* The slot of a hash, or the free one where it would be. */
static uint32_t
slot_of(const struct intel_hashes *h, uint64_t hash)
{
	uint32_t slot = (uint32_t)((hash >> 32) * h->slot_count >> 32);

	while (h->values[slot] != 0 && h->hashes[slot] != hash)
		slot = slot + 1 < h->slot_count ? slot + 1 : 0;
	return slot;
}

uint32_t *
intel_hashes_put(struct intel_hashes *h, uint64_t hash)
{
	if (h->capacity == 0)
		return NULL;
	uint32_t slot = slot_of(h, hash);
	if (h->values[slot] == 0) {
		if (h->count == h->capacity)
			return NULL;
		h->hashes[slot] = hash;
		h->count++;
	}
	return &h->values[slot];
}

uint32_t
intel_hashes_find(const struct intel_hashes *h, uint64_t hash)
{
	return h->capacity == 0 ? 0 : h->values[slot_of(h, hash)];
}
