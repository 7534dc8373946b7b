#include "tests/support/capture_rig.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
add_interface(struct capture_rig *r, uint16_t link)
{
	image_add_interface(&r->image, &(struct image_interface){ .link = link });
}

/* Three sections of either byte order, each with its own interfaces, resolutions and offsets. */
static void
sections_have_their_own_byte_order_and_interfaces(void **state)
{
	static const struct image_interface kinds[] = {
		{ .link = LINK_ETHERNET },
		{ .link = LINK_RAW, .has_resolution = true, .resolution = 3 },
		{ .link = 113, .has_resolution = true, .resolution = 9, .snap = 65535 },
		{ .link = LINK_ETHERNET, .has_resolution = true, .resolution = 0x80 | 10 },
		{ .link = 276, .has_offset = true, .offset = 1600000000 },
		{ .link = LINK_ETHERNET,
			.has_offset = true,
			.offset = -1,
			.with_other_options = true },
	};
	enum { KINDS = 6 };
	static const uint64_t unit[KINDS] = { 1000, 1000000, 1, 0, 1000, 1000 };
	struct capture_rig *r = *state;

	for (uint32_t section = 0; section < 3; section++) {
		r->image.big_endian = section % 2 != 0;
		image_section(&r->image);
		for (uint32_t i = 0; i < KINDS; i++)
			image_add_interface(&r->image, &kinds[(i + section) % KINDS]);
		for (uint32_t k = 0; k < 60; k++) {
			uint32_t i = k * 5 % KINDS;
			uint32_t kind = (i + section) % KINDS;
			/* The one with a name has its number wherever it stands. */
			uint16_t number = kind == 5 ? 5 : i == 5 ? 6 : (uint16_t)i;
			uint64_t ticks =
				(UINT64_C(1) << 32) + k * UINT64_C(1024); /* both words are used */
			uint64_t ns = kind == 3 ? (ticks >> 10) * S_NS : ticks * unit[kind];
			ns += kinds[kind].has_offset ? (uint64_t)kinds[kind].offset * S_NS : 0;
			image_packet(&r->image, i, ticks, k, k + 1, (uint8_t)k);
			capture_rig_expect(r, (struct image_frame){ ns, k, k + 1, kinds[kind].link,
						      number, (uint8_t)k });
		}
	}
	capture_rig_save(r, 0);
	capture_rig_check(r, 1);
}

static void
other_blocks_are_passed_over(void **state)
{
	struct capture_rig *r = *state;
	/* name resolution, statistics, journal, secrets, custom; 320 KiB is read, more is skipped */
	static const uint32_t types[] = { 4, 5, 9, 10, 0xbad, 0xfffffff1 };
	static const uint32_t lengths[] = { 0, 4, 100, (320 << 10) - 12, (320 << 10) - 8, 1 << 20,
		(3 << 20) + 4 };

	image_section(&r->image);
	image_block(&r->image, 5, 20);
	image_block(&r->image, 0xbad, 2 << 20); /* before the first packet */
	add_interface(r, LINK_ETHERNET);
	image_block(&r->image, 10, 400 << 10);
	for (uint32_t i = 0; i < 42; i++) {
		image_packet(&r->image, 0, i, 1000, 1000, (uint8_t)i);
		capture_rig_expect(r, (struct image_frame){ i * UINT64_C(1000), 1000, 1000,
					      LINK_ETHERNET, 0, (uint8_t)i });
		image_block(&r->image, types[i % 6], lengths[i % 7]);
	}
	capture_rig_save(r, 0);
	capture_rig_check(r, 1);
}

