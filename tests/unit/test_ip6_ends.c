/* test_ip6_ends.c -- routing headers and home addresses: who a packet is from and for. */
#include "daemon/decode/decode.h"
#include "tests/support/decode_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { ROUTING = 43, DESTINATION = 60, SOURCE = 0, MOBILE = 2, COMPRESSED = 3, SEGMENTS = 4 };

static const char *const next_stop = "2001:db8::7";

/*
 * An IPv6 packet of UDP to `next_stop`, with one extension header of `words` 8-byte units. Its
 * checksum is that of the ends `src` and `dst`.
 */
static struct packet
behind_extension(
	const char *src, const char *dst, uint8_t type, const uint8_t *header, size_t words)
{
	struct build b = build_between(src, 40001, dst, 443);
	uint8_t buf[1024];

	b.link = BUILD_RAW;
	b.payload_bytes = 9;
	size_t len = build_udp(buf, &b);
	memmove(buf + 40 + words * 8, buf + 40, len - 40);
	memcpy(buf + 40, header, words * 8);
	buf[40] = buf[6];
	buf[41] = (uint8_t)(words - 1);
	buf[6] = type;
	len += words * 8;
	buf[4] = (uint8_t)((len - 40) >> 8);
	buf[5] = (uint8_t)(len - 40);
	if (type == ROUTING)
		memcpy(buf + 24, build_addr(next_stop).byte, 16);
	else
		memcpy(buf + 8, build_addr(next_stop).byte, 16);
	return rig_bytes(101, buf, len);
}

/* The header of a route of `count` addresses, 2001:db8:1::1 to 2001:db8:1::<count>, and 8 bytes of room. */
static void
route(uint8_t ret_header[128], uint8_t type, uint8_t left, unsigned count)
{
	memset(ret_header, 0, 128);
	ret_header[2] = type;
	ret_header[3] = left;
	for (unsigned i = 0; i < count; i++) {
		memcpy(ret_header + 8 + (size_t)16 * i, build_addr("2001:db8:1::").byte, 16);
		ret_header[8 + 16 * i + 15] = (uint8_t)(i + 1);
	}
}

static void
expect_destination(uint8_t type, uint8_t left, unsigned count, const char *dst)
{
	uint8_t header[128];
	struct addr named = build_addr(dst);
	bool rerouted = strcmp(dst, next_stop) != 0;

	route(header, type, left, count);
	struct packet p = behind_extension("2001:db8::1", dst, ROUTING, header, 1 + count * 2);
	assert_int_equal(p.kind, PACKET_IP);
	assert_true(addr_equal(&p.dst, &named));
	assert_int_equal(p.anomalies, rerouted ? ANOMALY_BIT(ANOMALY_IP_REROUTED) : 0);
	assert_int_equal(p.dst_port, 443);
	assert_int_equal(packet_checksum(&p), CHECKSUM_RIGHT);
}

static void
a_route_ends_at_its_last_address(void **state)
{
	(void)state;
	for (uint8_t left = 1; left <= 3; left++)
		expect_destination(SOURCE, left, 3, "2001:db8:1::3");
	expect_destination(MOBILE, 1, 1, "2001:db8:1::1");
}

static void
a_segment_list_begins_with_its_end(void **state)
{
	(void)state;
	for (uint8_t left = 1; left <= 4; left++) /* 4: the first one was left out */
		expect_destination(SEGMENTS, left, 3, "2001:db8:1::1");
}

static void
where_the_route_is_done_the_header_is_right(void **state)
{
	(void)state;
	expect_destination(SOURCE, 0, 3, next_stop);
	expect_destination(MOBILE, 0, 1, next_stop);
	expect_destination(SEGMENTS, 0, 3, next_stop);
}

static void
routes_that_cannot_be_are_not_taken(void **state)
{
	(void)state;
	expect_destination(SOURCE, 4, 3, next_stop);
	expect_destination(SOURCE, 1, 0, next_stop);
	expect_destination(MOBILE, 2, 1, next_stop);
	expect_destination(SEGMENTS, 5, 3, next_stop);
	expect_destination(SEGMENTS, 1, 0, next_stop);
	expect_destination(COMPRESSED, 1, 3, next_stop);
}

static void
a_route_to_where_the_header_says_is_nothing_odd(void **state)
{
	uint8_t header[128];

	(void)state;
	route(header, SOURCE, 1, 1);
	memcpy(header + 8, build_addr(next_stop).byte, 16);
	struct packet p = behind_extension("2001:db8::1", next_stop, ROUTING, header, 3);
	assert_int_equal(p.anomalies, 0);
}

/* Destination options: `pads` of one byte, then a home address of `length` bytes. */
static struct packet
with_home_address(unsigned pads, uint8_t length, const char *src)
{
	uint8_t header[64] = { 0 };

	header[2 + pads] = 0xc9;
	header[3 + pads] = length;
	memcpy(header + 4 + pads, build_addr("2001:db8:2::9").byte, 16);
	header[20 + pads] = 1; /* padding to the end */
	header[21 + pads] = (uint8_t)(32 - 22 - pads);
	return behind_extension(src, "2001:db8::2", DESTINATION, header, 4);
}

static void
a_home_address_is_whom_it_is_from(void **state)
{
	struct addr home = build_addr("2001:db8:2::9");

	(void)state;
	for (unsigned pads = 0; pads < 8; pads++) { /* 8 options are looked at */
		struct packet p = with_home_address(pads, 16, "2001:db8:2::9");
		assert_true(addr_equal(&p.src, &home));
		assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_IP_REROUTED));
		assert_int_equal(p.src_port, 40001);
		assert_int_equal(packet_checksum(&p), CHECKSUM_RIGHT);
	}
}

static void
other_options_leave_the_source_alone(void **state)
{
	struct addr source = build_addr(next_stop);

	(void)state;
	struct packet p = with_home_address(8, 16, next_stop); /* the ninth option */
	assert_true(addr_equal(&p.src, &source));
	for (uint8_t length = 0; length < 40; length++) {
		p = with_home_address(0, length, next_stop);
		assert_int_equal(addr_equal(&p.src, &source), length != 16);
	}
	uint8_t header[64] = { [2] = 0x1e, [3] = 16 };
	p = behind_extension(next_stop, "2001:db8::2", DESTINATION, header, 4);
	assert_true(addr_equal(&p.src, &source));
	assert_int_equal(p.anomalies, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_route_ends_at_its_last_address),
		cmocka_unit_test(a_segment_list_begins_with_its_end),
		cmocka_unit_test(where_the_route_is_done_the_header_is_right),
		cmocka_unit_test(routes_that_cannot_be_are_not_taken),
		cmocka_unit_test(a_route_to_where_the_header_says_is_nothing_odd),
		cmocka_unit_test(a_home_address_is_whom_it_is_from),
		cmocka_unit_test(other_options_leave_the_source_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
