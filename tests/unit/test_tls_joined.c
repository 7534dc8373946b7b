/* test_tls_joined.c -- records of TLS from the middle, by their sizes. */
#include "tests/support/proto_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct protocol protocol_tls_joined;

enum { HEADER = 5, SMALLEST = 17, LARGEST = 16384 + 2048 };

static struct proto_rig rig;
static uint8_t segment[2 * (HEADER + LARGEST)];

/* Put a record's header there. returns where the next one goes */
static size_t
put(size_t at, uint8_t type, uint8_t minor, size_t size)
{
	segment[at] = type;
	segment[at + 1] = 3;
	segment[at + 2] = minor;
	segment[at + 3] = (uint8_t)(size >> 8);
	segment[at + 4] = (uint8_t)size;
	return at + HEADER + size;
}

static enum proto_guess
guess(size_t size)
{
	proto_rig_init(&rig, &protocol_tls_joined);
	enum proto_guess g = proto_rig_guess(&rig, true, segment, size);
	proto_rig_done(&rig);
	return g;
}

static void
records_that_fill_a_segment_are_tls(void **state)
{
	(void)state;
	for (uint8_t minor = 0; minor <= 4; minor++) {
		assert_int_equal(guess(put(0, 23, minor, 40)), PROTO_YES);
		assert_int_equal(guess(put(0, 21, minor, 26)), PROTO_YES);
	}
	assert_int_equal(guess(put(put(0, 23, 3, 40), 21, 3, SMALLEST)), PROTO_YES);
	assert_int_equal(guess(put(put(0, 23, 3, LARGEST), 23, 3, LARGEST)), PROTO_YES);
}

static void
what_is_no_header_is_not(void **state)
{
	(void)state;
	assert_int_equal(guess(put(0, 22, 3, 40)), PROTO_NO);
	assert_int_equal(guess(put(0, 24, 3, 40)), PROTO_NO);
	assert_int_equal(guess(put(0, 23, 5, 40)), PROTO_NO);
	assert_int_equal(guess(put(0, 23, 3, SMALLEST - 1)), PROTO_NO);
	assert_int_equal(guess(put(0, 23, 3, LARGEST + 1)), PROTO_NO);
	size_t size = put(0, 23, 3, 40);
	segment[1] = 2;
	assert_int_equal(guess(size), PROTO_NO);
	assert_int_equal(guess(put(put(0, 23, 3, 40), 25, 3, 40)), PROTO_NO);
	assert_int_equal(guess(put(0, 23, 3, 40) + 1), PROTO_NO);
	assert_int_equal(guess(put(0, 23, 3, 40) + HEADER - 1), PROTO_NO);
}

static void
one_that_goes_on_must_fill_the_segment_or_follow_another(void **state)
{
	(void)state;
	(void)put(0, 23, 3, 4000);
	assert_int_equal(guess(HEADER + 511), PROTO_NO);
	assert_int_equal(guess(HEADER + 512), PROTO_YES);
	(void)put(put(0, 23, 3, 40), 23, 3, 4000);
	assert_int_equal(guess(HEADER + 40 + HEADER), PROTO_YES);
	for (size_t size = 1; size < HEADER + 40; size++)
		assert_int_equal(guess(size), PROTO_NO);
}

static void
it_is_not_read(void **state)
{
	(void)state;
	proto_rig_init(&rig, &protocol_tls_joined);
	proto_rig_feed(&rig, true, segment, put(0, 23, 3, 40));
	assert_int_equal(rig.verdict, PROTO_DONE);
	assert_int_equal(rig.told, 0);
	proto_rig_done(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_that_fill_a_segment_are_tls),
		cmocka_unit_test(what_is_no_header_is_not),
		cmocka_unit_test(one_that_goes_on_must_fill_the_segment_or_follow_another),
		cmocka_unit_test(it_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
