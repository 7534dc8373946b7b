#include "exporters/episode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
a_trouble_is_said_at_its_1st_2nd_4th_and_8th_time(void **state)
{
	static const bool said[] = { true, true, false, true, false, false, false, true, false };
	struct episode e = { 0 };

	(void)state;
	assert_false(episode_end(&e)); /* there was none */
	for (unsigned i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		assert_int_equal(episode_begin(&e), said[i]);
		assert_false(episode_begin(&e)); /* it lasts */
		assert_int_equal(episode_end(&e), said[i]);
		assert_false(episode_end(&e));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trouble_is_said_at_its_1st_2nd_4th_and_8th_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