static void
simple_packets_have_no_time_and_no_captured_length(void **state)
{
	struct capture_rig *r = *state;

	image_section(&r->image);
	image_add_interface(&r->image, &(struct image_interface){ .link = LINK_RAW, .snap = 50 });
	add_interface(r, LINK_ETHERNET);
	image_packet_simple(&r->image, 10, 10, 1); /* padded to 12: its length is its wire length */
	image_packet_simple(&r->image, 50, 1500, 2); /* cut by the snap length, padded to 52 */
	image_packet(&r->image, 1, 7000, 60, 60, 3);
	image_packet_simple(&r->image, 0, 0, 4); /* as late as the packet before it */
	r->image.big_endian = true;
	image_section(&r->image);
	add_interface(r, LINK_RAW); /* no snap length: all that is there */
	image_packet_simple(&r->image, 64, 2000, 5);
	capture_rig_expect(r, (struct image_frame){ 0, 10, 10, LINK_RAW, 0, 1 });
	capture_rig_expect(r, (struct image_frame){ 0, 50, 1500, LINK_RAW, 0, 2 });
	capture_rig_expect(r, (struct image_frame){ 7000000, 60, 60, LINK_ETHERNET, 1, 3 });
	capture_rig_expect(r, (struct image_frame){ 7000000, 0, 0, LINK_RAW, 0, 4 });
	capture_rig_expect(r, (struct image_frame){ 7000000, 64, 2000, LINK_RAW, 0, 5 });
	capture_rig_save(r, 0);
	capture_rig_check(r, 1);
}

static void
the_obsolete_packet_block_is_read(void **state)
{
	struct capture_rig *r = *state;

	for (unsigned big = 0; big < 2; big++) {
		r->image.big_endian = big != 0;
		image_section(&r->image);
		add_interface(r, LINK_ETHERNET);
		add_interface(r, LINK_RAW);
		image_packet_obsolete(&r->image, 1, (UINT64_C(1) << 32) + 5, 61, 90, 1);
		image_packet_obsolete(&r->image, 0, 6, 60, 60, 2);
		capture_rig_expect(r, (struct image_frame){ ((UINT64_C(1) << 32) + 5) * 1000, 61,
					      90, LINK_RAW, 1, 1 });
		capture_rig_expect(r, (struct image_frame){ 6000, 60, 60, LINK_ETHERNET, 0, 2 });
		capture_rig_save(r, 0);
		capture_rig_check(r, 1);
	}
}

static void
frames_across_block_borders_are_whole(void **state)
{
	struct capture_rig *r = *state;

	image_section(&r->image);
	add_interface(r, LINK_ETHERNET);
	for (uint32_t i = 0; i < 600; i++) {
		uint32_t length = i % 5 == 0 ? 65535 - i : i * 7919 % 2000;
		image_packet(&r->image, 0, i, length, 65536, (uint8_t)i);
		capture_rig_expect(r, (struct image_frame){ i * UINT64_C(1000), length, 65536,
					      LINK_ETHERNET, 0, (uint8_t)i });
	}
	assert_true(r->image.length > 5 << 20);
	capture_rig_save(r, 0);
	capture_rig_check(r, 1);
}

static void
packets_of_other_interfaces_are_counted_and_left_out(void **state)
{
	struct capture_rig *r = *state;

	image_section(&r->image);
	add_interface(r, LINK_UNKNOWN);
	add_interface(r, LINK_ETHERNET);
	for (uint32_t i = 0; i < 100; i++) {
		image_packet(&r->image, i % 3, i, 60, 60, (uint8_t)i); /* 2 is not described */
		if (i % 3 == 1)
			capture_rig_expect(r, (struct image_frame){ i * UINT64_C(1000), 60, 60,
						      LINK_ETHERNET, 1, (uint8_t)i });
	}
	image_packet(&r->image, UINT32_MAX, 0, 60, 60, 0);
	image_section(&r->image); /* forgets them */
	image_packet(&r->image, 1, 0, 60, 60, 0);
	image_packet_simple(&r->image, 60, 60, 0);
	capture_rig_save(r, 0);
	char said[1024];
	capture_rig_listen(r, said, sizeof(said));
	assert_non_null(strstr(said, "interface 0 has link type 195 (IEEE802_15_4)"));
	assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1); /* once */
	assert_int_equal(capture_rig_read(r, 1, NULL), 33);
	assert_int_equal(r->progress.unknown_link, 67 + 3);
	assert_int_equal(r->progress.frames, 33);
	assert_int_equal(r->progress.corrupt + r->progress.cut_files, 0);
}

