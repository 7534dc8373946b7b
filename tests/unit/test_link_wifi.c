/* test_link_wifi.c -- 802.11: directions, what is followed and what is not, radiotap in its forms. */
#include "daemon/decode/decode.h"
#include "daemon/decode/tunnel.h"
#include "tests/support/decode_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { WIFI = 105, RADIOTAP = 127, HEADER = 24 };

/* A data frame over 802.11. returns its length */
static size_t
frame_of(enum build_link l, uint8_t *ret_buf)
{
	struct build b = rig_seed(l, false);

	return build_udp(ret_buf, &b);
}

/* The same behind radiotap's `words` presence words, with a time if asked, and its `flags`. */
static struct packet
behind_radiotap(unsigned words, bool with_time, uint8_t flags, bool with_fcs)
{
	uint8_t buf[512] = { 0 };
	uint8_t *at = buf + 4;

	for (unsigned i = 0; i < words; i++, at += 4)
		at[3] = i + 1 < words ? 0x80 : 0;
	buf[4] = (uint8_t)(0x02 | with_time);
	if (with_time)
		at += (words % 2 == 0 ? 4 : 0) + 8;
	*at++ = flags;
	buf[2] = (uint8_t)(at - buf);
	at += frame_of(BUILD_WIFI, at);
	if (with_fcs)
		at += 4;
	return rig_bytes(RADIOTAP, buf, (size_t)(at - buf));
}

static void
the_direction_says_which_address_is_whose(void **state)
{
	/* to and from the distribution system: indexes of destination and source */
	static const uint8_t ends[4][2] = { { 0, 1 }, { 2, 1 }, { 0, 2 }, { 2, 3 } };
	struct build b = rig_seed(BUILD_RAW, false);

	(void)state;
	for (unsigned direction = 0; direction < 4; direction++) {
		uint8_t buf[256] = { 0x08, (uint8_t)direction };
		uint8_t *at = buf + HEADER;
		buf[9] = 1; /* the last bytes of the addresses are their numbers */
		buf[15] = 2;
		buf[21] = 3;
		if (direction == 3) {
			at += 6;
			at[-1] = 4;
		}
		memcpy(at, "\xaa\xaa\x03\0\0\0\x08\0", 8);
		size_t len = (size_t)(at + 8 - buf) + build_udp(at + 8, &b);
		struct packet p = rig_bytes(WIFI, buf, len);
		assert_int_equal(p.src_port, 40001);
		assert_true(p.has_mac);
		assert_int_equal(p.dst_mac.byte[5], ends[direction][0] + 1);
		assert_int_equal(p.src_mac.byte[5], ends[direction][1] + 1);
	}
}

static void
management_control_and_null_frames_are_other(void **state)
{
	uint8_t buf[256];
	size_t len = frame_of(BUILD_WIFI, buf);
	unsigned followed = 0;

	(void)state;
	for (unsigned control = 0; control < 256; control++) {
		buf[0] = (uint8_t)control;
		struct packet p = rig_bytes(WIFI, buf, len);
		bool data = (control & 0x0f) == 0x08 && (control & 0x40) == 0;
		if (!data)
			assert_int_equal(p.kind, PACKET_OTHER);
		if ((control & 0xcf) == 0x08) /* without QoS, whatever is acknowledged with it */
			followed += p.kind == PACKET_IP;
		if (!data)
			assert_int_equal(p.anomalies, 0);
	}
	assert_int_equal(followed, 4);
}

static void
what_is_protected_is_other(void **state)
{
	uint8_t buf[256];
	size_t len = frame_of(BUILD_WIFI, buf);

	(void)state;
	buf[1] |= 0x40;
	struct packet p = rig_bytes(WIFI, buf, len);
	assert_int_equal(p.kind, PACKET_OTHER);
	assert_int_equal(p.anomalies, 0);
}

static void
the_order_bit_counts_in_qos_frames_only(void **state)
{
	uint8_t buf[256];
	size_t len = frame_of(BUILD_WIFI, buf);

	(void)state;
	buf[1] |= 0x80;
	assert_int_equal(rig_bytes(WIFI, buf, len).src_port, 40001);
}

static void
only_the_first_fragment_is_read(void **state)
{
	uint8_t buf[256];
	size_t len = frame_of(BUILD_WIFI, buf);

	(void)state;
	for (unsigned number = 0; number < 256; number++) {
		buf[22] = (uint8_t)number; /* the upper half is the sequence number's */
		struct packet p = rig_bytes(WIFI, buf, len);
		assert_int_equal(p.kind, number % 16 == 0 ? PACKET_IP : PACKET_OTHER);
		assert_int_equal(p.anomalies, 0);
	}
}

static void
of_an_aggregate_the_first_frame_is_read_and_the_rest_noted(void **state)
{
	uint8_t buf[512] = { 0 };
	size_t len = frame_of(BUILD_AMSDU, buf);

	(void)state;
	/* 3 bytes of padding and the FCS fit without a second frame; the header of one does not. */
	for (size_t more = 0; more < 40; more++) {
		struct packet p = rig_bytes(WIFI, buf, len + more);
		bool noted = (p.anomalies & ANOMALY_BIT(ANOMALY_LINK_AGGREGATE)) != 0;
		assert_int_equal(p.src_port, 40001);
		assert_int_equal(p.payload_bytes, 9);
		assert_int_equal(noted, more >= 14);
	}
}

static void
radiotaps_flags_are_found_behind_words_and_time(void **state)
{
	(void)state;
	for (unsigned words = 1; words <= 17; words++)
		for (int with_time = 0; with_time < 2; with_time++) {
			struct packet p = behind_radiotap(words, with_time, 0x40, false);
			/* With too many words it is not known that it was received badly. */
			assert_int_equal(p.kind, words <= 16 ? PACKET_OTHER : PACKET_IP);
			assert_int_equal(p.anomalies, 0);
			p = behind_radiotap(words, with_time, 0, false);
			assert_int_equal(p.src_port, 40001);
		}
}

