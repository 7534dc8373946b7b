#include "daemon/loop/capture/capture_interface.h"

#include "tests/support/capture_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TIME_MAX    ((uint64_t)INT64_MAX)
#define SECONDS_MAX UINT64_C(9223372036)

/* The body of an interface block as written, read again. */
static bool
read_back(const struct image_interface *options, bool big_endian, size_t cut,
	struct capture_interface *ret_interface)
{
	struct image m = { .big_endian = big_endian };

	image_add_interface(&m, options);
	struct cursor c = cursor_over(m.bytes, m.length - 4);
	(void)cursor_take(&c, 8);
	c = cursor_sub(&c, cut < cursor_left(&c) ? cut : cursor_left(&c));
	bool is_read = capture_interface_read(c, big_endian, ret_interface);
	image_free(&m);
	return is_read;
}

static uint64_t
ns_of(uint8_t resolution, int64_t offset, uint64_t ticks)
{
	struct capture_interface i;
	const struct image_interface options = {
		.link = 1,
		.has_resolution = true,
		.resolution = resolution,
		.has_offset = offset != 0,
		.offset = offset,
	};

	assert_true(read_back(&options, false, SIZE_MAX, &i));
	return capture_interface_ns(&i, ticks);
}

static void
fields_and_options_are_read_in_both_byte_orders(void **state)
{
	(void)state;
	for (unsigned big = 0; big < 2; big++) {
		struct capture_interface i;
		struct image_interface options = { .link = 1, .snap = 0x12345 };
		assert_true(read_back(&options, big != 0, SIZE_MAX, &i));
		assert_int_equal(i.link, 1);
		assert_int_equal(i.snap_bytes, 0x12345);
		assert_true(i.followed);
		assert_true(capture_interface_ns(&i, 1) == 1000); /* microseconds unless said */

		options.link = 195;
		options.has_resolution = options.has_offset = options.with_other_options = true;
		options.resolution = 9;
		options.offset = INT64_C(0x10203);
		assert_true(read_back(&options, big != 0, SIZE_MAX, &i));
		assert_false(i.followed);
		assert_true(capture_interface_ns(&i, 7) == 0x10203 * UINT64_C(1000000000) + 7);
	}
}

static void
a_block_cut_anywhere_is_short_or_lacks_options(void **state)
{
	const struct image_interface options = {
		.link = 1,
		.has_resolution = true,
		.resolution = 3,
		.has_offset = true,
		.offset = 1,
		.with_other_options = true,
	};

	(void)state;
	for (size_t cut = 0; cut < 80; cut++) {
		struct capture_interface i;
		assert_int_equal(read_back(&options, false, cut, &i), cut >= 8);
		if (cut < 8)
			continue;
		/* name 8, comment 16, resolution 8, offset 12 bytes, each read only if whole */
		uint64_t ns = cut >= 8 + 24 + 8 ? 1000000 : 1000;
		ns += cut >= 8 + 24 + 8 + 12 ? UINT64_C(1000000000) : 0;
		assert_true(capture_interface_ns(&i, 1) == ns);
	}
}

