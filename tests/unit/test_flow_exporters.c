#include "daemon/input/flow_exporters.h"

#include "daemon/base/time_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { HOUR_S = 3600 };

static int
exporters_open(void **state)
{
	*state = calloc(1, sizeof(struct flow_exporters));
	return *state == NULL;
}

static int
exporters_close(void **state)
{
	free(*state);
	return 0;
}

static struct flow_exporter *
find(struct flow_exporters *e, unsigned host, uint32_t domain, uint64_t now_s)
{
	struct addr from = addr_v4(10, 0, 0, (uint8_t)host);

	return flow_exporters_find(e, &from, domain, FLOW_PROTOCOL_NETFLOW9, now_s * NS_PER_S);
}

static void
an_exporter_is_an_address_a_domain_and_a_protocol(void **state)
{
	struct flow_exporters *e = *state;
	struct flow_exporter *x = find(e, 1, 0, 0);
	struct addr from = addr_v4(10, 0, 0, 1);

	assert_ptr_equal(find(e, 1, 0, 1), x);
	assert_ptr_not_equal(find(e, 2, 0, 1), x);
	assert_ptr_not_equal(find(e, 1, 1, 1), x);
	assert_ptr_not_equal(flow_exporters_find(e, &from, 0, FLOW_PROTOCOL_IPFIX, 0), x);
	assert_int_equal(flow_exporter_index(e, x), 0);
	assert_int_equal(flow_exporter_index(e, find(e, 2, 0, 1)), 1);
}

static void
only_networks_of_the_list_are_heard(void **state)
{
	struct flow_exporters *e = *state;
	struct cidr nets[2];

	assert_true(cidr_parse("192.168.0.0/16", &nets[0]));
	assert_true(cidr_parse("10.0.0.8/30", &nets[1]));
	e->allowed = nets;
	e->allowed_count = 2;
	assert_null(find(e, 7, 0, 0));
	assert_non_null(find(e, 8, 0, 0));
	assert_non_null(find(e, 11, 0, 0));
	assert_null(find(e, 12, 0, 0));
	assert_int_equal(e->refused, 2);
}

static void
exporters_past_the_table_are_refused_until_one_was_silent_for_an_hour(void **state)
{
	struct flow_exporters *e = *state;

	for (unsigned i = 0; i < FLOW_EXPORTERS_MAX; i++)
		assert_non_null(find(e, i, 0, 0));
	assert_null(find(e, FLOW_EXPORTERS_MAX, 0, HOUR_S - 1));
	assert_int_equal(e->refused, 1);
	struct flow_exporter *first = find(e, 0, 0, HOUR_S - 1);
	struct flow_exporter *second = find(e, FLOW_EXPORTERS_MAX, 0, HOUR_S);
	assert_ptr_equal(second, first + 1); /* 10.0.0.1 was silent, 10.0.0.0 was not */
	assert_false(second->has_number);
}

static void
one_address_has_its_share_of_the_table(void **state)
{
	struct flow_exporters *e = *state;

	for (uint32_t i = 0; i < FLOW_DOMAINS_MAX; i++)
		assert_non_null(find(e, 1, i, 0));
	assert_null(find(e, 1, FLOW_DOMAINS_MAX, 0));
	assert_non_null(find(e, 2, 0, 0));
	assert_non_null(find(e, 1, FLOW_DOMAINS_MAX, HOUR_S));
}

static bool
number(struct flow_exporters *e, struct flow_exporter *x, uint32_t sequence, uint32_t uptime_ms)
{
	const struct flow_number n = { sequence, 10, 10, uptime_ms };

	return flow_exporters_number(e, x, &n);
}

static void
a_gap_is_lost(void **state)
{
	struct flow_exporters *e = *state;
	struct flow_exporter *x = find(e, 1, 0, 0);

	assert_false(number(e, x, 5000, 1)); /* the first says nothing */
	assert_false(number(e, x, 5010, 2));
	assert_int_equal(e->lost, 0);
	assert_false(number(e, x, 5023, 3));
	assert_int_equal(e->lost, 3);
	assert_int_equal(e->restarts, 0);
}

static void
what_was_overtaken_is_not_lost(void **state)
{
	struct flow_exporters *e = *state;
	struct flow_exporter *x = find(e, 1, 0, 0);

	number(e, x, 100, 1);
	number(e, x, 120, 2);
	assert_int_equal(e->lost, 10);
	number(e, x, 110, 2);
	assert_int_equal(e->lost, 0);
	number(e, x, 110, 2); /* and once more: there is nothing left to take back */
	assert_int_equal(e->lost, 0);
	number(e, x, 130, 3);
	assert_int_equal(e->lost, 0);
}

static void
numbers_go_round(void **state)
{
	struct flow_exporters *e = *state;
	struct flow_exporter *x = find(e, 1, 0, 0);

	number(e, x, UINT32_MAX - 4, UINT32_MAX - 5000);
	assert_false(number(e, x, 7, 3000)); /* the uptime as well */
	assert_int_equal(e->lost, 2);
	assert_int_equal(e->restarts, 0);
}

