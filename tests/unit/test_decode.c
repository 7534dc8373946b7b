/* test_decode.c -- the door: names, files that lie about lengths, and captures of the bad kind. */
#include "daemon/decode/decode.h"

#include "tests/support/decode_rig.h"
#include "tests/support/packet_build.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <pcap/pcap.h>

static void
every_anomaly_has_a_name_and_a_layer_of_its_own(void **state)
{
	(void)state;
	for (enum packet_anomaly a = 0; a < ANOMALY_COUNT; a++) {
		const char *layer = anomaly_layer(a);
		assert_non_null(anomaly_name(a));
		assert_true(strcmp(layer, "link") == 0 || strcmp(layer, "arp") == 0 ||
			    strcmp(layer, "tunnel") == 0 || strcmp(layer, "ip") == 0 ||
			    strcmp(layer, "transport") == 0);
		for (enum packet_anomaly other = 0; other < a; other++)
			assert_string_not_equal(anomaly_name(a), anomaly_name(other));
	}
	assert_string_equal(anomaly_name(ANOMALY_IP_CHECKSUM), "ip_checksum");
	assert_string_equal(anomaly_layer(ANOMALY_FRAGMENT_LATER), "ip");
	assert_string_equal(anomaly_layer(ANOMALY_VLAN_DEPTH), "link");
	assert_string_equal(anomaly_layer(ANOMALY_ARP_FORM), "arp");
	assert_string_equal(anomaly_layer(ANOMALY_UDP_LENGTH), "transport");
}

static void
interfaces_above_the_last_one_count_as_it(void **state)
{
	struct frame f = { .link = 1 };
	struct packet p;

	(void)state;
	for (unsigned i = INTERFACES_MAX - 2; i < INTERFACES_MAX + 2; i++) {
		f.interface = (uint16_t)i;
		decode(&f, &p);
		assert_int_equal(p.interface, i < INTERFACES_MAX ? i : INTERFACES_MAX - 1);
	}
	f.interface = UINT16_MAX;
	decode(&f, &p);
	assert_int_equal(p.interface, INTERFACES_MAX - 1);
}

static void
a_datagram_put_together_is_a_packet_that_came_the_way_of_its_parts(void **state)
{
	struct build b = build_between("10.0.0.1", 4000, "10.0.0.2", 53);
	uint8_t buf[256];

	(void)state;
	b.vlan_count = 2;
	b.vlan[0] = 7;
	b.vlan[1] = 9;
	b.more_fragments = true;
	struct packet of = rig_packet(&b, RIG_UDP);
	of.interface = 3;
	of.tunnel_depth = 1;
	of.tunnel_chain = 0x1234;
	b.link = BUILD_RAW;
	b.more_fragments = false;
	b.payload_bytes = 5;
	size_t len = build_udp(buf, &b);
	struct packet p;
	memset(&p, 0xa5, sizeof(p));
	decode_datagram(&of, cursor_over(buf, len), &p);
	assert_int_equal(p.kind, PACKET_IP);
	assert_int_equal(p.anomalies, 0);
	assert_int_equal(p.ts_ns, of.ts_ns);
	assert_int_equal(p.interface, 3);
	assert_int_equal(p.vlan_count, 2);
	assert_int_equal(p.vlan[1], 9);
	assert_int_equal(p.tunnel_depth, 1);
	assert_int_equal(p.tunnel_chain, 0x1234);
	assert_true(p.has_mac && mac_equal(&p.src_mac, &of.src_mac));
	assert_int_equal(p.src_port, 4000);
	assert_int_equal(p.ip_bytes, 33);
	assert_int_equal(cursor_left(&p.payload), 5);
	/* what is no IP packet is none, whatever its parts were */
	decode_datagram(&of, cursor_over("\0", 1), &p);
	assert_int_equal(p.kind, PACKET_OTHER);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_IP_VERSION));
}

static void
protocols_have_the_names_that_records_use(void **state)
{
	/* by IANA's numbers; everything else has no name */
	static const struct {
		uint8_t proto;
		const char *name;
	} known[] = { { 1, "icmp" }, { 2, "igmp" }, { 4, "ipip" }, { 6, "tcp" }, { 8, "egp" },
		{ 17, "udp" }, { 33, "dccp" }, { 41, "ipv6" }, { 46, "rsvp" }, { 47, "gre" },
		{ 50, "esp" }, { 51, "ah" }, { 58, "icmp" }, { 88, "eigrp" }, { 89, "ospf" },
		{ 103, "pim" }, { 112, "vrrp" }, { 115, "l2tp" }, { 132, "sctp" },
		{ 136, "udplite" } };
	size_t at = 0;

	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		const char *name = "unknown_transport";
		if (at < sizeof(known) / sizeof(known[0]) && known[at].proto == i)
			name = known[at++].name;
		assert_string_equal(ip_proto_name((uint8_t)i), name);
	}
	assert_int_equal(at, sizeof(known) / sizeof(known[0]));
}

