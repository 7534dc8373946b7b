/* EVE's events of what others than parsers found: alert, anomaly, tunnel, arp. */
#include "daemon/transactions/alert.h"
#include "tests/support/eve_lines.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static const struct observation *
told(struct input_rig *r, const char *line, enum obs_kind kind)
{
	assert_int_equal(input_rig_line(r, line), 1);
	assert_int_equal(r->s.items[0].o.kind, kind);
	assert_int_equal(r->s.items[0].o.ts_ns, EVE_BEGIN_NS);
	return &r->s.items[0].o;
}

#define RULE                                                                                 \
	"\"alert\":{\"action\":\"allowed\",\"gid\":1,\"signature_id\":2001219,\"rev\":20,"   \
	"\"signature\":\"ET SCAN Potential SSH Scan\",\"category\":\"Attempted Information " \
	"Leak\",\"severity\":2,\"metadata\":{\"created_at\":[\"2010_07_30\"]}}"

static void
what_a_rule_found(void **state)
{
	struct input_rig *r = *state;
	const struct observation *o = told(r,
		EVE_BEGIN("alert",
			"TCP") "\"dest_port\":22," RULE
			       ",\"http\":{\"url\":\"/\"},\"app_proto\":\"http\",\"flow\":{\"pkts_toserver\":5,"
			       "\"start\":\"2021-06-06T16:17:40.051166+0200\"},\"host\":\"sensor\"}",
		OBS_ALERT);
	const struct obs_alert *a = o->said;

	assert_string_equal(a->source, "suricata");
	assert_string_equal(a->signature, "ET SCAN Potential SSH Scan");
	assert_string_equal(a->category, "Attempted Information Leak");
	assert_string_equal(a->action, "allowed");
	assert_int_equal(a->severity, 2);
	assert_int_equal(a->sid, 2001219);
	eve_assert_addr(&o->talk->orig, "192.168.1.129");
	assert_int_equal(o->talk->resp_port, 22);
}

static void
who_opened_the_conversation_is_not_always_the_source(void **state)
{
	static const struct {
		const char *rest, *orig;
	} cases[] = {
		{ ",\"direction\":\"to_server\"}", "192.168.1.129" },
		{ ",\"direction\":\"to_client\"}", "192.168.1.1" },
		{ ",\"flow\":{\"src_ip\":\"192.168.1.1\",\"src_port\":22,\"dest_ip\":\"192.168.1.129\"}}",
			"192.168.1.1" },
		{ ",\"flow\":{\"src_ip\":\"192.168.1.129\",\"src_port\":35790}}", "192.168.1.129" },
		{ ",\"flow\":{\"src_ip\":\"192.168.1.1\",\"src_port\":23}}", "192.168.1.129" },
	};
	char line[1024];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(line, sizeof(line),
			EVE_BEGIN("alert", "TCP") "\"dest_port\":22," RULE "%s", cases[i].rest);
		eve_assert_addr(&told(*state, line, OBS_ALERT)->talk->orig, cases[i].orig);
	}
}

static void
what_we_found_ourselves_is_no_input(void **state)
{
	eve_skipped(*state, EVE_BEGIN("alert", "TCP") RULE
		",\"naiad\":{\"kind\":\"evidence\",\"id\":\"b579a892\",\"type\":\"PORT_ZERO\"}}");
	eve_skipped(*state, EVE_BEGIN("alert", "TCP") RULE ",\"naiad\":{\"kind\":\"alert\"}}");
	eve_skipped(*state,
		"{\"timestamp\":\"2021-06-06T16:17:41+0200\",\"event_type\":\"alert\",\"src_ip\":\"10.0.0.1\",\"ip_v\":4,"
		"\"naiad\":{\"kind\":\"alert\"}}");
}

static void
an_alert_on_no_host_is_passed_over(void **state)
{
	eve_skipped(*state,
		"{\"timestamp\":\"2021-06-06T16:17:41+0200\",\"event_type\":\"alert\"," RULE "}");
}

static void
an_oddity_of_ours(void **state)
{
	struct input_rig *r = *state;
	const struct obs_weird *w = told(r,
		EVE_BEGIN("anomaly",
			"TCP") "\"dest_port\":80,\"anomaly\":{\"type\":\"stream\",\"event\":\"stream_different\"},"
			       "\"naiad\":{\"kind\":\"weird\",\"text\":\"x\",\"swallowed\":0,\"uid\":\"" EVE_OUR_UID
			       "\"}}",
		OBS_WEIRD)
					    ->weird;

	assert_int_equal(w->kind, WEIRD_STREAM_DIFFERENT);
	eve_assert_addr(&w->src, "192.168.1.129");
	eve_assert_addr(&w->dst, "192.168.1.1");
	assert_int_equal(w->src_port, 35790);
	assert_int_equal(w->dst_port, 80);
	assert_int_equal(w->ip_proto, 6);
	assert_string_equal(w->uid.text, EVE_OUR_UID);
	assert_int_not_equal(w->id, 0);
	w = told(r,
		"{\"timestamp\":\"2021-06-06T16:17:41.5+0200\",\"event_type\":\"anomaly\",\"src_ip\":\"10.0.0.1\","
		"\"dest_ip\":\"10.0.0.2\",\"anomaly\":{\"type\":\"decode\",\"event\":\"too_deep\"}}",
		OBS_WEIRD)
		    ->weird;
	assert_int_equal(w->kind, WEIRD_TOO_DEEP);
	assert_string_equal(w->uid.text, "");
	assert_int_equal(w->id, 0);
	assert_int_equal(w->ip_proto, 0);
}

