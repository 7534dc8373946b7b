#include "daemon/flow/flow_key.h"

#include "tests/support/flow_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct packet
between(uint8_t ip_proto, uint8_t src, uint16_t src_port, uint8_t dst, uint16_t dst_port)
{
	return (struct packet){
		.kind = PACKET_IP,
		.ip_proto = ip_proto,
		.has_ports = true,
		.src = addr_v4(10, 0, 0, src),
		.dst = addr_v4(10, 0, 0, dst),
		.src_port = src_port,
		.dst_port = dst_port,
	};
}

static struct packet
icmp(uint8_t ip_proto, uint8_t src, uint8_t dst, uint8_t type, uint8_t code)
{
	struct packet p = between(ip_proto, src, 0, dst, 0);

	p.icmp_type = type;
	p.icmp_code = code;
	return p;
}

static struct flow_key
key_of(const struct packet *p)
{
	struct flow_key k;

	memset(&k, 0xff, sizeof(k)); /* pads must be written, too */
	assert_true(flow_key_make(p, &k));
	return k;
}

static bool
are_one(const struct packet *a, const struct packet *b)
{
	struct flow_key ka = key_of(a);
	struct flow_key kb = key_of(b);

	return memcmp(&ka, &kb, sizeof(ka)) == 0;
}

static void
both_directions_have_one_key_and_know_their_side(void **state)
{
	static const uint8_t protos[] = { IPPROTO_TCP, IPPROTO_UDP, 132 };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct packet ask = between(protos[i], 9, 80, 3, 40000);
		struct packet answer = rig_answer(&ask);
		assert_true(are_one(&ask, &answer));
		struct flow_key k = key_of(&ask);
		assert_int_equal(k.low.byte[15], 3);
		assert_int_equal(k.low_port, 40000);
		assert_int_equal(k.high_port, 80);
		assert_int_equal(flow_key_side(&k, &ask), 1);
		assert_int_equal(flow_key_side(&k, &answer), 0);

		uint16_t orig_port;
		uint16_t resp_port;
		flow_key_ports(&k, 1, &orig_port, &resp_port);
		assert_int_equal(orig_port, 80);
		assert_int_equal(resp_port, 40000);
		flow_key_ports(&k, 0, &orig_port, &resp_port);
		assert_int_equal(orig_port, 40000);
		assert_int_equal(resp_port, 80);
	}
}

