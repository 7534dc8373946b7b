#include "daemon/input/sflow.h"

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

enum { FLOW = 1, COUNTERS = 2, EXPANDED = 3, ETHERNET = 1, IPV4 = 11, IPV6 = 12, RATE = 500 };

#define NOW (UINT64_C(1700000000) * NS_PER_S)

struct rig {
	struct sflow *s;
	struct flow_pair *pair;
	struct addr from;
	struct flow_build b;
	uint32_t sequence;
	uint32_t rate;
	uint32_t samples; /* of the datagram */
	size_t sample;    /* where the one that is open begins */
};

static int
rig_open(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));
	const struct sflow_plan plan = { 0 };
	const struct flow_pair_plan pairs = flow_pair_plan_of_files();

	*state = r;
	r->s = sflow_new(&plan);
	r->pair = flow_pair_new(&pairs);
	r->from = addr_v4(192, 168, 0, 1);
	r->rate = RATE;
	return r->s == NULL || r->pair == NULL;
}

static int
rig_close(void **state)
{
	struct rig *r = *state;

	sflow_free(r->s);
	flow_pair_free(r->pair);
	free(r);
	return 0;
}

static void
begin(struct rig *r, uint32_t samples)
{
	r->b.length = 0;
	put(&r->b, 4, 5);
	put(&r->b, 4, 1); /* the agent: IPv4 */
	put(&r->b, 4, 0x0a000001);
	put(&r->b, 4, 0);
	put(&r->b, 4, r->sequence++);
	put(&r->b, 4, 1000);
	put(&r->b, 4, samples);
}

static void
sample_begin(struct rig *r, uint32_t format, uint32_t records)
{
	put(&r->b, 4, format);
	put(&r->b, 4, 0);
	r->sample = r->b.length;
	put(&r->b, 4, 1); /* its number */
	put(&r->b, format == EXPANDED ? 8 : 4, 3);
	put(&r->b, 4, r->rate);
	put(&r->b, 8, 0); /* pool, drops */
	for (unsigned i = 0; i < (format == EXPANDED ? 4 : 2); i++)
		put(&r->b, 4, i);
	put(&r->b, 4, records);
}

static void
sample_end(struct rig *r)
{
	put_length(&r->b, r->sample - 4, 4, r->sample);
}

/* An IPv4 packet's first bytes, of 1000 that it had. */
static void
ipv4(struct rig *r, uint8_t ip_proto, uint16_t src_port, uint16_t dst_port, uint8_t flags)
{
	put(&r->b, 4, 0x450003e8);
	put(&r->b, 4, 0);
	put(&r->b, 1, 64);
	put(&r->b, 1, ip_proto);
	put(&r->b, 2, 0);
	put_v4(&r->b, addr_v4(10, 0, 0, 1));
	put_v4(&r->b, addr_v4(10, 0, 0, 2));
	put(&r->b, 2, src_port);
	put(&r->b, 2, dst_port);
	if (ip_proto != IPPROTO_TCP) {
		put(&r->b, 4, 980u << 16);
		return;
	}
	put(&r->b, 8, 0);
	put(&r->b, 2, 0x5000 | flags);
	put(&r->b, 6, 0);
}

static void
frame(struct rig *r, uint32_t protocol, uint8_t ip_proto, uint16_t src_port, uint16_t dst_port,
	uint8_t flags)
{
	put(&r->b, 4, 1);
	put(&r->b, 4, 0);
	size_t record = r->b.length;
	put(&r->b, 4, protocol);
	put(&r->b, 4, 1018); /* with 4 bytes of checksum, */
	put(&r->b, 4, 4);    /* which were taken off */
	put(&r->b, 4, 0);
	size_t bytes = r->b.length;
	if (protocol == ETHERNET) {
		put(&r->b, 6, 0x020000000002);
		put(&r->b, 6, 0x020000000001);
		put(&r->b, 2, 0x0800);
	}
	ipv4(r, ip_proto, src_port, dst_port, flags);
	put_length(&r->b, bytes - 4, 4, bytes);
	while ((r->b.length - bytes) % 4 != 0)
		put(&r->b, 1, 0);
	put_length(&r->b, record - 4, 4, record);
}

