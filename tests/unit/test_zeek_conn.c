/* test_zeek_conn.c -- a line of conn.log is the conversation that Zeek saw, in either form. */
#include "daemon/input/zeek_state.h"

#include "tests/support/input_rig.h"

#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define FIELDS                                                                           \
	"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\t" \
	"duration\torig_bytes\tresp_bytes\tconn_state\tmissed_bytes\thistory\t"          \
	"orig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes"

static int
rig_open(void **state)
{
	*state = input_rig_new(&input_zeek);
	return 0;
}

static int
rig_close(void **state)
{
	input_rig_free(*state);
	return 0;
}

static const struct obs_flow *
flow(const struct input_rig *r)
{
	assert_int_equal(r->s.items[0].o.kind, OBS_FLOW_END);
	assert_ptr_equal(r->s.items[0].o.flow, &r->s.items[0].flow);
	return &r->s.items[0].flow;
}

static void
assert_addr(const struct addr *a, const char *expected)
{
	char text[ADDR_TEXT_MAX];

	assert_string_equal(addr_format(a, text), expected);
}

static void
assert_sample(const struct input_rig *r)
{
	const struct obs_flow *f = flow(r);

	assert_string_equal(f->uid.text, "CCmDhK2D8U7fiDa8a");
	assert_addr(&f->orig, "10.0.0.5");
	assert_addr(&f->resp, "2001:db8::1");
	assert_int_equal(f->orig_port, 40000);
	assert_int_equal(f->resp_port, 443);
	assert_int_equal(f->ip_proto, IPPROTO_TCP);
	assert_int_equal(f->start_ns, UINT64_C(1664990312481000000));
	assert_int_equal(f->last_ns - f->start_ns, UINT64_C(1135424001));
	assert_int_equal(f->previous_ns, f->start_ns);
	assert_int_equal(f->orig_total.packets, 14);
	assert_int_equal(f->orig_total.ip_bytes, 1016);
	assert_int_equal(f->orig_total.payload_bytes, 1596);
	assert_int_equal(f->resp_total.packets, 16);
	assert_int_equal(f->resp_total.ip_bytes, 1226);
	assert_int_equal(f->resp_total.payload_bytes, 4039);
	assert_int_equal(f->resp_total.missed_bytes + f->orig_total.missed_bytes, 5138);
	assert_memory_equal(&f->orig_delta, &f->orig_total, sizeof(f->orig_delta));
	assert_memory_equal(&f->resp_delta, &f->resp_total, sizeof(f->resp_delta));
	assert_int_equal(f->state, CONN_SF);
	assert_int_equal(f->ended, FLOW_END_CLOSED);
	assert_true(f->established);
	assert_string_equal(f->history, "ShADaFf");
	assert_string_equal(f->service, "ssl");
	assert_string_equal(f->label, "");
	assert_false(f->has_macs);
	assert_int_equal(r->s.items[0].o.ts_ns, f->last_ns);
	assert_string_equal(r->s.log, "conn");
}

static void
a_line_with_tabs_is_a_conversation(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(input_rig_line(r, "#separator \\x09"), 0);
	assert_int_equal(input_rig_line(r, "#path\tconn"), 0);
	assert_int_equal(input_rig_line(r, FIELDS), 0);
	assert_int_equal(input_rig_line(r, "#types\ttime\tstring"), 0);
	assert_int_equal(
		input_rig_line(r, "1664990312.481000\tCCmDhK2D8U7fiDa8a\t10.0.0.5\t40000\t"
				  "2001:db8::1\t443\ttcp\tssl\t1.135424001\t1596\t4039\tSF\t5138\t"
				  "ShADaFf\t14\t1016\t16\t1226"),
		1);
	assert_sample(r);
	assert_int_equal(input_rig_line(r, "#close\t2023-01-01-00-00-00"), 0);
	assert_int_equal(r->s.skipped, 0);
}

static void
a_line_of_json_is_the_same_conversation(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(
		input_rig_line(r,
			"{\"resp_pkts\":16,\"ts\":1664990312.481,\"uid\":\"CCmDhK2D8U7fiDa8a\","
			"\"id.orig_h\":\"10.0.0.5\",\"id.orig_p\":40000,"
			"\"id\":{\"resp_h\":\"2001:db8::1\",\"resp_p\":443},"
			"\"proto\":\"tcp\",\"service\":\"ssl\",\"duration\":1.135424001,"
			"\"orig_bytes\":1596,\"resp_bytes\":4039,\"conn_state\":\"SF\","
			"\"local_orig\":true,\"nobody\":{\"knows\":[1,2]},\"missed_bytes\":5138,"
			"\"history\":\"ShADaFf\",\"orig_pkts\":14,\"orig_ip_bytes\":1016,"
			"\"resp_ip_bytes\":1226}"),
		1);
	assert_sample(r);
}

