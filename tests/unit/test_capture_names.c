#include "daemon/loop/capture/capture_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static uint16_t
number(struct capture_names *n, const char *name, uint32_t place)
{
	return capture_names_number(n, cursor_over((const uint8_t *)name, strlen(name)), place);
}

static void
an_interface_is_known_by_its_name_wherever_it_stands(void **state)
{
	struct capture_names n = { 0 };

	(void)state;
	assert_int_equal(number(&n, "eth0", 0), 0);
	assert_int_equal(number(&n, "eth1", 1), 1);
	assert_int_equal(number(&n, "eth1", 0), 1);
	assert_int_equal(number(&n, "eth0", 7), 0);
	assert_int_equal(number(&n, "eth", 0), 2);
	assert_string_equal(n.names.text[0], "eth0");
	assert_string_equal(n.names.text[1], "eth1");
	assert_string_equal(n.names.text[3], "");
}

static void
without_a_name_it_is_known_by_its_place(void **state)
{
	struct capture_names n = { 0 };

	(void)state;
	assert_int_equal(number(&n, "", 0), 0);
	assert_int_equal(number(&n, "", 1), 1);
	assert_int_equal(number(&n, "eth0", 0), 2);
	assert_int_equal(number(&n, "", 0), 0);
	assert_int_equal(number(&n, "", 1), 1);
	assert_int_equal(number(&n, "", UINT16_MAX - 1), 3);
	assert_int_equal(number(&n, "", UINT16_MAX), 3);
	assert_int_equal(number(&n, "", UINT32_MAX), 3);
	assert_string_equal(n.names.text[0], "");
}

static void
a_name_ends_at_a_nul_or_after_63_bytes(void **state)
{
	struct capture_names n = { 0 };
	char name[INTERFACE_NAME_MAX + 1];

	(void)state;
	assert_int_equal(
		capture_names_number(&n, cursor_over((const uint8_t *)"eth0\0junk", 9), 0), 0);
	assert_string_equal(n.names.text[0], "eth0");
	assert_int_equal(number(&n, "eth0", 0), 0);
	memset(name, 'x', sizeof(name));
	for (size_t length = INTERFACE_NAME_MAX - 2; length <= sizeof(name); length++) {
		uint16_t i =
			capture_names_number(&n, cursor_over((const uint8_t *)name, length), 0);
		assert_int_equal(i, length == INTERFACE_NAME_MAX - 2 ? 1 : 2);
	}
	assert_int_equal(strlen(n.names.text[2]), INTERFACE_NAME_MAX - 1);
}

static void
those_past_the_last_share_it_and_it_loses_its_name(void **state)
{
	struct capture_names n = { 0 };
	char name[16];

	(void)state;
	for (unsigned i = 0; i < INTERFACES_MAX; i++) {
		(void)snprintf(name, sizeof(name), "eth%u", i);
		assert_int_equal(number(&n, name, i), i);
	}
	assert_string_equal(n.names.text[INTERFACES_MAX - 1], "eth31");
	assert_int_equal(number(&n, "one more", 32), INTERFACES_MAX - 1);
	assert_string_equal(n.names.text[INTERFACES_MAX - 1], "");
	assert_int_equal(number(&n, "eth31", 31), INTERFACES_MAX - 1);
	assert_int_equal(number(&n, "", UINT32_MAX), INTERFACES_MAX - 1);
	assert_int_equal(number(&n, "eth30", 30), INTERFACES_MAX - 2);
	assert_int_equal(n.count, INTERFACES_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_interface_is_known_by_its_name_wherever_it_stands),
		cmocka_unit_test(without_a_name_it_is_known_by_its_place),
		cmocka_unit_test(a_name_ends_at_a_nul_or_after_63_bytes),
		cmocka_unit_test(those_past_the_last_share_it_and_it_loses_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
