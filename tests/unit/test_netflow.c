/* NetFlow's door, and v5 behind it. */
#include "daemon/input/netflow.h"

#include "daemon/base/time_text.h"
#include "daemon/decode/packet.h"
#include "daemon/input/flow_exporters.h"
#include "tests/support/flow_build.h"
#include "tests/support/flow_pair_only.h"

#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { NOW_S = 1700000000, UPTIME_MS = 5000000, HEADER_BYTES = 24, RECORD_BYTES = 48 };

#define NOW (NOW_S * NS_PER_S)

struct rig {
	struct netflow *n;
	struct flow_pair *pair;
	struct addr from;
	struct flow_build b;
	uint32_t sequence;
	uint64_t export_s;
	uint32_t uptime_ms;
	uint16_t sampling;
};

static int
rig_open(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));
	const struct netflow_plan plan = { 0 };
	const struct flow_pair_plan pairs = flow_pair_plan_of_files();

	*state = r;
	r->n = netflow_new(&plan);
	r->pair = flow_pair_new(&pairs);
	r->from = addr_v4(192, 168, 0, 1);
	r->export_s = NOW_S;
	r->uptime_ms = UPTIME_MS;
	return r->n == NULL || r->pair == NULL;
}

static int
rig_close(void **state)
{
	struct rig *r = *state;

	netflow_free(r->n);
	flow_pair_free(r->pair);
	free(r);
	return 0;
}

static void
header(struct rig *r, uint16_t count)
{
	r->b.length = 0;
	put(&r->b, 2, 5);
	put(&r->b, 2, count);
	put(&r->b, 4, r->uptime_ms);
	put(&r->b, 4, r->export_s);
	put(&r->b, 4, 250000000);
	put(&r->b, 4, r->sequence);
	put(&r->b, 2, 0x0102);
	put(&r->b, 2, r->sampling);
	r->sequence += count;
}

static void
record(struct rig *r, uint16_t src_port, uint16_t dst_port, uint8_t ip_proto, uint8_t flags)
{
	put_v4(&r->b, addr_v4(10, 0, 0, 1));
	put_v4(&r->b, addr_v4(10, 0, 0, 2));
	put(&r->b, 8, 0);
	put(&r->b, 4, 7);                /* packets */
	put(&r->b, 4, 700);              /* bytes */
	put(&r->b, 4, UPTIME_MS - 3500); /* first */
	put(&r->b, 4, UPTIME_MS - 500);  /* last */
	put(&r->b, 2, src_port);
	put(&r->b, 2, dst_port);
	put(&r->b, 1, 0);
	put(&r->b, 1, flags);
	put(&r->b, 1, ip_proto);
	put(&r->b, 1, 0);
	put(&r->b, 8, 0);
}

static int
come(struct rig *r)
{
	return netflow_packet(r->n, &r->from, flow_build_cursor(&r->b), NOW, r->pair);
}

static void
a_record_of_version_5_is_a_flow(void **state)
{
	struct rig *r = *state;
	const struct addr orig = addr_v4(10, 0, 0, 1);
	const struct addr resp = addr_v4(10, 0, 0, 2);

	header(r, 1);
	record(r, 40000, 80, IPPROTO_TCP, TCP_SYN | TCP_ACK | TCP_FIN);
	assert_int_equal(come(r), 1);
	struct obs_flow f = flow_pair_only(r->pair);
	assert_true(addr_equal(&f.orig, &orig) && addr_equal(&f.resp, &resp));
	assert_int_equal(f.orig_port, 40000);
	assert_int_equal(f.resp_port, 80);
	assert_int_equal(f.ip_proto, IPPROTO_TCP);
	assert_int_equal(f.orig_total.packets, 7);
	assert_int_equal(f.orig_total.ip_bytes, 700);
	/* The exporter's clock is a quarter of a second ahead of ours. */
	assert_true(f.start_ns == NOW - UINT64_C(3250) * NS_PER_MS);
	assert_true(f.last_ns == NOW - UINT64_C(250) * NS_PER_MS);
	assert_int_equal(f.state, CONN_S2);
	struct netflow_counters c = netflow_counters(r->n);
	assert_int_equal(c.packets, 1);
	assert_int_equal(c.records, 1);
	assert_int_equal(c.bad + c.lost + c.skipped + c.sampled + c.wrong_clocks, 0);
}