static void
without_a_flags_field_there_are_no_flags(void **state)
{
	uint8_t buf[256] = { [2] = 9, [8] = 0x40 };

	(void)state;
	size_t len = 9 + frame_of(BUILD_WIFI, buf + 9);
	assert_int_equal(rig_bytes(RADIOTAP, buf, len).src_port, 40001);
}

static void
the_frames_checksum_is_not_its_payload(void **state)
{
	struct build b = rig_seed(BUILD_WIFI, false);
	uint8_t buf[256] = { [2] = 9, [4] = 2, [8] = 0x10 };

	(void)state;
	b.ip_length_zero = true; /* so that only the frame tells */
	size_t len = 9 + build_udp(buf + 9, &b);
	assert_int_equal(rig_bytes(RADIOTAP, buf, len + 4).ip_bytes, 20 + 8 + 9);
	assert_int_equal(behind_radiotap(1, true, 0x10, true).payload_bytes, 9);
	assert_int_equal(behind_radiotap(1, true, 0x10, true).anomalies, 0);
	buf[9] = 0x80; /* would be a beacon */
	assert_int_equal(
		rig_bytes(RADIOTAP, buf, 9 + 4).anomalies, ANOMALY_BIT(ANOMALY_LINK_SHORT));
}

static void
radiotap_that_cannot_be_is_noted(void **state)
{
	uint8_t buf[256] = { 0 };
	size_t len = 8 + frame_of(BUILD_WIFI, buf + 8);

	(void)state;
	for (unsigned length = 0; length < 8; length++) {
		buf[2] = (uint8_t)length;
		struct packet p = rig_bytes(RADIOTAP, buf, len);
		assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_LINK_SHORT));
	}
	buf[2] = 8;
	assert_int_equal(rig_bytes(RADIOTAP, buf, len).src_port, 40001);
	buf[3] = 1; /* 264 bytes: more than there are */
	assert_int_equal(rig_bytes(RADIOTAP, buf, len).anomalies, ANOMALY_BIT(ANOMALY_LINK_SHORT));
	buf[3] = 0;
	buf[0] = 1; /* another version */
	struct packet p = rig_bytes(RADIOTAP, buf, len);
	assert_int_equal(p.kind, PACKET_OTHER);
	assert_int_equal(p.anomalies, 0);
}

/* A CAPWAP header of 8 bytes that announces 802.11, and `frame` behind it, over UDP. */
static struct packet
from_access_point(const uint8_t *frame, size_t len)
{
	static const uint8_t head[8] = { 0, 0x10, 0x03, 0, 0, 0, 0, 0 };
	struct build b = build_between("10.0.0.1", 12380, "10.0.0.2", 5247);
	uint8_t payload[512];
	static uint8_t buf[1024];

	memcpy(payload, head, sizeof(head));
	memcpy(payload + sizeof(head), frame, len);
	b.payload = payload;
	b.payload_bytes = sizeof(head) + len;
	struct frame f = build_frame(&b, buf, build_udp(buf, &b), 1);
	struct packet outer;
	struct packet inner = { 0 };
	decode(&f, &outer);
	assert_int_equal(tunnel_of(&outer), TUNNEL_CAPWAP);
	assert_true(tunnel_decode(&outer, TUNNEL_CAPWAP, &inner));
	return inner;
}

/* As a capture of Cisco's has it: frame control turned, sequence numbers 0x7630, 0x7640, 0x7650. */
static void
access_points_that_turn_frame_control_turn_all_numbers(void **state)
{
	uint8_t buf[256];
	size_t len = frame_of(BUILD_WIFI, buf);

	(void)state;
	assert_int_equal(from_access_point(buf, len).src_port, 40001);
	buf[0] = 0x01;
	buf[1] = 0x08;
	for (unsigned number = 0; number < 16; number++) {
		buf[22] = 0x76;
		buf[23] = (uint8_t)(0x30 | number);
		struct packet p = from_access_point(buf, len);
		assert_int_equal(p.src_port, number == 0 ? 40001 : 0);
		assert_int_equal(p.anomalies, 0);
	}
}

static void
short_guard_intervals_turn_no_numbers(void **state)
{
	uint8_t buf[256] = { [2] = 9, [4] = 2, [8] = 0x80 };
	size_t len = 9 + frame_of(BUILD_WIFI, buf + 9);

	(void)state;
	buf[9 + 22] = 0x30;
	buf[9 + 23] = 0x76;
	assert_int_equal(rig_bytes(RADIOTAP, buf, len).src_port, 40001);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_direction_says_which_address_is_whose),
		cmocka_unit_test(management_control_and_null_frames_are_other),
		cmocka_unit_test(what_is_protected_is_other),
		cmocka_unit_test(the_order_bit_counts_in_qos_frames_only),
		cmocka_unit_test(only_the_first_fragment_is_read),
		cmocka_unit_test(of_an_aggregate_the_first_frame_is_read_and_the_rest_noted),
		cmocka_unit_test(radiotaps_flags_are_found_behind_words_and_time),
		cmocka_unit_test(without_a_flags_field_there_are_no_flags),
		cmocka_unit_test(the_frames_checksum_is_not_its_payload),
		cmocka_unit_test(radiotap_that_cannot_be_is_noted),
		cmocka_unit_test(access_points_that_turn_frame_control_turn_all_numbers),
		cmocka_unit_test(short_guard_intervals_turn_no_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
