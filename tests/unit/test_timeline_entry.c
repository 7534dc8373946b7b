/* test_timeline_entry.c -- bytes and times as people read them. */
#include "exporters/timeline_entry.h"
#include "tests/support/timeline_sample.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *
bytes_of(uint64_t bytes)
{
	static char text[64];
	struct strbuf out;

	strbuf_init(&out, text, sizeof(text));
	timeline_bytes(&out, bytes);
	return text;
}

static void
bytes_change_their_unit_at_the_power(void **state)
{
	(void)state;
	assert_string_equal(bytes_of(0), "0.00b");
	assert_string_equal(bytes_of(1023), "1023.00b");
	assert_string_equal(bytes_of(1024), "1.00Kb");
	assert_string_equal(bytes_of(1048575), "1024.00Kb");
	assert_string_equal(bytes_of(1048576), "1.00Mb");
	assert_string_equal(bytes_of(UINT64_C(1) << 30), "1.00Gb");
	assert_string_equal(bytes_of(UINT64_C(1) << 50), "1048576.00Gb");
}

static void
each_end_has_sent_its_own(void **state)
{
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	struct timeline_entry e = timeline_entry_of(&s.record);
	assert_true(e.is_client && e.sent == 966 && e.received == 957);
	assert_string_equal(e.peer, "216.58.201.106");
	timeline_sample_turn(&s);
	e = timeline_entry_of(&s.record);
	assert_true(!e.is_client && e.sent == 957 && e.received == 966);
	assert_string_equal(e.peer, "10.0.0.5");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_change_their_unit_at_the_power),
		cmocka_unit_test(each_end_has_sent_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
