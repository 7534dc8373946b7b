/* test_zeek_other.c -- arp.log, tunnel.log, weird.log and notice.log. */
#include "daemon/input/zeek_other.h"

#include "daemon/input/zeek_state.h"
#include "daemon/transactions/alert.h"
#include "exporters/zeek_tunnel.h"
#include "tests/support/input_rig.h"

#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

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

static const struct observation *
told(struct input_rig *r, const char *line, enum obs_kind kind)
{
	assert_int_equal(input_rig_line(r, line), 1);
	assert_int_equal(r->s.items[0].o.kind, kind);
	assert_int_equal(r->s.items[0].o.ts_ns, UINT64_C(1500000000));
	return &r->s.items[0].o;
}

#define ENDS                                                                       \
	"\"uid\":\"C1\",\"id.orig_h\":\"10.0.0.1\",\"id.orig_p\":0,\"id.resp_h\":" \
	"\"192.0.2.1\",\"id.resp_p\":7"

static void
an_arp_message_has_both_layers(void **state)
{
	const struct obs_arp *a = told(*state,
		"{\"ts\":1.5,\"operation\":\"request\",\"src_mac\":\"50:5b:c2:db:c3:17\","
		"\"dst_mac\":\"ff:ff:ff:ff:ff:ff\",\"orig_h\":\"192.168.1.15\",\"resp_h\":"
		"\"69.220.152.0\",\"orig_hw\":\"50:50:50:50:50:50\",\"resp_hw\":\"00:00:00:00:00:01\"}",
		OBS_ARP)
					  ->arp;

	assert_int_equal(a->operation, 1);
	assert_int_equal(a->eth_src.byte[5], 0x17);
	assert_int_equal(a->eth_dst.byte[0], 0xff);
	assert_int_equal(a->sender.byte[15], 15);
	assert_int_equal(a->target.byte[12], 69);
	assert_int_equal(a->sender_mac.byte[0], 0x50);
	assert_int_equal(a->target_mac.byte[5], 1);
	assert_int_equal(
		told(*state, "{\"ts\":1.5,\"operation\":\"reply\",\"orig_h\":\"10.0.0.1\"}",
			OBS_ARP)
			->arp->operation,
		2);
}

static void
an_arp_message_that_is_none_is_refused(void **state)
{
	static const char *const wrong[] = {
		"{\"ts\":1.5,\"src_mac\":\"50:5b:c2:db:c3:17\",\"orig_h\":\"10.0.0.1\"}",
		"{\"ts\":1.5,\"operation\":\"reply\",\"src_mac\":\"x\"}",
		"{\"ts\":1.5,\"operation\":\"reply\",\"dst_mac\":\"x\"}",
		"{\"ts\":1.5,\"operation\":\"reply\",\"orig_hw\":\"x\"}",
		"{\"ts\":1.5,\"operation\":\"reply\",\"resp_hw\":\"x\"}",
	};
	struct input_rig *r = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(input_rig_line(r, wrong[i]), -EBADMSG);
	assert_int_equal(
		input_rig_line(r, "{\"ts\":1.5,\"operation\":\"InARP\",\"orig_h\":\"10.0.0.1\"}"),
		0);
	assert_int_equal(r->s.skipped, 1);
}

static void
a_tunnel_is_a_conversation_without_counts(void **state)
{
	const struct obs_tunnel *t = told(*state,
		"{\"ts\":1.5," ENDS
		",\"tunnel_type\":\"Tunnel::GRE\",\"action\":\"Tunnel::DISCOVER\"}",
		OBS_TUNNEL)
					     ->tunnel;

	assert_int_equal(t->kind, TUNNEL_GRE);
	assert_false(t->closed);
	assert_int_equal(t->flow->ip_proto, IPPROTO_GRE);
	assert_int_equal(t->flow->resp_port, 7);
	assert_string_equal(t->flow->uid.text, "C1");
	assert_int_equal(t->flow->orig_total.packets + t->flow->resp_total.packets, 0);
	assert_string_equal(t->flow->service, "");
	assert_string_equal(t->flow->history, "");
	assert_true(told(*state,
		"{\"ts\":1.5," ENDS
		",\"tunnel_type\":\"Tunnel::GRE\",\"action\":\"Tunnel::EXPIRE\"}",
		OBS_TUNNEL)
			    ->tunnel->closed);
}

