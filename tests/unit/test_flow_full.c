#include "daemon/flow/flow.h"

#include "tests/support/flow_rig.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { CAPACITY = 50 };

static const struct flow_table_plan with_interims = {
	.capacity = CAPACITY,
	.timeouts = FLOW_TIMEOUTS_NAIAD,
	.interim_ns = 300 * NS_PER_S,
	.hash_key = { { 3, 4 } },
};

static void
when_the_table_is_full_the_nearest_time_out_goes(void **state)
{
	struct rig *r = rig_new_plan(&with_interims);

	(void)state;
	/* Half of the table: connections, so old that their interims come before any attempt's end. */
	for (unsigned i = 0; i < CAPACITY / 2; i++) {
		r->client_port = (uint16_t)(20000 + i);
		rig_play(r, ">S <SA >A");
	}
	rig_wait(r, 299 * NS_PER_S);
	/* One datagram flow that was just renewed, then attempts until the table is full and more. */
	struct packet datagram = rig_udp(r, 1000, 2000, 1);
	rig_packet(r, &datagram);
	for (unsigned i = 0; i < 2 * CAPACITY; i++) {
		r->client_port = (uint16_t)(40000 + i);
		rig_play(r, ">S");
	}
	struct flow_stats s = flow_stats(r->t);
	assert_int_equal(s.active, CAPACITY);
	assert_int_equal(s.started, CAPACITY / 2 + 1 + 2 * CAPACITY);
	assert_int_equal(s.evicted, s.started - CAPACITY);
	assert_int_equal(s.ended, s.evicted);
	/* Connections and the datagrams are still there. */
	for (unsigned i = 0; i < CAPACITY / 2; i++) {
		r->client_port = (uint16_t)(20000 + i);
		rig_play(r, ">A");
	}
	datagram.ts_ns = r->now_ns;
	rig_packet(r, &datagram);
	assert_int_equal(flow_stats(r->t).started, s.started);
	rig_free(r);
}

static void
the_oldest_attempt_goes_first_and_its_end_is_told(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 3);

	(void)state;
	for (uint16_t i = 0; i < 4; i++) {
		r->client_port = (uint16_t)(40000 + i);
		rig_play(r, ">S");
	}
	assert_int_equal(r->told_count, 5);
	assert_int_equal(r->told[3].kind, OBS_FLOW_END);
	assert_int_equal(r->told[3].flow.ended, FLOW_END_EVICTED);
	assert_int_equal(r->told[3].flow.orig_port, 40000);
	assert_int_equal(r->told[3].flow.orig_delta.packets, 1);
	assert_int_equal(r->told[4].kind, OBS_FLOW_START);
	assert_int_equal(r->told[4].flow.orig_port, 40003);
	assert_int_equal(flow_stats(r->t).evicted, 1);
	rig_free(r);
}

static void
a_flow_that_was_renewed_is_not_the_victim(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 3);
	struct packet p[4];

	(void)state;
	for (uint16_t i = 0; i < 4; i++)
		p[i] = rig_udp(r, (uint16_t)(1000 + i), 2000, 1);
	for (uint16_t i = 0; i < 3; i++) {
		p[i].ts_ns = r->now_ns;
		rig_packet(r, &p[i]);
		rig_wait(r, 5 * NS_PER_S);
	}
	p[0].ts_ns = r->now_ns;
	rig_packet(r, &p[0]);
	p[3].ts_ns = r->now_ns;
	rig_packet(r, &p[3]);
	assert_int_equal(r->told[3].kind, OBS_FLOW_END);
	assert_int_equal(r->told[3].flow.orig_port, 1001);
	rig_free(r);
}

