#include "daemon/intel/intel_addrs.h"

#include <errno.h>
#include <stdlib.h>

/* One more than needed: a search ends at a free slot. */
static uint32_t
slots_for(uint32_t capacity)
{
	return capacity == 0 ? 0 : (uint32_t)((uint64_t)capacity * 5 / 4) + 1;
}

uint64_t
intel_addrs_bytes(uint32_t capacity)
{
	return (uint64_t)slots_for(capacity) * sizeof(struct intel_addr_slot);
}

int
intel_addrs_init(struct intel_addrs *t, uint32_t capacity, const struct hash_key *key)
{
	*t = (struct intel_addrs){ .key = *key };
	if (capacity == 0)
		return 0;
	t->slots = calloc(slots_for(capacity), sizeof(*t->slots));
	if (t->slots == NULL)
		return -ENOMEM;
	t->slot_count = slots_for(capacity);
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
