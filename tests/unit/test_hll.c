/* Estimates against the truth, at every size; a fixed key, so the same every time. */
#include "daemon/base/hll.h"

#include "daemon/base/hash.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool
add(struct hll *h, uint64_t key, uint64_t thing)
{
	struct hash_key k = { { key, 7 } };

	return hll_add(h, hash_words(&k, &thing, 1));
}

static double
error_of(const struct hll *h, uint64_t truth)
{
	return fabs((double)hll_estimate(h) / (double)truth - 1);
}

static void
an_empty_sketch_says_none(void **state)
{
	struct hll h = { 0 };

	(void)state;
	assert_int_equal(hll_estimate(&h), 0);
}

static void
a_few_are_counted_exactly(void **state)
{
	struct hll h = { 0 };

	(void)state;
	for (uint64_t i = 1; i <= 10; i++) {
		assert_true(add(&h, 1, i));
		assert_int_equal(hll_estimate(&h), i);
	}
}

static void
what_was_seen_changes_nothing(void **state)
{
	struct hll h = { 0 };

	(void)state;
	for (uint64_t i = 0; i < 5000; i++)
		(void)add(&h, 1, i);
	struct hll before = h;
	for (uint64_t i = 0; i < 5000; i++)
		assert_false(add(&h, 1, i));
	assert_memory_equal(&h, &before, sizeof(h));
}

static void
every_size_is_within_three_percent(void **state)
{
	static struct hll h;

	(void)state;
	for (uint64_t key = 1; key <= 4; key++) {
		uint64_t check = 100;
		memset(&h, 0, sizeof(h));
		for (uint64_t i = 1; i <= 1000000; i++) {
			(void)add(&h, key, i);
			if (i != check)
				continue;
			if (error_of(&h, i) > 0.03)
				fail_msg(
					"%f wrong at %llu", error_of(&h, i), (unsigned long long)i);
			check += check / 8;
		}
		assert_true(error_of(&h, 1000000) < 0.03);
	}
}

static void
the_spread_is_what_is_promised(void **state)
{
	static struct hll h;
	double squares = 0;

	(void)state;
	for (uint64_t key = 1; key <= 100; key++) {
		memset(&h, 0, sizeof(h));
		for (uint64_t i = 1; i <= 30000; i++)
			(void)add(&h, key, i);
		squares += error_of(&h, 30000) * error_of(&h, 30000);
	}
	double deviation = sqrt(squares / 100);
	assert_true(deviation > 0.006 && deviation < 0.0105);
}

static void
the_longest_runs_are_told_apart(void **state)
{
	struct hll h = { 0 };

	(void)state;
	assert_true(hll_add(&h, UINT64_C(1) << HLL_BITS)); /* the last bit: rank 50 */
	assert_int_equal(h.with_rank[HLL_RANK_MAX - 1], 1);
	assert_true(hll_add(&h, 0)); /* no bit at all: 51, of the same register */
	assert_int_equal(h.with_rank[HLL_RANK_MAX - 1], 0);
	assert_int_equal(h.with_rank[HLL_RANK_MAX], 1);
	assert_int_equal(h.used, 1);
	assert_true(hll_add(&h, ~UINT64_C(0))); /* rank 1 of the last register */
	assert_int_equal(h.with_rank[1], 1);
	assert_int_equal(h.used, 2);
}

/* Ranks lie across bytes: each must come back, and leave its neighbours alone. */
static void
neighbours_do_not_touch(void **state)
{
	static struct hll h;

	(void)state;
	for (uint64_t place = 0; place < HLL_REGISTERS; place++)
		assert_true(hll_add(&h, place | UINT64_C(1) << (HLL_BITS + place % 50)));
	for (uint64_t place = 0; place < HLL_REGISTERS; place++) {
		assert_false(hll_add(&h, place | UINT64_C(1) << (HLL_BITS + place % 50)));
		if (place % 50 > 0)
			assert_true(
				hll_add(&h, place | UINT64_C(1) << (HLL_BITS + place % 50 - 1)));
	}
	assert_int_equal(h.used, HLL_REGISTERS);
}

static void
a_sketch_at_its_end_still_says_a_number(void **state)
{
	static struct hll h;

	(void)state;
	for (uint64_t i = 0; i < HLL_REGISTERS / 2; i++)
		(void)hll_add(&h, i);
	for (uint64_t i = HLL_REGISTERS / 2; i < HLL_REGISTERS; i++)
		(void)hll_add(&h, i | UINT64_C(1) << HLL_BITS);
	assert_true(hll_estimate(&h) > UINT64_C(1) << 60);
}

/* Against algorithm 6 of the paper, worked out apart from this code. */
static void
registers_at_their_end_count_for_more(void **state)
{
	static struct hll h;

	(void)state;
	for (uint64_t i = 0; i < HLL_REGISTERS; i++)
		(void)hll_add(&h, i < HLL_REGISTERS / 2 ? i : i | UINT64_C(1) << (HLL_BITS + 5));
	assert_true(fabs((double)hll_estimate(&h) / 8.239362965177061e17 - 1) < 1e-9);
	memset(&h, 0, sizeof(h));
	for (uint64_t i = 0; i < HLL_REGISTERS; i++)
		(void)hll_add(&h, i);
	assert_int_equal(hll_estimate(&h), INT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_sketch_says_none),
		cmocka_unit_test(a_few_are_counted_exactly),
		cmocka_unit_test(what_was_seen_changes_nothing),
		cmocka_unit_test(every_size_is_within_three_percent),
		cmocka_unit_test(the_spread_is_what_is_promised),
		cmocka_unit_test(the_longest_runs_are_told_apart),
		cmocka_unit_test(neighbours_do_not_touch),
		cmocka_unit_test(registers_at_their_end_count_for_more),
		cmocka_unit_test(a_sketch_at_its_end_still_says_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
