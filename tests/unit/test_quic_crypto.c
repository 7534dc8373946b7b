/* test_quic_crypto.c -- the examples of RFC 9001 and RFC 9369, and packets that are not what they say. */
#include "daemon/proto/quic_crypto.h"
#include "tests/support/quic_build.h"
#include "tests/support/quic_vectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static uint8_t packet_bytes[1500], plain[QUIC_PLAIN_MAX];

static struct quic_keys
keys_of(uint32_t version, bool of_client)
{
	uint8_t dcid[8];
	struct quic_keys keys;

	(void)quic_vector(QUIC_VECTOR_DCID, dcid, sizeof(dcid));
	quic_keys_derive(
		quic_version_of(version), cursor_over(dcid, sizeof(dcid)), of_client, &keys);
	return keys;
}

static void
keys_are(uint32_t version, bool of_client, const char *vector)
{
	struct quic_keys keys = keys_of(version, of_client);
	uint8_t expected[44];

	assert_int_equal(quic_vector(vector, expected, sizeof(expected)), 44);
	assert_memory_equal(keys.key, expected, 16);
	assert_memory_equal(keys.iv, expected + 16, 12);
	assert_memory_equal(keys.header, expected + 28, 16);
}

static void
keys_are_those_of_the_appendices(void **state)
{
	(void)state;
	keys_are(1, true, QUIC_VECTOR_1_CLIENT_KEYS);
	keys_are(1, false, QUIC_VECTOR_1_SERVER_KEYS);
	keys_are(0x6b3343cf, true, QUIC_VECTOR_2_CLIENT_KEYS);
	keys_are(0x6b3343cf, false, QUIC_VECTOR_2_SERVER_KEYS);
}

/* Open packet_bytes, of which so many are there. */
static struct cursor
open_bytes(size_t size, bool of_client)
{
	struct cursor c = cursor_over(packet_bytes, size);
	struct quic_packet packet;

	assert_true(quic_packet_next(&c, &packet));
	assert_int_equal(packet.type, QUIC_INITIAL);
	struct quic_keys keys = keys_of(packet.version, of_client);
	return quic_open(&keys, &packet, plain);
}

static void
the_client_s_packet_is_opened(void **state)
{
	uint8_t frame[300];

	(void)state;
	size_t size = quic_vector(QUIC_VECTOR_1_CLIENT, packet_bytes, sizeof(packet_bytes));
	assert_int_equal(size, 1200);
	struct cursor c = open_bytes(size, true);
	assert_int_equal(cursor_left(&c), 1162);
	size_t frame_size = quic_vector(QUIC_VECTOR_CLIENT_FRAME, frame, sizeof(frame));
	assert_memory_equal(c.at, frame, frame_size);
	for (size_t i = frame_size; i < 1162; i++)
		assert_int_equal(c.at[i], 0);
}

static void
the_server_s_packets_are_opened(void **state)
{
	(void)state;
	size_t size = quic_vector(QUIC_VECTOR_1_SERVER, packet_bytes, sizeof(packet_bytes));
	struct cursor c = open_bytes(size, false);
	assert_int_equal(cursor_left(&c), 99);
	/* An ACK of packet 0, and a CRYPTO frame of 90 bytes with a ServerHello. */
	assert_memory_equal(c.at, "\2\0\0\0\0\6\0\x40\x5a\2", 10);
	size = quic_vector(QUIC_VECTOR_2_SERVER, packet_bytes, sizeof(packet_bytes));
	c = open_bytes(size, false);
	assert_int_equal(cursor_left(&c), 99);
	assert_memory_equal(c.at, "\2\0\0\0\0\6\0\x40\x5a\2", 10);
}

static void
the_other_side_s_keys_open_nothing(void **state)
{
	(void)state;
	size_t size = quic_vector(QUIC_VECTOR_1_CLIENT, packet_bytes, sizeof(packet_bytes));
	assert_true(open_bytes(size, false).short_read);
}

static void
no_byte_may_be_another(void **state)
{
	(void)state;
	size_t size = quic_vector(QUIC_VECTOR_1_SERVER, packet_bytes, sizeof(packet_bytes));
	for (size_t i = 0; i < size; i++) {
		/* The type, the version and the lengths make it another packet. */
		if (i < 7 || (i > 14 && i < 18))
			continue;
		packet_bytes[i] ^= 1;
		assert_true(open_bytes(size, false).short_read);
		packet_bytes[i] ^= 1;
	}
	packet_bytes[0] ^= 1; /* a bit of the number's length */
	assert_true(open_bytes(size, false).short_read);
}

/* A packet needs a sample: four bytes, and sixteen. */
static void
packets_too_short_for_their_protection_are_not_opened(void **state)
{
	(void)state;
	for (size_t rest = 0; rest < 24; rest++) {
		struct quic_build b = { 0 };
		quic_build_long(&b, 1, 0, "dcid", "");
		quic_build_u8(&b, 0);
		quic_build_length(&b, rest);
		quic_build_bytes(&b, "abcdefghijklmnopqrstuvwxyz", rest);
		memcpy(packet_bytes, b.bytes, b.size);
		assert_true(open_bytes(b.size, true).short_read);
	}
}

static void
a_payload_may_have_4096_bytes(void **state)
{
	static struct quic_build frames;
	static struct quic_build datagram;
	struct quic_packet packet;
	struct quic_keys keys;

	(void)state;
	quic_keys_derive(quic_version_of(1), cursor_over("key", 3), true, &keys);
	for (size_t size = QUIC_PLAIN_MAX - 1; size <= QUIC_PLAIN_MAX + 1; size++) {
		frames.size = size;
		datagram.size = 0;
		quic_build_initial(&datagram, &(struct quic_build_initial){ .version = 1,
						      .is_client = true,
						      .key_id = "key",
						      .dcid = "d",
						      .scid = "s",
						      .frames = &frames });
		struct cursor c = cursor_over(datagram.bytes, datagram.size);
		assert_true(quic_packet_next(&c, &packet));
		c = quic_open(&keys, &packet, plain);
		assert_int_equal(c.short_read, size > QUIC_PLAIN_MAX);
		assert_int_equal(cursor_left(&c), size > QUIC_PLAIN_MAX ? 0 : size);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_those_of_the_appendices),
		cmocka_unit_test(the_client_s_packet_is_opened),
		cmocka_unit_test(the_server_s_packets_are_opened),
		cmocka_unit_test(the_other_side_s_keys_open_nothing),
		cmocka_unit_test(no_byte_may_be_another),
		cmocka_unit_test(packets_too_short_for_their_protection_are_not_opened),
		cmocka_unit_test(a_payload_may_have_4096_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