/* One line of JSON whose middle is `what`. */
static const struct obs_flow *
json(struct input_rig *r, const char *what)
{
	char line[2048];

	(void)snprintf(line, sizeof(line),
		"{\"ts\":1.5,\"id.orig_h\":\"10.0.0.5\",\"id.resp_h\":\"10.0.0.6\",\"orig_pkts\":1,%s,"
		"\"conn_state\":\"S0\"}",
		what);
	assert_int_equal(input_rig_line(r, line), 1);
	return flow(r);
}

static void
what_is_left_out_is_nothing(void **state)
{
	const struct obs_flow *f = json(*state, "\"proto\":\"udp\"");

	assert_int_equal(f->last_ns, f->start_ns);
	assert_int_equal(f->orig_total.payload_bytes, 0);
	assert_int_equal(f->resp_total.packets, 0);
	assert_string_equal(f->history, "");
	assert_string_equal(f->service, "");
	assert_string_equal(f->label, "");
	assert_int_equal(f->state, CONN_S0);
	assert_int_equal(f->ended, FLOW_END_TIMEOUT);
	assert_false(f->established);
	assert_true(f->id != 0); /* of its ends, as it has no uid */
}

static void
the_protocol_is_a_number_or_a_word(void **state)
{
	assert_int_equal(json(*state, "\"proto\":\"icmp\"")->ip_proto, IPPROTO_ICMP);
	assert_int_equal(json(*state, "\"proto\":\"udp\"")->ip_proto, IPPROTO_UDP);
	assert_int_equal(json(*state, "\"proto\":\"unknown_transport\"")->ip_proto, 0);
	assert_int_equal(
		json(*state, "\"proto\":\"unknown_transport\",\"ip_proto\":47")->ip_proto, 47);
	assert_int_equal(json(*state, "\"id.orig_h\":\"fe80::1\",\"proto\":\"icmp\"")->ip_proto,
		IPPROTO_ICMPV6);
}

static void
established_is_as_the_behaviour_page_says(void **state)
{
	static const struct {
		const char *state;
		unsigned packets;
		bool established;
	} rows[] = { { "S1", 2, true }, { "OTH", 1, true }, { "RSTR", 3, false },
		{ "RSTR", 4, true }, { "REJ", 2, false }, { "SHR", 9, false }, { "WHAT", 9, false },
		{ "", 9, false } };
	struct input_rig *r = *state;
	char line[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(line, sizeof(line),
			"{\"ts\":1.5,\"id.orig_h\":\"10.0.0.5\",\"conn_state\":\"%s\","
			"\"orig_pkts\":1,\"resp_pkts\":%u}",
			rows[i].state, rows[i].packets - 1);
		assert_int_equal(input_rig_line(r, line), 1);
		assert_int_equal(flow(r)->established, rows[i].established);
	}
}

static void
cards_and_vlans_of_policies_are_read(void **state)
{
	const struct obs_flow *f = json(*state,
		"\"orig_l2_addr\":\"08:00:27:ef:ee:34\",\"resp_l2_addr\":\"33:33:00:01:00:02\","
		"\"vlan\":100,\"inner_vlan\":4096");

	assert_true(f->has_macs);
	assert_int_equal(f->orig_mac.byte[5], 0x34);
	assert_int_equal(f->resp_mac.byte[0], 0x33);
	assert_int_equal(f->vlan, 100);
	assert_int_equal(f->inner_vlan, 0);
	assert_false(json(*state, "\"orig_l2_addr\":\"08:00\"")->has_macs);
	assert_true(json(*state, "\"resp_l2_addr\":\"08:00:27:ef:ee:34\"")->has_macs);
}

static void
labels_are_joined(void **state)
{
	assert_string_equal(
		json(*state, "\"label\":\"Malicious\",\"detailedlabel\":\"Scan\"")->label,
		"Malicious/Scan");
	assert_string_equal(json(*state, "\"label\":\"Benign\"")->label, "Benign");
	assert_string_equal(json(*state, "\"detailed-label\":\"Scan\"")->label, "Scan");
	assert_string_equal(json(*state, "\"proto\":\"tcp\"")->label, "");
}

