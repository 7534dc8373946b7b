#include "viewer/keymap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static enum screen_id
screen_of(bool keys_last, int key)
{
	const struct hotkey *h = keymap_find(keys_last, key);

	assert_non_null(h);
	assert_int_equal(h->does, HOTKEY_SCREEN);
	return h->screen;
}

static void
the_talk_has_its_letters(void **state)
{
	static const char letters[] = "ecbpnhimz";

	(void)state;
	for (int i = 0; letters[i] != '\0'; i++)
		assert_int_equal(screen_of(false, letters[i]), SCREEN_SOURCE_PORTS + i);
	assert_int_equal(screen_of(false, '?'), SCREEN_HELP);
	assert_null(keymap_find(false, 'd'));
	assert_null(keymap_find(false, 'y'));
}

static void
the_last_generation_has_its_own(void **state)
{
	static const char letters[] = "edrptiymz";
	static const char second[] = "ecbfn";

	(void)state;
	for (int i = 0; letters[i] != '\0'; i++)
		assert_int_equal(screen_of(true, letters[i]), SCREEN_SOURCE_PORTS + i);
	for (int i = 0; second[i] != '\0'; i++)
		assert_int_equal(screen_of(true, second[i]), SCREEN_SOURCE_PORTS + i);
	assert_int_equal(screen_of(true, 'h'), SCREEN_HELP);
	assert_int_equal(screen_of(true, '?'), SCREEN_HELP);
}

static void
both_have_the_same_beyond(void **state)
{
	static const char letters[] = "axFlvT";

	(void)state;
	for (int i = 0; letters[i] != '\0'; i++)
		for (int last = 0; last < 2; last++)
			assert_int_equal(screen_of(last == 1, letters[i]), SCREEN_ALERTS + i);
	for (int last = 0; last < 2; last++) {
		assert_int_equal(keymap_find(last == 1, 'o')->does, HOTKEY_AGAIN);
		assert_int_equal(keymap_find(last == 1, '/')->does, HOTKEY_FILTER);
		assert_int_equal(keymap_find(last == 1, 'w')->does, HOTKEY_COPY);
		assert_int_equal(keymap_find(last == 1, 'q')->does, HOTKEY_QUIT);
	}
}

/* What a list, a table or a panel takes would never arrive. */
static void
no_letter_is_there_twice_or_a_lists(void **state)
{
	(void)state;
	for (int last = 0; last < 2; last++) {
		size_t count = 0;
		const struct hotkey *keys = keymap(last == 1, &count);

		for (size_t i = 0; i < count; i++) {
			assert_ptr_equal(keymap_find(last == 1, keys[i].key), &keys[i]);
			assert_null(strchr("gGHMLjk<>s", keys[i].key));
		}
	}
}

static void
every_screen_has_a_key_and_a_sentence(void **state)
{
	(void)state;
	for (int last = 0; last < 2; last++) {
		bool shown[SCREEN_COUNT] = { [SCREEN_MAIN] = true };
		size_t count = 0;
		const struct hotkey *keys = keymap(last == 1, &count);

		for (size_t i = 0; i < count; i++)
			if (keys[i].does == HOTKEY_SCREEN && keys[i].help != NULL)
				shown[keys[i].screen] = true;
		for (size_t i = 0; i < SCREEN_COUNT; i++)
			assert_true(shown[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_talk_has_its_letters),
		cmocka_unit_test(the_last_generation_has_its_own),
		cmocka_unit_test(both_have_the_same_beyond),
		cmocka_unit_test(no_letter_is_there_twice_or_a_lists),
		cmocka_unit_test(every_screen_has_a_key_and_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
