#include "daemon/base/buddy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { WHOLE_BLOCKS = 8, REGION_BYTES = WHOLE_BLOCKS * BUDDY_MAX_BYTES, STEPS = 30000 };

static size_t
rounded(size_t bytes)
{
	size_t size = BUDDY_MIN_BYTES;

	while (size < bytes)
		size *= 2;
	return size;
}

static void
a_region_is_whole_blocks(void **state)
{
	struct buddy b;

	(void)state;
	assert_int_equal(buddy_init(&b, 3 * BUDDY_MAX_BYTES - 1), 0);
	assert_non_null(buddy_take(&b, BUDDY_MAX_BYTES));
	assert_non_null(buddy_take(&b, BUDDY_MAX_BYTES));
	assert_null(buddy_take(&b, BUDDY_MAX_BYTES));
	assert_null(buddy_take(&b, 1));
	assert_int_equal(b.used_units, b.units);
	buddy_done(&b);
	assert_null(b.region);
	buddy_done(&b);
}

static void
sizes_are_rounded_up_to_powers_of_two(void **state)
{
	static const struct {
		size_t asked;
		uint32_t units;
	} rows[] = { { 1, 1 }, { 512, 1 }, { 513, 2 }, { 1024, 2 }, { 1025, 4 }, { 8192, 16 },
		{ 8193, 32 }, { BUDDY_MAX_BYTES, 32 } };
	struct buddy b;

	(void)state;
	assert_int_equal(buddy_init(&b, REGION_BYTES), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t *block = buddy_take(&b, rows[i].asked);
		assert_non_null(block);
		assert_int_equal(b.used_units, rows[i].units);
		assert_int_equal((size_t)(block - b.region) % ((size_t)rows[i].units * 512), 0);
		buddy_give(&b, block, rows[i].asked);
		assert_int_equal(b.used_units, 0);
	}
	buddy_done(&b);
}

static void
the_region_serves_its_last_unit(void **state)
{
	struct buddy b;
	uint8_t *block[BUDDY_MAX_BYTES / BUDDY_MIN_BYTES];
	enum { UNITS = BUDDY_MAX_BYTES / BUDDY_MIN_BYTES };

	(void)state;
	assert_int_equal(buddy_init(&b, BUDDY_MAX_BYTES), 0);
	for (unsigned i = 0; i < UNITS; i++) {
		block[i] = buddy_take(&b, 512);
		assert_non_null(block[i]);
		memset(block[i], (int)i, 512);
	}
	assert_null(buddy_take(&b, 1));
	for (unsigned i = 0; i < UNITS; i++)
		for (unsigned at = 0; at < 512; at++)
			assert_int_equal(block[i][at], i);
	/* One free unit here and one there are no pair ... */
	buddy_give(&b, block[0], 512);
	buddy_give(&b, block[2], 512);
	assert_null(buddy_take(&b, 1024));
	/* ... and two neighbours that were never one block are none either. */
	buddy_give(&b, block[3], 512);
	buddy_give(&b, block[1], 512);
	buddy_give(&b, block[5], 512);
	buddy_give(&b, block[6], 512);
	assert_non_null(buddy_take(&b, 2048));
	assert_null(buddy_take(&b, 1024));
	buddy_done(&b);
}

static void
memory_is_touched_only_as_far_as_needed(void **state)
{
	struct buddy b;

	(void)state;
	assert_int_equal(buddy_init(&b, REGION_BYTES), 0);
	for (unsigned i = 0; i < 100; i++) {
		void *block = buddy_take(&b, BUDDY_MAX_BYTES);
		buddy_give(&b, block, BUDDY_MAX_BYTES);
	}
	assert_int_equal(b.touched, BUDDY_MAX_BYTES / BUDDY_MIN_BYTES);
	buddy_done(&b);
}

static void
what_was_given_back_last_is_taken_first(void **state)
{
	struct buddy b;
	void *block[BUDDY_READY_MAX + 1];

	(void)state;
	assert_int_equal(buddy_init(&b, REGION_BYTES), 0);
	for (unsigned i = 0; i <= BUDDY_READY_MAX; i++)
		block[i] = buddy_take(&b, 1024);
	for (unsigned i = 0; i < BUDDY_READY_MAX; i++)
		buddy_give(&b, block[i], 1024);
	assert_int_equal(b.ready_count[1], BUDDY_READY_MAX);
	buddy_give(&b, block[BUDDY_READY_MAX], 1024); /* one more merges, if it can */
	assert_int_equal(b.ready_count[1], BUDDY_READY_MAX);
	for (unsigned i = BUDDY_READY_MAX; i-- > 0;)
		assert_ptr_equal(buddy_take(&b, 1024), block[i]);
	assert_int_equal(b.ready_count[1], 0);
	buddy_done(&b);
}

