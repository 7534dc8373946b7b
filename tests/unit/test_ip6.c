/* test_ip6.c -- extension chains, their cap, fragments, lengths that lie; cut and changed. */
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

enum { IP_AT = 14 };

static struct build
seed(void)
{
	struct build b = build_between("2001:db8::aa", 4000, "2001:db8:1::bb", 53);

	b.flags = TCP_SYN;
	b.ip_proto = 47;
	b.payload_bytes = 7;
	return b;
}

static const uint8_t followed[8] = { 0, 43, 44, 51, 60, 135, 139, 140 };

static void
the_fixed_header_is_read(void **state)
{
	struct build b = seed();

	(void)state;
	b.ttl = 255;
	struct packet p = rig_packet(&b, RIG_OTHER);
	assert_int_equal(p.kind, PACKET_IP);
	assert_int_equal(p.anomalies, 0);
	assert_int_equal(p.ip_proto, 47);
	assert_int_equal(p.ttl, 255);
	assert_int_equal(p.ip_bytes, 47);
	assert_int_equal(p.payload_bytes, 7);
	assert_true(addr_equal(&p.src, &b.src));
	assert_true(addr_equal(&p.dst, &b.dst));
}

static void
each_extension_header_is_stepped_over_and_cut(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof(followed); i++)
		for (enum rig_transport t = RIG_TCP; t < RIG_TRANSPORT_COUNT; t++) {
			struct build b = seed();
			b.extensions[0] = followed[i];
			b.extension_count = 1;
			rig_cut_everywhere(&b, t);
			struct packet p = rig_packet(&b, t);
			assert_int_equal(p.anomalies, 0); /* an atomic fragment is none, too */
		}
}

static void
only_extension_headers_are_stepped_over(void **state)
{
	(void)state;
	for (unsigned type = 0; type < 256; type++) {
		struct build b = seed();
		b.extensions[0] = (uint8_t)type;
		b.extension_count = 1;
		struct packet p = rig_packet(&b, RIG_UDP);
		if (memchr(followed, (int)type, sizeof(followed)) != NULL) {
			assert_int_equal(p.ip_proto, 17);
			assert_int_equal(p.dst_port, 53);
		} else {
			assert_int_equal(p.ip_proto, type);
		}
	}
}

static void
a_chain_of_all_is_walked_and_cut(void **state)
{
	struct build b = seed();

	(void)state;
	memcpy(b.extensions, followed, sizeof(followed));
	b.extension_count = sizeof(followed);
	rig_cut_everywhere(&b, RIG_TCP);
	rig_change_every_byte(&b, RIG_UDP);
	struct packet p = rig_packet(&b, RIG_TCP);
	assert_int_equal(p.tcp_flags, TCP_SYN);
	assert_int_equal(p.ip_bytes, 40 + 7 * 8 + 16 + 20 + 7);
}

static void
extension_lengths_count_in_their_own_units(void **state)
{
	static const uint8_t types[3] = { 60, 51, 44 };
	/* a length field of 3: eight-byte units less one, four-byte units less two, none at all */
	static const unsigned sizes[3] = { 32, 20, 8 };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct build b = seed();
		uint8_t payload[64] = { 17, 3 };
		payload[sizes[i]] = 0x12;
		payload[sizes[i] + 1] = 0x34;
		b.ip_proto = types[i];
		b.payload = payload;
		b.payload_bytes = sizeof(payload);
		struct packet p = rig_packet(&b, RIG_OTHER);
		assert_int_equal(p.src_port, 0x1234);
		assert_int_equal(p.ip_proto, 17);
	}
}

static void
a_chain_past_the_cap_is_noted_and_not_followed(void **state)
{
	(void)state;
	for (size_t count = EXTENSIONS_MAX - 1; count <= BUILD_EXTENSIONS_MAX; count++) {
		struct build b = seed();
		bool fits = count <= EXTENSIONS_MAX;
		memset(b.extensions, 60, sizeof(b.extensions));
		b.extension_count = count;
		struct packet p = rig_packet(&b, RIG_UDP);
		assert_int_equal(p.kind, PACKET_IP);
		assert_int_equal(p.anomalies, fits ? 0 : ANOMALY_BIT(ANOMALY_IP_EXTENSIONS));
		assert_int_equal(p.has_ports, fits);
		assert_int_equal(p.ip_proto, fits ? 17 : 60);
		assert_true(addr_equal(&p.dst, &b.dst));
	}
}