static void
oddities_of_others_and_of_the_capture_are_passed_over(void **state)
{
	struct input_rig *r = *state;

	eve_skipped(r,
		EVE_BEGIN("anomaly",
			"TCP") "\"anomaly\":{\"type\":\"applayer\",\"event\":\"APPLAYER_WRONG\"}}");
	eve_skipped(r, EVE_BEGIN("anomaly", "TCP") "\"anomaly\":{\"type\":\"decode\"}}");
	assert_int_equal(r->s.unknown, 2);
	eve_skipped(r,
		"{\"timestamp\":\"2021-06-06T16:17:41+0200\",\"event_type\":\"anomaly\","
		"\"anomaly\":{\"type\":\"capture\",\"event\":\"clock_jump\"},\"naiad\":{\"kind\":\"clock_jump\"}}");
	assert_int_equal(r->s.unknown, 2);
}

static void
a_conversation_that_carries_packets(void **state)
{
	const struct obs_tunnel *t = told(*state,
		EVE_BEGIN("tunnel",
			"UDP") "\"dest_port\":4789,\"ip_v\":4,\"naiad\":{\"kind\":\"tunnel\",\"action\":\"discover\","
			       "\"tunnel_kind\":\"vxlan\",\"id\":42,\"uid\":\"" EVE_OUR_UID "\"}}",
		OBS_TUNNEL)
					     ->tunnel;

	assert_int_equal(t->kind, TUNNEL_VXLAN);
	assert_int_equal(t->id, 42);
	assert_false(t->closed);
	eve_assert_addr(&t->flow->orig, "192.168.1.129");
	assert_int_equal(t->flow->orig_port, 35790);
	assert_int_equal(t->flow->resp_port, 4789);
	assert_int_equal(t->flow->ip_proto, 17);
	assert_string_equal(t->flow->uid.text, EVE_OUR_UID);
	assert_string_equal(t->flow->history, "");
	t = told(*state,
		EVE_BEGIN("tunnel",
			"GRE") "\"naiad\":{\"kind\":\"tunnel\",\"action\":\"close\",\"tunnel_kind\":\"gre\"}}",
		OBS_TUNNEL)
		    ->tunnel;
	assert_true(t->closed);
	assert_int_equal(t->id, 0);
	assert_int_equal(t->kind, TUNNEL_GRE);
	eve_skipped(*state, EVE_BEGIN("tunnel", "GRE") "\"naiad\":{\"tunnel_kind\":\"worm\"}}");
	eve_skipped(*state, EVE_BEGIN("tunnel", "GRE") "\"naiad\":{\"tunnel_kind\":\"\"}}");
}

#define ARP_BEGIN                                                                    \
	"{\"timestamp\":\"2021-06-06T16:17:41.500000+0200\",\"event_type\":\"arp\"," \
	"\"arp\":{\"hw_type\":\"ethernet\",\"proto_type\":\"ipv4\","                 \
	"\"src_mac\":\"bc:03:58:5a:d5:ca\",\"src_ip\":\"192.168.1.28\","             \
	"\"dest_mac\":\"00:00:00:00:00:00\",\"dest_ip\":\"0.0.0.0\","

static void
a_message_of_arp(void **state)
{
	const struct mac sender = { { 0xbc, 0x03, 0x58, 0x5a, 0xd5, 0xca } };
	const struct mac everybody = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
	const struct mac other = { { 2, 0, 0, 0, 0, 9 } };
	const struct obs_arp *a = told(*state, ARP_BEGIN "\"opcode\":\"request\"}}", OBS_ARP)->arp;

	assert_int_equal(a->operation, 1);
	eve_assert_addr(&a->sender, "192.168.1.28");
	eve_assert_addr(&a->target, "0.0.0.0");
	assert_memory_equal(&a->sender_mac, &sender, sizeof(sender));
	assert_memory_equal(&a->eth_src, &sender, sizeof(sender));
	assert_memory_equal(&a->eth_dst, &everybody, sizeof(everybody));
	a = told(*state,
		ARP_BEGIN
		"\"opcode\":\"reply\"},\"ether\":{\"src_mac\":\"02:00:00:00:00:09\",\"dest_mac\":\"02:00:00:00:00:09\"}}",
		OBS_ARP)
		    ->arp;
	assert_int_equal(a->operation, 2);
	assert_memory_equal(&a->eth_src, &other, sizeof(other));
	assert_memory_equal(&a->eth_dst, &other, sizeof(other));
	a = told(*state, ARP_BEGIN "\"opcode\":\"reply\"}}", OBS_ARP)->arp;
	assert_memory_equal(&a->eth_dst, &a->target_mac, sizeof(a->target_mac));
}

static void
other_messages_of_arp(void **state)
{
	struct input_rig *r = *state;

	eve_skipped(r, ARP_BEGIN "\"opcode\":\"rarp_request\"}}");
	eve_skipped(
		r, "{\"timestamp\":\"2021-06-06T16:17:41Z\",\"event_type\":\"arp\",\"arp\":{}}");
	assert_int_equal(
		input_rig_line(r,
			"{\"timestamp\":\"2021-06-06T16:17:41Z\",\"event_type\":\"arp\",\"arp\":{\"opcode\":\"request\"}}"),
		-EBADMSG);
	assert_string_equal(r->s.complaint, "arp: \"\" is no message with hardware addresses");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_a_rule_found, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			who_opened_the_conversation_is_not_always_the_source, eve_setup,
			eve_teardown),
		cmocka_unit_test_setup_teardown(
			what_we_found_ourselves_is_no_input, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			an_alert_on_no_host_is_passed_over, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(an_oddity_of_ours, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			oddities_of_others_and_of_the_capture_are_passed_over, eve_setup,
			eve_teardown),
		cmocka_unit_test_setup_teardown(
			a_conversation_that_carries_packets, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(a_message_of_arp, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(other_messages_of_arp, eve_setup, eve_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
