#include "tests/support/eve_lines.h"

#include <errno.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNTERS(up_, down_)                                               \
	"\"flow\":{\"pkts_toserver\":" up_ ",\"pkts_toclient\":" down_ "," \
	"\"bytes_toserver\":300,\"bytes_toclient\":400,"                   \
	"\"start\":\"2021-06-06T16:17:30.000000+0200\","                   \
	"\"end\":\"2021-06-06T16:17:40.250000+0200\",\"age\":10,"

/* A flow of TCP with these flags, hexadecimal, from either side. */
#define TCP_FLOW(up_, down_, state_, ts_, tc_)                                               \
	EVE_BEGIN("flow", "TCP")                                                             \
	"\"dest_port\":80," COUNTERS(up_,                                                    \
		down_) "\"state\":\"" state_ "\",\"reason\":\"timeout\",\"alerted\":false}," \
		       "\"tcp\":{\"tcp_flags\":\"1f\",\"tcp_flags_ts\":\"" ts_               \
		       "\",\"tcp_flags_tc\":\"" tc_ "\",\"syn\":true,\"state\":\"" state_ "\"}}"

static const struct obs_flow *
flow_of(struct input_rig *r, const char *line)
{
	assert_int_equal(input_rig_line(r, line), 1);
	assert_int_equal(r->s.items[0].o.kind, OBS_FLOW_END);
	return r->s.items[0].o.flow;
}

static void
a_flow_of_suricatas_is_told(void **state)
{
	struct input_rig *r = *state;
	const struct obs_flow *f = flow_of(r,
		EVE_BEGIN("flow", "UDP") "\"dest_port\":53,\"app_proto\":\"dns\"," COUNTERS("3",
			"4") "\"state\":\"established\",\"reason\":\"timeout\",\"alerted\":false},"
			     "\"ether\":{\"dest_macs\":[\"02:00:00:00:00:01\"],\"src_macs\":[\"02:00:00:00:00:02\",\"02:00:00:00:00:03\"]},"
			     "\"vlan\":[100,7],\"host\":\"sensor\"}");
	const struct addr orig = addr_v4(192, 168, 1, 129);
	const struct addr resp = addr_v4(192, 168, 1, 1);
	const struct mac orig_mac = { { 2, 0, 0, 0, 0, 2 } };
	const struct mac resp_mac = { { 2, 0, 0, 0, 0, 1 } };

	assert_memory_equal(&f->orig, &orig, sizeof(orig));
	assert_memory_equal(&f->resp, &resp, sizeof(resp));
	assert_int_equal(f->orig_port, 35790);
	assert_int_equal(f->resp_port, 53);
	assert_int_equal(f->ip_proto, 17);
	assert_int_equal(f->start_ns, EVE_BEGIN_NS - UINT64_C(11500000000));
	assert_int_equal(f->last_ns, EVE_BEGIN_NS - UINT64_C(1250000000));
	assert_int_equal(f->previous_ns, f->start_ns);
	assert_int_equal(f->orig_total.packets, 3);
	assert_int_equal(f->resp_total.packets, 4);
	assert_int_equal(f->orig_total.ip_bytes, 300);
	assert_int_equal(f->orig_total.payload_bytes, 300);
	assert_int_equal(f->resp_total.payload_bytes, 400);
	assert_memory_equal(&f->resp_delta, &f->resp_total, sizeof(f->resp_total));
	assert_int_equal(f->state, CONN_SF);
	assert_true(f->established);
	assert_int_equal(f->ended, FLOW_END_TIMEOUT);
	assert_string_equal(f->service, "dns");
	assert_string_equal(f->history, "");
	assert_string_equal(f->label, "");
	assert_true(f->has_macs);
	assert_memory_equal(&f->orig_mac, &orig_mac, sizeof(orig_mac));
	assert_memory_equal(&f->resp_mac, &resp_mac, sizeof(resp_mac));
	assert_int_equal(f->vlan, 100);
	assert_int_equal(f->inner_vlan, 7);
	assert_string_equal(f->uid.text, "473137238296542");
	assert_int_equal(r->s.items[0].key_ns, f->last_ns);
	assert_int_equal(r->s.items[0].o.ts_ns, f->last_ns);
}

