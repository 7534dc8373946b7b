#include "daemon/base/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
the_last_item_is_the_last(void **state)
{
	struct pool p;
	uint8_t *item[3];

	(void)state;
	assert_int_equal(pool_init(&p, 24, 3), 0);
	for (uint32_t i = 0; i < 3; i++) {
		item[i] = pool_take(&p);
		assert_ptr_equal(item[i], pool_at(&p, i));
		assert_int_equal(pool_index(&p, item[i]), i);
		assert_int_equal(p.used, i + 1);
	}
	assert_int_equal(item[1] - item[0], 24);
	assert_null(pool_take(&p));
	assert_int_equal(p.used, 3);
	pool_give(&p, item[1]);
	assert_int_equal(p.used, 2);
	assert_ptr_equal(pool_take(&p), item[1]);
	assert_null(pool_take(&p));
	pool_done(&p);
}

static void
freed_items_come_back_last_first_and_zeroed(void **state)
{
	static const uint8_t zeros[20] = { 0 };
	struct pool p;
	void *item[4];

	(void)state;
	assert_int_equal(pool_init(&p, 20, 5), 0);
	for (unsigned i = 0; i < 4; i++) {
		item[i] = pool_take(&p);
		assert_memory_equal(item[i], zeros, sizeof(zeros));
		memset(item[i], 0xa5, sizeof(zeros));
	}
	pool_give(&p, item[0]);
	pool_give(&p, item[3]);
	pool_give(&p, item[1]);
	static const unsigned order[] = { 1, 3, 0 };
	for (unsigned i = 0; i < 3; i++) {
		assert_ptr_equal(pool_take(&p), item[order[i]]);
		assert_memory_equal(item[order[i]], zeros, sizeof(zeros));
	}
	assert_ptr_equal(pool_take(&p), pool_at(&p, 4)); /* only then a new one */
	pool_done(&p);
}

static void
sizes_are_rounded_up_to_eight(void **state)
{
	static const struct {
		size_t asked;
		size_t given;
	} rows[] = { { 4, 8 }, { 7, 8 }, { 8, 8 }, { 9, 16 }, { 100, 104 } };
	struct pool p;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(pool_init(&p, rows[i].asked, 2), 0);
		assert_int_equal(p.item_size, rows[i].given);
		uint8_t *first = pool_take(&p);
		uint8_t *second = pool_take(&p);
		memset(second, 0xff, rows[i].asked);
		memset(first, 0x00, rows[i].asked);
		assert_int_equal(second[0], 0xff);
		pool_done(&p);
	}
}

static void
every_item_of_many_pages_can_be_written(void **state)
{
	enum { ITEMS = 5000 };
	struct pool p;

	(void)state;
	assert_int_equal(pool_init(&p, 24, ITEMS), 0);
	for (unsigned i = 0; i < ITEMS; i++)
		memset(pool_take(&p), (int)(i % 251), 24);
	assert_null(pool_take(&p));
	for (unsigned i = 0; i < ITEMS; i++)
		assert_int_equal(*(uint8_t *)pool_at(&p, i), i % 251);
	pool_done(&p);
}

static void
an_empty_pool_can_be_done_twice(void **state)
{
	struct pool p = { 0 };

	(void)state;
	pool_done(&p);
	assert_int_equal(pool_init(&p, 8, 1), 0);
	pool_done(&p);
	assert_null(p.region);
	pool_done(&p);
}

enum { CAPACITY = 50, ITEM_WORDS = 3, STEPS = 20000 };

/* Items out, with what was written into them. */
struct model {
	uint64_t *item[CAPACITY];
	uint64_t mark[CAPACITY];
	unsigned count;
};

static void
model_take(struct model *m, struct pool *p, uint64_t mark)
{
	uint64_t *item = pool_take(p);

	assert_int_equal(item == NULL, m->count == CAPACITY);
	if (item == NULL)
		return;
	for (unsigned i = 0; i < ITEM_WORDS; i++) {
		assert_true(item[i] == 0);
		item[i] = mark;
	}
	m->item[m->count] = item;
	m->mark[m->count++] = mark;
}

static void
model_give(struct model *m, struct pool *p, unsigned which)
{
	if (m->count == 0)
		return;
	which %= m->count;
	for (unsigned i = 0; i < ITEM_WORDS; i++)
		assert_true(m->item[which][i] == m->mark[which]);
	pool_give(p, m->item[which]);
	m->count--;
	m->item[which] = m->item[m->count];
	m->mark[which] = m->mark[m->count];
}

static void
items_never_share_memory_over_a_long_churn(void **state)
{
	struct pool p;
	struct model m = { .count = 0 };
	uint64_t seed = 0x9001;

	(void)state;
	assert_int_equal(pool_init(&p, ITEM_WORDS * sizeof(uint64_t), CAPACITY), 0);
	for (unsigned step = 1; step <= STEPS; step++) {
		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
		bool filling = step / 500 % 2 == 0; /* up to the cap, down to nothing, and again */
		if ((seed >> 60) < (filling ? 11U : 5U))
			model_take(&m, &p, step);
		else
			model_give(&m, &p, (unsigned)(seed >> 33));
		assert_int_equal(p.used, m.count);
	}
	assert_int_equal(p.touched, CAPACITY);
	while (m.count > 0)
		model_give(&m, &p, 0);
	assert_int_equal(p.used, 0);
	pool_done(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_item_is_the_last),
		cmocka_unit_test(freed_items_come_back_last_first_and_zeroed),
		cmocka_unit_test(sizes_are_rounded_up_to_eight),
		cmocka_unit_test(every_item_of_many_pages_can_be_written),
		cmocka_unit_test(an_empty_pool_can_be_done_twice),
		cmocka_unit_test(items_never_share_memory_over_a_long_churn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