static void
records_come_by_the_dozen(void **state)
{
	struct rig *r = *state;

	header(r, 30);
	for (uint16_t i = 0; i < 30; i++)
		record(r, 40000 + i, 53, IPPROTO_UDP, 0);
	assert_int_equal(come(r), 30);
	assert_int_equal(flow_pair_counters(r->pair).parts, 30);
}

static void
icmp_has_type_and_code_in_the_destination_port(void **state)
{
	struct rig *r = *state;

	header(r, 1);
	record(r, 0, 0x0303, IPPROTO_ICMP, 0);
	come(r);
	struct obs_flow f = flow_pair_only(r->pair);
	assert_int_equal(f.orig_port, 3);
	assert_int_equal(f.resp_port, 3);
}

static void
packets_and_bytes_stand_for_as_many_as_were_sampled(void **state)
{
	struct rig *r = *state;

	r->sampling = 0x4000 | 100; /* mode 1 */
	header(r, 1);
	record(r, 40000, 80, IPPROTO_TCP, TCP_SYN);
	come(r);
	struct obs_flow f = flow_pair_only(r->pair);
	assert_int_equal(f.orig_total.packets, 700);
	assert_int_equal(f.orig_total.ip_bytes, 70000);
	assert_true(f.established);
	assert_int_equal(netflow_counters(r->n).sampled, 1);
	r->sampling = 1;
	header(r, 1);
	record(r, 40000, 80, IPPROTO_TCP, TCP_SYN);
	come(r);
	f = flow_pair_only(r->pair);
	assert_int_equal(f.orig_total.packets, 7);
	assert_false(f.established);
	assert_int_equal(netflow_counters(r->n).sampled, 1);
}

static void
records_that_did_not_come_are_lost(void **state)
{
	struct rig *r = *state;

	header(r, 1);
	record(r, 1, 2, IPPROTO_UDP, 0);
	come(r);
	r->sequence += 30;
	header(r, 1);
	record(r, 1, 2, IPPROTO_UDP, 0);
	come(r);
	assert_int_equal(netflow_counters(r->n).lost, 30);
	r->sequence = 0;
	r->uptime_ms = 1000;
	header(r, 1);
	record(r, 1, 2, IPPROTO_UDP, 0);
	come(r);
	assert_int_equal(netflow_counters(r->n).lost, 30);
	assert_int_equal(netflow_counters(r->n).restarts, 1);
}

static void
an_uptime_that_went_round_is_before_it_did(void **state)
{
	struct rig *r = *state;

	r->uptime_ms = 500; /* the record is of 2^32 ms before */
	header(r, 1);
	record(r, 1, 2, IPPROTO_UDP, 0);
	r->b.length = HEADER_BYTES + 24;
	put(&r->b, 4, UINT32_MAX - 1499);
	put(&r->b, 4, UINT32_MAX - 499);
	r->b.length = HEADER_BYTES + RECORD_BYTES;
	come(r);
	struct obs_flow f = flow_pair_only(r->pair);
	assert_true(f.start_ns == NOW - UINT64_C(1750) * NS_PER_MS);
	assert_true(f.last_ns == NOW - UINT64_C(750) * NS_PER_MS);
}

static void
a_clock_that_is_wrong_is_replaced_by_ours(void **state)
{
	static const int64_t off_s[] = { -61, 62, -NOW_S + 6000 };
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(off_s) / sizeof(*off_s); i++) {
		r->export_s = (uint64_t)(NOW_S + off_s[i]);
		header(r, 1);
		record(r, 1, 2, IPPROTO_UDP, 0);
		come(r);
		struct obs_flow f = flow_pair_only(r->pair);
		assert_true(f.last_ns == NOW - UINT64_C(500) * NS_PER_MS);
		assert_true(f.start_ns == NOW - UINT64_C(3500) * NS_PER_MS);
		assert_int_equal(netflow_counters(r->n).wrong_clocks, i + 1);
	}
	r->export_s = NOW_S - 59; /* a little is as good as ours */
	header(r, 1);
	record(r, 1, 2, IPPROTO_UDP, 0);
	come(r);
	assert_true(flow_pair_only(r->pair).last_ns == NOW - UINT64_C(59250) * NS_PER_MS);
	assert_int_equal(netflow_counters(r->n).wrong_clocks, 3);
}