static void
three_columns_in_one_are_taken_apart(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(
		input_rig_line(r, "#fields\tts\tid.orig_h\tid.resp_h\tconn_state\torig_pkts\t"
				  "tunnel_parents   label   detailed-label"),
		0);
	assert_int_equal(
		input_rig_line(r, "1.5\t10.0.0.5\t10.0.0.6\tS0\t1\t-   Malicious   PartOfAScan"),
		1);
	assert_string_equal(flow(r)->label, "Malicious/PartOfAScan");
	assert_int_equal(
		input_rig_line(r, "1.5\t10.0.0.5\t10.0.0.6\tS0\t1\t(empty)   Benign   -"), 1);
	assert_string_equal(flow(r)->label, "Benign");
	assert_int_equal(input_rig_line(r, "1.5\t10.0.0.5\t10.0.0.6\tS0\t1\t-"), 1);
	assert_string_equal(flow(r)->label, "");
}

static void
long_texts_are_cut_where_a_flow_has_no_room(void **state)
{
	char what[512];
	char long_text[301];

	memset(long_text, 'a', sizeof(long_text) - 1);
	long_text[300] = '\0';
	(void)snprintf(what, sizeof(what), "\"history\":\"%s\"", long_text);
	assert_int_equal(strlen(json(*state, what)->history), FLOW_HISTORY_MAX);
	(void)snprintf(what, sizeof(what), "\"service\":\"%s\"", long_text);
	assert_int_equal(strlen(json(*state, what)->service), 63);
	(void)snprintf(what, sizeof(what), "\"detailedlabel\":\"d\",\"label\":\"%s\"", long_text);
	assert_int_equal(strlen(json(*state, what)->label), 127);
	assert_true(json(*state, "\"history\":\"^fA\"")->flipped);
	assert_false(json(*state, "\"history\":\"fA\"")->flipped);
}

static void
a_bad_value_makes_a_bad_line_and_says_which(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(
		input_rig_line(r, "{\"ts\":1.5,\"conn_state\":\"SF\",\"orig_pkts\":\"x\\u0007\"}"),
		-EBADMSG);
	assert_non_null(strstr(r->s.complaint, "orig_pkts: \"x"));
	assert_non_null(strstr(r->s.complaint, "is no count"));
	assert_null(strchr(r->s.complaint, '\a'));
	assert_int_equal(
		input_rig_line(r, "{\"ts\":1.5,\"conn_state\":\"SF\",\"id.orig_p\":93145}"),
		-EBADMSG);
	assert_non_null(strstr(r->s.complaint, "is no port"));
	assert_int_equal(input_rig_line(r, "{\"conn_state\":\"SF\",\"orig_pkts\":1}"), -EBADMSG);
	assert_non_null(strstr(r->s.complaint, "ts"));
	/* The next one is read. */
	(void)json(r, "\"proto\":\"tcp\"");
}

static const char by_end[] = "{\"ts\":9,\"duration\":1,\"conn_state\":\"SF\",\"orig_pkts\":1}\n"
			     "{\"ts\":2,\"duration\":9,\"conn_state\":\"SF\",\"orig_pkts\":1}\n"
			     "{\"ts\":3,\"dura";
static const char by_start[] = "{\"ts\":2,\"duration\":9,\"conn_state\":\"SF\",\"orig_pkts\":1}\n"
			       "{\"ts\":9,\"duration\":1,\"conn_state\":\"SF\",\"orig_pkts\":1}\n";

static void
a_sorted_log_comes_by_starts_and_zeeks_own_by_ends(void **state)
{
	struct input_rig *r = *state;
	static const char line[] =
		"{\"ts\":20,\"duration\":5,\"conn_state\":\"SF\",\"orig_pkts\":1}";

	input_rig_begin(r, by_end);
	assert_string_equal(r->s.log, "");
	assert_int_equal(input_rig_line(r, line), 1);
	assert_int_equal(r->s.items[0].key_ns, 0); /* as ts_ns, its end */
	assert_int_equal(r->s.items[0].o.ts_ns, UINT64_C(25000000000));
	input_rig_begin(r, by_start);
	assert_int_equal(input_rig_line(r, line), 1);
	assert_int_equal(r->s.items[0].key_ns, UINT64_C(20000000000));
	r->plan.follow = true; /* what Zeek is writing */
	input_rig_begin(r, by_start);
	assert_int_equal(input_rig_line(r, line), 1);
	assert_int_equal(r->s.items[0].key_ns, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_open, rig_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_with_tabs_is_a_conversation),
		TEST(a_line_of_json_is_the_same_conversation),
		TEST(what_is_left_out_is_nothing),
		TEST(the_protocol_is_a_number_or_a_word),
		TEST(established_is_as_the_behaviour_page_says),
		TEST(cards_and_vlans_of_policies_are_read),
		TEST(labels_are_joined),
		TEST(three_columns_in_one_are_taken_apart),
		TEST(long_texts_are_cut_where_a_flow_has_no_room),
		TEST(a_bad_value_makes_a_bad_line_and_says_which),
		TEST(a_sorted_log_comes_by_starts_and_zeeks_own_by_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
