/* test_tcp_options.c -- each option, broken lists, headers cut at every byte. */
#include "daemon/decode/tcp_options.h"

#include "tests/support/decode_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* A segment's packet with those options, padded with 0 to 40 bytes. */
static struct tcp_options
read(const void *options, size_t size)
{
	static uint8_t padded[40];
	struct build b = build_between("10.0.0.1", 40000, "10.0.0.2", 80);

	memset(padded, 0, sizeof(padded));
	memcpy(padded, options, size);
	b.flags = TCP_SYN;
	b.tcp_options = padded;
	b.tcp_option_bytes = sizeof(padded);
	b.payload = "\3\3\7";
	b.payload_bytes = 3; /* never an option */
	struct packet p = rig_packet(&b, RIG_TCP);
	return tcp_options_read(&p);
}

static void
those_that_are_asked_for_are_read(void **state)
{
	static const uint8_t all[] = { 2, 4, 5, 0xb4, 1, 3, 3, 7, 8, 10, 0x12, 0x34, 0x56, 0x78, 9,
		9, 9, 9, 4, 2 };

	(void)state;
	struct tcp_options o = read(all, sizeof(all));
	assert_true(o.has_window_scale);
	assert_int_equal(o.window_scale, 7);
	assert_true(o.has_timestamp);
	assert_int_equal(o.timestamp, 0x12345678);
	assert_false(o.has_signature);
	assert_true(read("\023\022xxxxxxxxxxxxxxxx", 18).has_signature);
	assert_true(read("\035\004xx", 4).has_signature);
	o = read("", 0);
	assert_false(o.has_window_scale || o.has_timestamp || o.has_signature);
}

static void
a_scale_beyond_14_is_14(void **state)
{
	(void)state;
	assert_int_equal(read("\3\3\16", 3).window_scale, 14);
	assert_int_equal(read("\3\3\17", 3).window_scale, 14);
	assert_int_equal(read("\3\3\377", 3).window_scale, 14);
}

static void
a_broken_one_ends_the_list(void **state)
{
	(void)state;
	assert_false(read("\2\0\3\3\7", 5).has_window_scale);
	assert_false(read("\2\1\3\3\7", 5).has_window_scale);
	assert_true(read("\2\2\3\3\7", 5).has_window_scale);
	assert_false(read("\0\3\3\7", 4).has_window_scale);
	assert_true(read("\1\3\3\7", 4).has_window_scale);
	assert_false(read("\2\51\3\3\7", 5).has_window_scale); /* 41 bytes of 40 */
	assert_false(read("\3\4\7\7", 4).has_window_scale);
	assert_false(read("\10\11\1\2\3\4\5\6\7", 9).has_timestamp);
}

static void
a_cut_header_has_none(void **state)
{
	static const uint8_t header[32] = { [12] = 0x80, 1, [18] = 0x12, 0x34, 3, 3, 7 };
	struct packet p = { .tcp_flags = TCP_URG };

	(void)state;
	for (size_t size = 0; size <= sizeof(header); size++) {
		p.transport = cursor_over(header, size);
		assert_int_equal(tcp_options_read(&p).has_window_scale, size == sizeof(header));
		assert_int_equal(tcp_urgent(&p), size >= 20 ? 0x1234 : 0);
	}
	p.tcp_flags = TCP_ACK;
	assert_int_equal(tcp_urgent(&p), 0);
}

static void
an_offset_below_the_header_has_none(void **state)
{
	static const uint8_t header[24] = { [12] = 0x40, [20] = 3, 3, 7, 0 };
	const struct packet p = { .transport = cursor_over(header, sizeof(header)) };

	(void)state;
	assert_false(tcp_options_read(&p).has_window_scale);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(those_that_are_asked_for_are_read),
		cmocka_unit_test(a_scale_beyond_14_is_14),
		cmocka_unit_test(a_broken_one_ends_the_list),
		cmocka_unit_test(a_cut_header_has_none),
		cmocka_unit_test(an_offset_below_the_header_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