static void
an_uptime_that_goes_back_is_a_restart(void **state)
{
	struct flow_exporters *e = *state;
	struct flow_exporter *x = find(e, 1, 0, 0);

	number(e, x, 5000, 60000);
	assert_false(number(e, x, 5010, 50000)); /* ten seconds: overtaken, or badly kept */
	number(e, x, 5020, 60000);
	assert_true(number(e, x, 6000, 49999));
	assert_int_equal(e->lost, 0);
	assert_int_equal(e->restarts, 1);
	assert_false(number(e, x, 6010, 50000));
}

static void
a_jump_without_measure_is_another_count(void **state)
{
	struct flow_exporters *e = *state;
	struct flow_exporter *x = find(e, 1, 0, 0);

	number(e, x, 0, 0);
	assert_false(number(e, x, 10 + 1000000, 0));
	assert_int_equal(e->lost, 1000000);
	assert_true(number(e, x, 20 + 2000000 + 1, 0));
	assert_int_equal(e->lost, 1000000);
	assert_true(number(e, x, 31 + 2000000 - 1025, 0)); /* one number more than may be late */
	assert_int_equal(e->restarts, 2);
	assert_false(number(e, x, x->number + 10 - 1024, 0));
}

/* A datagram of IPFIX, whose options count with some. */
static void
ipfix(struct flow_exporters *e, struct flow_exporter *x, uint32_t sequence, uint32_t flows,
	uint32_t options)
{
	const struct flow_number n = { sequence, flows + options, flows, 0 };

	assert_false(flow_exporters_number(e, x, &n));
}

static void
an_exporter_that_counts_what_it_sends_with_the_number_loses_nothing(void **state)
{
	struct flow_exporters *e = *state;
	struct flow_exporter *x = find(e, 1, 0, 0);

	ipfix(e, x, 24, 24, 1);
	ipfix(e, x, 56, 32, 0);
	ipfix(e, x, 70, 14, 0);
	ipfix(e, x, 94, 24, 1);
	assert_int_equal(e->lost, 0);
	ipfix(e, x, 94 + 5 + 10, 10, 0);
	assert_int_equal(e->lost, 5);
	/* And one that goes by the book, after a loss that looked like the other way. */
	x = find(e, 2, 0, 0);
	ipfix(e, x, 0, 10, 1);
	ipfix(e, x, 11, 10, 0);
	ipfix(e, x, 11 + 20, 20, 0); /* ten were lost */
	ipfix(e, x, 51, 7, 0);
	ipfix(e, x, 58, 9, 0);
	assert_int_equal(e->lost, 5);
}

static void
samplers_have_rates_and_the_oldest_goes(void **state)
{
	struct flow_exporters *e = *state;
	struct flow_exporter *x = find(e, 1, 0, 0);

	assert_int_equal(flow_exporter_rate(x, false, 0), 1);
	assert_int_equal(flow_exporter_rate(x, true, 7), 1);
	x->rate = 50;
	for (uint32_t i = 0; i < FLOW_SAMPLERS_MAX; i++)
		flow_exporter_sampler(x, i, 100 + i);
	flow_exporter_sampler(x, 3, 1000);
	assert_int_equal(flow_exporter_rate(x, true, 0), 100);
	assert_int_equal(flow_exporter_rate(x, true, 3), 1000);
	assert_int_equal(flow_exporter_rate(x, true, FLOW_SAMPLERS_MAX), 50);
	assert_int_equal(flow_exporter_rate(x, false, 3), 50);
	flow_exporter_sampler(x, FLOW_SAMPLERS_MAX, 7);
	assert_int_equal(flow_exporter_rate(x, true, FLOW_SAMPLERS_MAX), 7);
	assert_int_equal(flow_exporter_rate(x, true, 0), 50);
	assert_int_equal(flow_exporter_rate(x, true, 1), 101);
}

int
main(void)
{
#define WITH_EXPORTERS(test) cmocka_unit_test_setup_teardown(test, exporters_open, exporters_close)
	const struct CMUnitTest tests[] = {
		WITH_EXPORTERS(an_exporter_is_an_address_a_domain_and_a_protocol),
		WITH_EXPORTERS(only_networks_of_the_list_are_heard),
		WITH_EXPORTERS(
			exporters_past_the_table_are_refused_until_one_was_silent_for_an_hour),
		WITH_EXPORTERS(one_address_has_its_share_of_the_table),
		WITH_EXPORTERS(a_gap_is_lost),
		WITH_EXPORTERS(what_was_overtaken_is_not_lost),
		WITH_EXPORTERS(numbers_go_round),
		WITH_EXPORTERS(an_uptime_that_goes_back_is_a_restart),
		WITH_EXPORTERS(a_jump_without_measure_is_another_count),
		WITH_EXPORTERS(an_exporter_that_counts_what_it_sends_with_the_number_loses_nothing),
		WITH_EXPORTERS(samplers_have_rates_and_the_oldest_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