static void
states_are_told_from_the_flags_of_both_sides(void **state)
{
	static const struct {
		const char *line;
		enum conn_state state;
		bool established;
	} cases[] = {
		{ TCP_FLOW("1", "0", "new", "02", "00"), CONN_S0, false },
		{ TCP_FLOW("2", "0", "closed", "06", "00"), CONN_RSTOS0, false },
		{ TCP_FLOW("2", "0", "closed", "03", "00"), CONN_SH, false },
		{ TCP_FLOW("2", "2", "closed", "02", "14"), CONN_REJ, false },
		{ TCP_FLOW("2", "2", "new", "02", "10"), CONN_OTH, false },
		{ TCP_FLOW("5", "5", "closed", "1b", "1b"), CONN_SF, true },
		{ TCP_FLOW("5", "5", "closed", "1f", "1b"), CONN_SF, true },
		{ TCP_FLOW("5", "5", "closed", "1e", "1a"), CONN_RSTO, true },
		{ TCP_FLOW("5", "5", "closed", "1a", "1e"), CONN_RSTR, true },
		{ TCP_FLOW("5", "5", "established", "1a", "1a"), CONN_S1, true },
		{ TCP_FLOW("5", "5", "closed", "1b", "1a"), CONN_S2, true },
		{ TCP_FLOW("5", "5", "closed", "1a", "1b"), CONN_S3, true },
		{ TCP_FLOW("1", "1", "new", "02", "12"), CONN_S1, false },
		{ TCP_FLOW("2", "2", "closed", "10", "12"), CONN_OTH, false },
		{ TCP_FLOW("2", "2", "closed", "10", "16"), CONN_RSTRH, false },
		{ TCP_FLOW("2", "2", "closed", "10", "13"), CONN_SHR, false },
		{ TCP_FLOW("2", "2", "closed", "18", "18"), CONN_OTH, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct obs_flow *f = flow_of(*state, cases[i].line);
		assert_int_equal(f->state, cases[i].state);
		assert_int_equal(f->established, cases[i].established);
	}
}

#define PLAIN_FLOW(proto_, up_, down_, state_) \
	EVE_BEGIN("flow", proto_)              \
	"\"dest_port\":80," COUNTERS(up_, down_) "\"state\":\"" state_ "\"}}"

static void
without_flags_the_word_says_it(void **state)
{
	static const struct {
		const char *line;
		enum conn_state state;
		bool established;
	} cases[] = {
		{ PLAIN_FLOW("TCP", "2", "1", "new"), CONN_S0, false },
		{ PLAIN_FLOW("TCP", "2", "0", "established"), CONN_S0, true },
		{ PLAIN_FLOW("TCP", "2", "1", "established"), CONN_S1, true },
		{ PLAIN_FLOW("TCP", "2", "1", "closed"), CONN_OTH, false },
		{ PLAIN_FLOW("TCP", "2", "1", "bypassed"), CONN_OTH, false },
		{ PLAIN_FLOW("UDP", "2", "0", "new"), CONN_S0, false },
		{ PLAIN_FLOW("UDP", "2", "1", "established"), CONN_SF, true },
		{ PLAIN_FLOW("SCTP", "2", "0", "new"), CONN_S0, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct obs_flow *f = flow_of(*state, cases[i].line);
		assert_int_equal(f->state, cases[i].state);
		assert_int_equal(f->established, cases[i].established);
	}
}

static void
as_slips_had_it_the_word_says_it_alone(void **state)
{
	struct input_rig *r = *state;

	r->plan.file_order = true;
	assert_false(flow_of(r, TCP_FLOW("5", "5", "closed", "1b", "1b"))->established);
	assert_true(flow_of(r, TCP_FLOW("1", "0", "new", "02", "00"))->established);
	assert_true(flow_of(r, PLAIN_FLOW("UDP", "2", "0", "new"))->established);
	assert_true(flow_of(r, PLAIN_FLOW("UDP", "2", "2", "established"))->established);
	assert_false(flow_of(r, PLAIN_FLOW("UDP", "2", "2", "bypassed"))->established);
}

#define ENDED(state_, reason_)                                                                  \
	EVE_BEGIN("flow", "TCP")                                                                \
	"\"dest_port\":80," COUNTERS("1", "1") "\"state\":\"" state_ "\",\"reason\":\"" reason_ \
					       "\"}}"

static void
why_it_ended_is_told(void **state)
{
	assert_int_equal(flow_of(*state, ENDED("new", "timeout"))->ended, FLOW_END_TIMEOUT);
	assert_int_equal(flow_of(*state, ENDED("closed", "timeout"))->ended, FLOW_END_CLOSED);
	assert_int_equal(flow_of(*state, ENDED("closed", "closed"))->ended, FLOW_END_CLOSED);
	assert_int_equal(flow_of(*state, ENDED("closed", "shutdown"))->ended, FLOW_END_CAPTURE);
	assert_int_equal(flow_of(*state, ENDED("new", "forced"))->ended, FLOW_END_EVICTED);
	assert_int_equal(flow_of(*state, ENDED("new", "tcp_reuse"))->ended, FLOW_END_REUSED);
	assert_int_equal(flow_of(*state, ENDED("new", "unknown"))->ended, FLOW_END_TIMEOUT);
}

#define ICMP_FLOW(proto_, types_)                                                           \
	"{\"timestamp\":\"2021-06-06T16:17:41.500000+0200\",\"event_type\":\"flow\","       \
	"\"src_ip\":\"10.0.0.1\",\"dest_ip\":\"10.0.0.2\",\"proto\":\"" proto_ "\"," types_ \
	"," COUNTERS("1", "1") "\"state\":\"established\",\"reason\":\"timeout\"}}"

static void
icmp_has_its_types_for_ports(void **state)
{
	const struct obs_flow *f = flow_of(*state,
		ICMP_FLOW("ICMP", "\"icmp_type\":8,\"icmp_code\":0,\"response_icmp_type\":0,"
				  "\"response_icmp_code\":0"));

	assert_int_equal(f->orig_port, 8);
	assert_int_equal(f->resp_port, 0);
	assert_int_equal(f->state, CONN_OTH);
	assert_true(f->established);
	f = flow_of(*state, ICMP_FLOW("ICMP", "\"icmp_type\":3,\"icmp_code\":13"));
	assert_int_equal(f->orig_port, 3);
	assert_int_equal(f->resp_port, 13);
	f = flow_of(*state, ICMP_FLOW("ICMP", "\"icmp_type\":13,\"icmp_code\":0"));
	assert_int_equal(f->orig_port, 13);
	assert_int_equal(f->resp_port, 14);
	f = flow_of(*state, ICMP_FLOW("IPv6-ICMP", "\"icmp_type\":135,\"icmp_code\":0"));
	assert_int_equal(f->ip_proto, 58);
	assert_int_equal(f->orig_port, 135);
	assert_int_equal(f->resp_port, 136);
}

static void
services_have_zeeks_names(void **state)
{
	static const char *const names[][2] = { { "tls", "ssl" }, { "krb5", "krb" },
		{ "dcerpc", "dce_rpc" }, { "failed", "" }, { "http", "http" } };
	char line[1024];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(line, sizeof(line),
			EVE_BEGIN("flow", "TCP") "\"app_proto\":\"%s\"," COUNTERS(
				"1", "1") "\"state\":\"new\"}}",
			names[i][0]);
		assert_string_equal(flow_of(*state, line)->service, names[i][1]);
	}
}

/* A service that is not there is only known to be none by who looked for one. */
static void
whether_a_service_would_be_known(void **state)
{
	struct input_rig *r = *state;

	assert_false(flow_of(r, EVE_BEGIN("flow", "TCP") COUNTERS("1", "1") "\"state\":\"new\"}}")
			     ->service_known);
	assert_true(flow_of(r, EVE_BEGIN("flow", "TCP") "\"app_proto\":\"failed\"," COUNTERS(
				       "1", "1") "\"state\":\"new\"}}")
			    ->service_known);
	assert_true(flow_of(r,
		EVE_BEGIN("flow", "TCP") COUNTERS(
			"1", "1") "\"state\":\"new\"},"
				  "\"naiad\":{\"kind\":\"flow\",\"uid\":\"C1\",\"history\":\"S\"}}")
			    ->service_known);
	assert_false(flow_of(r,
		EVE_BEGIN("flow", "TCP") COUNTERS(
			"1", "1") "\"state\":\"new\"},"
				  "\"naiad\":{\"kind\":\"flow\",\"uid\":\"C1\",\"history\":\"\"}}")
			     ->service_known);
}

static void
our_own_flow_has_what_suricata_does_not_say(void **state)
{
	const struct obs_flow *f = flow_of(*state,
		EVE_BEGIN("flow",
			"TCP") "\"dest_port\":80,\"ip_v\":4,\"app_proto\":\"tls\","
			       "\"ether\":{\"src_mac\":\"02:00:00:00:00:02\",\"dest_mac\":\"02:00:00:00:00:01\"},"
			       "\"tunnel\":{\"src_ip\":\"198.51.100.1\",\"dest_ip\":\"198.51.100.2\",\"proto\":\"UDP\",\"depth\":2}," COUNTERS(
				       "4",
				       "3") "\"state\":\"closed\",\"reason\":\"closed\"},"
					    "\"naiad\":{\"kind\":\"flow\",\"uid\":\"" EVE_OUR_UID
					    "\",\"conn_state\":\"RSTR\","
					    "\"history\":\"^ShADar\",\"payload_toserver\":11,\"payload_toclient\":22,\"missed_bytes\":33,"
					    "\"label\":\"From-Botnet\","
					    "\"tunnel\":{\"kind\":\"vxlan\",\"id\":42,\"uids\":[\"Ca\",\"Cb\",\"Cc\"]}}}");

	assert_string_equal(f->uid.text, EVE_OUR_UID);
	assert_int_equal(f->state, CONN_RSTR);
	assert_true(f->established);
	assert_true(f->flipped);
	assert_string_equal(f->history, "^ShADar");
	assert_string_equal(f->service, "ssl");
	assert_string_equal(f->label, "From-Botnet");
	assert_int_equal(f->orig_total.payload_bytes, 11);
	assert_int_equal(f->resp_total.payload_bytes, 22);
	assert_int_equal(f->resp_total.missed_bytes, 33);
	assert_true(f->has_macs);
	assert_non_null(f->outside);
	assert_int_equal(f->outside->kind, TUNNEL_VXLAN);
	assert_int_equal(f->outside->depth, 2);
	assert_int_equal(f->outside->ip_proto, 17);
	assert_int_equal(f->outside->id, 42);
	assert_string_equal(f->outside->uids[0].text, "Ca");
	assert_string_equal(f->outside->uids[1].text, "Cb");
}

static void
a_flow_in_another_sensors_tunnel_says_by_what(void **state)
{
	const struct obs_flow *f = flow_of(*state,
		EVE_BEGIN("flow",
			"TCP") "\"dest_port\":80,\"tunnel\":{\"src_ip\":\"198.51.100.1\",\"src_port\":0,"
			       "\"dest_ip\":\"198.51.100.2\",\"proto\":\"GRE\",\"depth\":1}," COUNTERS(
				       "1", "1") "\"state\":\"new\"}}");

	assert_int_equal(f->outside->kind, TUNNEL_GRE);
	assert_int_equal(f->outside->ip_proto, 47);
	assert_string_equal(f->outside->uids[0].text, "");
	assert_null(flow_of(*state, TCP_FLOW("1", "0", "new", "02", "00"))->outside);
}

static void
a_flow_that_ends_before_it_began_has_no_length(void **state)
{
	const struct obs_flow *f = flow_of(*state,
		EVE_BEGIN("flow",
			"UDP") "\"flow\":{\"start\":\"2021-06-06T16:17:41+0200\",\"end\":\"2021-06-06T16:17:40+0200\"}}");

	assert_int_equal(f->last_ns, f->start_ns);
	assert_int_equal(f->orig_total.packets, 0);
}

static void
texts_too_long_for_a_flow_are_cut(void **state)
{
	char line[2048];
	char text[301];

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	(void)snprintf(line, sizeof(line),
		EVE_BEGIN("flow", "TCP") COUNTERS("1",
			"1") "\"state\":\"new\"},\"app_proto\":\"%s\","
			     "\"naiad\":{\"kind\":\"flow\",\"uid\":\"C1\",\"conn_state\":\"%s\",\"history\":\"%s\",\"label\":\"%s\"}}",
		text, text, text, text);
	const struct obs_flow *f = flow_of(*state, line);
	assert_int_equal(strlen(f->history), FLOW_HISTORY_MAX);
	assert_int_equal(strlen(f->service), 63);
	assert_int_equal(strlen(f->label), 127);
}

/* Of who wrote a line that has no such column nothing is known. */
static void
a_service_that_failed_is_known_to_be_none(void **state)
{
	static const char *const cases[] = {
		"\"state\":\"new\"}}",
		"\"state\":\"new\"},\"app_proto\":\"failed\"}",
	};
	char line[2048];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(line, sizeof(line), EVE_BEGIN("flow", "TCP") COUNTERS("1", "1") "%s",
			cases[i]);
		const struct obs_flow *f = flow_of(*state, line);
		assert_string_equal(f->service, "");
		assert_int_equal(f->service_known, i > 0);
	}
}

