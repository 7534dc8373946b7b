#include "daemon/base/wheel.h"

#include <assert.h>
#include <string.h>

static struct wheel_link *
link_at(const struct wheel *w, uint32_t index)
{
	return (struct wheel_link *)(void *)((uint8_t *)pool_at(w->items, index) + w->link_offset);
}

void
wheel_init(struct wheel *w, const struct pool *items, size_t link_offset)
{
	memset(w, 0, sizeof(*w));
	w->items = items;
	w->link_offset = link_offset;
}

static void
slot_mark(struct wheel *w, uint16_t slot)
{
	w->occupied[slot / 64] |= UINT64_C(1) << slot % 64;
	w->words |= UINT64_C(1) << slot / 64;
}

static void
slot_clear(struct wheel *w, uint16_t slot)
{
	w->occupied[slot / 64] &= ~(UINT64_C(1) << slot % 64);
	if (w->occupied[slot / 64] == 0)
		w->words &= ~(UINT64_C(1) << slot / 64);
}

uint16_t
wheel_add(struct wheel *w, void *item, uint64_t second, uint64_t now_s)
{
	if (w->words == 0)
		w->now_s = now_s;
	if (second <= w->now_s)
		second = w->now_s + 1;
	if (second - w->now_s >= WHEEL_SLOTS)
		second = w->now_s + WHEEL_SLOTS - 1;

	uint16_t slot = (uint16_t)(second % WHEEL_SLOTS);
	uint32_t index = pool_index(w->items, item);
	struct wheel_link *link = link_at(w, index);
	if (w->head[slot] == 0) {
		*link = (struct wheel_link){ .next = index, .previous = index };
		w->head[slot] = index + 1;
		slot_mark(w, slot);
		return slot;
	}
	uint32_t first = w->head[slot] - 1;
	struct wheel_link *head = link_at(w, first);
	*link = (struct wheel_link){ .next = first, .previous = head->previous };
	link_at(w, head->previous)->next = index;
	head->previous = index;
	return slot;
}

void
wheel_remove(struct wheel *w, void *item, uint16_t slot)
{
	uint32_t index = pool_index(w->items, item);
	struct wheel_link *link = link_at(w, index);

	assert(w->head[slot] != 0);
	if (link->next == index) {
		w->head[slot] = 0;
		slot_clear(w, slot);
		return;
	}
	link_at(w, link->previous)->next = link->next;
	link_at(w, link->next)->previous = link->previous;
	if (w->head[slot] == index + 1)
		w->head[slot] = link->next + 1;
}

/* The lowest bit of `bits`, which is not zero. */
static uint16_t
lowest(uint64_t bits)
{
	return (uint16_t)__builtin_ctzll(bits);
}

/* The first occupied slot in the order of time; the wheel is not empty. */
static uint16_t
slot_first(const struct wheel *w)
{
	uint16_t from = (uint16_t)(w->now_s % WHEEL_SLOTS);
	uint16_t word = from / 64;
	uint64_t here = w->occupied[word] & ~UINT64_C(0) << from % 64;

	if (here != 0)
		return (uint16_t)(word * 64 + lowest(here));
	/* The words after this one, then those before it, then what precedes `from` in its own. */
	uint64_t after = word == 63 ? 0 : w->words & ~UINT64_C(0) << (word + 1);
	uint16_t found = lowest(after != 0 ? after : w->words);
	return (uint16_t)(found * 64 + lowest(w->occupied[found]));
}

uint64_t
wheel_slot_s(const struct wheel *w, uint16_t slot)
{
	uint64_t from = w->now_s % WHEEL_SLOTS;

	return w->now_s + (slot + WHEEL_SLOTS - from) % WHEEL_SLOTS;
}

uint64_t
wheel_next_s(const struct wheel *w)
{
	return w->words == 0 ? UINT64_MAX : wheel_slot_s(w, slot_first(w));
}

void *
wheel_first(const struct wheel *w)
{
	return w->words == 0 ? NULL : pool_at(w->items, w->head[slot_first(w)] - 1);
}

void *
wheel_take(struct wheel *w, uint64_t until_s)
{
	uint64_t next_s = wheel_next_s(w);

	if (next_s > until_s) {
		if (until_s > w->now_s)
			w->now_s = until_s;
		return NULL;
	}
	w->now_s = next_s;
	uint16_t slot = (uint16_t)(next_s % WHEEL_SLOTS);
	void *item = pool_at(w->items, w->head[slot] - 1);
	wheel_remove(w, item, slot);
	/* Whoever takes one will soon want the one after the next. */
	if (w->head[slot] != 0)
		pool_prefetch(w->items, link_at(w, w->head[slot] - 1)->next, w->items->item_size);
	return item;
}
