#include "daemon/proto/bencode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Is the whole text one value? */
static bool
is_value(const char *text)
{
	struct cursor c = cursor_over(text, strlen(text));

	return bencode_skip(&c) && cursor_left(&c) == 0;
}

static void
values_are_stepped_over(void **state)
{
	static const char *const values[] = { "i0e", "i-17e", "0:", "3:abc", "le", "de",
		"l3:abci1ee", "d1:ai1e1:bl2:xyee", "llllllleeeeeee", "llllllll1:aeeeeeeee" };
	static const char *const others[] = { "", "i", "i1", "ixe", "3:ab", "abc", "l", "d1:a", "e",
		"999999:a", "3", "lllllllll1:aeeeeeeeee", "i0000000000000000000000000e" };

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		assert_true(is_value(values[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(is_value(others[i]));
}

static void
keys_are_found(void **state)
{
	static const char text[] = "d1:ad2:id3:xyze1:q4:ping1:zi1ee";
	struct cursor c = cursor_over(text, sizeof(text) - 1);
	struct cursor value;
	struct cursor string;

	(void)state;
	assert_true(bencode_find(c, "q", &value));
	assert_true(bencode_string(&value, &string));
	assert_int_equal(cursor_left(&string), 4);
	assert_memory_equal(string.at, "ping", 4);
	assert_true(bencode_find(c, "a", &value));
	assert_true(bencode_find(value, "id", &value));
	assert_false(bencode_find(c, "id", &value));
	assert_false(bencode_find(c, "x", &value));
	assert_false(bencode_find(cursor_over("l1:a1:be", 8), "a", &value));
	assert_false(bencode_find(cursor_over("d1:a1", 5), "b", &value));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_stepped_over),
		cmocka_unit_test(keys_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
