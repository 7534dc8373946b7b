#include "daemon/window/deadline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { CAPACITY = 200 };

static void
equal_times_fire_in_the_order_of_asking(void **state)
{
	struct deadline_queue q;
	struct deadline d[8] = { 0 };

	(void)state;
	assert_int_equal(deadline_queue_init(&q, 8), 0);
	for (int i = 0; i < 8; i++)
		assert_true(deadline_add(&q, &d[i], i < 4 ? 20 : 10));
	for (int i = 0; i < 8; i++)
		assert_ptr_equal(deadline_pop_due(&q, 100), &d[(i + 4) % 8]);
	assert_null(deadline_pop_due(&q, UINT64_MAX));
	deadline_queue_done(&q);
}

static void
nothing_fires_before_its_time(void **state)
{
	struct deadline_queue q;
	struct deadline d = { 0 };

	(void)state;
	assert_int_equal(deadline_queue_init(&q, 1), 0);
	assert_true(deadline_next_ns(&q) == UINT64_MAX);
	assert_null(deadline_next(&q));
	assert_true(deadline_add(&q, &d, 50));
	assert_ptr_equal(deadline_next(&q), &d);
	assert_int_equal(deadline_next_ns(&q), 50);
	assert_null(deadline_pop_due(&q, 49));
	assert_ptr_equal(deadline_pop_due(&q, 50), &d);
	assert_int_equal(d.place, 0);
	deadline_queue_done(&q);
}

static void
a_full_queue_refuses(void **state)
{
	struct deadline_queue q;
	struct deadline d[3] = { 0 };

	(void)state;
	assert_int_equal(deadline_queue_init(&q, 2), 0);
	assert_true(deadline_add(&q, &d[0], 1));
	assert_true(deadline_add(&q, &d[1], 2));
	assert_false(deadline_add(&q, &d[2], 3));
	assert_int_equal(d[2].place, 0);
	deadline_drop(&q, &d[2]); /* one that is not in */
	deadline_drop(&q, &d[0]);
	assert_true(deadline_add(&q, &d[2], 3));
	deadline_queue_done(&q);
}

/* Adds, drops and pops at random against a plain array that is searched for its least. */
static void
behaves_like_a_searched_array(void **state)
{
	struct deadline_queue q;
	struct deadline d[CAPACITY] = { 0 };
	uint32_t seed = 7;

	(void)state;
	assert_int_equal(deadline_queue_init(&q, CAPACITY), 0);
	for (int step = 0; step < 40000; step++) {
		seed = seed * 1664525 + 1013904223;
		struct deadline *one = &d[(seed >> 8) % CAPACITY];
		uint32_t action = seed >> 30;
		if (one->place == 0 && action != 0) {
			assert_true(deadline_add(&q, one, (seed >> 4) % 64));
		} else if (action == 1) {
			deadline_drop(&q, one);
			assert_int_equal(one->place, 0);
		} else if (action == 0) {
			const struct deadline *least = NULL;
			for (int i = 0; i < CAPACITY; i++)
				if (d[i].place != 0 &&
					(least == NULL || d[i].at_ns < least->at_ns ||
						(d[i].at_ns == least->at_ns &&
							d[i].order < least->order)))
					least = &d[i];
			assert_ptr_equal(deadline_pop_due(&q, UINT64_MAX), least);
		}
	}
	deadline_queue_done(&q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_times_fire_in_the_order_of_asking),
		cmocka_unit_test(nothing_fires_before_its_time),
		cmocka_unit_test(a_full_queue_refuses),
		cmocka_unit_test(behaves_like_a_searched_array),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
