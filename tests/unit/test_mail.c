#include "daemon/proto/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct mail mail;

static void
read_all(const char *text)
{
	memset(&mail, 0, sizeof(mail));
	mail_read(&mail, text, strlen(text));
	mail_end(&mail);
}

static void
folded_lines_are_one_value(void **state)
{
	(void)state;
	read_all("Subject: one\r\n\ttwo\r\n  three\r\nTo:a@x\r\n\r\nFrom: body\r\n");
	assert_string_equal(mail_value(&mail, MAIL_SUBJECT), "one\ttwo  three");
	assert_string_equal(mail_value(&mail, MAIL_TO), "a@x");
	assert_null(mail_value(&mail, MAIL_FROM));
}

static void
empty_values_are_not_missing_ones(void **state)
{
	(void)state;
	read_all("Subject:\r\nno field\r\nDate: \r\n\r\n");
	assert_string_equal(mail_value(&mail, MAIL_SUBJECT), "");
	assert_string_equal(mail_value(&mail, MAIL_DATE), "");
	assert_null(mail_value(&mail, MAIL_CC));
}

static void
a_value_is_kept_to_its_cap(void **state)
{
	(void)state;
	for (size_t size = 510; size <= 512; size++) {
		memset(&mail, 0, sizeof(mail));
		mail_read(&mail, "Subject: ", 9);
		for (size_t i = 0; i < size; i++)
			mail_read(&mail, "x", 1);
		mail_read(&mail, "\nX-Originating-IP: 192.0.2.1\n", 29);
		assert_int_equal(strlen(mail_value(&mail, MAIL_SUBJECT)), size < 511 ? size : 511);
		assert_string_equal(mail_value(&mail, MAIL_ORIGINATING_IP), "192.0.2.1");
	}
}

static void
the_first_two_hops_are_the_last_two_fields(void **state)
{
	struct addr a = addr_v4(192, 0, 2, 3);
	struct addr b = addr_v4(192, 0, 2, 1);

	(void)state;
	read_all(
		"Received: from c ([192.0.2.3])\nReceived: from b [nowhere]\nReceived: [192.0.2.1] [192.0.2.9]\n\n");
	assert_string_equal(mail_value(&mail, MAIL_RECEIVED), "[192.0.2.1] [192.0.2.9]");
	assert_string_equal(mail_value(&mail, MAIL_RECEIVED_BEFORE), "from b [nowhere]");
	assert_int_equal(mail.hop_count, 2);
	assert_true(addr_equal(&mail.hops[0], &a));
	assert_true(addr_equal(&mail.hops[1], &b));
}

static void
hops_beyond_the_cap_are_left_out(void **state)
{
	(void)state;
	for (unsigned count = MAIL_HOPS_MAX - 1; count <= MAIL_HOPS_MAX + 1; count++) {
		memset(&mail, 0, sizeof(mail));
		for (unsigned i = 0; i < count; i++)
			mail_read(&mail, "Received: [192.0.2.1]\n", 22);
		mail_read(&mail, "\n", 1);
		assert_int_equal(mail.hop_count, count < MAIL_HOPS_MAX ? count : MAIL_HOPS_MAX);
	}
}

static void
names_that_only_begin_alike_are_others(void **state)
{
	(void)state;
	read_all("X-Originating-IPv4: 1\nToo: a\nT: b\nSUBJECT : c\n");
	assert_null(mail_value(&mail, MAIL_ORIGINATING_IP));
	assert_null(mail_value(&mail, MAIL_TO));
	assert_string_equal(mail_value(&mail, MAIL_SUBJECT), "c");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folded_lines_are_one_value),
		cmocka_unit_test(empty_values_are_not_missing_ones),
		cmocka_unit_test(a_value_is_kept_to_its_cap),
		cmocka_unit_test(the_first_two_hops_are_the_last_two_fields),
		cmocka_unit_test(hops_beyond_the_cap_are_left_out),
		cmocka_unit_test(names_that_only_begin_alike_are_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
