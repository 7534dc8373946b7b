#include "daemon/intel/intel_addrs.h"

#include "daemon/intel/intel_hashes.h"

#include <errno.h>
#include <stdlib.h>

uint64_t
intel_addrs_bytes(uint32_t capacity)
{
	return (uint64_t)intel_hashes_slots(capacity) * sizeof(struct intel_addr_slot);
}

int
intel_addrs_init(struct intel_addrs *t, uint32_t capacity, const struct hash_key *key)
{
	*t = (struct intel_addrs){ .key = *key };
	if (capacity == 0)
		return 0;
	t->slots = calloc(intel_hashes_slots(capacity), sizeof(*t->slots));
	if (t->slots == NULL)
		return -ENOMEM;
	t->slot_count = intel_hashes_slots(capacity);
	t->capacity = capacity;
	return 0;
}

void
intel_addrs_done(struct intel_addrs *t)
{
	free(t->slots);
	*t = (struct intel_addrs){ 0 };
}

/* The slot of an address, or the free one where it would be. */
static struct intel_addr_slot *
slot_of(const struct intel_addrs *t, uint32_t addr)
{
	const uint64_t word = addr;
	uint32_t slot = (uint32_t)((hash_words(&t->key, &word, 1) >> 32) * t->slot_count >> 32);

	while (t->slots[slot].value != 0 && t->slots[slot].addr != addr)
		slot = slot + 1 < t->slot_count ? slot + 1 : 0;
	return &t->slots[slot];
}

uint32_t *
intel_addrs_put(struct intel_addrs *t, uint32_t addr)
{
	if (t->capacity == 0)
		return NULL;
	struct intel_addr_slot *s = slot_of(t, addr);
	if (s->value == 0) {
		if (t->count == t->capacity)
			return NULL;
		s->addr = addr;
		t->count++;
	}
	return &s->value;
}

uint32_t
intel_addrs_find(const struct intel_addrs *t, uint32_t addr)
{
	return t->capacity == 0 ? 0 : slot_of(t, addr)->value;
}
