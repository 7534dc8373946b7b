#include "tests/support/proto_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct protocol protocol_ntp;

static struct proto_rig rig;

/* A server's answer at 2023-11-14 22:13:20.5, the rig's own time but for half a second. */
static const uint8_t answer[48] = { 0x24, 2, 6, 0xec, 0, 1, 0x80, 0, 0, 0, 0x40, 0, 192, 0, 2, 9,
	0xe8, 0xfe, 0x65, 0x80, 0, 0, 0, 0, 0xe8, 0xfe, 0x6f, 0x80, 0, 0, 0, 0, 0xe8, 0xfe, 0x6f,
	0x80, 0x40, 0, 0, 0, 0xe8, 0xfe, 0x6f, 0x80, 0x80, 0, 0, 0 };

static int
setup(void **state)
{
	(void)state;
	proto_rig_init(&rig, &protocol_ntp);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	proto_rig_done(&rig);
	return 0;
}

/* The answer with another byte somewhere. */
static const char *
said_with(size_t at, uint8_t byte)
{
	uint8_t bytes[48];

	memcpy(bytes, answer, sizeof(bytes));
	bytes[at] = byte;
	strbuf_reset(&rig.out);
	proto_rig_feed(&rig, false, bytes, sizeof(bytes));
	return rig.text;
}

static void
an_answer_is_told(void **state)
{
	(void)state;
	proto_rig_feed(&rig, false, answer, sizeof(answer));
	assert_string_equal(rig.text,
		"ntp version=4 mode=4 stratum=2 poll=64000000000 precision=953 "
		"root_delay=1500000000 root_disp=250000000 ref_id=192.0.2.9 "
		"ref_time=1699997440000000000 org_time=1700000000000000000 "
		"rec_time=1700000000250000000 xmt_time=1700000000500000000 num_exts=0\n");
	assert_int_equal(rig.verdict, PROTO_MORE);
}

static void
a_primary_server_names_its_clock(void **state)
{
	(void)state;
	assert_non_null(strstr(said_with(1, 1), "ref_id=\xc0\\x00\x02\x09 "));
	assert_non_null(strstr(said_with(1, 0), "ref_id=\xc0\\x00\x02\x09 "));
}

static void
powers_of_two_have_their_bounds(void **state)
{
	(void)state;
	assert_non_null(strstr(said_with(2, 33), "poll=8589934592000000000"));
	assert_null(strstr(said_with(2, 34), "poll"));
	assert_null(strstr(said_with(2, 127), "poll"));
	assert_non_null(strstr(said_with(2, 0), "poll=1000000000 "));
	assert_non_null(strstr(said_with(3, 0xe3), "precision=1 ")); /* 2^-29 s */
	assert_non_null(strstr(said_with(3, 0xe2), "precision=0 "));
	assert_non_null(strstr(said_with(3, 0x80), "precision=0 "));
}

static void
a_time_of_zero_is_none_and_small_ones_are_of_the_next_era(void **state)
{
	uint8_t bytes[48];

	(void)state;
	memcpy(bytes, answer, sizeof(bytes));
	memset(bytes + 16, 0, 8);
	memset(bytes + 24, 0, 7);
	bytes[27] = 1; /* one second into 2036's era */
	proto_rig_feed(&rig, false, bytes, sizeof(bytes));
	assert_non_null(strstr(rig.text, "ref_time=0 org_time=2085978497000000000"));
}

static void
extension_fields_are_counted_before_the_signature(void **state)
{
	uint8_t bytes[48 + 16 + 20 + 24] = { 0 };

	(void)state;
	memcpy(bytes, answer, sizeof(answer));
	bytes[51] = 16;
	bytes[67] = 20;
	proto_rig_feed(&rig, false, bytes, sizeof(bytes));
	assert_non_null(strstr(rig.text, "num_exts=2"));
	strbuf_reset(&rig.out);
	proto_rig_feed(&rig, false, bytes, 48 + 24);
	assert_non_null(strstr(rig.text, "num_exts=0"));
	bytes[51] = 15;
	strbuf_reset(&rig.out);
	proto_rig_feed(&rig, false, bytes, sizeof(bytes));
	assert_non_null(strstr(rig.text, "num_exts=0"));
	bytes[51] = 61;
	strbuf_reset(&rig.out);
	proto_rig_feed(&rig, false, bytes, sizeof(bytes));
	assert_non_null(strstr(rig.text, "num_exts=0"));
	bytes[0] = 0x1c; /* version 3 has none */
	bytes[51] = 16;
	strbuf_reset(&rig.out);
	proto_rig_feed(&rig, false, bytes, sizeof(bytes));
	assert_non_null(strstr(rig.text, "num_exts=0"));
}

