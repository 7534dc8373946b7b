/* Exact to the end of the set, an estimate after it, and nothing moves without room. */
#include "daemon/base/addr_tally.h"

#include "daemon/base/arena.h"
#include "daemon/base/hash.h"
#include "daemon/base/hll.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct hash_key key = { { 3, 4 } };

static struct addr
host(uint32_t i)
{
	return addr_v4(10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i);
}

static void
add(struct addr_tally *t, const struct addr_tally_room *room, uint32_t first, uint32_t end)
{
	for (uint32_t i = first; i < end; i++) {
		struct addr a = host(i);
		(void)addr_tally_add(t, room, &a);
	}
}

static struct addr_tally_room
room_in(struct arena *memory)
{
	arena_init(memory, 1 << 20, NULL);
	return (struct addr_tally_room){
		.memory = memory, .sketch_key = &key, .few_max = 100, .may_sketch = true
	};
}

static void
the_set_counts_exactly_to_its_end(void **state)
{
	struct arena memory;
	struct addr_tally_room room = room_in(&memory);
	struct addr_tally t = { 0 };

	(void)state;
	add(&t, &room, 0, 100);
	add(&t, &room, 0, 100);
	assert_int_equal(t.count, 100);
	assert_false(addr_tally_is_estimate(&t));
	add(&t, &room, 100, 101);
	assert_int_equal(t.count, 101);
	assert_true(addr_tally_is_estimate(&t));
	add(&t, &room, 0, 101); /* those of the set are not counted again by the sketch */
	assert_int_equal(t.count, 101);
	arena_done(&memory);
}

static void
the_sketch_goes_on_within_three_percent(void **state)
{
	struct arena memory;
	struct addr_tally_room room = room_in(&memory);
	struct addr_tally t = { 0 };

	(void)state;
	add(&t, &room, 0, 300000);
	assert_in_range(t.count, 291000, 309000);
	uint64_t before = t.count;
	size_t used = memory.used_bytes;
	add(&t, &room, 0, 300000);
	assert_int_equal(t.count, before);
	assert_int_equal(memory.used_bytes, used);
	arena_done(&memory);
}

static void
growth_is_told(void **state)
{
	struct arena memory;
	struct addr_tally_room room = room_in(&memory);
	struct addr_tally t = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 20000; i++) {
		struct addr a = host(i);
		uint64_t before = t.count;
		bool grew = addr_tally_add(&t, &room, &a);
		assert_int_equal(grew, t.count > before);
	}
	arena_done(&memory);
}

static void
without_leave_or_memory_for_a_sketch_the_count_stands_still(void **state)
{
	struct arena memory;
	struct addr_tally_room room = room_in(&memory);
	struct addr_tally t = { 0 };

	(void)state;
	room.may_sketch = false;
	add(&t, &room, 0, 200);
	assert_int_equal(t.count, 100);
	room.may_sketch = true;
	memory.cap_bytes = memory.used_bytes;
	add(&t, &room, 0, 200);
	assert_int_equal(t.count, 100);
	memory.cap_bytes = memory.used_bytes + sizeof(struct hll) + 16;
	add(&t, &room, 0, 200);
	assert_in_range(t.count, 199, 201);
	room.may_sketch = false; /* it is there, and used */
	add(&t, &room, 200, 300);
	assert_in_range(t.count, 297, 303);
	arena_done(&memory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_set_counts_exactly_to_its_end),
		cmocka_unit_test(the_sketch_goes_on_within_three_percent),
		cmocka_unit_test(growth_is_told),
		cmocka_unit_test(without_leave_or_memory_for_a_sketch_the_count_stands_still),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
