#include "ctl/schema.h"

#include "ctl/case_members.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
each_command_that_has_rows_has_a_schema(void **state)
{
	json_t *all = schema_of(NULL);
	const json_t *each = json_object_get(all, "$defs");
	const struct member_table *t = NULL;
	size_t count = 0;

	(void)state;
	for (; (t = case_members_at(count)) != NULL; count++) {
		json_t *one = schema_of(t->name);

		assert_non_null(json_object_get(each, t->name));
		assert_non_null(json_object_get(one, "$schema"));
		json_decref(one);
	}
	assert_non_null(json_object_get(each, "doctor"));
	assert_int_equal(json_object_size(each), count + 1);
	json_decref(all);
	assert_null(schema_of("reload"));
}

static void
lists_and_single_things_are_told_apart(void **state)
{
	json_t *list = schema_of("evidence");
	json_t *one = schema_of("status");

	(void)state;
	assert_string_equal(json_string_value(json_object_get(list, "type")), "array");
	assert_string_equal(json_string_value(json_object_get(one, "type")), "object");
	json_decref(list);
	json_decref(one);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_command_that_has_rows_has_a_schema),
		cmocka_unit_test(lists_and_single_things_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
