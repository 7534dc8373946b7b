/* test_checksum.c -- the sum against a naive one; right, wrong, left out, left to the card. */
#include "daemon/decode/checksum.h"

#include "daemon/decode/decode.h"
#include "tests/support/decode_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static uint16_t
naive_sum(const uint8_t *bytes, size_t n)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		sum += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)sum;
}

static void
the_sum_is_the_naive_one_at_every_length_and_place(void **state)
{
	uint8_t buf[320];
	uint32_t seed = 12345;

	(void)state;
	for (size_t i = 0; i < sizeof(buf); i++) {
		seed = seed * 1103515245 + 12345;
		buf[i] = i % 3 == 0 ? 0xff : (uint8_t)(seed >> 16);
	}
	for (size_t at = 0; at < 17; at++)
		for (size_t n = 0; n <= 300; n++) {
			uint16_t sum = checksum_sum(cursor_over(buf + at, n));
			assert_int_equal(sum % 0xffff, naive_sum(buf + at, n) % 0xffff);
		}
}

static void
the_longest_segment_of_ones_does_not_overflow(void **state)
{
	static uint8_t buf[65535];

	(void)state;
	memset(buf, 0xff, sizeof(buf));
	assert_int_equal(checksum_sum(cursor_over(buf, sizeof(buf))), naive_sum(buf, sizeof(buf)));
	assert_int_equal(checksum_fold(UINT64_MAX), 0xffff);
	assert_int_equal(checksum_fold(0), 0);
	assert_int_equal(checksum_fold(UINT64_C(0x1ffff)), 1);
}

/* Folding keeps the value modulo 0xffff, and only nothing folds to nothing. */
static void
any_sum_folds_to_its_remainder(void **state)
{
	static const uint16_t words[5] = { 0, 1, 2, 0xfffe, 0xffff };

	(void)state;
	for (unsigned i = 0; i < 5 * 5 * 5 * 5; i++) {
		uint64_t sum = (uint64_t)words[i / 125] << 48 | (uint64_t)words[i / 25 % 5] << 32 |
			       (uint64_t)words[i / 5 % 5] << 16 | words[i % 5];
		uint64_t rest = sum % 0xffff;
		assert_int_equal(checksum_fold(sum), sum != 0 && rest == 0 ? 0xffff : rest);
	}
}

static struct build
seed(bool six, size_t payload_bytes)
{
	struct build b = six ? build_between("2001:db8::1", 4000, "2001:db8:ffff::2", 53)
			     : build_between("10.0.0.1", 4000, "192.168.255.2", 53);

	b.payload_bytes = payload_bytes;
	return b;
}

static enum checksum_state
state_of(const struct build *b, enum rig_transport t)
{
	struct packet p = rig_packet(b, t);

	return packet_checksum(&p);
}

static void
right_and_wrong_are_told_apart(void **state)
{
	(void)state;
	for (int six = 0; six < 2; six++)
		for (enum rig_transport t = RIG_TCP; t <= RIG_ICMP; t++)
			for (size_t n = 0; n < 70; n++) {
				struct build b = seed(six, n);
				b.pad_to = 128;
				assert_int_equal(state_of(&b, t), CHECKSUM_RIGHT);
				b.bad_checksum = true;
				assert_int_equal(state_of(&b, t), CHECKSUM_WRONG);
			}
}

static void
any_flipped_bit_of_the_segment_shows(void **state)
{
	(void)state;
	for (int six = 0; six < 2; six++) {
		struct build b = seed(six, 21);
		uint8_t buf[256];
		size_t len = build_icmp(buf, &b);
		struct frame f = build_frame(&b, buf, len, 1);
		for (size_t at = 14 + (six ? 40 : 20); at < len; at++) {
			buf[at] ^= 0x10;
			struct packet p = rig_decode(&f);
			assert_int_equal(packet_checksum(&p), CHECKSUM_WRONG);
			buf[at] ^= 0x10;
		}
	}
}

static void
addresses_are_part_of_the_sum(void **state)
{
	(void)state;
	for (int six = 0; six < 2; six++) {
		struct build b = seed(six, 21);
		uint8_t buf[256];
		size_t len = build_tcp(buf, &b);
		struct frame f = build_frame(&b, buf, len, 1);
		size_t first = six ? 22 : 26;
		for (size_t at = first; at < first + (six ? 32 : 8); at++) {
			buf[at] ^= 0x10;
			struct packet p = rig_decode(&f);
			assert_int_equal(packet_checksum(&p), CHECKSUM_WRONG);
			buf[at] ^= 0x10;
		}
	}
}

