#include "daemon/proto/sasl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *
user_of(const char *words, const char *message)
{
	static struct sasl s;

	sasl_begin(&s, words);
	if (message != NULL)
		sasl_message(&s, message);
	return s.user;
}

static void
each_mechanism_tells_its_user(void **state)
{
	(void)state;
	assert_string_equal(user_of("plain AGJvYgBzZWNyZXQ=", NULL), "bob");
	assert_string_equal(user_of("PLAIN", "YWRtaW4AYm9iAHNlY3JldA=="), "bob"); /* as admin */
	assert_string_equal(user_of("LOGIN", "Ym9i"), "bob");
	assert_string_equal(user_of("LOGIN Ym9i", NULL), "bob");
	assert_string_equal(user_of("CRAM-MD5", "Ym9iIGIgZGlnZXN0"), "bob b");
	assert_string_equal(
		user_of("DIGEST-MD5", "cmVhbG09IngiLHVzZXJuYW1lPSJib2IiLG5jPTE="), "bob");
	assert_string_equal(user_of("SCRAM-SHA-256", "biwsbj1ib2Iscj1mNWE="), "bob");
	assert_string_equal(user_of("XOAUTH2 dXNlcj1ib2IBYXV0aD1CZWFyZXIgeAEB", NULL), "bob");
	assert_string_equal(user_of("OAUTHBEARER", "bixhPWJvYiwBYXV0aD1CZWFyZXIgeAEB"), "bob");
}

static void
what_comes_behind_the_user_is_not_read(void **state)
{
	struct sasl s;

	(void)state;
	sasl_begin(&s, "LOGIN");
	sasl_message(&s, "Ym9i");
	sasl_message(&s, "c2VjcmV0");
	assert_string_equal(s.user, "bob");
	assert_string_equal(user_of("GSSAPI", "Ym9i"), "");
	assert_string_equal(user_of("PLAIN", "Ym9i"), ""); /* no NUL: nobody knows what it is */
	assert_string_equal(user_of("LOGIN =", NULL), "");
}

static void
a_nul_in_a_name_is_spelled_out(void **state)
{
	(void)state;
	assert_string_equal(user_of("LOGIN", "YgBv"), "b\\x00o");
}

static void
names_are_cut_at_their_cap(void **state)
{
	(void)state;
	for (size_t groups = 42; groups <= 43; groups++) { /* of three letters: 126, 129 */
		char base64[43 * 4 + 1] = "";
		for (size_t i = 0; i < groups * 4; i++)
			base64[i] = "YWFh"[i % 4];
		assert_int_equal(
			strlen(user_of("LOGIN", base64)), groups * 3 < 127 ? groups * 3 : 127);
	}
	struct sasl s;
	sasl_begin(&s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	assert_string_equal(s.method, "ABCDEFGHIJKLMNOPQRST");
}

static void
base64_is_read_to_the_first_letter_that_is_none(void **state)
{
	char bytes[8];

	(void)state;
	assert_int_equal(sasl_decode("Ym9i", bytes, sizeof(bytes)), 3);
	assert_memory_equal(bytes, "bob", 3);
	assert_int_equal(sasl_decode("Ym8=", bytes, sizeof(bytes)), 2);
	assert_int_equal(sasl_decode("Ym9i-xxx", bytes, sizeof(bytes)), 3);
	assert_int_equal(sasl_decode("YWFhYWFhYWFhYWFh", bytes, sizeof(bytes)), 8);
	assert_int_equal(sasl_decode("////", bytes, sizeof(bytes)), 3);
	assert_memory_equal(bytes, "\xff\xff\xff", 3);
	assert_true(sasl_is_message("Ym8="));
	assert_true(sasl_is_message("*"));
	assert_false(sasl_is_message("MAIL FROM:<a>"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_mechanism_tells_its_user),
		cmocka_unit_test(what_comes_behind_the_user_is_not_read),
		cmocka_unit_test(a_nul_in_a_name_is_spelled_out),
		cmocka_unit_test(names_are_cut_at_their_cap),
		cmocka_unit_test(base64_is_read_to_the_first_letter_that_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