/* "::" is who has no address yet. */
static void
the_unspecified_address_is_one(void **state)
{
	static const struct addr unspecified;
	const struct obs_flow *f = flow_of(*state,
		"{\"timestamp\":\"2021-06-06T16:17:41+0200\",\"event_type\":\"flow\",\"proto\":\"IPv6-ICMP\","
		"\"src_ip\":\"::\",\"dest_ip\":\"ff02::16\",\"icmp_type\":143," COUNTERS(
			"1", "0") "\"state\":\"new\"}}");

	assert_memory_equal(&f->orig, &unspecified, sizeof(unspecified));
}

static void
what_a_flow_must_say_is_asked_for(void **state)
{
	static const struct {
		const char *line, *complaint;
	} cases[] = {
		{ EVE_BEGIN("flow", "TCP") "\"dest_port\":80}", "flow.start: \"\" is no time" },
		{ EVE_BEGIN("flow", "TCP") COUNTERS("-1", "1") "\"state\":\"new\"}}",
			"flow.pkts_toserver: \"-1\" is no count" },
		{ EVE_BEGIN("flow", "TCP") COUNTERS("1", "1") "\"start\":\"noon\"}}",
			"flow.start: \"noon\" is no time" },
		{ "{\"timestamp\":\"2021-06-06T16:17:41+0200\",\"event_type\":\"flow\",\"proto\":\"TCP\","
		  "\"dest_ip\":\"10.0.0.1\"}",
			"src_ip: \"\" is no address" },
		{ "{\"timestamp\":\"2021-06-06T16:17:41+0200\",\"event_type\":\"flow\",\"proto\":\"TCP\","
		  "\"src_ip\":\"10.0.0.1\"}",
			"dest_ip: \"\" is no address" },
		{ "{\"timestamp\":\"2021-06-06T16:17:41+0200\",\"event_type\":\"flow\",\"proto\":\"TCP\","
		  "\"src_ip\":\"10.0.0.256\",\"dest_ip\":\"10.0.0.1\"}",
			"src_ip: \"10.0.0.256\" is no address" },
		{ "{\"timestamp\":\"2021-06-06T16:17:41+0200\",\"event_type\":\"flow\",\"proto\":\"TCP\","
		  "\"src_ip\":\"10.0.0.1\",\"dest_ip\":\"\"}",
			"dest_ip: \"\" is no address" },
		{ EVE_BEGIN("flow", "TCQ") "\"dest_port\":80}",
			"proto: \"TCQ\" is no protocol of IP" },
		{ "{\"event_type\":\"flow\"}", "timestamp: \"\" is no time" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct input_rig *r = *state;
		assert_int_equal(input_rig_line(r, cases[i].line), -EBADMSG);
		assert_string_equal(r->s.complaint, cases[i].complaint);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_flow_of_suricatas_is_told, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			states_are_told_from_the_flags_of_both_sides, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			without_flags_the_word_says_it, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			as_slips_had_it_the_word_says_it_alone, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(why_it_ended_is_told, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			icmp_has_its_types_for_ports, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(services_have_zeeks_names, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			whether_a_service_would_be_known, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			our_own_flow_has_what_suricata_does_not_say, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			a_flow_in_another_sensors_tunnel_says_by_what, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			a_flow_that_ends_before_it_began_has_no_length, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			texts_too_long_for_a_flow_are_cut, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			a_service_that_failed_is_known_to_be_none, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			the_unspecified_address_is_one, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			what_a_flow_must_say_is_asked_for, eve_setup, eve_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