static void
answered_handshakes_that_hang_push_out_themselves(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 100);

	(void)state;
	for (uint16_t i = 0; i < 10; i++) { /* some that were completed, and others' datagrams */
		struct packet datagram = rig_udp(r, (uint16_t)(1000 + i), 2000, 1);
		r->client_port = (uint16_t)(20000 + i);
		rig_play(r, ">S <SA >A");
		rig_packet(r, &datagram);
	}
	for (uint16_t i = 0; i < 1000; i++) {
		r->client_port = (uint16_t)(30000 + i);
		rig_play(r, ">S <SA +1");
		if (i % 100 != 50)
			continue;
		r->client_port = (uint16_t)(40000 + i);
		rig_play(r, ">S"); /* one that will be, 50 handshakes later */
		for (uint16_t j = 0; j < 50; j++) {
			r->client_port = (uint16_t)(50000 + j);
			rig_play(r, ">S <SA +1");
		}
		r->client_port = (uint16_t)(40000 + i);
		uint64_t started = flow_stats(r->t).started;
		rig_play(r, "<SA >A");
		assert_int_equal(flow_stats(r->t).started, started);
	}
	struct flow_stats s = flow_stats(r->t);
	assert_true(s.evicted > 900);
	for (uint16_t i = 0; i < 10; i++) {
		struct packet datagram = rig_udp(r, (uint16_t)(1000 + i), 2000, 1);
		r->client_port = (uint16_t)(20000 + i);
		rig_play(r, ">A");
		rig_packet(r, &datagram);
	}
	assert_int_equal(flow_stats(r->t).started, s.started);
	rig_free(r);
}

static void
when_only_connections_are_left_one_of_them_goes(void **state)
{
	struct flow_table_plan plan = with_interims;

	(void)state;
	plan.capacity = 3;
	struct rig *r = rig_new_plan(&plan);
	for (uint16_t i = 0; i < 4; i++) {
		r->client_port = (uint16_t)(40000 + i);
		rig_play(r, ">S <SA >A");
		rig_wait(r, 6 * NS_PER_S);
	}
	assert_int_equal(flow_stats(r->t).active, 3);
	assert_int_equal(flow_stats(r->t).evicted, 1);
	rig_free(r);
}

/* ---- a million random packets ---- */

enum { RANDOM_PACKETS = 1000000, RANDOM_CAPACITY = 3000 };

struct random_result {
	uint64_t packets_told, ip_bytes_told, observations;
	uint64_t digest; /* of everything told, in order */
	struct flow_stats stats;
	size_t heap_growth;
};

static uint64_t
random_next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}

/* Each flag in one of four packets. */
static uint64_t
rare_flags(uint64_t *seed)
{
	uint64_t flags = random_next(seed);

	return flags & random_next(seed) & 0x3f;
}

static struct packet
random_packet(uint64_t *seed, uint64_t ts_ns)
{
	static const uint8_t protos[] = { IPPROTO_TCP, IPPROTO_TCP, IPPROTO_TCP, IPPROTO_UDP,
		IPPROTO_ICMP, 47 };
	uint8_t host = (uint8_t)random_next(seed);
	bool is_scan = random_next(seed) % 4 == 0;
	struct packet p = {
		.ts_ns = ts_ns,
		.kind = PACKET_IP,
		.ip_proto = protos[random_next(seed) % 6],
		.has_ports = true,
		.src = addr_v4(10, 0, 0, host % 16),
		.dst = is_scan ? addr_v4(10, (uint8_t)random_next(seed), host, 3)
			       : addr_v4(192, 0, 2, host / 64),
		.src_port = (uint16_t)(1000 + random_next(seed) % 64),
		.dst_port = (uint16_t)(random_next(seed) % 8 * 40),
		.icmp_type = (uint8_t)(random_next(seed) % 16),
		.tcp_flags = (uint8_t)(rare_flags(seed)),
		.tcp_seq = (uint32_t)random_next(seed) % 100000,
		.tcp_ack = (uint32_t)random_next(seed) % 100000,
		.tcp_window = (uint16_t)random_next(seed),
		.payload_bytes = (uint32_t)(random_next(seed) % 1400),
	};
	p.ip_bytes = p.payload_bytes + 40;
	return random_next(seed) % 2 == 0 ? p : rig_answer(&p);
}

