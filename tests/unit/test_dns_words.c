#include "daemon/proto/dns_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void
types_have_names(void **state)
{
	char room[DNS_WORD_MAX];

	(void)state;
	assert_string_equal(dns_type_word(1, room), "A");
	assert_string_equal(dns_type_word(28, room), "AAAA");
	assert_string_equal(dns_type_word(33, room), "SRV");
	assert_string_equal(dns_type_word(46, room), "RRSIG");
	assert_string_equal(dns_type_word(65, room), "HTTPS");
	assert_string_equal(dns_type_word(255, room), "*");
	assert_string_equal(dns_type_word(257, room), "CAA");
}

static void
numbers_without_a_name_are_told_as_such(void **state)
{
	char room[DNS_WORD_MAX];

	(void)state;
	assert_string_equal(dns_type_word(0, room), "query-0");
	assert_string_equal(dns_type_word(54, room), "query-54");
	assert_string_equal(dns_type_word(66, room), "query-66");
	assert_string_equal(dns_type_word(65535, room), "query-65535");
	assert_string_equal(dns_class_word(0x8001, room), "qclass-32769");
	assert_string_equal(dns_class_word(0, room), "qclass-0");
	assert_string_equal(dns_rcode_word(12, room), "rcode-12");
}

static void
classes_and_rcodes_have_names(void **state)
{
	char room[DNS_WORD_MAX];

	(void)state;
	assert_string_equal(dns_class_word(1, room), "C_INTERNET");
	assert_string_equal(dns_class_word(255, room), "C_ANY");
	assert_string_equal(dns_rcode_word(0, room), "NOERROR");
	assert_string_equal(dns_rcode_word(3, room), "NXDOMAIN");
	assert_string_equal(dns_rcode_word(23, room), "BADCOOKIE");
}

static void
a_word_is_read_back_as_its_number(void **state)
{
	char room[DNS_WORD_MAX];
	uint16_t number;

	(void)state;
	for (uint32_t i = 0; i <= UINT16_MAX; i++) {
		assert_true(dns_type_of_word(dns_type_word((uint16_t)i, room), &number));
		assert_int_equal(number, i);
		assert_true(dns_rcode_of_word(dns_rcode_word((uint16_t)i, room), &number));
		assert_int_equal(number, i);
	}
}

static void
other_words_are_no_number(void **state)
{
	static const char *const words[] = { "", "a", "AAAAA", "query-", "query-65536", "query-1x",
		"query--1", "qclass-7", "rcode" };
	uint16_t number = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		assert_false(dns_type_of_word(words[i], &number));
		assert_false(dns_rcode_of_word(words[i], &number));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_have_names),
		cmocka_unit_test(numbers_without_a_name_are_told_as_such),
		cmocka_unit_test(classes_and_rcodes_have_names),
		cmocka_unit_test(a_word_is_read_back_as_its_number),
		cmocka_unit_test(other_words_are_no_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