static void
an_extension_past_the_packet_is_a_bad_header(void **state)
{
	(void)state;
	for (unsigned units = 0; units < 4; units++) {
		struct build b = seed();
		uint8_t payload[16] = { 59, (uint8_t)units };
		b.ip_proto = 60;
		b.payload = payload;
		b.payload_bytes = sizeof(payload);
		b.pad_to = 200; /* bytes that are there and not the packet's */
		struct packet p = rig_packet(&b, RIG_OTHER);
		assert_int_equal(p.anomalies, units < 2 ? 0 : ANOMALY_BIT(ANOMALY_IP_HEADER));
		assert_int_equal(p.ip_proto, units < 2 ? 59 : 60);
		assert_int_equal(p.payload_bytes, units < 2 ? 8 - 8 * units : 16);
	}
	for (size_t n = 0; n < 8; n++) { /* not even room for the least */
		struct build b = seed();
		b.ip_proto = 43;
		b.payload_bytes = n;
		b.payload = "\0\0\0\0\0\0\0";
		b.pad_to = 200;
		struct packet p = rig_packet(&b, RIG_OTHER);
		if (n > 0)
			assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_IP_HEADER));
	}
}

static void
an_extension_that_ends_the_packet_may_be_cut(void **state)
{
	struct build b = seed();

	(void)state;
	b.extensions[0] = 60;
	b.extension_count = 1;
	b.ip_proto = 59;
	b.payload_bytes = 0;
	rig_cut_everywhere(&b, RIG_OTHER);
}

static void
the_first_fragment_has_ports_and_later_ones_none(void **state)
{
	(void)state;
	for (unsigned offset = 0; offset <= 0x1fff; offset = offset * 2 + 1)
		for (int more = 0; more < 2; more++)
			for (enum rig_transport t = RIG_TCP; t <= RIG_SCTP; t++) {
				struct build b = seed();
				b.is_fragment = true;
				b.more_fragments = more;
				b.fragment_offset = (uint16_t)offset;
				b.payload_bytes = 32;
				b.extension_count = 1; /* hop-by-hop before it */
				struct packet p = rig_packet(&b, t);
				uint32_t bits =
					offset > 0 ? ANOMALY_BIT(ANOMALY_FRAGMENT_LATER) : 0;
				if (more || offset > 0)
					bits |= ANOMALY_BIT(ANOMALY_FRAGMENT);
				assert_int_equal(p.anomalies, bits);
				assert_int_equal(p.has_ports, offset == 0);
				assert_int_equal(p.payload_bytes, 32);
				assert_int_equal(cursor_left(&p.payload), 32);
				assert_int_equal(cursor_left(&p.transport) > 0, offset == 0);
			}
}

static void
a_fragment_says_which_part_it_is(void **state)
{
	static const uint8_t chains[][2] = { { 0, 0 }, { 60, 0 }, { 0, 60 } };

	(void)state;
	for (size_t count = 0; count < 3; count++)
		for (unsigned offset = 0; offset <= 0x1fff; offset += 0x1fff) {
			struct build b = seed();
			uint8_t buf[256];
			memcpy(b.extensions, chains[count], count);
			b.extension_count = count;
			b.is_fragment = true;
			b.more_fragments = true;
			b.ip_id = 0xabcd;
			b.fragment_offset = (uint16_t)offset;
			b.payload_bytes = 16;
			size_t len = build_udp(buf, &b);
			struct packet p = decode_bytes(1, buf, len, len);
			size_t header = 40 + 8 * count;
			assert_int_equal(p.fragment.id, 0xabcd);
			assert_int_equal(p.fragment.offset, offset * 8);
			assert_true(p.fragment.more);
			assert_int_equal(p.fragment.ip_proto, 17);
			assert_int_equal(p.fragment.data_bytes, offset == 0 ? 24 : 16);
			assert_int_equal(cursor_left(&p.fragment.header), header);
			assert_memory_equal(p.fragment.header.at, buf + IP_AT, header);
			assert_int_equal(p.fragment.header.at[p.fragment.next_at], 44);
			assert_int_equal(p.fragment.next_at, count == 0 ? 6 : 32 + 8 * count);
			assert_ptr_equal(p.fragment.data.at, p.fragment.header.at + header + 8);
		}
}

/* The first header that says "part" is the one; what comes after it is inside the datagram. */
static void
of_two_fragment_headers_the_outer_one_counts(void **state)
{
	struct build b = seed();
	uint8_t buf[256];

	(void)state;
	b.extensions[0] = 44;
	b.extension_count = 1;
	b.is_fragment = true;
	b.more_fragments = true;
	b.payload_bytes = 16;
	size_t len = build_udp(buf, &b);
	buf[IP_AT + 40 + 7] = 1; /* ids: 1 the outer, 2 the inner */
	buf[IP_AT + 48 + 7] = 2;
	struct packet p = decode_bytes(1, buf, len, len);
	assert_int_equal(p.fragment.id, 1);
	assert_int_equal(p.fragment.ip_proto, 44);
	assert_int_equal(p.fragment.data_bytes, 32);
	/* an atomic one is none */
	buf[IP_AT + 40 + 3] = 0;
	p = decode_bytes(1, buf, len, len);
	assert_int_equal(p.fragment.id, 2);
	assert_int_equal(p.fragment.ip_proto, 17);
	assert_int_equal(p.fragment.next_at, 40);
	assert_int_equal(p.fragment.data_bytes, 24);
	/* a later part in the first part of another */
	buf[IP_AT + 40 + 3] = 1;
	buf[IP_AT + 48 + 3] = 9;
	p = decode_bytes(1, buf, len, len);
	assert_int_equal(p.fragment.id, 1);
	assert_int_equal(p.fragment.offset, 0);
	assert_false(p.has_ports);
}

