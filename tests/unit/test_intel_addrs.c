#include "daemon/intel/intel_addrs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct hash_key key = { { 1, 2 } };

static void
what_is_put_is_found_up_to_the_last(void **state)
{
	struct intel_addrs t;

	(void)state;
	assert_int_equal(intel_addrs_init(&t, 1000, &key), 0);
	for (uint32_t i = 0; i < 1000; i++) {
		uint32_t *place = intel_addrs_put(&t, 0x0a000000 + i);
		assert_non_null(place);
		assert_int_equal(*place, 0);
		*place = i + 1;
	}
	assert_null(intel_addrs_put(&t, 0x0b000000)); /* full */
	assert_int_equal(*intel_addrs_put(&t, 0x0a000005), 6);
	assert_int_equal(t.count, 1000);
	for (uint32_t i = 0; i < 1000; i++) {
		assert_int_equal(intel_addrs_find(&t, 0x0a000000 + i), i + 1);
		assert_int_equal(intel_addrs_find(&t, 0x0b000000 + i), 0);
	}
	intel_addrs_done(&t);
}

static void
the_last_address_is_one_like_others(void **state)
{
	struct intel_addrs t;

	(void)state;
	assert_int_equal(intel_addrs_init(&t, 2, &key), 0);
	assert_int_equal(intel_addrs_find(&t, 0), 0);
	*intel_addrs_put(&t, UINT32_MAX) = 7;
	*intel_addrs_put(&t, 0) = 8;
	assert_int_equal(intel_addrs_find(&t, UINT32_MAX), 7);
	assert_int_equal(intel_addrs_find(&t, 0), 8);
	intel_addrs_done(&t);
}

static void
a_table_without_room_finds_and_takes_nothing(void **state)
{
	struct intel_addrs t;

	(void)state;
	assert_int_equal(intel_addrs_init(&t, 0, &key), 0);
	assert_null(intel_addrs_put(&t, 1));
	assert_int_equal(intel_addrs_find(&t, 1), 0);
	assert_int_equal(intel_addrs_bytes(0), 0);
	assert_int_equal(intel_addrs_bytes(1000), 1251 * 8);
	intel_addrs_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_put_is_found_up_to_the_last),
		cmocka_unit_test(the_last_address_is_one_like_others),
		cmocka_unit_test(a_table_without_room_finds_and_takes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