/* The naive model: which unit belongs to which block that is out. */
struct model {
	struct {
		uint8_t *at;
		size_t bytes;
	} block[REGION_BYTES / BUDDY_MIN_BYTES];
	unsigned count;
	uint32_t used_units;
	bool taken[REGION_BYTES / BUDDY_MIN_BYTES];
};

/* Whether an aligned stretch of free units of that size exists: if so, the buddy must serve it. */
static bool
model_has_room(const struct model *m, size_t size)
{
	size_t units = size / BUDDY_MIN_BYTES;

	for (size_t first = 0; first < REGION_BYTES / BUDDY_MIN_BYTES; first += units) {
		size_t i = 0;
		while (i < units && !m->taken[first + i])
			i++;
		if (i == units)
			return true;
	}
	return false;
}

static void
model_mark(struct model *m, const struct buddy *b, const uint8_t *at, size_t size, bool taken)
{
	size_t first = (size_t)(at - b->region) / BUDDY_MIN_BYTES;

	for (size_t i = first; i < first + size / BUDDY_MIN_BYTES; i++) {
		assert_true(i < REGION_BYTES / BUDDY_MIN_BYTES);
		assert_true(m->taken[i] != taken); /* no two blocks share a unit */
		m->taken[i] = taken;
	}
}

static void
model_take(struct model *m, struct buddy *b, size_t bytes)
{
	size_t size = rounded(bytes);
	uint8_t *at = buddy_take(b, bytes);

	assert_int_equal(at != NULL, model_has_room(m, size));
	if (at == NULL)
		return;
	assert_int_equal((size_t)(at - b->region) % size, 0);
	model_mark(m, b, at, size, true);
	memset(at, 0xee, size); /* its owner writes all of it */
	m->block[m->count].at = at;
	m->block[m->count++].bytes = bytes;
	m->used_units += (uint32_t)(size / BUDDY_MIN_BYTES);
}

static void
model_give(struct model *m, struct buddy *b, unsigned which)
{
	if (m->count == 0)
		return;
	which %= m->count;
	size_t size = rounded(m->block[which].bytes);
	for (size_t i = 0; i < size; i += 64)
		assert_int_equal(m->block[which].at[i], 0xee);
	model_mark(m, b, m->block[which].at, size, false);
	buddy_give(b, m->block[which].at, m->block[which].bytes);
	m->used_units -= (uint32_t)(size / BUDDY_MIN_BYTES);
	m->block[which] = m->block[--m->count];
}

static void
a_long_churn_never_overlaps_and_merges_back(void **state)
{
	struct buddy b;
	static struct model m;
	uint64_t seed = 0xb0ddee;
	unsigned refused = 0;

	(void)state;
	assert_int_equal(buddy_init(&b, REGION_BYTES), 0);
	for (unsigned step = 0; step < STEPS; step++) {
		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
		size_t bytes = ((size_t)(seed >> 40) % BUDDY_MAX_BYTES + 1) >> (seed >> 33 & 7);
		bool filling = step / 1000 % 2 == 0;
		unsigned count = m.count;
		if ((seed >> 60) < (filling ? 11U : 5U)) {
			model_take(&m, &b, bytes == 0 ? 1 : bytes);
			refused += m.count == count;
		} else {
			model_give(&m, &b, (unsigned)(seed >> 33));
		}
		assert_int_equal(b.used_units, m.used_units);
	}
	assert_true(refused > 100); /* the end was reached */
	while (m.count > 0)
		model_give(&m, &b, m.count / 2);
	for (unsigned i = 0; i < WHOLE_BLOCKS; i++)
		model_take(&m, &b, BUDDY_MAX_BYTES); /* everything has become whole again */
	assert_int_equal(m.count, WHOLE_BLOCKS);
	buddy_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_region_is_whole_blocks),
		cmocka_unit_test(sizes_are_rounded_up_to_powers_of_two),
		cmocka_unit_test(the_region_serves_its_last_unit),
		cmocka_unit_test(memory_is_touched_only_as_far_as_needed),
		cmocka_unit_test(what_was_given_back_last_is_taken_first),
		cmocka_unit_test(a_long_churn_never_overlaps_and_merges_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