static void
no_flow_is_of_the_future(void **state)
{
	struct rig *r = *state;

	r->export_s = NOW_S + 30;
	header(r, 1);
	record(r, 1, 2, IPPROTO_UDP, 0);
	come(r);
	struct obs_flow f = flow_pair_only(r->pair);
	assert_true(f.last_ns == NOW);
	assert_true(f.start_ns == NOW - 3 * NS_PER_S);
}

static void
what_carried_nothing_is_skipped(void **state)
{
	struct rig *r = *state;

	header(r, 1);
	record(r, 1, 2, IPPROTO_UDP, 0);
	r->b.length = HEADER_BYTES + 16;
	put(&r->b, 4, 0);
	r->b.length = HEADER_BYTES + RECORD_BYTES;
	assert_int_equal(come(r), 0);
	assert_int_equal(netflow_counters(r->n).skipped, 1);
}

static void
a_datagram_cut_at_any_byte_is_bad_and_its_whole_records_count(void **state)
{
	struct rig *r = *state;
	size_t length;

	header(r, 2);
	record(r, 1, 2, IPPROTO_UDP, 0);
	record(r, 1, 2, IPPROTO_UDP, 0);
	length = r->b.length;
	for (size_t cut = 0; cut < length; cut++) {
		struct netflow_counters before = netflow_counters(r->n);
		r->b.length = cut;
		/* In memory of that size, so that a read past it is seen. */
		uint8_t *bytes = malloc(cut + 1);
		memcpy(bytes, r->b.bytes, cut);
		assert_int_equal(
			netflow_packet(r->n, &r->from, cursor_over(bytes, cut), NOW, r->pair),
			-EBADMSG);
		free(bytes);
		struct netflow_counters after = netflow_counters(r->n);
		assert_int_equal(after.bad, before.bad + 1);
		assert_int_equal(
			after.records - before.records, cut >= HEADER_BYTES + RECORD_BYTES);
	}
}

static void
other_versions_are_none(void **state)
{
	static const uint16_t versions[] = { 0, 1, 4, 6, 7, 8, 11, 0x0500 };
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(versions) / sizeof(*versions); i++) {
		header(r, 0);
		r->b.length = 0;
		put(&r->b, 2, versions[i]);
		r->b.length = HEADER_BYTES;
		assert_int_equal(come(r), -EBADMSG);
	}
	assert_int_equal(netflow_counters(r->n).packets, 0);
}

static void
strangers_are_not_heard(void **state)
{
	struct rig *r = *state;
	struct cidr net;
	const struct netflow_plan plan = { .from = &net, .from_count = 1 };

	assert_true(cidr_parse("192.168.0.0/24", &net));
	netflow_free(r->n);
	r->n = netflow_new(&plan);
	header(r, 1);
	record(r, 1, 2, IPPROTO_UDP, 0);
	assert_int_equal(come(r), 1);
	r->from = addr_v4(192, 168, 1, 1);
	assert_int_equal(come(r), 0);
	assert_int_equal(netflow_counters(r->n).refused_exporters, 1);
	assert_int_equal(netflow_counters(r->n).packets, 1);
}

static void
two_exporters_on_a_way_tell_the_same_once(void **state)
{
	struct rig *r = *state;

	header(r, 1);
	record(r, 40000, 53, IPPROTO_UDP, 0);
	come(r);
	r->from = addr_v4(192, 168, 0, 2);
	come(r);
	assert_int_equal(flow_pair_only(r->pair).orig_total.packets, 7);
	assert_int_equal(flow_pair_counters(r->pair).copies, 1);
}

int
main(void)
{
#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, rig_open, rig_close)
	const struct CMUnitTest tests[] = {
		WITH_RIG(a_record_of_version_5_is_a_flow),
		WITH_RIG(records_come_by_the_dozen),
		WITH_RIG(icmp_has_type_and_code_in_the_destination_port),
		WITH_RIG(packets_and_bytes_stand_for_as_many_as_were_sampled),
		WITH_RIG(records_that_did_not_come_are_lost),
		WITH_RIG(an_uptime_that_went_round_is_before_it_did),
		WITH_RIG(a_clock_that_is_wrong_is_replaced_by_ours),
		WITH_RIG(no_flow_is_of_the_future),
		WITH_RIG(what_carried_nothing_is_skipped),
		WITH_RIG(a_datagram_cut_at_any_byte_is_bad_and_its_whole_records_count),
		WITH_RIG(other_versions_are_none),
		WITH_RIG(strangers_are_not_heard),
		WITH_RIG(two_exporters_on_a_way_tell_the_same_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
