#include "viewer/key_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
characters_are_keys(void **state)
{
	const char *text = "jé世😀>";
	struct key_event e;
	static const int keys[] = { 'j', 0xe9, 0x4e16, 0x1f600, '>' };

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		assert_true(key_text_read(&text, &e));
		assert_int_equal(e.key, keys[i]);
	}
	assert_false(key_text_read(&text, &e));
	assert_string_equal(text, "");
}

static void
other_keys_have_names(void **state)
{
	const char *text =
		"<Enter><Esc><Tab><BackTab><Up><Down><Left><Right><PgUp><PgDn><Home><End><BS>"
		"<WheelUp><WheelDown><lt><C-a><C-z>x";
	static const int keys[] = { PRESS_ENTER, PRESS_ESCAPE, PRESS_TAB, PRESS_BACK_TAB, PRESS_UP,
		PRESS_DOWN, PRESS_LEFT, PRESS_RIGHT, PRESS_PAGE_UP, PRESS_PAGE_DOWN, PRESS_HOME,
		PRESS_END, PRESS_BACKSPACE, PRESS_WHEEL_UP, PRESS_WHEEL_DOWN, '<', 1, 26, 'x' };
	struct key_event e;

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		assert_true(key_text_read(&text, &e));
		assert_int_equal(e.key, keys[i]);
	}
	assert_string_equal(text, "");
}

static void
a_click_has_a_place(void **state)
{
	const char *text = "<Click 3 10><Click 0 7>";
	struct key_event e;

	(void)state;
	assert_true(key_text_read(&text, &e));
	assert_int_equal(e.key, PRESS_CLICK);
	assert_int_equal(e.row, 3);
	assert_int_equal(e.column, 10);
	assert_true(key_text_read(&text, &e));
	assert_int_equal(e.row, 0);
	assert_int_equal(e.column, 7);
}

static void
what_is_no_key_is_left_where_it_is(void **state)
{
	static const char *const wrong[] = { "<", "<Enter", "<>", "<Nothing>", "<C-A>", "<C-ab>",
		"<C->", "<Click>", "<Click 1>", "<Click 1 2 3>", "\xff", "\xe4\xb8",
		"<A name that is far too long for any key>", "" };
	struct key_event e;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *text = wrong[i];

		assert_false(key_text_read(&text, &e));
		assert_ptr_equal(text, wrong[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_are_keys),
		cmocka_unit_test(other_keys_have_names),
		cmocka_unit_test(a_click_has_a_place),
		cmocka_unit_test(what_is_no_key_is_left_where_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
