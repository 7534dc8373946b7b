/* test_weird.c -- every kind of oddity has a name of its own and a sentence. */
#include "daemon/weird.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
names_differ_and_are_words_of_small_letters(void **state)
{
	(void)state;
	for (enum weird w = 0; w < WEIRD_COUNT; w++) {
		assert_true(strlen(weird_name(w)) > 0);
		assert_int_equal(strspn(weird_name(w), "abcdefghijklmnopqrstuvwxyz_0123456789"),
			strlen(weird_name(w)));
		for (enum weird other = 0; other < w; other++)
			assert_string_not_equal(weird_name(w), weird_name(other));
	}
}

static void
each_layer_has_its_own_oddities(void **state)
{
	(void)state;
	assert_string_equal(weird_type(WEIRD_STREAM_DIFFERENT), "stream");
	assert_string_equal(weird_type(WEIRD_FRAGMENT_DIFFERENT), "decode");
	assert_string_equal(weird_type(WEIRD_TOO_DEEP), "decode");
	assert_string_equal(weird_type(WEIRD_HTTP_METHOD), "applayer");
}

static void
sentences_end_in_a_full_stop(void **state)
{
	(void)state;
	for (enum weird w = 0; w < WEIRD_COUNT; w++) {
		const char *sentence = weird_sentence(w);
		assert_int_equal(sentence[strlen(sentence) - 1], '.');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_differ_and_are_words_of_small_letters),
		cmocka_unit_test(each_layer_has_its_own_oddities),
		cmocka_unit_test(sentences_end_in_a_full_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
