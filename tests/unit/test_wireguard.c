#include "daemon/proto/proto.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct protocol protocol_wireguard;

static uint8_t message[256];

/* A message of a type: receiver 0x01020304, counter 7, and as many bytes as it has. */
static bool
is_ours(uint8_t type, size_t bytes)
{
	static const uint8_t head[] = { 0, 0, 0, 0, 4, 3, 2, 1, 7, 0, 0, 0, 0, 0, 0, 0 };
	struct proto_call call = { .dst_port = 5060 };

	memset(message, 'x', sizeof(message));
	memcpy(message, head, sizeof(head));
	message[0] = type;
	return protocol_wireguard.looks_like(&call, cursor_over(message, bytes)) == PROTO_YES;
}

static bool
is_ours_with(size_t at, uint8_t byte)
{
	struct proto_call call = { 0 };

	(void)is_ours(4, 96);
	message[at] = byte;
	return protocol_wireguard.looks_like(&call, cursor_over(message, 96)) == PROTO_YES;
}

static void
each_message_has_its_lengths(void **state)
{
	(void)state;
	for (size_t bytes = 0; bytes <= sizeof(message); bytes++) {
		assert_int_equal(is_ours(1, bytes), bytes == 148);
		assert_int_equal(is_ours(2, bytes), bytes == 92);
		assert_int_equal(is_ours(3, bytes), bytes == 64);
		assert_int_equal(is_ours(4, bytes), bytes >= 32 && bytes % 16 == 0);
		assert_false(is_ours(0, bytes) || is_ours(5, bytes));
	}
}

static void
reserved_bytes_are_zero_and_counters_small(void **state)
{
	(void)state;
	assert_true(is_ours_with(8, 255));
	assert_true(is_ours_with(12, 255));
	for (size_t at = 1; at <= 3; at++)
		assert_false(is_ours_with(at, 1));
	for (size_t at = 13; at <= 15; at++)
		assert_false(is_ours_with(at, 1));
}

static void
data_is_for_somebody(void **state)
{
	struct proto_call call = { 0 };

	(void)state;
	(void)is_ours(4, 96);
	memset(message + 4, 0, 4);
	assert_int_equal(protocol_wireguard.looks_like(&call, cursor_over(message, 96)), PROTO_NO);
}

static void
it_is_named_and_asks_for_no_more(void **state)
{
	struct proto_call call = { 0 };

	(void)state;
	assert_string_equal(protocol_wireguard.name, "wireguard");
	assert_int_equal(protocol_wireguard.ip_proto, IPPROTO_UDP);
	assert_int_equal(protocol_wireguard.parse(&call, cursor_over(message, 96)), PROTO_DONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_message_has_its_lengths),
		cmocka_unit_test(reserved_bytes_are_zero_and_counters_small),
		cmocka_unit_test(data_is_for_somebody),
		cmocka_unit_test(it_is_named_and_asks_for_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