static void
digest_add(struct random_result *result, const struct rig_told *told)
{
	static const struct hash_key key = { { 5, 6 } };
	uint64_t words[] = {
		result->digest,
		told->kind,
		told->ts_ns,
		told->flow.id,
		told->flow.last_ns,
		told->flow.state,
		told->flow.ended,
		told->flow.orig_total.packets,
		told->flow.resp_total.payload_bytes,
	};

	result->digest = hash_words(&key, words, sizeof(words) / sizeof(*words));
}

static struct random_result random_result;

static void
observe_random(void *context, struct flow *f, const struct observation *o)
{
	struct rig *r = context;

	rig_observe(context, f, o);
	digest_add(&random_result, &r->last);
	assert_true(o->flow->last_ns >= o->flow->start_ns);
	assert_true(o->flow->last_ns >= o->flow->previous_ns);
}

static struct random_result
play_random(struct hash_key hash_key)
{
	struct flow_table_plan plan = with_interims;
	struct rig *r = rig_new_plan(&plan);
	uint64_t seed = 11;
	uint64_t clock_ns = RIG_T0;

	flow_table_free(r->t);
	plan.capacity = RANDOM_CAPACITY;
	plan.hash_key = hash_key;
	plan.observe = observe_random;
	plan.context = r;
	r->t = flow_table_new(&plan);
	random_result = (struct random_result){ 0 };
	size_t heap = mallinfo2().uordblks;
	for (unsigned i = 0; i < RANDOM_PACKETS; i++) {
		clock_ns += random_next(&seed) % (NS_PER_S / 100);
		if (i % 100000 == 99999)
			clock_ns += 400 * NS_PER_S;
		uint64_t back_ns = random_next(&seed) % 16 == 0 ? random_next(&seed) % NS_PER_S : 0;
		struct packet p = random_packet(&seed, clock_ns - back_ns);
		rig_clock(r, clock_ns);
		assert_non_null(rig_packet(r, &p));
	}
	rig_end(r);
	random_result.heap_growth = mallinfo2().uordblks - heap;
	random_result.packets_told = r->packets_told;
	random_result.ip_bytes_told = r->ip_bytes_told;
	random_result.observations = r->told_count;
	random_result.stats = flow_stats(r->t);
	rig_free(r);
	return random_result;
}

static void
all_packets_are_told_once_whatever_the_hash_key(void **state)
{
	struct random_result a = play_random((struct hash_key){ { 1, 2 } });
	struct random_result b = play_random((struct hash_key){ { 99, UINT64_MAX } });

	(void)state;
	assert_int_equal(a.packets_told, RANDOM_PACKETS);
	assert_true(a.ip_bytes_told > UINT64_C(40) * RANDOM_PACKETS);
	assert_int_equal(a.stats.started, a.stats.ended);
	assert_int_equal(a.stats.active, 0);
	assert_true(a.stats.evicted > 0);
	assert_true(a.observations > a.stats.started * 2); /* there were interims */
	assert_int_equal(a.heap_growth, 0);
	assert_int_equal(a.digest, b.digest);
	assert_int_equal(a.observations, b.observations);
	assert_int_equal(a.ip_bytes_told, b.ip_bytes_told);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(when_the_table_is_full_the_nearest_time_out_goes),
		cmocka_unit_test(the_oldest_attempt_goes_first_and_its_end_is_told),
		cmocka_unit_test(a_flow_that_was_renewed_is_not_the_victim),
		cmocka_unit_test(answered_handshakes_that_hang_push_out_themselves),
		cmocka_unit_test(when_only_connections_are_left_one_of_them_goes),
		cmocka_unit_test(all_packets_are_told_once_whatever_the_hash_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