static void
no_followed_interface_at_the_first_packet_is_refused(void **state)
{
	struct capture_rig *r = *state;

	image_section(&r->image);
	add_interface(r, LINK_UNKNOWN);
	image_packet(&r->image, 0, 0, 60, 60, 0);
	add_interface(r, LINK_ETHERNET);
	capture_rig_save(r, 0);
	assert_int_equal(capture_rig_open(r, 1, NULL), -EINVAL);
	assert_non_null(strstr(r->error, "link type 195 (IEEE802_15_4) is not supported"));
	assert_memory_equal(r->error, r->paths[0], strlen(r->paths[0]));

	image_section(&r->image);
	image_packet_simple(&r->image, 60, 60, 0);
	add_interface(r, LINK_ETHERNET);
	capture_rig_save(r, 0);
	assert_int_equal(capture_rig_open(r, 1, NULL), -EINVAL);
	assert_non_null(strstr(r->error, "a packet comes before any interface"));

	/* a section's interfaces are those that count */
	image_section(&r->image);
	add_interface(r, LINK_ETHERNET);
	image_section(&r->image);
	add_interface(r, LINK_UNKNOWN);
	image_packet_obsolete(&r->image, 0, 0, 60, 60, 0);
	capture_rig_save(r, 0);
	assert_int_equal(capture_rig_open(r, 1, NULL), -EINVAL);
}

static void
the_thousandth_interface_counts_and_the_1025th_does_not(void **state)
{
	enum { MOST = 1024 };
	struct capture_rig *r = *state;

	image_section(&r->image);
	for (uint32_t i = 0; i < MOST + 1; i++)
		add_interface(r, LINK_ETHERNET);
	for (uint32_t i = 0; i < MOST + 1; i++) {
		image_packet(&r->image, i, i, 60, 60, 0);
		if (i < MOST)
			capture_rig_expect(r,
				(struct image_frame){ i * UINT64_C(1000), 60, 60, LINK_ETHERNET,
					i < INTERFACES_MAX ? (uint16_t)i : INTERFACES_MAX - 1, 0 });
	}
	capture_rig_save(r, 0);
	assert_int_equal(capture_rig_read(r, 1, NULL), MOST);
	assert_int_equal(r->progress.unknown_link, 1);
}

static void
read_three(struct capture_rig *r)
{
	capture_rig_save(r, 0);
	assert_int_equal(capture_rig_read(r, 1, NULL), 3);
	assert_int_equal(r->progress.corrupt, 1);
	assert_int_equal(r->progress.cut_files, 0);
	assert_int_equal(r->progress.cut_bytes, 0);
}

/* What is wrong with the block behind three sound packets; `at` counts from where it begins. */
static void
corrupt_after_three(struct capture_rig *r, size_t at, uint32_t word)
{
	size_t block = r->image.length;

	image_packet(&r->image, 0, 3, 60, 60, 3);
	image_packet(&r->image, 0, 4, 60, 60, 4);
	image_patch_u32(&r->image, block + at, word);
	read_three(r);
	image_section(&r->image);
	add_interface(r, LINK_ETHERNET);
	for (uint32_t i = 0; i < 3; i++)
		image_packet(&r->image, 0, i, 60, 60, (uint8_t)i);
}

static void
blocks_that_make_no_sense_end_the_file(void **state)
{
	enum { BLOCK = 92 /* of a packet of 60 bytes */ };
	struct capture_rig *r = *state;

	for (uint32_t i = 0; i < 3; i++)
		capture_rig_expect(r, (struct image_frame){ i * UINT64_C(1000), 60, 60,
					      LINK_ETHERNET, 0, (uint8_t)i });
	image_section(&r->image);
	add_interface(r, LINK_ETHERNET);
	for (uint32_t i = 0; i < 3; i++)
		image_packet(&r->image, 0, i, 60, 60, (uint8_t)i);
	corrupt_after_three(r, 4, 0);
	corrupt_after_three(r, 4, 8);         /* shorter than its framing */
	corrupt_after_three(r, 4, 12);        /* no room for a packet */
	corrupt_after_three(r, 4, BLOCK + 1); /* no multiple of 4 */
	corrupt_after_three(r, 4, BLOCK - 4);
	corrupt_after_three(r, 4, (320 << 10) + 4); /* longer than any packet, though not there */
	corrupt_after_three(r, BLOCK - 4, BLOCK + 4);
	corrupt_after_three(r, 20, 61); /* captured more than the block holds */
	corrupt_after_three(r, 20, UINT32_MAX);
	corrupt_after_three(r, 0, 0x0a0d0d0a); /* a section without byte order */
	image_block(&r->image, 1, 4);          /* an interface without a snap length */
	read_three(r);
}

