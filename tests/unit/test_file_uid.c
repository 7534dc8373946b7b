/* Names of files: the same from the same bytes, different from others. */
#include "daemon/proto/file_uid.h"
#include "daemon/proto/proto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct proto_call
call_of(uint8_t host, uint16_t port, uint64_t ts_ns)
{
	return (struct proto_call){ .src = addr_v4(10, 0, 0, host),
		.dst = addr_v4(10, 0, 1, 1),
		.src_port = port,
		.dst_port = 80,
		.ts_ns = ts_ns };
}

static void
a_name_is_an_f_and_17_digits(void **state)
{
	const struct proto_call call = call_of(1, 1000, 5);
	char text[FILE_UID_MAX];

	(void)state;
	file_uid_make(&call, 0, text);
	assert_int_equal(strlen(text), 18);
	assert_int_equal(text[0], 'F');
	for (const char *digit = text + 1; *digit != '\0'; digit++)
		assert_non_null(strchr(
			"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", *digit));
}

static void
the_same_file_has_the_same_name_in_every_run(void **state)
{
	const struct proto_call call = call_of(1, 1000, 5);
	char text[FILE_UID_MAX];

	(void)state;
	file_uid_make(&call, 7, text);
	assert_string_equal(text, "F4hnnjkF6s0UR34eE3");
}

static void
whatever_differs_changes_the_name(void **state)
{
	struct proto_call calls[] = { call_of(1, 1000, 5), call_of(2, 1000, 5), call_of(1, 1001, 5),
		call_of(1, 1000, 6), call_of(1, 1000, 5) };
	enum { COUNT = sizeof(calls) / sizeof(*calls) };
	char texts[COUNT + 1][FILE_UID_MAX];

	(void)state;
	calls[4].dst_port = 81;
	for (size_t i = 0; i < COUNT; i++)
		file_uid_make(&calls[i], 0, texts[i]);
	file_uid_make(&calls[0], 1, texts[COUNT]);
	for (size_t i = 0; i <= COUNT; i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(texts[i], texts[j]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_an_f_and_17_digits),
		cmocka_unit_test(the_same_file_has_the_same_name_in_every_run),
		cmocka_unit_test(whatever_differs_changes_the_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
