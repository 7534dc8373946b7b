#include "daemon/loop/capture/capture_gap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
assert_gap(struct capture_gaps *g, uint64_t from_ns, uint64_t to_ns, enum capture_state reason)
{
	struct capture_gap gap;

	assert_true(capture_gaps_take(g, &gap));
	assert_int_equal(gap.from_ns, from_ns);
	assert_int_equal(gap.to_ns, to_ns);
	assert_int_equal(gap.reason, reason);
	assert_false(capture_gaps_take(g, &gap));
}

static void
a_gap_is_from_the_last_sure_moment_to_the_next(void **state)
{
	struct capture_gaps g = { .sure_ns = 100 };

	(void)state;
	assert_int_equal(capture_gaps_regain(&g, 200), 0);
	capture_gaps_lose(&g, CAPTURE_DOWN);
	assert_int_equal(capture_gaps_regain(&g, 500), 300);
	assert_gap(&g, 200, 500, CAPTURE_DOWN);
	assert_int_equal(capture_gaps_regain(&g, 600), 0);
	capture_gaps_lose(&g, CAPTURE_GONE);
	assert_int_equal(capture_gaps_regain(&g, 700), 100);
	assert_gap(&g, 600, 700, CAPTURE_GONE);
	assert_int_equal(g.count, 2);
}

static void
one_that_never_captured_is_blind_from_the_start(void **state)
{
	struct capture_gaps g = { .sure_ns = 100 };
	struct capture_gap gap;

	(void)state;
	capture_gaps_lose(&g, CAPTURE_GONE);
	assert_false(capture_gaps_take(&g, &gap)); /* not over */
	assert_int_equal(g.count, 0);
	assert_int_equal(capture_gaps_regain(&g, 900), 800);
	assert_gap(&g, 100, 900, CAPTURE_GONE);
}

static void
a_gap_of_several_reasons_has_the_worst(void **state)
{
	struct capture_gaps g = { .sure_ns = 100 };

	(void)state;
	capture_gaps_lose(&g, CAPTURE_DOWN);
	capture_gaps_lose(&g, CAPTURE_GONE);
	capture_gaps_lose(&g, CAPTURE_DOWN);
	assert_int_equal(capture_gaps_regain(&g, 500), 400);
	assert_gap(&g, 100, 500, CAPTURE_GONE);
	capture_gaps_lose(&g, CAPTURE_DOWN); /* the next one starts anew */
	(void)capture_gaps_regain(&g, 600);
	assert_gap(&g, 500, 600, CAPTURE_DOWN);
}

static void
gaps_that_nobody_took_are_one(void **state)
{
	struct capture_gaps g = { .sure_ns = 100 };

	(void)state;
	capture_gaps_lose(&g, CAPTURE_DOWN);
	(void)capture_gaps_regain(&g, 200);
	capture_gaps_lose(&g, CAPTURE_GONE);
	(void)capture_gaps_regain(&g, 300);
	capture_gaps_lose(&g, CAPTURE_DOWN);
	assert_int_equal(capture_gaps_regain(&g, 400), 100);
	assert_int_equal(g.count, 3);
	assert_gap(&g, 100, 400, CAPTURE_GONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gap_is_from_the_last_sure_moment_to_the_next),
		cmocka_unit_test(one_that_never_captured_is_blind_from_the_start),
		cmocka_unit_test(a_gap_of_several_reasons_has_the_worst),
		cmocka_unit_test(gaps_that_nobody_took_are_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