static void
messages_that_carry_no_time_are_not_told(void **state)
{
	(void)state;
	(void)said_with(0, 0x26);
	(void)said_with(0, 0x27);
	(void)said_with(0, 0x20);
	assert_int_equal(rig.told, 0);
	(void)said_with(0, 0x21);
	(void)said_with(0, 0x25);
	assert_int_equal(rig.told, 2);
}

static void
a_message_cut_anywhere_is_read_within_its_bytes(void **state)
{
	const struct proto_piece piece = { false, answer, sizeof(answer) };
	static struct proto_rig cut;

	(void)state;
	for (size_t at = 0; at <= sizeof(answer); at++) {
		(void)proto_rig_truncate(&cut, &protocol_ntp, &piece, 1, at);
		assert_int_equal(cut.told, at == sizeof(answer));
	}
}

static bool
is_ours(uint16_t port, size_t at, uint8_t byte, size_t size)
{
	uint8_t bytes[48];
	const struct proto_call call = {
		.src_port = 9, .dst_port = port, .ts_ns = UINT64_C(1700000000) * 1000000000
	};

	memcpy(bytes, answer, sizeof(bytes));
	bytes[at] = byte;
	return protocol_ntp.looks_like(&call, cursor_over(bytes, size)) == PROTO_YES;
}

static void
on_its_port_the_first_byte_and_the_size_tell(void **state)
{
	(void)state;
	assert_true(is_ours(123, 0, 0x24, 48));
	assert_false(is_ours(123, 0, 0x24, 47));
	assert_true(is_ours(123, 0, 0x0b, 48));
	assert_false(is_ours(123, 0, 0x03, 48)); /* no version */
	assert_false(is_ours(123, 0, 0x2c, 48));
	assert_true(is_ours(123, 0, 0x25, 48));
	assert_false(is_ours(123, 0, 0x25, 47));
	assert_false(is_ours(123, 0, 0x20, 48));
	assert_true(is_ours(123, 0, 0x17, 8));
	assert_false(is_ours(123, 0, 0x17, 7));
	assert_true(is_ours(123, 1, 200, 48));
}

static void
elsewhere_its_values_must_be_a_clocks(void **state)
{
	(void)state;
	assert_true(is_ours(1230, 0, 0x24, 48));
	assert_false(is_ours(1230, 0, 0x24, 47));
	assert_false(is_ours(1230, 0, 0x14, 48));
	assert_false(is_ours(1230, 0, 0x26, 48));
	assert_false(is_ours(1230, 0, 0x20, 48));
	assert_true(is_ours(1230, 1, 16, 48));
	assert_false(is_ours(1230, 1, 17, 48));
	assert_true(is_ours(1230, 2, 17, 48));
	assert_false(is_ours(1230, 2, 18, 48));
	assert_true(is_ours(1230, 3, 0, 48));
	assert_false(is_ours(1230, 3, 1, 48));
	assert_true(is_ours(1230, 3, 0xd8, 48));
	assert_false(is_ours(1230, 3, 0xd7, 48));
	assert_true(is_ours(1230, 41, 0xfd, 48));
	assert_false(is_ours(1230, 41, 0xfc, 48)); /* more than a day ago */
	assert_false(is_ours(1230, 40, 0xe9, 48));
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(an_answer_is_told),
		CASE(a_primary_server_names_its_clock),
		CASE(powers_of_two_have_their_bounds),
		CASE(a_time_of_zero_is_none_and_small_ones_are_of_the_next_era),
		CASE(extension_fields_are_counted_before_the_signature),
		CASE(messages_that_carry_no_time_are_not_told),
		CASE(a_message_cut_anywhere_is_read_within_its_bytes),
		CASE(on_its_port_the_first_byte_and_the_size_tell),
		CASE(elsewhere_its_values_must_be_a_clocks),
	};
#undef CASE

	return cmocka_run_group_tests(tests, NULL, NULL);
}