static void
place_and_time_are_the_frames(void **state)
{
	uint8_t buf[256];
	struct build b = build_between("10.0.0.1", 1, "10.0.0.2", 2);
	struct frame f = build_frame(&b, buf, build_udp(buf, &b), UINT64_C(1700000000123456789));

	(void)state;
	f.interface = 9;
	struct packet p = rig_decode(&f);
	assert_true(p.ts_ns == UINT64_C(1700000000123456789));
	assert_int_equal(p.interface, 9);
}

static void
a_frame_shorter_on_the_wire_than_in_the_file_is_cut(void **state)
{
	uint8_t buf[256];
	struct build b = build_between("10.0.0.1", 1, "10.0.0.2", 2);

	(void)state;
	b.payload_bytes = 50;
	struct frame f = build_frame(&b, buf, build_udp(buf, &b), 1);
	f.wire = 14 + 28 + 20;
	struct packet p = rig_decode(&f);
	assert_int_equal(p.payload_bytes, 20);
	assert_int_equal(cursor_left(&p.payload), 20);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_IP_LENGTH));
	f.wire = 0;
	p = rig_decode(&f);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_LINK_SHORT));
}

static void
the_largest_claims_do_not_wrap(void **state)
{
	uint8_t buf[256];
	struct build b = build_between("10.0.0.1", 1, "10.0.0.2", 2);

	(void)state;
	b.ip_length_zero = true;
	struct frame f = build_frame(&b, buf, build_tcp(buf, &b), 1);
	f.wire = UINT32_MAX;
	struct packet p = rig_decode(&f);
	assert_int_equal(p.ip_bytes, UINT32_MAX - 14);
	assert_int_equal(p.payload_bytes, UINT32_MAX - 14 - 40);
}

/* Every packet of one capture. returns how many, or -1 when libpcap does not open it */
static long
decode_capture(const char *path, unsigned long kinds[PACKET_KIND_COUNT])
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *in = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);
	long count = 0;
	struct pcap_pkthdr *header;
	const u_char *bytes;

	if (in == NULL)
		return -1;
	while (pcap_next_ex(in, &header, &bytes) == 1) {
		struct frame f = { .bytes = bytes,
			.captured = header->caplen,
			.wire = header->len,
			.link = (uint16_t)pcap_datalink(in),
			.ts_ns = (uint64_t)count };
		if (f.link == DLT_RAW)
			f.link = 101;
		struct packet p = rig_decode(&f);
		kinds[p.kind]++;
		count++;
	}
	pcap_close(in);
	return count;
}

static void
captures_of_the_bad_kind_are_survived(void **state)
{
	static const char *const folders[2] = { "malformed", "linktypes" };
	unsigned long kinds[PACKET_KIND_COUNT] = { 0 };
	long files = 0;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		char folder[1024];
		(void)snprintf(folder, sizeof(folder), "%s/../../shared/captures/%s", TESTS_DIR,
			folders[i]);
		DIR *dir = opendir(folder);
		if (dir == NULL) {
			skip();
			return;
		}
		for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
			char path[2048];
			if (strstr(e->d_name, ".pcap") == NULL ||
				strstr(e->d_name, ".expected") != NULL)
				continue;
			(void)snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
			files += decode_capture(path, kinds) >= 0;
		}
		(void)closedir(dir);
	}
	print_message("%ld captures: %lu other, %lu ARP, %lu IP packets\n", files,
		kinds[PACKET_OTHER], kinds[PACKET_ARP], kinds[PACKET_IP]);
	assert_true(files > 100);
	assert_true(kinds[PACKET_IP] > kinds[PACKET_OTHER]); /* most of them go as far as IP */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_anomaly_has_a_name_and_a_layer_of_its_own),
		cmocka_unit_test(interfaces_above_the_last_one_count_as_it),
		cmocka_unit_test(
			a_datagram_put_together_is_a_packet_that_came_the_way_of_its_parts),
		cmocka_unit_test(protocols_have_the_names_that_records_use),
		cmocka_unit_test(place_and_time_are_the_frames),
		cmocka_unit_test(a_frame_shorter_on_the_wire_than_in_the_file_is_cut),
		cmocka_unit_test(the_largest_claims_do_not_wrap),
		cmocka_unit_test(captures_of_the_bad_kind_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
