/* test_link.c -- every link type down to IP; cut and changed everywhere. */
#include "daemon/decode/decode.h"
#include "daemon/decode/layers.h"
#include "tests/support/decode_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static bool
is_possible(enum build_link l, bool six)
{
	return six ? l != BUILD_IPV4 : l != BUILD_IPV6;
}

static void
every_link_leads_to_both_ips(void **state)
{
	(void)state;
	for (enum build_link l = BUILD_ETHERNET; l < BUILD_LINK_COUNT; l++) {
		for (int six = 0; six < 2; six++) {
			if (!is_possible(l, six))
				continue;
			struct build b = rig_seed(l, six);
			struct packet p = rig_packet(&b, RIG_UDP);
			assert_int_equal(p.kind, PACKET_IP);
			assert_int_equal(p.anomalies, 0);
			assert_true(addr_equal(&p.src, &b.src));
			assert_true(addr_equal(&p.dst, &b.dst));
			assert_int_equal(p.src_port, 40001);
			assert_int_equal(p.dst_port, 443);
			assert_int_equal(p.payload_bytes, 9);
			assert_int_equal(p.ip_bytes, (six ? 40 : 20) + 8 + 9);
		}
	}
}

static void
frames_cut_short_keep_what_was_whole(void **state)
{
	(void)state;
	for (enum build_link l = BUILD_ETHERNET; l < BUILD_LINK_COUNT; l++)
		for (int six = 0; six < 2; six++)
			for (enum rig_transport t = RIG_TCP; t < RIG_TRANSPORT_COUNT; t++) {
				struct build b = rig_seed(l, six);
				if (is_possible(l, six))
					rig_cut_everywhere(&b, t);
			}
}

static void
any_changed_byte_is_survived(void **state)
{
	(void)state;
	for (enum build_link l = BUILD_ETHERNET; l < BUILD_LINK_COUNT; l++)
		for (int six = 0; six < 2; six++)
			for (enum rig_transport t = RIG_TCP; t < RIG_TRANSPORT_COUNT; t++) {
				struct build b = rig_seed(l, six);
				b.vlan_count = build_is_ethernet(l) ? 2 : 0;
				if (is_possible(l, six))
					rig_change_every_byte(&b, t);
			}
}

static void
macs_are_those_of_the_hosts(void **state)
{
	(void)state;
	for (enum build_link l = BUILD_ETHERNET; l < BUILD_LINK_COUNT; l++) {
		bool both = build_is_ethernet(l) || (l >= BUILD_WIFI && l <= BUILD_AMSDU);
		bool sender = l == BUILD_SLL || l == BUILD_SLL2 || l == BUILD_NFLOG;
		struct build b = rig_seed(l, false);
		b.src_mac = build_mac("02:11:22:33:44:55");
		b.dst_mac = build_mac("02:66:77:88:99:aa");
		struct mac none = { { 0 } };
		struct packet p = rig_packet(&b, RIG_TCP);
		assert_int_equal(p.has_mac, both || sender);
		assert_true(mac_equal(&p.src_mac, p.has_mac ? &b.src_mac : &none));
		assert_true(mac_equal(&p.dst_mac, both ? &b.dst_mac : &none));
	}
}

static void
bare_ip_has_three_numbers(void **state)
{
	static const uint16_t links[3] = { 101, 12, 14 };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct build b = rig_seed(BUILD_RAW, false);
		uint8_t buf[128];
		struct packet p = rig_bytes(links[i], buf, build_udp(buf, &b));
		assert_int_equal(p.src_port, 40001);
	}
}

static void
names_and_decoders_know_the_same_links(void **state)
{
	uint8_t buf[64] = { 0 };
	unsigned named = 0;

	(void)state;
	for (unsigned link = 0; link <= UINT16_MAX; link++) {
		struct packet p;
		struct frame f = {
			.bytes = buf, .captured = 64, .wire = 64, .link = (uint16_t)link
		};
		decode(&f, &p);
		bool unknown = (p.anomalies & ANOMALY_BIT(ANOMALY_LINK_UNKNOWN)) != 0;
		assert_int_equal(decode_link_name((uint16_t)link) == NULL, unknown);
		named += !unknown;
	}
	assert_int_equal(named, 16);
	assert_string_equal(decode_link_name(1), "EN10MB");
	assert_string_equal(decode_link_name(276), "LINUX_SLL2");
	assert_string_equal(decode_link_name(127), "IEEE802_11_RADIO");
	assert_string_equal(decode_link_name(101), "RAW");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_link_leads_to_both_ips),
		cmocka_unit_test(frames_cut_short_keep_what_was_whole),
		cmocka_unit_test(any_changed_byte_is_survived),
		cmocka_unit_test(macs_are_those_of_the_hosts),
		cmocka_unit_test(bare_ip_has_three_numbers),
		cmocka_unit_test(names_and_decoders_know_the_same_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
