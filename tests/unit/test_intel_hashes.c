#include "daemon/intel/intel_hashes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
what_is_put_is_found_up_to_the_last(void **state)
{
	struct intel_hashes h;

	(void)state;
	assert_int_equal(intel_hashes_init(&h, 1000), 0);
	for (uint64_t i = 0; i < 1000; i++) {
		uint32_t *place = intel_hashes_put(&h, i << 54 | i);
		assert_non_null(place);
		assert_int_equal(*place, 0);
		*place = (uint32_t)i + 1;
	}
	assert_null(intel_hashes_put(&h, UINT64_MAX)); /* full */
	assert_non_null(intel_hashes_put(&h, 5ULL << 54 | 5));
	assert_int_equal(h.count, 1000);
	for (uint64_t i = 0; i < 1000; i++) {
		assert_int_equal(intel_hashes_find(&h, i << 54 | i), i + 1);
		assert_int_equal(intel_hashes_find(&h, i << 54 | (i + 1000)), 0);
	}
	intel_hashes_done(&h);
}

static void
hashes_of_one_slot_are_kept_apart_round_the_end(void **state)
{
	struct intel_hashes h;

	(void)state;
	assert_int_equal(intel_hashes_init(&h, 4), 0);
	for (uint64_t i = 0; i < 4; i++)
		*intel_hashes_put(&h, UINT64_MAX - i) = (uint32_t)i + 1;
	for (uint64_t i = 0; i < 4; i++)
		assert_int_equal(intel_hashes_find(&h, UINT64_MAX - i), i + 1);
	assert_int_equal(intel_hashes_find(&h, UINT64_MAX - 4), 0);
	intel_hashes_done(&h);
}

static void
a_table_without_room_finds_and_takes_nothing(void **state)
{
	struct intel_hashes h;

	(void)state;
	assert_int_equal(intel_hashes_init(&h, 0), 0);
	assert_null(intel_hashes_put(&h, 1));
	assert_int_equal(intel_hashes_find(&h, 1), 0);
	assert_int_equal(intel_hashes_bytes(0), 0);
	assert_int_equal(intel_hashes_bytes(1000), 1251 * 12);
	intel_hashes_done(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_put_is_found_up_to_the_last),
		cmocka_unit_test(hashes_of_one_slot_are_kept_apart_round_the_end),
		cmocka_unit_test(a_table_without_room_finds_and_takes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