static void
anything_else_is_another_key(void **state)
{
	struct packet p = between(IPPROTO_TCP, 1, 1000, 2, 2000);
	struct packet others[] = {
		between(IPPROTO_UDP, 1, 1000, 2, 2000),
		between(IPPROTO_TCP, 3, 1000, 2, 2000),
		between(IPPROTO_TCP, 1, 1000, 3, 2000),
		between(IPPROTO_TCP, 1, 1001, 2, 2000),
		between(IPPROTO_TCP, 1, 1000, 2, 2001),
		between(IPPROTO_TCP, 1, 2000, 2, 1000),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		assert_false(are_one(&p, &others[i]));
}

static void
a_host_that_talks_to_itself_has_two_sides(void **state)
{
	struct packet ask = between(IPPROTO_TCP, 1, 54252, 1, 42949);
	struct packet answer = rig_answer(&ask);
	struct packet same = between(IPPROTO_UDP, 1, 53, 1, 53);
	struct packet ping = icmp(IPPROTO_ICMP, 1, 1, 8, 0);
	struct packet pong = icmp(IPPROTO_ICMP, 1, 1, 0, 0);
	struct packet alone = icmp(IPPROTO_ICMP, 1, 1, 3, 3);

	(void)state;
	assert_true(are_one(&ask, &answer));
	struct flow_key k = key_of(&ask);
	assert_int_not_equal(flow_key_side(&k, &ask), flow_key_side(&k, &answer));
	k = key_of(&same);
	assert_int_equal(flow_key_side(&k, &same), 0);
	assert_true(are_one(&ping, &pong));
	k = key_of(&ping);
	assert_int_not_equal(flow_key_side(&k, &ping), flow_key_side(&k, &pong));
	k = key_of(&alone);
	assert_int_equal(flow_key_side(&k, &alone), 0);
}

static void
icmp_that_asks_and_answers_is_one_flow(void **state)
{
	static const struct {
		uint8_t ip_proto, ask, answer;
	} pairs[] = {
		{ IPPROTO_ICMP, 8, 0 },
		{ IPPROTO_ICMP, 10, 9 },
		{ IPPROTO_ICMP, 13, 14 },
		{ IPPROTO_ICMP, 15, 16 },
		{ IPPROTO_ICMP, 17, 18 },
		{ IPPROTO_ICMPV6, 128, 129 },
		{ IPPROTO_ICMPV6, 130, 131 },
		{ IPPROTO_ICMPV6, 133, 134 },
		{ IPPROTO_ICMPV6, 135, 136 },
		{ IPPROTO_ICMPV6, 139, 140 },
		{ IPPROTO_ICMPV6, 144, 145 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct packet ask = icmp(pairs[i].ip_proto, 7, 3, pairs[i].ask, 0);
		struct packet answer = icmp(pairs[i].ip_proto, 3, 7, pairs[i].answer, 5);
		struct packet back = icmp(pairs[i].ip_proto, 3, 7, pairs[i].ask, 0);
		assert_true(are_one(&ask, &answer));
		assert_false(are_one(&ask, &back)); /* asked the other way round */
		struct flow_key k = key_of(&ask);
		uint16_t orig_port;
		uint16_t resp_port;
		flow_key_ports(&k, flow_key_side(&k, &ask), &orig_port, &resp_port);
		assert_int_equal(orig_port, pairs[i].ask);
		assert_int_equal(resp_port, pairs[i].answer);
	}
}

static void
icmp_that_is_not_answered_goes_one_way(void **state)
{
	static const uint8_t ends[2][2] = { { 7, 3 }, { 3, 7 } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct packet p = icmp(IPPROTO_ICMP, ends[i][0], ends[i][1], 3, 10);
		struct packet back = icmp(IPPROTO_ICMP, ends[i][1], ends[i][0], 3, 10);
		struct packet other = icmp(IPPROTO_ICMP, ends[i][0], ends[i][1], 3, 1);
		struct packet expired = icmp(IPPROTO_ICMP, ends[i][0], ends[i][1], 11, 10);
		assert_true(are_one(&p, &p));
		assert_false(are_one(&p, &back));
		assert_false(are_one(&p, &other));
		assert_false(are_one(&p, &expired));
		struct flow_key k = key_of(&p);
		uint16_t orig_port;
		uint16_t resp_port;
		flow_key_ports(&k, flow_key_side(&k, &p), &orig_port, &resp_port);
		assert_int_equal(orig_port, 3);
		assert_int_equal(resp_port, 10);
	}
	/* The numbers of one family mean nothing in the other. */
	struct packet ping6 = icmp(IPPROTO_ICMP, 7, 3, 128, 2);
	struct flow_key k = key_of(&ping6);
	uint16_t orig_port;
	uint16_t resp_port;
	flow_key_ports(&k, 0, &orig_port, &resp_port);
	assert_int_equal(orig_port, 128);
	assert_int_equal(resp_port, 2);
}

static void
what_has_no_ports_where_it_should_is_in_no_flow(void **state)
{
	static const uint8_t with_ports[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP,
		IPPROTO_ICMPV6 };
	struct flow_key k;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct packet p = between(with_ports[i], 1, 1, 2, 2);
		assert_true(flow_key_make(&p, &k));
		p.has_ports = false;
		assert_false(flow_key_make(&p, &k));
	}
	struct packet gre = between(47, 1, 9, 2, 8);
	gre.has_ports = false;
	assert_true(flow_key_make(&gre, &k));
	assert_int_equal(k.low_port, 0);
	assert_int_equal(k.high_port, 0);
	gre.anomalies = ANOMALY_BIT(ANOMALY_FRAGMENT_LATER);
	assert_false(flow_key_make(&gre, &k));
	gre.anomalies = ANOMALY_BIT(ANOMALY_FRAGMENT);
	assert_true(flow_key_make(&gre, &k));
	gre.kind = PACKET_ARP;
	assert_false(flow_key_make(&gre, &k));
}

/* Every byte of a key that is not pad, turned over one after the other, makes another hash. */
static void
assert_hash_of_all(const struct flow_key *key)
{
	static const struct hash_key secret = { { 1, 2 } };

	for (size_t i = 0; i < offsetof(struct flow_key, pad); i++) {
		struct flow_key other = *key;
		((uint8_t *)&other)[i] ^= 1;
		assert_true(flow_key_hash(&other, &secret) != flow_key_hash(key, &secret));
	}
}

static void
the_hash_is_that_of_all_that_keys_differ_in(void **state)
{
	static const struct hash_key secret = { { 1, 2 } };
	static const struct hash_key another = { { 1, 3 } };
	struct packet p = between(IPPROTO_TCP, 1, 1000, 2, 80);

	(void)state;
	struct flow_key k = key_of(&p);
	assert_hash_of_all(&k); /* an IPv4 address with another prefix is IPv6's */
	assert_true(flow_key_hash(&k, &secret) != flow_key_hash(&k, &another));
	k.low.byte[0] = 0x20;
	assert_hash_of_all(&k);
	k.high.byte[0] = 0x20;
	assert_hash_of_all(&k);
}

static bool
looks_answered(uint8_t ip_proto, uint8_t flags, uint16_t src_port, uint16_t dst_port)
{
	struct packet p = between(ip_proto, 1, src_port, 2, dst_port);

	p.tcp_flags = flags;
	return flow_key_looks_answered(&p);
}

static void
a_first_packet_from_a_servers_port_is_an_answer(void **state)
{
	static const uint16_t tcp[] = { 21, 22, 25, 53, 80, 443, 445, 3389, 6667, 8888, 20000 };
	static const uint16_t udp[] = { 53, 67, 123, 161, 443, 1812, 5353, 5355, 20000 };

	(void)state;
	for (size_t i = 0; i < sizeof(tcp) / sizeof(*tcp); i++) {
		assert_true(looks_answered(IPPROTO_TCP, TCP_ACK, tcp[i], 40000));
		assert_true(looks_answered(IPPROTO_TCP, TCP_SYN | TCP_ACK, tcp[i], 40000));
		assert_false(looks_answered(IPPROTO_TCP, TCP_SYN, tcp[i], 40000));
		assert_false(looks_answered(IPPROTO_TCP, TCP_ACK, 40000, tcp[i]));
	}
	for (size_t i = 0; i < sizeof(udp) / sizeof(*udp); i++) {
		assert_true(looks_answered(IPPROTO_UDP, 0, udp[i], 40000));
		assert_false(looks_answered(IPPROTO_UDP, 0, 40000, udp[i]));
		assert_false(looks_answered(IPPROTO_UDP, 0, udp[i], 53));
	}
	assert_false(looks_answered(IPPROTO_TCP, TCP_ACK, 23, 40000));
	assert_false(looks_answered(IPPROTO_TCP, TCP_ACK, 110, 40000));
	assert_false(looks_answered(IPPROTO_UDP, 0, 68, 67));
	assert_false(looks_answered(IPPROTO_ICMP, 0, 53, 40000));
	/* Both are: the lower one serves, but a SYN-ACK may be a stealth scan. */
	assert_true(looks_answered(IPPROTO_TCP, TCP_ACK, 80, 443));
	assert_false(looks_answered(IPPROTO_TCP, TCP_ACK, 443, 80));
	assert_false(looks_answered(IPPROTO_TCP, TCP_ACK, 80, 80));
	assert_false(looks_answered(IPPROTO_TCP, TCP_SYN | TCP_ACK, 80, 443));

	struct packet offer = between(IPPROTO_UDP, 1, 67, 2, 68);
	assert_true(flow_key_looks_answered(&offer));
	offer.dst = addr_v4(255, 255, 255, 255); /* nobody asks from there */
	assert_false(flow_key_looks_answered(&offer));
}

static void
between_equal_ports_of_dns_an_answer_is_known_by_its_header(void **state)
{
	static const uint16_t ports[] = { 53, 137, 5353, 5355 };
	uint8_t header[12] = { 0x12, 0x34, 0x80 };
	struct packet p;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		p = between(IPPROTO_UDP, 1, ports[i], 2, ports[i]);
		p.payload = cursor_over(header, sizeof(header));
		header[2] = 0x80;
		assert_true(flow_key_looks_answered(&p));
		header[2] = 0x7f; /* a question */
		assert_false(flow_key_looks_answered(&p));
		header[2] = 0x80;
		p.payload = cursor_over(header, sizeof(header) - 1);
		assert_false(flow_key_looks_answered(&p));
	}
	p = between(IPPROTO_UDP, 1, 123, 2, 123); /* not of DNS */
	p.payload = cursor_over(header, sizeof(header));
	assert_false(flow_key_looks_answered(&p));
	p = between(IPPROTO_UDP, 1, 5353, 2, 5355);
	p.payload = cursor_over(header, sizeof(header));
	assert_false(flow_key_looks_answered(&p));
	p = between(IPPROTO_UDP, 1, 5353, 2, 5353);
	p.payload = cursor_over(header, sizeof(header));
	p.dst = addr_v4(224, 0, 0, 251); /* announced */
	assert_false(flow_key_looks_answered(&p));
}