static int
come(struct rig *r, uint64_t now_ns)
{
	return sflow_packet(r->s, &r->from, flow_build_cursor(&r->b), now_ns, r->pair);
}

/* A datagram of one sample of one frame. */
static void
one(struct rig *r, uint32_t format, uint32_t protocol, uint8_t ip_proto, uint8_t flags)
{
	begin(r, 1);
	sample_begin(r, format, 1);
	frame(r, protocol, ip_proto, 40000, 443, flags);
	sample_end(r);
}

static void
a_sampled_frame_stands_for_as_many_as_the_rate_says(void **state)
{
	struct rig *r = *state;
	const struct addr orig = addr_v4(10, 0, 0, 1);

	one(r, FLOW, ETHERNET, IPPROTO_TCP, TCP_ACK);
	assert_int_equal(come(r, NOW), 1);
	struct obs_flow f = flow_pair_only(r->pair);
	assert_true(addr_equal(&f.orig, &orig));
	assert_int_equal(f.orig_port, 40000);
	assert_int_equal(f.resp_port, 443);
	assert_int_equal(f.ip_proto, IPPROTO_TCP);
	assert_int_equal(f.orig_total.packets, RATE);
	assert_int_equal(f.orig_total.ip_bytes, RATE * 1000);
	assert_true(f.start_ns == NOW && f.last_ns == NOW);
	assert_true(f.has_macs);
	assert_int_equal(f.orig_mac.byte[5], 1);
	assert_int_equal(f.state, CONN_OTH);
	assert_true(f.established);
	struct sflow_counters c = sflow_counters(r->s);
	assert_int_equal(c.packets, 1);
	assert_int_equal(c.samples, 1);
	assert_int_equal(c.sampled, 1);
	assert_int_equal(c.bad + c.lost + c.skipped, 0);
}

static void
samples_are_expanded_or_not_and_begin_at_ip_or_below(void **state)
{
	struct rig *r = *state;

	one(r, EXPANDED, ETHERNET, IPPROTO_UDP, 0);
	assert_int_equal(come(r, NOW), 1);
	assert_int_equal(flow_pair_only(r->pair).resp_port, 443);
	one(r, EXPANDED, IPV4, IPPROTO_UDP, 0);
	assert_int_equal(come(r, NOW), 1);
	assert_false(flow_pair_only(r->pair).has_macs);
	one(r, FLOW, 13, IPPROTO_UDP, 0); /* MPLS */
	assert_int_equal(come(r, NOW), 0);
	assert_int_equal(sflow_counters(r->s).skipped, 1);
}

static void
a_syn_that_was_sampled_is_no_attempt_in_vain(void **state)
{
	struct rig *r = *state;

	one(r, FLOW, ETHERNET, IPPROTO_TCP, TCP_SYN);
	come(r, NOW);
	assert_true(flow_pair_only(r->pair).established);
	r->rate = 1; /* every packet is seen */
	one(r, FLOW, ETHERNET, IPPROTO_TCP, TCP_SYN);
	come(r, NOW);
	struct obs_flow f = flow_pair_only(r->pair);
	assert_false(f.established);
	assert_int_equal(f.state, CONN_S0);
	assert_int_equal(f.orig_total.packets, 1);
	r->rate = 0;
	one(r, FLOW, ETHERNET, IPPROTO_TCP, TCP_SYN);
	come(r, NOW);
	assert_int_equal(flow_pair_only(r->pair).orig_total.packets, 1);
	assert_int_equal(sflow_counters(r->s).sampled, 1);
}

