#include "exporters/summary_json.h"

#include "tests/support/summary_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int
setup(void **state)
{
	*state = summary_sample_new();
	return 0;
}

static int
teardown(void **state)
{
	summary_sample_free(*state);
	return 0;
}

static void
the_object_has_these_keys_and_no_others(void **state)
{
	struct summary_sample *s = *state;

	summary_sample_fill(s);
	assert_string_equal(summary_sample_print(s, summary_json_print),
		"{\"version\":\"0.1.0\",\"inputs\":[\"case42.pcap\"],\"packets\":1200340,"
		"\"bytes\":851443712,\"flows\":3400,\"hosts\":812,\"windows\":1400,"
		"\"evidence\":3,\"evidence_by_type\":{\"HORIZONTAL_PORT_SCAN\":3},"
		"\"alerts\":3,\"alerted\":["
		"{\"host\":\"10.0.0.3\",\"windows\":[1,3],\"score\":3.500},"
		"{\"host\":\"10.0.0.9\",\"windows\":[2],\"score\":0.800}],"
		"\"lost\":{\"flows_evicted\":0,\"ip_short\":12,\"evidence_suppressed\":3},"
		"\"first_ts\":\"2026-11-24T02:00:00.123456Z\","
		"\"last_ts\":\"2026-11-24T05:20:00.123456Z\",\"elapsed_s\":2.149}\n");
}

static void
an_empty_run_has_empty_lists_and_no_times(void **state)
{
	struct summary_sample *s = *state;

	s->run.input_count = 0;
	s->hosts.other_types = 2;
	assert_string_equal(summary_sample_print(s, summary_json_print),
		"{\"version\":\"0.1.0\",\"inputs\":[],\"packets\":0,\"bytes\":0,\"flows\":0,"
		"\"hosts\":0,\"windows\":0,\"evidence\":0,\"evidence_by_type\":{\"other\":2},"
		"\"alerts\":0,\"alerted\":[],\"lost\":{},\"first_ts\":null,\"last_ts\":null,"
		"\"elapsed_s\":2.149}\n");
}

/* All alerted hosts are in it, though they are more than one buffer holds. */
static void
a_full_ledger_is_told_whole(void **state)
{
	struct summary_sample *s = *state;
	unsigned found = 0;

	for (unsigned i = 0; i < SUMMARY_HOSTS_MAX; i++)
		for (int64_t w = 1; w <= 8; w++)
			summary_sample_alert(
				s, addr_v4(10, 1, (uint8_t)(i >> 8), (uint8_t)i), 3, w * 1000);
	const char *at = summary_sample_print(s, summary_json_print);
	assert_true(s->length > (size_t)4 * 65536);
	while ((at = strstr(at, "\"windows\":[1000,2000,")) != NULL) {
		found++;
		at++;
	}
	assert_int_equal(found, SUMMARY_HOSTS_MAX);
	assert_non_null(strstr(s->text, "],\"lost\":{},"));
}

#define ON_A_RUN(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_RUN(the_object_has_these_keys_and_no_others),
		ON_A_RUN(an_empty_run_has_empty_lists_and_no_times),
		ON_A_RUN(a_full_ledger_is_told_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