static void
name_servers_are_known_by_the_responders_port(void **state)
{
	static const uint16_t ports[] = { 53, 137, 5353, 5355 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct packet p = between(IPPROTO_UDP, 1, 40000, 2, ports[i]);
		struct flow_key k = key_of(&p);
		assert_true(flow_key_is_dns(&k, 0));
		assert_false(flow_key_is_dns(&k, 1));
		p.ip_proto = IPPROTO_TCP;
		k = key_of(&p);
		assert_false(flow_key_is_dns(&k, 0));
	}
	struct packet p = between(IPPROTO_UDP, 1, 40000, 2, 54);
	struct flow_key k = key_of(&p);
	assert_false(flow_key_is_dns(&k, 0));
}

static void
types_of_icmp_that_answer_each_other_are_known(void **state)
{
	(void)state;
	assert_int_equal(flow_key_icmp_answer(IPPROTO_ICMP, 8), 0);
	assert_int_equal(flow_key_icmp_answer(IPPROTO_ICMP, 0), 8);
	assert_int_equal(flow_key_icmp_answer(IPPROTO_ICMP, 3), -1);
	assert_int_equal(flow_key_icmp_answer(IPPROTO_ICMP, 128), -1);
	assert_int_equal(flow_key_icmp_answer(IPPROTO_ICMPV6, 135), 136);
	assert_int_equal(flow_key_icmp_answer(IPPROTO_ICMPV6, 8), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_directions_have_one_key_and_know_their_side),
		cmocka_unit_test(anything_else_is_another_key),
		cmocka_unit_test(a_host_that_talks_to_itself_has_two_sides),
		cmocka_unit_test(icmp_that_asks_and_answers_is_one_flow),
		cmocka_unit_test(icmp_that_is_not_answered_goes_one_way),
		cmocka_unit_test(types_of_icmp_that_answer_each_other_are_known),
		cmocka_unit_test(what_has_no_ports_where_it_should_is_in_no_flow),
		cmocka_unit_test(the_hash_is_that_of_all_that_keys_differ_in),
		cmocka_unit_test(a_first_packet_from_a_servers_port_is_an_answer),
		cmocka_unit_test(between_equal_ports_of_dns_an_answer_is_known_by_its_header),
		cmocka_unit_test(name_servers_are_known_by_the_responders_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
