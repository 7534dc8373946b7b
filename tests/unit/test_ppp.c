/* test_ppp.c -- PPP in its spellings, PPPoE sessions, what is no data in them. */
#include "daemon/decode/decode.h"
#include "tests/support/decode_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct packet
decode_bytes(uint16_t link, const void *bytes, size_t captured, size_t wire)
{
	struct frame f = {
		.bytes = bytes, .captured = (uint32_t)captured, .wire = (uint32_t)wire, .link = link
	};

	return rig_decode(&f);
}

enum { PPP = 9, PPP_SERIAL = 50, PPP_ETHER = 51 };

/* An IP packet behind `head`; returns the length of both */
static size_t
with_head(uint8_t *buf, const void *head, size_t head_bytes, bool six)
{
	struct build b = six ? build_between("2001:db8::5", 5060, "2001:db8::6", 5061)
			     : build_between("10.0.0.5", 5060, "10.0.0.6", 5061);

	b.link = BUILD_RAW;
	b.payload_bytes = 4;
	memcpy(buf, head, head_bytes);
	return head_bytes + build_udp(buf + head_bytes, &b);
}

struct spelling {
	const char *bytes;
	size_t length;
	bool six;
};

static const struct spelling spellings[] = {
	{ "\xff\x03\x00\x21", 4, false }, { "\xff\x03\x21", 3, false }, { "\x00\x21", 2, false },
	{ "\x21", 1, false }, { "\xff\x03\x00\x57", 4, true }, { "\x57", 1, true },
	{ "\x02\x81\x00\x00\x11\x40", 6, false }, /* MPLS, one label, the last */
};

static void
every_spelling_of_ppp_is_read_and_cut(void **state)
{
	uint8_t buf[256];

	(void)state;
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		const struct spelling *s = &spellings[i];
		size_t len = with_head(buf, s->bytes, s->length, s->six);
		size_t ip_bytes = s->six ? 40 : 20;
		for (size_t captured = 0; captured <= len; captured++) {
			struct packet p =
				decode_bytes(captured % 2 ? PPP : PPP_SERIAL, buf, captured, len);
			assert_int_equal(p.kind,
				captured >= s->length + ip_bytes ? PACKET_IP : PACKET_OTHER);
			assert_int_equal(p.has_ports, captured >= s->length + ip_bytes + 8);
			if (captured < s->length)
				assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_LINK_SHORT));
			assert_int_equal(p.anomalies == 0, p.has_ports);
		}
	}
}

static void
negotiation_is_other_and_no_anomaly(void **state)
{
	static const uint8_t lcp[12] = { 0xff, 0x03, 0xc0, 0x21, 9, 1, 0, 8 };

	(void)state;
	struct packet p = decode_bytes(PPP, lcp, sizeof(lcp), sizeof(lcp));
	assert_int_equal(p.kind, PACKET_OTHER);
	assert_int_equal(p.anomalies, 0);
}

/* MACs, PPPoE with `code`, PPP; the length covers IPv4 and UDP with 4 bytes: 2 + 32 */
static const uint8_t session[22] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0x64, 0x11, 0, 0x12,
	0x34, 0, 34, 0, 0x21 };

static void
a_session_is_read_and_cut(void **state)
{
	uint8_t buf[256];
	size_t len = with_head(buf, session, sizeof(session), false);

	(void)state;
	for (size_t captured = 0; captured <= len; captured++) {
		struct packet p = decode_bytes(1, buf, captured, len);
		assert_int_equal(p.kind, captured >= 22 + 20 ? PACKET_IP : PACKET_OTHER);
		assert_int_equal(p.has_ports, captured >= 22 + 28);
		if (captured < 22)
			assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_LINK_SHORT));
		if (captured < 14)
			continue;
		p = decode_bytes(PPP_ETHER, buf + 14, captured - 14, len - 14);
		assert_int_equal(p.has_ports, captured >= 22 + 28);
		assert_false(p.has_mac);
	}
}

static void
a_sessions_length_ends_the_packet(void **state)
{
	uint8_t buf[256];
	size_t len = with_head(buf, session, sizeof(session), false);

	(void)state;
	buf[24] = 0; /* IP's total length 0: the link has to know */
	buf[25] = 0;
	memset(buf + len, 0xee, 10);
	struct packet p = decode_bytes(1, buf, len + 10, len + 10);
	assert_int_equal(p.ip_bytes, 32);
	buf[19] += 3;
	p = decode_bytes(1, buf, len + 10, len + 10);
	assert_int_equal(p.ip_bytes, 35);
}

static void
what_is_no_session_data_is_other(void **state)
{
	uint8_t buf[256];
	size_t len = with_head(buf, session, sizeof(session), false);

	(void)state;
	for (unsigned at = 14; at < 16; at++) {
		buf[at] ^= 1;
		struct packet p = decode_bytes(1, buf, len, len);
		assert_int_equal(p.kind, PACKET_OTHER);
		assert_int_equal(p.anomalies, 0);
		buf[at] ^= 1;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_spelling_of_ppp_is_read_and_cut),
		cmocka_unit_test(negotiation_is_other_and_no_anomaly),
		cmocka_unit_test(a_session_is_read_and_cut),
		cmocka_unit_test(a_sessions_length_ends_the_packet),
		cmocka_unit_test(what_is_no_session_data_is_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
