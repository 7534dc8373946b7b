#include "daemon/loop/now.h"

#include "daemon/base/time_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

static void
both_clocks_say_nanoseconds(void **state)
{
	struct timespec wait = { .tv_nsec = 2000000 };
	uint64_t first = now_monotonic_ns();

	(void)state;
	assert_int_equal(nanosleep(&wait, NULL), 0);
	assert_in_range(now_monotonic_ns() - first, 2000000, 60 * NS_PER_S);
	uint64_t seconds = (uint64_t)time(NULL);
	assert_in_range(now_wall_ns() / NS_PER_S, seconds, seconds + 60);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_clocks_say_nanoseconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
