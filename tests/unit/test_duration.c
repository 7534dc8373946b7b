#include "ctl/duration.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
lengths_are_a_number_and_a_unit(void **state)
{
	static const struct {
		const char *text;
		uint64_t seconds;
	} good[] = { { "0s", 0 }, { "90s", 90 }, { "15m", 900 }, { "2h", 7200 }, { "1d", 86400 },
		{ "4w", 2419200 }, { "36600d", UINT64_C(3162240000) } };
	uint64_t ns = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (!duration_parse(good[i].text, &ns))
			fail_msg("refused: %s", good[i].text);
		assert_true(ns == good[i].seconds * UINT64_C(1000000000));
	}
}

static void
what_is_no_length_is_refused(void **state)
{
	static const char *const bad[] = { "", "s", "15", "m15", "1.5h", "-1h", " 1h", "1h ", "1y",
		"36601d", "18446744073709551615w", "99999999999999999999s", "1ms" };
	uint64_t ns = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (duration_parse(bad[i], &ns))
			fail_msg("taken: %s", bad[i]);
	assert_int_equal(ns, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths_are_a_number_and_a_unit),
		cmocka_unit_test(what_is_no_length_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
