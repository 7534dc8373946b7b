/* test_dn.c -- attributes of distinguished names. */
#include "daemon/base/dn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char room[16];

static void
an_attribute_is_found_wherever_it_stands(void **state)
{
	(void)state;
	assert_true(dn_value("CN=a.com,O=A,C=US", "CN", room, sizeof(room)));
	assert_string_equal(room, "a.com");
	assert_true(dn_value("CN=a.com,O=A,C=US", "C", room, sizeof(room)));
	assert_string_equal(room, "US");
	assert_true(dn_value("C=US, O=A, CN=b", "CN", room, sizeof(room)));
	assert_string_equal(room, "b");
	assert_true(dn_value("CN=first,CN=second", "CN", room, sizeof(room)));
	assert_string_equal(room, "first");
}

static void
what_is_not_there_is_empty(void **state)
{
	static const char *const names[] = { "", ",", "CN", "XCN=a", "CNX=a", "O=CN", "O=a\\,CN=b",
		"cn=a", "O=a\\" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		room[0] = 'x';
		assert_false(dn_value(names[i], "CN", room, sizeof(room)));
		assert_string_equal(room, "");
	}
	assert_true(dn_value("CN=", "CN", room, sizeof(room)));
	assert_string_equal(room, "");
}

static void
what_was_escaped_is_put_back_and_what_is_too_long_cut(void **state)
{
	(void)state;
	assert_true(dn_value("O=A\\, \\\"B\\\",C=x", "O", room, sizeof(room)));
	assert_string_equal(room, "A, \"B\"");
	assert_true(dn_value("O=A\\", "O", room, sizeof(room)));
	assert_string_equal(room, "A\\");
	assert_true(dn_value("O=abcdefgh,C=x", "O", room, 5));
	assert_string_equal(room, "abcd");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_attribute_is_found_wherever_it_stands),
		cmocka_unit_test(what_is_not_there_is_empty),
		cmocka_unit_test(what_was_escaped_is_put_back_and_what_is_too_long_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
