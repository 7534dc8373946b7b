#include "exporters/redis/redis_flight.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static uint64_t
fly(struct redis_flight *f, int64_t number)
{
	return redis_flight_add(
		f, (struct redis_flying){ .what = REDIS_FLOWN_WINDOW, .number = number });
}

static void
it_holds_so_many_and_lands_them_in_order(void **state)
{
	struct redis_flight *f = calloc(1, sizeof(*f));
	uint64_t first = 0;
	(void)state;

	for (int turn = 0; turn < 2; turn++) {
		first = f->next;
		for (int64_t n = 0; n < REDIS_FLIGHT_MAX - turn; n++) {
			assert_true(redis_flight_has_room(f));
			(void)fly(f, n);
		}
		assert_int_equal(redis_flight_has_room(f), turn == 1);
		for (int64_t n = 0; n < REDIS_FLIGHT_MAX - turn; n++)
			assert_int_equal(redis_flight_land(f, first + (uint64_t)n)->number, n);
		assert_int_equal(redis_flight_count(f), 0);
	}
	free(f);
}

static void
marks_of_before_and_of_nobody_land_nothing(void **state)
{
	struct redis_flight *f = calloc(1, sizeof(*f));
	const uint64_t before = fly(f, 1);
	(void)state;

	redis_flight_lost(f);
	const uint64_t after = fly(f, 2);
	assert_null(redis_flight_land(f, before));
	assert_null(redis_flight_land(f, after + 1));
	assert_int_equal(redis_flight_count(f), 1);
	assert_int_equal(redis_flight_land(f, after)->number, 2);
	assert_null(redis_flight_land(f, after));
	free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_holds_so_many_and_lands_them_in_order),
		cmocka_unit_test(marks_of_before_and_of_nobody_land_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
