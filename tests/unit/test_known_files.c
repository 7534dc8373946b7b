/* test_known_files.c -- what the files say reaches the engine's plan. */
#include "daemon/loop/known_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
what_is_read_is_lent_to_the_plan(void **state)
{
	struct settings settings = { 0 };
	struct shell_settings shell = { 0 };
	struct engine_plan plan = { .settings = &settings };

	(void)state;
	settings.protocols.trust_store = "";
	struct known_files f = known_files_load(&shell, 0, &plan);
	assert_non_null(f.suffixes);
	assert_ptr_equal(plan.suffixes, f.suffixes);
	assert_null(plan.geo);
	assert_null(plan.vendors);
	assert_null(plan.trust);
	known_files_free(&f);
	assert_null(f.suffixes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_is_lent_to_the_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