static void
options_of_a_wrong_length_are_as_if_absent(void **state)
{
	static const uint8_t body[] = { 1, 0, 0, 0, 0, 0, 0, 0, /* link, snap */
		9, 0, 2, 0, 3, 3, 0, 0,                         /* a resolution of two bytes */
		14, 0, 4, 0, 1, 0, 0, 0,                        /* an offset of four, of twelve */
		14, 0, 12, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
	struct capture_interface i;

	(void)state;
	assert_true(capture_interface_read(cursor_over(body, sizeof(body)), false, &i));
	assert_true(capture_interface_ns(&i, 5) == 5000);
}

static void
decimal_resolutions_round_down(void **state)
{
	(void)state;
	assert_true(ns_of(0, 0, 1600000000) == UINT64_C(1600000000000000000));
	assert_true(ns_of(1, 0, 15) == UINT64_C(1500000000));
	assert_true(ns_of(3, 0, 1600000000123) == UINT64_C(1600000000123000000));
	assert_true(ns_of(6, 0, 1600000000123456) == UINT64_C(1600000000123456000));
	assert_true(ns_of(9, 0, UINT64_C(1600000000123456789)) == UINT64_C(1600000000123456789));
	assert_true(ns_of(10, 0, UINT64_C(16000000001234567899)) == UINT64_C(1600000000123456789));
	assert_true(ns_of(12, 0, UINT64_C(1999)) == 1);
	assert_true(ns_of(18, 0, UINT64_MAX) == UINT64_C(18446744073));
	assert_true(ns_of(28, 0, UINT64_MAX) == 1); /* 18.4 / 10 */
	assert_true(ns_of(29, 0, UINT64_MAX) <= 1);
	assert_true(ns_of(127, 0, UINT64_MAX) <= 1);
}

/* floor(fraction * 10^9 / 2^n) with a product of two words. */
static uint64_t
naive_fraction_ns(uint64_t fraction, unsigned n)
{
	uint64_t low = (fraction & UINT32_MAX) * 1000000000;
	uint64_t high = (fraction >> 32) * 1000000000 + (low >> 32);

	low &= UINT32_MAX; /* the product is high * 2^32 + low */
	return n >= 32 ? high >> (n - 32) : high << (32 - n) | low >> n;
}

static void
binary_resolutions_are_exact(void **state)
{
	uint64_t random = 1;

	(void)state;
	for (unsigned n = 0; n < 64; n++) {
		for (unsigned k = 0; k < 1000; k++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			uint64_t mask = (UINT64_C(1) << n) - 1;
			uint64_t fraction = k == 0 ? mask : random >> 1 & mask;
			uint64_t seconds = n <= 32 ? random >> 40 : (random >> 1 & ~mask) >> n;
			if (seconds > UINT32_MAX)
				seconds = UINT32_MAX;
			uint64_t want = seconds * 1000000000 + naive_fraction_ns(fraction, n);
			uint64_t have = ns_of((uint8_t)(0x80 | n), 0, seconds << n | fraction);
			/* beyond 43 bits of fraction the last is dropped: at most 1 ns early */
			assert_true(n <= 43 ? have == want : have == want || have + 1 == want);
		}
	}
	assert_true(ns_of(0x80 | 64, 0, UINT64_C(1) << 63) == 500000000);
	assert_true(ns_of(0x80 | 70, 0, UINT64_MAX) == UINT64_C(15624999)); /* 2^-6 s */
	assert_true(ns_of(0x80 | 106, 0, UINT64_MAX) == 0);
	assert_true(ns_of(0x80 | 127, 0, UINT64_MAX) == 0);
}

static void
times_stay_between_1970_and_2262(void **state)
{
	(void)state;
	assert_true(ns_of(9, 0, TIME_MAX) == TIME_MAX);
	assert_true(ns_of(9, 0, TIME_MAX + 1) == TIME_MAX);
	assert_true(ns_of(6, 0, TIME_MAX / 1000) == TIME_MAX / 1000 * 1000);
	assert_true(ns_of(6, 0, TIME_MAX / 1000 + 1) == TIME_MAX);
	assert_true(ns_of(0, 0, SECONDS_MAX) == SECONDS_MAX * UINT64_C(1000000000));
	assert_true(ns_of(0, 0, UINT64_MAX) == TIME_MAX);
	/* products that would wrap around to something small */
	assert_true(ns_of(0, 0, UINT64_C(18446744074)) == TIME_MAX);
	assert_true(ns_of(6, 0, UINT64_MAX / 1000 + 1) == TIME_MAX);
	assert_true(ns_of(0x80, 0, UINT64_C(18446744074)) == TIME_MAX);
	assert_true(ns_of(0x80, 0, SECONDS_MAX) == SECONDS_MAX * UINT64_C(1000000000));
	assert_true(ns_of(0x80, 0, SECONDS_MAX + 1) == TIME_MAX);
	assert_true(ns_of(0x80 | 1, 0, 2 * SECONDS_MAX + 1) < TIME_MAX);
	assert_true(ns_of(0x80 | 2, 0, 4 * SECONDS_MAX + 3) < TIME_MAX);
	assert_true(ns_of(0x80 | 3, 0, 8 * SECONDS_MAX + 7) == TIME_MAX);
	assert_true(ns_of(0x80 | 3, 0, UINT64_MAX) == TIME_MAX);
}

static void
offsets_move_times_and_never_wrap(void **state)
{
	const uint64_t s = 1000000000;

	(void)state;
	assert_true(ns_of(6, 10, 5) == 10 * s + 5000);
	assert_true(ns_of(0, -10, 15) == 5 * s);
	assert_true(ns_of(0, -10, 10) == 0);
	assert_true(ns_of(0, -10, 9) == 0);
	assert_true(ns_of(9, -1, 1000000001) == 1);
	assert_true(ns_of(9, -1, 999999999) == 0);
	assert_true(ns_of(0, SECONDS_MAX, 1) == TIME_MAX);
	assert_true(ns_of(9, SECONDS_MAX, 1) == SECONDS_MAX * s + 1);
	assert_true(ns_of(0, SECONDS_MAX, UINT64_MAX) == TIME_MAX);
	assert_true(ns_of(0, INT64_MAX, 1) == TIME_MAX);
	assert_true(ns_of(0, INT64_MIN, SECONDS_MAX) == 0);
	assert_true(ns_of(9, INT64_MIN, TIME_MAX) == 854775807);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_and_options_are_read_in_both_byte_orders),
		cmocka_unit_test(a_block_cut_anywhere_is_short_or_lacks_options),
		cmocka_unit_test(options_of_a_wrong_length_are_as_if_absent),
		cmocka_unit_test(decimal_resolutions_round_down),
		cmocka_unit_test(binary_resolutions_are_exact),
		cmocka_unit_test(times_stay_between_1970_and_2262),
		cmocka_unit_test(offsets_move_times_and_never_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