static void
every_tunnel_that_we_write_is_read(void **state)
{
	struct input_rig *r = *state;
	char line[256];

	for (enum tunnel_kind kind = TUNNEL_IP; kind < TUNNEL_KIND_COUNT; kind++) {
		(void)snprintf(line, sizeof(line),
			"{\"ts\":1.5,\"tunnel_type\":\"%s\",\"action\":\"Tunnel::DISCOVER\"}",
			zeek_tunnel_type(kind));
		const struct obs_tunnel *t = told(r, line, OBS_TUNNEL)->tunnel;
		assert_string_equal(zeek_tunnel_type(t->kind), zeek_tunnel_type(kind));
		assert_int_not_equal(t->flow->ip_proto, 0);
	}
	assert_int_equal(input_rig_line(r,
				 "{\"ts\":1.5,\"tunnel_type\":\"Tunnel::SOCKS\",\"action\":\"x\"}"),
		0);
	assert_int_equal(r->s.unknown, 1);
}

static void
an_oddity_has_our_name_or_zeeks(void **state)
{
	struct input_rig *r = *state;
	char line[256];
	const struct obs_weird *w = told(r,
		"{\"ts\":1.5," ENDS
		",\"name\":\"SYN_inside_connection\",\"notice\":false,\"peer\":\"z\"}",
		OBS_WEIRD)
					    ->weird;

	assert_int_equal(w->kind, WEIRD_STREAM_SYN);
	assert_int_equal(w->src.byte[15], 1);
	assert_int_equal(w->dst.byte[12], 192);
	assert_int_equal(w->dst_port, 7);
	assert_string_equal(w->uid.text, "C1");
	assert_int_not_equal(w->id, 0);
	for (enum weird kind = (enum weird)0; kind < WEIRD_COUNT; kind++) {
		(void)snprintf(line, sizeof(line),
			"{\"ts\":1.5," ENDS ",\"name\":\"%s\",\"notice\":false}", weird_name(kind));
		assert_int_equal(told(r, line, OBS_WEIRD)->weird->kind, kind);
	}
	assert_int_equal(
		input_rig_line(r, "{\"ts\":1.5,\"name\":\"window_recision\",\"notice\":false}"), 0);
	assert_int_equal(r->s.unknown, 1);
}

static void
a_notice_is_another_sensors_alert(void **state)
{
	struct input_rig *r = *state;
	const struct observation *o = told(r,
		"{\"ts\":1.5,\"note\":\"Scan::Address_Scan\",\"msg\":\"scanned\",\"src\":\"10.0.0.9\","
		"\"p\":23,\"proto\":\"udp\",\"n\":5,\"actions\":[\"Notice::ACTION_LOG\"]}",
		OBS_ALERT);
	const struct obs_alert *a = o->said;

	assert_string_equal(a->source, "zeek");
	assert_string_equal(a->signature, "scanned");
	assert_string_equal(a->category, "Scan::Address_Scan");
	assert_int_equal(a->severity, TRANSACTION_UNSET);
	assert_int_equal(a->sid, TRANSACTION_UNSET);
	assert_null(a->action);
	assert_int_equal(o->talk->orig.byte[15], 9);
	assert_true(addr_is_unspecified(&o->talk->resp));
	assert_int_equal(o->talk->resp_port, 23);
	assert_int_equal(o->talk->ip_proto, IPPROTO_UDP);
	o = told(r, "{\"ts\":1.5," ENDS ",\"note\":\"SSL::X\",\"msg\":\"m\",\"dst\":\"10.0.0.2\"}",
		OBS_ALERT);
	assert_string_equal(o->talk->uid.text, "C1");
	assert_int_equal(o->talk->orig.byte[15], 1);
	assert_int_equal(o->talk->resp.byte[15], 2);
	assert_int_equal(o->talk->resp_port, 7);
	/* About Zeek itself. */
	assert_int_equal(
		input_rig_line(
			r, "{\"ts\":1.5,\"note\":\"CaptureLoss::Too_Much_Loss\",\"msg\":\"m\"}"),
		0);
	assert_int_equal(r->s.skipped, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_open, rig_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_arp_message_has_both_layers),
		TEST(an_arp_message_that_is_none_is_refused),
		TEST(a_tunnel_is_a_conversation_without_counts),
		TEST(every_tunnel_that_we_write_is_read),
		TEST(an_oddity_has_our_name_or_zeeks),
		TEST(a_notice_is_another_sensors_alert),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