static void
samples_of_a_minute_are_told_together(void **state)
{
	struct rig *r = *state;
	struct obs_flow f;

	for (unsigned i = 0; i < 3; i++) {
		one(r, FLOW, ETHERNET, IPPROTO_UDP, 0);
		come(r, NOW + UINT64_C(20) * i * NS_PER_S);
	}
	assert_true(flow_pair_next(r->pair, NOW + 60 * NS_PER_S, &f));
	assert_int_equal(f.ended, FLOW_END_NONE);
	assert_int_equal(f.orig_delta.packets, 3 * RATE);
	assert_true(f.last_ns == NOW + 40 * NS_PER_S);
	assert_false(flow_pair_next(r->pair, NOW + 179 * NS_PER_S, &f));
	assert_true(flow_pair_next(r->pair, NOW + 180 * NS_PER_S, &f));
	assert_int_not_equal(f.ended, FLOW_END_NONE);
}

static void
icmp_has_type_and_code(void **state)
{
	struct rig *r = *state;

	begin(r, 1);
	sample_begin(r, FLOW, 1);
	frame(r, ETHERNET, IPPROTO_ICMP, 0x0301, 0, 0);
	sample_end(r);
	assert_int_equal(come(r, NOW), 1);
	struct obs_flow f = flow_pair_only(r->pair);
	assert_int_equal(f.orig_port, 3);
	assert_int_equal(f.resp_port, 1);
}

static void
what_is_no_frame_of_ip_is_skipped(void **state)
{
	struct rig *r = *state;

	begin(r, 4);
	sample_begin(r, COUNTERS, 0);
	sample_end(r);
	sample_begin(r, FLOW, 1); /* a record that a switch adds, and no frame */
	put(&r->b, 4, 1001);
	put(&r->b, 4, 4);
	put(&r->b, 4, 0);
	sample_end(r);
	sample_begin(r, FLOW, 1); /* a frame that is cut before its addresses */
	put(&r->b, 4, 1);
	put(&r->b, 4, 20);
	put(&r->b, 4, IPV4);
	put(&r->b, 4, 100);
	put(&r->b, 4, 0);
	put(&r->b, 4, 4);
	put(&r->b, 4, 0x45000064);
	sample_end(r);
	sample_begin(r, FLOW, 2);
	put(&r->b, 4, 1001);
	put(&r->b, 4, 4);
	put(&r->b, 4, 0);
	frame(r, ETHERNET, IPPROTO_UDP, 1, 2, 0);
	sample_end(r);
	assert_int_equal(come(r, NOW), 1);
	assert_int_equal(sflow_counters(r->s).skipped, 3);
	assert_int_equal(sflow_counters(r->s).bad, 0);
}

static void
a_packet_cut_before_its_ports_is_skipped(void **state)
{
	struct rig *r = *state;

	begin(r, 1);
	sample_begin(r, FLOW, 1);
	put(&r->b, 4, 1);
	put(&r->b, 4, 16 + 20);
	put(&r->b, 4, IPV4);
	put(&r->b, 4, 1000);
	put(&r->b, 4, 0);
	put(&r->b, 4, 20);
	ipv4(r, IPPROTO_UDP, 1, 2, 0);
	r->b.length -= 8;
	sample_end(r);
	assert_int_equal(come(r, NOW), 0);
	assert_int_equal(sflow_counters(r->s).skipped, 1);
	assert_int_equal(sflow_counters(r->s).bad, 0);
}

static void
agents_have_addresses_of_either_family(void **state)
{
	struct rig *r = *state;

	for (uint32_t family = 0; family <= 3; family++) {
		r->b.length = 0;
		put(&r->b, 4, 5);
		put(&r->b, 4, family);
		for (unsigned i = 0; i < (family == 2 ? 16 : 4); i++)
			put(&r->b, 1, 1);
		put(&r->b, 4, 0);
		put(&r->b, 4, family);
		put(&r->b, 4, 1000);
		put(&r->b, 4, 0);
		assert_int_equal(come(r, NOW), family == 1 || family == 2 ? 0 : -EBADMSG);
	}
	one(r, FLOW, ETHERNET, IPPROTO_UDP, 0);
	r->b.bytes[3] = 4;
	assert_int_equal(come(r, NOW), -EBADMSG);
}