static void
zero_is_none_in_udp_and_left_to_the_card_elsewhere(void **state)
{
	(void)state;
	for (int six = 0; six < 2; six++) {
		struct build b = seed(six, 5);
		b.zero_checksum = true;
		assert_int_equal(state_of(&b, RIG_UDP), CHECKSUM_UNKNOWN);
		assert_int_equal(state_of(&b, RIG_TCP), CHECKSUM_OFFLOADED);
		b.icmp_id = 0xffff;
		b.icmp_code = 0xff;
		assert_int_equal(state_of(&b, RIG_ICMP), CHECKSUM_OFFLOADED);
	}
}

static void
the_pseudo_headers_sum_alone_is_the_cards_to_finish(void **state)
{
	(void)state;
	for (int six = 0; six < 2; six++) {
		struct build b = seed(six, 600);
		b.zero_checksum = true;
		uint8_t buf[1024];
		size_t len = build_tcp(buf, &b);
		size_t ip = 14;
		size_t tcp = ip + (six ? 40 : 20);
		uint8_t pseudo[40] = { 0 };
		/* source, destination, then the length of the segment and the protocol, 4 bytes each */
		size_t n = six ? 32 : 8;
		memcpy(pseudo, buf + (six ? ip + 8 : ip + 12), n);
		pseudo[n + 2] = (uint8_t)((len - tcp) >> 8);
		pseudo[n + 3] = (uint8_t)(len - tcp);
		pseudo[n + 7] = 6;
		uint16_t sum = naive_sum(pseudo, n + 8);
		buf[tcp + 16] = (uint8_t)(sum >> 8);
		buf[tcp + 17] = (uint8_t)sum;
		struct frame f = build_frame(&b, buf, len, 1);
		struct packet p = rig_decode(&f);
		assert_int_equal(packet_checksum(&p), CHECKSUM_OFFLOADED);
		buf[tcp + 17] ^= 1;
		p = rig_decode(&f);
		assert_int_equal(packet_checksum(&p), CHECKSUM_WRONG);
	}
}

static void
what_is_not_all_there_is_unknown(void **state)
{
	static const uint8_t options[4] = { 1, 1, 1, 1 };

	(void)state;
	for (int six = 0; six < 2; six++)
		for (enum rig_transport t = RIG_TCP; t <= RIG_ICMP; t++) {
			struct build b = seed(six, 30);
			b.tcp_options = options;
			b.tcp_option_bytes = 4;
			b.bad_checksum = true;
			uint8_t buf[256];
			size_t len = rig_build(buf, &b, t);
			struct frame f = build_frame(&b, buf, len, 1);
			for (f.captured = 0; f.captured < len; f.captured++) {
				struct packet p = rig_decode(&f);
				assert_int_equal(packet_checksum(&p), CHECKSUM_UNKNOWN);
			}
			f.wire = f.captured =
				(uint32_t)len - 1; /* cut on the wire: IP's length lies */
			struct packet p = rig_decode(&f);
			assert_int_equal(packet_checksum(&p), CHECKSUM_UNKNOWN);
			b.is_fragment = true;
			b.more_fragments = true;
			assert_int_equal(state_of(&b, t), CHECKSUM_UNKNOWN);
		}
}

static void
udps_own_length_ends_the_sum(void **state)
{
	struct build b = seed(false, 10);
	uint8_t buf[256];
	size_t len = build_udp(buf, &b);

	(void)state;
	/* four bytes more in IP, which belong to nobody */
	buf[17] = (uint8_t)(buf[17] + 4);
	buf[24] = 0;
	buf[25] = 0;
	memset(buf + len, 0x77, 4);
	struct frame f = build_frame(&b, buf, len + 4, 1);
	struct packet p = rig_decode(&f);
	assert_int_equal(p.payload_bytes, 10);
	assert_int_equal(packet_checksum(&p), CHECKSUM_RIGHT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sum_is_the_naive_one_at_every_length_and_place),
		cmocka_unit_test(the_longest_segment_of_ones_does_not_overflow),
		cmocka_unit_test(any_sum_folds_to_its_remainder),
		cmocka_unit_test(right_and_wrong_are_told_apart),
		cmocka_unit_test(any_flipped_bit_of_the_segment_shows),
		cmocka_unit_test(addresses_are_part_of_the_sum),
		cmocka_unit_test(zero_is_none_in_udp_and_left_to_the_card_elsewhere),
		cmocka_unit_test(the_pseudo_headers_sum_alone_is_the_cards_to_finish),
		cmocka_unit_test(what_is_not_all_there_is_unknown),
		cmocka_unit_test(udps_own_length_ends_the_sum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
