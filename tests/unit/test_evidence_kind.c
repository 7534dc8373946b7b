#include "daemon/evidence_kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void
levels_have_the_names_and_values_that_sums_rest_on(void **state)
{
	static const struct {
		const char *name;
		enum threat threat;
		int percent;
	} expected[] = {
		{ "info", THREAT_INFO, 0 },
		{ "low", THREAT_LOW, 20 },
		{ "medium", THREAT_MEDIUM, 50 },
		{ "high", THREAT_HIGH, 80 },
		{ "critical", THREAT_CRITICAL, 100 },
	};

	(void)state;
	assert_int_equal(sizeof(expected) / sizeof(expected[0]), THREAT_COUNT);
	for (size_t i = 0; i < THREAT_COUNT; i++) {
		assert_string_equal(threat_name(expected[i].threat), expected[i].name);
		assert_true(threat_value(expected[i].threat) * 100 == expected[i].percent);
	}
}

static void
every_name_parses_back(void **state)
{
	(void)state;
	for (unsigned i = 0; i < THREAT_COUNT; i++) {
		enum threat t = THREAT_COUNT;

		assert_true(threat_parse(threat_name((enum threat)i), &t));
		assert_int_equal(t, i);
	}
}

static void
other_words_are_refused_and_write_nothing(void **state)
{
	static const char *const wrong[] = { "", "High", "hig", "highh", "high ", "none", "3" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		enum threat t = THREAT_COUNT;

		assert_false(threat_parse(wrong[i], &t));
		assert_int_equal(t, THREAT_COUNT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_have_the_names_and_values_that_sums_rest_on),
		cmocka_unit_test(every_name_parses_back),
		cmocka_unit_test(other_words_are_refused_and_write_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