static void
datagrams_are_numbered_by_their_agent(void **state)
{
	struct rig *r = *state;

	one(r, FLOW, ETHERNET, IPPROTO_UDP, 0);
	come(r, NOW);
	r->sequence += 4;
	one(r, FLOW, ETHERNET, IPPROTO_UDP, 0);
	come(r, NOW);
	assert_int_equal(sflow_counters(r->s).lost, 4);
}

static void
strangers_are_not_heard(void **state)
{
	struct rig *r = *state;
	struct cidr net;
	const struct sflow_plan plan = { .from = &net, .from_count = 1 };

	assert_true(cidr_parse("192.168.0.0/24", &net));
	sflow_free(r->s);
	r->s = sflow_new(&plan);
	one(r, FLOW, ETHERNET, IPPROTO_UDP, 0);
	assert_int_equal(come(r, NOW), 1);
	r->from = addr_v4(192, 168, 1, 1);
	assert_int_equal(come(r, NOW), 0);
	assert_int_equal(sflow_counters(r->s).refused_exporters, 1);
}

static void
a_datagram_cut_at_any_byte_is_bad(void **state)
{
	static const uint32_t formats[] = { FLOW, EXPANDED };
	struct rig *r = *state;

	for (size_t f = 0; f < sizeof(formats) / sizeof(*formats); f++) {
		one(r, formats[f], ETHERNET, IPPROTO_TCP, TCP_ACK);
		for (size_t cut = 0; cut < r->b.length; cut++) {
			/* In memory of that size, so that a read past it is seen. */
			uint8_t *bytes = malloc(cut + 1);
			memcpy(bytes, r->b.bytes, cut);
			assert_int_equal(
				sflow_packet(r->s, &r->from, cursor_over(bytes, cut), NOW, r->pair),
				-EBADMSG);
			free(bytes);
		}
		assert_int_equal(come(r, NOW), 1);
	}
}

static void
lengths_that_lie_are_bad(void **state)
{
	struct rig *r = *state;

	/* Of the sample, the record, and the frame in it. */
	static const size_t at[] = { 28 + 4, 28 + 8 + 32 + 4, 28 + 8 + 32 + 8 + 12 };
	for (size_t i = 0; i < sizeof(at) / sizeof(*at); i++) {
		one(r, FLOW, ETHERNET, IPPROTO_TCP, TCP_ACK);
		size_t length = r->b.length;
		r->b.length = at[i];
		put(&r->b, 4, UINT32_MAX);
		r->b.length = length;
		assert_int_equal(come(r, NOW), -EBADMSG);
	}
	one(r, FLOW, ETHERNET, IPPROTO_TCP, TCP_ACK);
	r->b.bytes[24] = 0xff; /* four thousand million samples */
	assert_int_equal(come(r, NOW), -EBADMSG);
	one(r, FLOW, ETHERNET, IPPROTO_TCP, TCP_ACK);
	r->b.bytes[28 + 8 + 28] = 0xff; /* and records */
	assert_int_equal(come(r, NOW), -EBADMSG);
}

int
main(void)
{
#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, rig_open, rig_close)
	const struct CMUnitTest tests[] = {
		WITH_RIG(a_sampled_frame_stands_for_as_many_as_the_rate_says),
		WITH_RIG(samples_are_expanded_or_not_and_begin_at_ip_or_below),
		WITH_RIG(a_syn_that_was_sampled_is_no_attempt_in_vain),
		WITH_RIG(samples_of_a_minute_are_told_together),
		WITH_RIG(icmp_has_type_and_code),
		WITH_RIG(what_is_no_frame_of_ip_is_skipped),
		WITH_RIG(a_packet_cut_before_its_ports_is_skipped),
		WITH_RIG(agents_have_addresses_of_either_family),
		WITH_RIG(datagrams_are_numbered_by_their_agent),
		WITH_RIG(strangers_are_not_heard),
		WITH_RIG(a_datagram_cut_at_any_byte_is_bad),
		WITH_RIG(lengths_that_lie_are_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
