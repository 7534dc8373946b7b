/*
 * wheel.h -- who is due when: one list of items for each second of the next hour and more.
 *
 * Filing, taking out and finding the next occupied second cost a few loads, whatever the number of
 * items: a bitmap says which slots have a list, a word says which words of the bitmap have a bit. A
 * jump of the clock costs one look at each occupied slot, however far it goes. An item that is due
 * later than WHEEL_SLOTS seconds from now is filed under the last second there is; its owner looks
 * at it then and files it again.
 *
 * Items live in a pool and are linked by index. What is due in the same second comes out in the
 * order in which it was filed.
 */
#pragma once

#include "daemon/base/pool.h"

#include <stddef.h>
#include <stdint.h>

enum { WHEEL_SLOTS = 4096, WHEEL_WORDS = WHEEL_SLOTS / 64 };

/* Part of each item. */
struct wheel_link {
	uint32_t next, previous; /* item indices; a slot's list is a ring */
};

struct wheel {
	const struct pool *items;
	size_t link_offset;
	uint64_t now_s; /* every item is filed under a second in [now_s, now_s + SLOTS) */
	uint64_t words; /* bit w: occupied[w] is not zero */
	uint64_t occupied[WHEEL_WORDS];
	uint32_t head[WHEEL_SLOTS]; /* item index + 1; 0 is an empty slot */
};

/*
 * Make an empty wheel.
 *
 * items        borrowed for the wheel's life
 * link_offset  of the struct wheel_link in an item
 */
void wheel_init(struct wheel *w, const struct pool *items, size_t link_offset);

/*
 * File an item that is not filed.
 *
 * second   since the epoch; one that has passed counts as the next one, one that is too far as the
 *          last one
 * now_s    the caller's clock: where an empty wheel starts from
 * returns  the slot, which the caller keeps for wheel_remove()
 */
uint16_t wheel_add(struct wheel *w, void *item, uint64_t second, uint64_t now_s);

/* Take out an item that wheel_add() filed under `slot`. */
void wheel_remove(struct wheel *w, void *item, uint16_t slot);

/* The first second at which anything is filed; UINT64_MAX when nothing is. */
uint64_t wheel_next_s(const struct wheel *w);

/* The second that an occupied `slot` stands for. */
uint64_t wheel_slot_s(const struct wheel *w, uint16_t slot);

/* The item that is due first, without taking it out; NULL when there is none. */
void *wheel_first(const struct wheel *w);

/*
 * Take out the item that is due first, if that is at or before `until_s`; time moves to its second.
 *
 * returns  NULL when nothing is due by then: time has moved to `until_s`
 */
void *wheel_take(struct wheel *w, uint64_t until_s);
