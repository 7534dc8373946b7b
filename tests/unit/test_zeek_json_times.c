/* test_zeek_json_times.c -- when a line of conn.log began and ended, by a look at two keys. */
#include "daemon/input/zeek_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MS UINT64_C(1000000)

struct times_case {
	const char *line;
	uint64_t begin_ns, end_ns;
};

static void
expect(const struct times_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t begin_ns = 1;
		uint64_t end_ns = 1;
		if (!zeek_json_times(cases[i].line, &begin_ns, &end_ns) ||
			begin_ns != cases[i].begin_ns || end_ns != cases[i].end_ns)
			fail_msg("%s: %llu %llu", cases[i].line, (unsigned long long)begin_ns,
				(unsigned long long)end_ns);
	}
}

static void
a_conversation_ends_its_duration_behind_its_start(void **state)
{
	static const struct times_case cases[] = {
		{ "{\"ts\":2.5,\"uid\":\"C\",\"duration\":0.25,\"orig_pkts\":1}", 2500 * MS,
			2750 * MS },
		{ "{\"uid\":\"C\",\"duration\":3,\"ts\":2}", 2000 * MS, 5000 * MS },
		{ "{\"ts\":2,\"duration\":0.0}", 2000 * MS, 2000 * MS },
	};

	(void)state;
	expect(cases, sizeof(cases) / sizeof(cases[0]));
}

static void
without_a_duration_it_ends_when_it_began(void **state)
{
	static const struct times_case cases[] = {
		{ "{\"ts\":2.5}", 2500 * MS, 2500 * MS },
		{ "{\"ts\":2.5,\"uid\":\"C\"}", 2500 * MS, 2500 * MS },
	};

	(void)state;
	expect(cases, sizeof(cases) / sizeof(cases[0]));
}

static void
an_exponent_is_a_number_too(void **state)
{
	static const struct times_case cases[] = {
		{ "{\"ts\":2.5,\"duration\":2e-3}", 2500 * MS, 2502 * MS },
		{ "{\"ts\":2.5e+1,\"duration\":1.5E0}", 25000 * MS, 26500 * MS },
	};

	(void)state;
	expect(cases, sizeof(cases) / sizeof(cases[0]));
}

/* A backslash stands before quotes in a text, and behind the key here a colon follows. */
static void
a_key_in_a_text_is_none(void **state)
{
	static const struct times_case cases[] = {
		{ "{\"a\":\"\\\"ts\\\":9,\\\"duration\\\":9\",\"ts\":2}", 2000 * MS, 2000 * MS },
		{ "{\"a\":\"ts\",\"b\":\"duration\",\"ts\":2,\"duration\":1}", 2000 * MS,
			3000 * MS },
		{ "{\"xts\":9,\"ts_delta\":9,\"ts\":2,\"total_duration\":9}", 2000 * MS,
			2000 * MS },
	};

	(void)state;
	expect(cases, sizeof(cases) / sizeof(cases[0]));
}

/* Who has them in an object of their own is not Zeek; the order suffers and nothing else. */
static void
a_key_of_an_object_inside_is_taken_for_one(void **state)
{
	static const struct times_case cases[] = {
		{ "{\"a\":{\"ts\":9,\"duration\":1},\"ts\":2}", 9000 * MS, 10000 * MS },
	};

	(void)state;
	expect(cases, 1);
}

/* Then the line is read as a whole, which knows what else a time may look like. */
static void
anything_else_is_left_to_who_reads_the_line(void **state)
{
	static const char *const lines[] = {
		"{}",
		"{\"duration\":1}",
		"{\"ts\":0}",
		"{\"ts\":}",
		"{\"ts\":null}",
		"{\"ts\":-1.5}",
		"{\"ts\": 2}",
		"{\"ts\":1664462456755}",
		"{\"ts\":1664462456755.299}",
		"{\"ts\":\"2022-09-29T14:40:56.755299Z\"}",
		"{\"ts\":2,\"duration\":\"1\"}",
		"{\"ts\":2,\"duration\":-1}",
		"{\"ts\":2,\"duration\":1664462456755}",
		"{\"ts\":2,\"duration\":",
	};
	uint64_t begin_ns;
	uint64_t end_ns;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (zeek_json_times(lines[i], &begin_ns, &end_ns))
			fail_msg("%s", lines[i]);
	/* What overflows as well. */
	assert_false(zeek_json_times("{\"ts\":166446245675}", &begin_ns, &end_ns));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_conversation_ends_its_duration_behind_its_start),
		cmocka_unit_test(without_a_duration_it_ends_when_it_began),
		cmocka_unit_test(an_exponent_is_a_number_too),
		cmocka_unit_test(a_key_in_a_text_is_none),
		cmocka_unit_test(a_key_of_an_object_inside_is_taken_for_one),
		cmocka_unit_test(anything_else_is_left_to_who_reads_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