static void
a_later_fragment_is_not_searched_for_extensions(void **state)
{
	struct build b = seed();

	(void)state;
	b.is_fragment = true;
	b.fragment_offset = 5;
	b.ip_proto = 60;
	b.payload_bytes = 40; /* 'x's, which would make a header of 120 * 8 bytes */
	struct packet p = rig_packet(&b, RIG_OTHER);
	assert_int_equal(
		p.anomalies, ANOMALY_BIT(ANOMALY_FRAGMENT) | ANOMALY_BIT(ANOMALY_FRAGMENT_LATER));
	assert_int_equal(p.ip_proto, 60);
	assert_int_equal(p.payload_bytes, 40);
}

static void
length_beyond_the_frame_is_noted_and_cut(void **state)
{
	struct build b = seed();
	uint8_t buf[256];
	size_t len = build_tcp(buf, &b);

	(void)state;
	for (unsigned extra = 0; extra < 3; extra++) {
		buf[IP_AT + 5] = (uint8_t)(27 + extra);
		struct packet p = decode_bytes(1, buf, len, len);
		assert_int_equal(p.anomalies, extra > 0 ? ANOMALY_BIT(ANOMALY_IP_LENGTH) : 0);
		assert_int_equal(p.ip_bytes, 67);
		assert_int_equal(p.payload_bytes, 7);
		p = decode_bytes(1, buf, len, len + extra);
		assert_int_equal(p.anomalies, 0);
		assert_int_equal(p.ip_bytes, 67 + extra);
		assert_int_equal(p.payload_bytes, 7 + extra);
	}
}

static void
length_zero_means_the_frames(void **state)
{
	(void)state;
	for (enum rig_transport t = RIG_TCP; t < RIG_TRANSPORT_COUNT; t++) {
		struct build b = seed();
		b.ip_length_zero = true;
		b.extension_count = 1;
		b.payload_bytes = 65500; /* with its headers more than 16 bits hold: a jumbogram */
		struct packet p = rig_packet(&b, t);
		assert_int_equal(p.anomalies, 0);
		assert_int_equal(p.payload_bytes, 65500);
	}
}

static void
no_next_header_and_length_zero_is_an_empty_packet(void **state)
{
	struct build b = seed();

	(void)state;
	b.ip_proto = 59;
	b.payload_bytes = 0;
	b.pad_to = 60;
	struct packet p = rig_packet(&b, RIG_OTHER);
	assert_int_equal(p.anomalies, 0);
	assert_int_equal(p.ip_bytes, 40);
	assert_int_equal(p.payload_bytes, 0);
}

static void
any_changed_byte_is_survived(void **state)
{
	(void)state;
	for (enum rig_transport t = RIG_TCP; t < RIG_TRANSPORT_COUNT; t++) {
		struct build b = seed();
		b.extension_count = 1;
		b.is_fragment = true;
		b.more_fragments = true;
		rig_change_every_byte(&b, t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_fixed_header_is_read),
		cmocka_unit_test(each_extension_header_is_stepped_over_and_cut),
		cmocka_unit_test(only_extension_headers_are_stepped_over),
		cmocka_unit_test(a_chain_of_all_is_walked_and_cut),
		cmocka_unit_test(extension_lengths_count_in_their_own_units),
		cmocka_unit_test(a_chain_past_the_cap_is_noted_and_not_followed),
		cmocka_unit_test(an_extension_past_the_packet_is_a_bad_header),
		cmocka_unit_test(an_extension_that_ends_the_packet_may_be_cut),
		cmocka_unit_test(the_first_fragment_has_ports_and_later_ones_none),
		cmocka_unit_test(a_fragment_says_which_part_it_is),
		cmocka_unit_test(of_two_fragment_headers_the_outer_one_counts),
		cmocka_unit_test(a_later_fragment_is_not_searched_for_extensions),
		cmocka_unit_test(length_beyond_the_frame_is_noted_and_cut),
		cmocka_unit_test(length_zero_means_the_frames),
		cmocka_unit_test(no_next_header_and_length_zero_is_an_empty_packet),
		cmocka_unit_test(any_changed_byte_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