/* Both of its lengths agree, and yet no block can be so long. */
static void
a_block_that_is_no_multiple_of_four_is_corrupt(void **state)
{
	struct capture_rig *r = *state;

	image_section(&r->image);
	image_add_interface(&r->image, &(struct image_interface){ .link = LINK_ETHERNET });
	for (uint32_t i = 0; i < 3; i++) {
		image_packet(&r->image, 0, i, 60, 60, (uint8_t)i);
		capture_rig_expect(r, (struct image_frame){ i * UINT64_C(1000), 60, 60,
					      LINK_ETHERNET, 0, (uint8_t)i });
	}
	image_u32(&r->image, 5);
	image_u32(&r->image, 14);
	image_u16(&r->image, 0);
	image_u32(&r->image, 14);
	read_three(r);
}

static void
a_frame_of_256_kib_is_read_and_one_byte_more_is_corrupt(void **state)
{
	enum { MOST = 256 << 10 };
	struct capture_rig *r = *state;

	image_section(&r->image);
	add_interface(r, LINK_ETHERNET);
	for (uint32_t i = 0; i < 3; i++) {
		image_packet(&r->image, 0, i, MOST, MOST, (uint8_t)i);
		capture_rig_expect(r, (struct image_frame){ i * UINT64_C(1000), MOST, MOST,
					      LINK_ETHERNET, 0, (uint8_t)i });
	}
	image_packet(&r->image, 0, 3, MOST + 1, MOST + 1, 3);
	read_three(r);
}

static void
a_section_of_another_version_or_without_byte_order_is_no_capture(void **state)
{
	struct capture_rig *r = *state;

	image_section(&r->image);
	image_patch_u32(&r->image, 12, 2);
	capture_rig_save(r, 0);
	assert_int_equal(capture_rig_open(r, 1, NULL), -EINVAL);
	assert_non_null(strstr(r->error, "a section of a version other than 1"));
	image_section(&r->image);
	image_patch_u32(&r->image, 8, 0x1a2b3c4e);
	capture_rig_save(r, 0);
	assert_int_equal(capture_rig_open(r, 1, NULL), -EINVAL);
	assert_non_null(strstr(r->error, "a section without a byte order"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CAPTURE_RIG_TEST(sections_have_their_own_byte_order_and_interfaces),
		CAPTURE_RIG_TEST(other_blocks_are_passed_over),
		CAPTURE_RIG_TEST(simple_packets_have_no_time_and_no_captured_length),
		CAPTURE_RIG_TEST(the_obsolete_packet_block_is_read),
		CAPTURE_RIG_TEST(frames_across_block_borders_are_whole),
		CAPTURE_RIG_TEST(packets_of_other_interfaces_are_counted_and_left_out),
		CAPTURE_RIG_TEST(no_followed_interface_at_the_first_packet_is_refused),
		CAPTURE_RIG_TEST(the_thousandth_interface_counts_and_the_1025th_does_not),
		CAPTURE_RIG_TEST(blocks_that_make_no_sense_end_the_file),
		CAPTURE_RIG_TEST(a_block_that_is_no_multiple_of_four_is_corrupt),
		CAPTURE_RIG_TEST(a_frame_of_256_kib_is_read_and_one_byte_more_is_corrupt),
		CAPTURE_RIG_TEST(a_section_of_another_version_or_without_byte_order_is_no_capture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
