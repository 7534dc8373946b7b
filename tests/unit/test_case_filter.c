#include "ctl/case_filter.h"

#include "tests/support/case_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NS_PER_S UINT64_C(1000000000)

/* Are there such findings after this one value of the command line? */
static bool
takes(enum command_option_id option, const char *value, const struct source_evidence *e)
{
	struct arguments a = { .limit = 50 };
	struct case_filter f;

	a.values[option] = value;
	if (option == COMMAND_OPTION_HOST)
		assert_true(cidr_parse(value, &a.host));
	case_filter_read(&a, 0, &f);
	return case_filter_evidence(&f, e);
}

static void
each_value_is_asked_of_a_finding(void **state)
{
	const struct source_evidence e = case_row("a", "medium", 1, 0);

	(void)state;
	assert_true(takes(COMMAND_OPTION_HOST, "10.0.0.1", &e));
	assert_true(takes(COMMAND_OPTION_HOST, "10.0.0.0/8", &e));
	assert_false(takes(COMMAND_OPTION_HOST, "10.0.0.2", &e));
	assert_false(takes(COMMAND_OPTION_HOST, "fe80::/10", &e));
	assert_true(takes(COMMAND_OPTION_TYPE, "A_SCAN", &e));
	assert_false(takes(COMMAND_OPTION_TYPE, "A_SCA", &e));
	assert_true(takes(COMMAND_OPTION_LEVEL, "info", &e));
	assert_true(takes(COMMAND_OPTION_LEVEL, "medium", &e));
	assert_false(takes(COMMAND_OPTION_LEVEL, "high", &e));
	assert_true(takes(COMMAND_OPTION_LIMIT, "1", &e));
}

static void
since_is_before_the_last_packet(void **state)
{
	const struct source_evidence e = case_row("a", "low", 1, 0);
	struct arguments a = { .since_ns = 10 * NS_PER_S };
	struct case_filter f;

	(void)state;
	case_filter_read(&a, e.ts_ns + 10 * NS_PER_S, &f);
	assert_true(case_filter_evidence(&f, &e));
	case_filter_read(&a, e.ts_ns + 10 * NS_PER_S + 1, &f);
	assert_false(case_filter_evidence(&f, &e));
	case_filter_read(&a, 0, &f);
	assert_true(case_filter_evidence(&f, &e));
}

static void
alerts_are_asked_by_their_strongest_and_highest(void **state)
{
	const struct source_alert alert = {
		.window = { "10.0.0.1", 1 }, .ts_ns = 5, .strongest = "A_SCAN", .highest = "high"
	};
	struct arguments a = { .limit = 1 };
	struct case_filter f;

	(void)state;
	a.values[COMMAND_OPTION_LEVEL] = "high";
	a.values[COMMAND_OPTION_TYPE] = "A_SCAN";
	case_filter_read(&a, 0, &f);
	assert_true(case_filter_alert(&f, &alert));
	a.values[COMMAND_OPTION_LEVEL] = "critical";
	case_filter_read(&a, 0, &f);
	assert_false(case_filter_alert(&f, &alert));
	f.level = 0;
	f.from_ns = 6;
	assert_false(case_filter_alert(&f, &alert));
	f.from_ns = 5;
	f.type = "B";
	assert_false(case_filter_alert(&f, &alert));
}

static void
without_an_address_a_host_is_in_no_network(void **state)
{
	struct arguments a = { .limit = 1 };
	struct case_filter f;

	(void)state;
	a.values[COMMAND_OPTION_HOST] = "0.0.0.0/0";
	assert_true(cidr_parse("0.0.0.0/0", &a.host));
	case_filter_read(&a, 0, &f);
	assert_true(case_filter_host(&f, "10.0.0.1"));
	assert_false(case_filter_host(&f, "no address"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_value_is_asked_of_a_finding),
		cmocka_unit_test(since_is_before_the_last_packet),
		cmocka_unit_test(alerts_are_asked_by_their_strongest_and_highest),
		cmocka_unit_test(without_an_address_a_host_is_in_no_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
