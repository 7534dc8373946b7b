#include "exporters/exporter.h"
#include "tests/support/record_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct encoding encoding_zeek_conn_json;

static const char *
encoded(const struct obs_flow *f)
{
	static char text[2048];
	static const struct run_info run = { .version = "0.1.0", .sensor = "gw1" };
	struct record r = { .kind = RECORD_FLOW, .ts_ns = f->last_ns, .flow = f };
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	encoding_zeek_conn_json.encode(NULL, &run, &r, &b);
	assert_false(b.truncated);
	return text;
}

static void
a_conversation_that_ended_is_one_object(void **state)
{
	struct obs_flow f = sample_flow();

	(void)state;
	f.resp = addr_v4(93, 184, 216, 34);
	f.orig_total.missed_bytes = 1;
	assert_string_equal(encoded(&f),
		"{\"ts\":1795485600.123456,\"uid\":\"CHhAvVGS1DHFjwGM9\","
		"\"id.orig_h\":\"192.168.1.10\",\"id.orig_p\":51234,"
		"\"id.resp_h\":\"93.184.216.34\",\"id.resp_p\":443,"
		"\"proto\":\"tcp\",\"service\":\"ssl\",\"duration\":61.500000,"
		"\"orig_bytes\":860,\"resp_bytes\":8460,\"conn_state\":\"SF\","
		"\"local_orig\":true,\"local_resp\":false,\"missed_bytes\":21,"
		"\"history\":\"ShADadFf\",\"orig_pkts\":12,\"orig_ip_bytes\":1500,"
		"\"resp_pkts\":10,\"resp_ip_bytes\":9000,\"ip_proto\":6,"
		"\"orig_l2_addr\":\"02:00:00:00:00:0a\",\"resp_l2_addr\":\"02:00:00:00:00:01\"}");
	f.has_macs = false;
	assert_null(strstr(encoded(&f), "l2_addr"));
}

static void
what_is_not_known_is_left_out(void **state)
{
	struct obs_flow f = sample_flow();

	(void)state;
	f.last_ns = f.start_ns;
	f.service = "";
	f.history = "";
	encoded(&f);
	assert_null(strstr(encoded(&f), "duration"));
	assert_null(strstr(encoded(&f), "_bytes\":860"));
	assert_null(strstr(encoded(&f), "_bytes\":8460"));
	assert_null(strstr(encoded(&f), "service"));
	assert_null(strstr(encoded(&f), "history"));
}

static void
what_carried_it_is_an_array(void **state)
{
	struct obs_outside o = sample_outside();
	struct obs_flow f = sample_flow();

	(void)state;
	assert_null(strstr(encoded(&f), "tunnel_parents"));
	f.outside = &o;
	assert_non_null(strstr(encoded(&f),
		"\"tunnel_parents\":[\"CUM0KZ3MLUfNB0cl11\",\"C4J4Th3PJpwUYZZ6gc\"],\"ip_proto\":6,"));
	o.uids[1].text[0] = '\0';
	assert_non_null(strstr(encoded(&f), "\"tunnel_parents\":[\"CUM0KZ3MLUfNB0cl11\"],"));
}

static void
microseconds_survive(void **state)
{
	struct obs_flow f = sample_flow();

	(void)state;
	f.start_ns = UINT64_C(4102444799999999999); /* the last microsecond of 2099 */
	f.last_ns = f.start_ns + 1;
	assert_non_null(strstr(encoded(&f), "{\"ts\":4102444799.999999,"));
	assert_non_null(strstr(encoded(&f), "\"duration\":0.000001,"));
}

static void
one_that_goes_on_has_none(void **state)
{
	struct obs_flow f = sample_flow();

	(void)state;
	f.ended = FLOW_END_NONE;
	assert_string_equal(encoded(&f), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_conversation_that_ended_is_one_object),
		cmocka_unit_test(what_is_not_known_is_left_out),
		cmocka_unit_test(what_carried_it_is_an_array),
		cmocka_unit_test(microseconds_survive),
		cmocka_unit_test(one_that_goes_on_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
