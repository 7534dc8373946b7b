#include "viewer/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct model m;

static int
begin(void **state)
{
	(void)state;
	m = (struct model){ .filtering = true };
	return 0;
}

static bool
press(int key)
{
	return filter_key(&m, &(struct key_event){ .key = key });
}

static void
without_a_filter_everything_passes(void **state)
{
	(void)state;
	assert_true(passes(&m, "anything", NULL));
	assert_true(passes(&m, NULL));
}

static void
one_of_the_texts_must_hold_it(void **state)
{
	(void)state;
	(void)strcpy(m.filter, "tcp");
	assert_true(passes(&m, "23/TCP", NULL));
	assert_true(passes(&m, "x", "", "tcp", NULL));
	assert_true(passes(&m, "ttcp", NULL));
	assert_false(passes(&m, "tc", "p", NULL));
	assert_false(passes(&m, "", NULL));
	assert_false(passes(&m, NULL));
}

static void
letters_are_appended_whatever_their_alphabet(void **state)
{
	(void)state;
	assert_true(press('a'));
	assert_true(press(' '));
	assert_true(press('~'));
	assert_true(press(0xe9));
	assert_true(press(0x7ff));
	assert_true(press(0x800));
	assert_true(press(0x4e16));
	assert_true(press(0xffff));
	assert_true(press(0x10000));
	assert_true(press(0x1f600));
	assert_string_equal(m.filter, "a ~é\xdf\xbf\xe0\xa0\x80世\xef\xbf\xbf\xf0\x90\x80\x80😀");
	assert_true(m.filtering);
}

static void
controls_are_no_text(void **state)
{
	(void)state;
	assert_false(press(1));
	assert_false(press(0x1f));
	assert_false(press(0x7f));
	assert_false(press(0x9f));
	assert_true(press(0xa0));
	assert_false(press(PRESS_UP));
	assert_false(press(PRESS_CLICK));
	assert_string_equal(m.filter, "\xc2\xa0");
}

static void
backspace_takes_a_whole_character(void **state)
{
	(void)state;
	(void)strcpy(m.filter, "aé世");
	assert_true(press(PRESS_BACKSPACE));
	assert_string_equal(m.filter, "aé");
	assert_true(press(PRESS_BACKSPACE));
	assert_string_equal(m.filter, "a");
	assert_true(press(PRESS_BACKSPACE));
	assert_true(press(PRESS_BACKSPACE));
	assert_string_equal(m.filter, "");
	(void)strcpy(m.filter, "abc");
	assert_true(press('U' & 0x1f));
	assert_string_equal(m.filter, "");
	assert_true(press('z'));
	assert_string_equal(m.filter, "z");
	assert_true(m.filtering);
}

static void
enter_keeps_it_and_escape_does_not(void **state)
{
	(void)state;
	assert_true(press('a'));
	assert_true(press(PRESS_ENTER));
	assert_false(m.filtering);
	assert_string_equal(m.filter, "a");
	m.filtering = true;
	assert_true(press(PRESS_ESCAPE));
	assert_false(m.filtering);
	assert_string_equal(m.filter, "");
}

static void
it_is_full_at_a_whole_character(void **state)
{
	(void)state;
	for (int i = 0; i < MODEL_TEXT_MAX - 2; i++)
		assert_true(press('x'));
	assert_true(press(0xe9)); /* two bytes have no room */
	assert_int_equal(strlen(m.filter), MODEL_TEXT_MAX - 2);
	assert_true(press('y'));
	assert_true(press('z'));
	assert_int_equal(strlen(m.filter), MODEL_TEXT_MAX - 1);
	assert_int_equal(m.filter[MODEL_TEXT_MAX - 2], 'y');
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, begin)
	const struct CMUnitTest tests[] = {
		TEST(without_a_filter_everything_passes),
		TEST(one_of_the_texts_must_hold_it),
		TEST(letters_are_appended_whatever_their_alphabet),
		TEST(controls_are_no_text),
		TEST(backspace_takes_a_whole_character),
		TEST(enter_keeps_it_and_escape_does_not),
		TEST(it_is_full_at_a_whole_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
