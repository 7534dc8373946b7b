#include "daemon/loop/capture/capture_file.h"

#include "tests/support/capture_rig.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
every_kind_of_pcap_is_read(void **state)
{
	static const struct {
		int magic;
		uint64_t unit_ns;
	} kinds[] = {
		{ IMAGE_MAGIC_US, 1000 },
		{ IMAGE_MAGIC_NS, 1 },
	};
	struct capture_rig *r = *state;

	for (size_t k = 0; k < 4; k++) {
		uint64_t unit = kinds[k / 2].unit_ns;
		r->image.big_endian = k % 2 != 0;
		image_pcap_header(&r->image, kinds[k / 2].magic, LINK_ETHERNET);
		for (uint32_t i = 0; i < 100; i++) {
			uint32_t seconds = UINT32_C(0xf0000000) + i;
			image_pcap_record(&r->image, seconds, 999999 - i, i, 2 * i, (uint8_t)i);
			capture_rig_expect(
				r, (struct image_frame){ seconds * S_NS + (999999 - i) * unit, i,
					   2 * i, LINK_ETHERNET, 0, (uint8_t)i });
		}
		capture_rig_save(r, 0);
		capture_rig_check(r, 1);
	}
}

static void
the_modified_pcap_of_1999_is_read(void **state)
{
	struct capture_rig *r = *state;

	for (unsigned big = 0; big < 2; big++) {
		r->image.big_endian = big != 0;
		image_pcap_header(&r->image, IMAGE_MAGIC_MODIFIED, LINK_ETHERNET);
		for (uint32_t i = 0; i < 3; i++) {
			image_u32(&r->image, 5);
			image_u32(&r->image, i);
			image_u32(&r->image, 4);
			image_u32(&r->image, 60);
			image_u32(&r->image, 2);      /* interface */
			image_u32(&r->image, 0x0800); /* protocol, packet type, padding */
			image_put(&r->image, "\x09\x0a\x0b\x0c", 4);
			capture_rig_expect(r, (struct image_frame){ 5 * S_NS + UINT64_C(1000) * i,
						      4, 60, LINK_ETHERNET, 0, 9 });
		}
		capture_rig_save(r, 0);
		capture_rig_check(r, 1);
	}
}

/* Frames of every length up to 64 KiB, over many blocks: none is lost or shifted at a border. */
static void
frames_across_block_borders_are_whole(void **state)
{
	struct capture_rig *r = *state;

	image_pcap_header(&r->image, IMAGE_MAGIC_NS, LINK_ETHERNET);
	for (uint32_t i = 0; i < 600; i++) {
		uint32_t length = i % 5 == 0 ? 65535 - i : i * 7919 % 2000;
		image_pcap_record(&r->image, i, i, length, 65536, (uint8_t)i);
		capture_rig_expect(r, (struct image_frame){ i * S_NS + i, length, 65536,
					      LINK_ETHERNET, 0, (uint8_t)i });
	}
	assert_true(r->image.length > 5 << 20);
	capture_rig_save(r, 0);
	capture_rig_check(r, 1);
}

static void
a_frame_of_256_kib_is_read_and_one_byte_more_is_corrupt(void **state)
{
	enum { MOST = 262144 };
	struct capture_rig *r = *state;
	struct capture_progress p;
	struct frame batch[CAPTURE_BATCH_MAX];
	static const uint8_t zeros[MOST + 1];

	for (uint32_t more = 0; more <= 1; more++) {
		image_pcap_header(&r->image, IMAGE_MAGIC_US, LINK_ETHERNET);
		for (uint32_t i = 0; i < 9; i++) { /* one of them lies across a border */
			image_pcap_record(&r->image, 1, i, 0, MOST, 0);
			image_patch_u32(&r->image, r->image.length - 8, MOST + (i == 8 ? more : 0));
			image_put(&r->image, zeros, MOST + more);
			if (i < 8 && more == 1)
				r->image.length--;
		}
		capture_rig_save(r, 0);
		assert_int_equal(capture_rig_open(r, 1, NULL), 0);
		size_t frames = 0;
		for (size_t n; (n = capture_file_next(r->reader, batch)) > 0; frames += n)
			for (size_t i = 0; i < n; i++)
				assert_int_equal(batch[i].captured, MOST);
		assert_int_equal(frames, 9 - more);
		capture_file_progress(r->reader, &p);
		assert_int_equal(p.corrupt, more);
		assert_int_equal(p.cut_files, 0);
	}
}

static void
raw_ip_has_one_link_type_whatever_the_file_says(void **state)
{
	static const uint32_t fields[] = { 12, 14, 101, 0xf0000065 /* with an FCS length */ };
	struct capture_rig *r = *state;

	for (size_t i = 0; i < 4; i++) {
		image_pcap_header(&r->image, IMAGE_MAGIC_US, fields[i]);
		image_pcap_record(&r->image, 1, 0, 20, 20, 0x45);
		capture_rig_expect(r, (struct image_frame){ S_NS, 20, 20, LINK_RAW, 0, 0x45 });
		capture_rig_save(r, 0);
		capture_rig_check(r, 1);
	}
}

static void
a_header_alone_is_a_capture_without_frames(void **state)
{
	struct capture_rig *r = *state;

	image_pcap_header(&r->image, IMAGE_MAGIC_US, LINK_ETHERNET);
	capture_rig_save(r, 0);
	capture_rig_check(r, 1);
	image_section(&r->image);
	capture_rig_save(r, 0);
	capture_rig_check(r, 1);
	image_section(&r->image);
	image_add_interface(&r->image, &(struct image_interface){ .link = LINK_UNKNOWN });
	capture_rig_save(r, 0);
	capture_rig_check(r, 1);
}

/* Inputs with ties, gaps and one that is not in order itself, against a merge done naively. */
static void
inputs_are_merged_by_time_and_each_keeps_its_order(void **state)
{
	enum { INPUTS = 7, FRAMES = 9000 };
	struct capture_rig *r = *state;
	static uint64_t times[INPUTS][FRAMES];
	size_t taken[INPUTS] = { 0 };
	uint32_t random = 1;

	for (size_t i = 0; i < INPUTS; i++) {
		uint64_t now = 1000;
		image_pcap_header(&r->image, IMAGE_MAGIC_NS, LINK_ETHERNET);
		for (size_t k = 0; k < FRAMES; k++) {
			random = random * 1664525 + 1013904223;
			now += random >> 24 & 3; /* 0 .. 3: many ties */
			times[i][k] = i == 3 && k % 100 == 7 ? now - 500 : now;
			image_pcap_record(&r->image, 0, (uint32_t)times[i][k], 200, 200,
				(uint8_t)(i * 16 + k % 16));
		}
		capture_rig_save(r, i);
	}
	for (size_t done = 0; done < (size_t)INPUTS * FRAMES; done++) {
		size_t oldest = INPUTS;
		for (size_t i = 0; i < INPUTS; i++)
			if (taken[i] < FRAMES &&
				(oldest == INPUTS ||
					times[i][taken[i]] < times[oldest][taken[oldest]]))
				oldest = i;
		size_t k = taken[oldest]++;
		capture_rig_expect(r, (struct image_frame){ times[oldest][k], 200, 200,
					      LINK_ETHERNET, 0, (uint8_t)(oldest * 16 + k % 16) });
	}
	capture_rig_check(r, INPUTS);
}

static void
inputs_of_different_kinds_are_merged(void **state)
{
	struct capture_rig *r = *state;
	struct image plain = { 0 };

	image_pcap_header(&plain, IMAGE_MAGIC_US, LINK_ETHERNET);
	for (uint32_t i = 0; i < 1000; i++)
		image_pcap_record(&plain, i, 0, 1000, 1000, 1);
	image_gzip(&r->image, &plain, 100000);
	capture_rig_save(r, 0);
	image_free(&plain);
	plain.big_endian = true;
	image_section(&plain);
	image_add_interface(&plain, &(struct image_interface){ .link = LINK_RAW });
	image_add_interface(&plain, &(struct image_interface){ .link = LINK_ETHERNET });
	for (uint32_t i = 0; i < 1000; i++)
		image_packet(&plain, i % 2, i * UINT64_C(1000000) + 5, 3000, 3000, 2);
	image_zstd(&r->image, &plain, 100000);
	capture_rig_save(r, 1);
	image_free(&plain);
	image_pcap_header(&r->image, IMAGE_MAGIC_NS, LINK_RAW); /* nothing in it */
	capture_rig_save(r, 2);
	for (uint32_t i = 0; i < 1000; i++) {
		uint16_t n = (uint16_t)(i % 2);
		capture_rig_expect(
			r, (struct image_frame){ i * S_NS, 1000, 1000, LINK_ETHERNET, 0, 1 });
		capture_rig_expect(r, (struct image_frame){ i * S_NS + 5000, 3000, 3000,
					      n == 0 ? LINK_RAW : LINK_ETHERNET, n, 2 });
	}
	capture_rig_check(r, 3);
}

static void
sixty_four_inputs_and_no_more(void **state)
{
	struct capture_rig *r = *state;
	const char *too_many[65];

	for (uint32_t i = 0; i < 64; i++) {
		image_pcap_header(&r->image, IMAGE_MAGIC_US, LINK_ETHERNET);
		image_pcap_record(&r->image, 63 - i, 0, 60, 60, (uint8_t)i);
		capture_rig_save(r, i);
		capture_rig_expect(r, (struct image_frame){ i * S_NS, 60, 60, LINK_ETHERNET, 0,
					      (uint8_t)(63 - i) });
	}
	capture_rig_check(r, 64);
	for (size_t i = 0; i < 65; i++)
		too_many[i] = r->paths[0];
	assert_int_equal(capture_file_open(too_many, 65, NULL, &r->reader, r->error), -EINVAL);
	assert_non_null(strstr(r->error, "1 to 64"));
	assert_int_equal(capture_file_open(too_many, 0, NULL, &r->reader, r->error), -EINVAL);
}

/* A capture in two pieces, and one without names: the interfaces are those of the first piece. */
static void
an_interface_has_one_number_in_all_inputs(void **state)
{
	struct capture_rig *r = *state;
	const char *const order[2][2] = { { "lan0", "wan0" }, { "wan0", "lan0" } };

	for (size_t piece = 0; piece < 2; piece++) {
		image_section(&r->image);
		for (uint32_t i = 0; i < 2; i++)
			image_add_interface(
				&r->image, &(struct image_interface){ .link = LINK_ETHERNET,
						   .name = order[piece][i] });
		for (uint32_t i = 0; i < 2; i++) {
			uint64_t us = piece * 10 + i;
			image_packet(&r->image, i, us, 60, 60, 0);
			capture_rig_expect(
				r, (struct image_frame){ us * 1000, 60, 60, LINK_ETHERNET,
					   (uint16_t)(piece == 0 ? i : 1 - i), 0 });
		}
		capture_rig_save(r, piece);
	}
	image_pcap_header(&r->image, IMAGE_MAGIC_US, LINK_ETHERNET);
	image_pcap_record(&r->image, 1, 0, 60, 60, 0);
	capture_rig_save(r, 2);
	capture_rig_expect(r, (struct image_frame){ S_NS, 60, 60, LINK_ETHERNET, 2, 0 });
	assert_int_equal(capture_rig_open(r, 3, NULL), 0);
	assert_int_equal(image_read(r->reader, r->expected, 5), 5);
	const struct interface_names *names = capture_file_interfaces(r->reader);
	assert_string_equal(names->text[0], "lan0");
	assert_string_equal(names->text[1], "wan0");
	assert_string_equal(names->text[2], "");
}

/* A filter is compiled for each link type: the same words find the IP header behind different ones. */
static void
a_filter_is_applied_to_every_link_type(void **state)
{
	struct capture_rig *r = *state;
	static const uint8_t ip[] = { 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0,
		0, 2, 0, 99, 0, 53, 0, 8, 0, 0 };
	struct frame batch[CAPTURE_BATCH_MAX];
	struct capture_progress p;

	image_section(&r->image);
	image_add_interface(&r->image, &(struct image_interface){ .link = LINK_ETHERNET });
	image_add_interface(&r->image, &(struct image_interface){ .link = LINK_RAW });
	for (uint32_t i = 0; i < 300; i++) {
		size_t at = r->image.length + 28;
		size_t ip_at = at + (i % 2 == 0 ? 14 : 0);
		image_packet(&r->image, i % 2, i, 60, 60, 0);
		memcpy(r->image.bytes + at + 12, "\x08\x00", 2);
		memcpy(r->image.bytes + ip_at, ip, sizeof(ip));
		r->image.bytes[ip_at + 23] = i % 3 == 0 ? 53 : 54;
	}
	capture_rig_save(r, 0);
	assert_int_equal(capture_rig_open(r, 1, "udp port 53"), 0);
	uint64_t frames = 0;
	for (size_t n; (n = capture_file_next(r->reader, batch)) > 0; frames += n)
		for (size_t i = 0; i < n; i++)
			assert_int_equal(batch[i].ts_ns, (frames + i) * 3000);
	assert_int_equal(frames, 100);
	capture_file_progress(r->reader, &p);
	assert_int_equal(p.frames, 100);
	assert_int_equal(p.filtered, 200);

	assert_int_equal(capture_rig_open(r, 1, "udp prot 53"), -EINVAL);
	assert_non_null(strstr(r->error, "filter 'udp prot 53': "));
	assert_non_null(strstr(r->error, "syntax error"));
	assert_int_equal(
		capture_rig_open(r, 1, "ether host 2:0:0:0:0:1"), -EINVAL); /* not on raw IP */
	assert_non_null(strstr(r->error, "(on link type RAW)"));
}

/* Everything is refused by the filter, block after block: that is no end. */
static void
a_filter_may_refuse_whole_blocks(void **state)
{
	struct capture_rig *r = *state;

	for (size_t input = 0; input < 2; input++) {
		image_pcap_header(&r->image, IMAGE_MAGIC_US, LINK_ETHERNET);
		for (uint32_t i = 0; i < 3000; i++)
			image_pcap_record(&r->image, i, 0, 1000, 1000, 0);
		image_pcap_record(&r->image, 3000, 0, 77, 77, 0);
		capture_rig_save(r, input);
		capture_rig_expect(
			r, (struct image_frame){ 3000 * S_NS, 77, 77, LINK_ETHERNET, 0, 0 });
		assert_int_equal(capture_rig_read(r, input + 1, "less 100"), input + 1);
		assert_int_equal(r->progress.filtered, 3000 * (input + 1));
	}
}

/* A link type that turns up after the first packet, for which the filter makes no sense. */
static void
a_late_link_type_gets_the_filter_or_is_refused_by_it(void **state)
{
	struct capture_rig *r = *state;

	image_section(&r->image);
	image_add_interface(&r->image, &(struct image_interface){ .link = LINK_ETHERNET });
	image_packet(&r->image, 0, 0, 60, 60, 0);
	image_add_interface(&r->image, &(struct image_interface){ .link = LINK_RAW });
	image_packet(&r->image, 1, 1, 60, 60, 0);
	image_packet(&r->image, 1, 2, 60, 60, 0);
	image_packet(&r->image, 0, 3, 60, 60, 0);
	capture_rig_save(r, 0);
	capture_rig_expect(r, (struct image_frame){ 0, 60, 60, LINK_ETHERNET, 0, 0 });
	capture_rig_expect(r, (struct image_frame){ 3000, 60, 60, LINK_ETHERNET, 0, 0 });
	assert_int_equal(capture_rig_read(r, 1, "ether src 6:7:8:9:a:b"), 2);
	assert_int_equal(r->progress.filtered, 2);
	/* one that it can have is compiled when it turns up */
	r->expected_count = 1;
	capture_rig_expect(r, (struct image_frame){ 1000, 60, 60, LINK_RAW, 1, 0 });
	capture_rig_expect(r, (struct image_frame){ 2000, 60, 60, LINK_RAW, 1, 0 });
	capture_rig_expect(r, (struct image_frame){ 3000, 60, 60, LINK_ETHERNET, 0, 0 });
	assert_int_equal(capture_rig_read(r, 1, "greater 60"), 4);
	assert_int_equal(r->progress.filtered, 0);
}

static void
a_pcap_of_an_unknown_link_type_is_refused_by_name(void **state)
{
	struct capture_rig *r = *state;

	image_pcap_header(&r->image, IMAGE_MAGIC_US, LINK_UNKNOWN);
	capture_rig_save(r, 0);
	assert_int_equal(capture_rig_open(r, 1, NULL), -EINVAL);
	assert_non_null(strstr(r->error, r->paths[0]));
	assert_non_null(strstr(r->error, "link type 195 (IEEE802_15_4) is not supported"));
	assert_non_null(strstr(r->error, "EN10MB, "));
	const char *raw = strstr(r->error, "RAW");
	assert_non_null(raw);
	assert_null(strstr(raw + 1, "RAW")); /* three numbers, one name */
	image_pcap_header(&r->image, IMAGE_MAGIC_US, 60000);
	capture_rig_save(r, 0);
	assert_int_equal(capture_rig_open(r, 1, NULL), -EINVAL);
	assert_non_null(strstr(r->error, "link type 60000 (a number without a name)"));
}

static void
an_error_in_a_later_input_closes_the_earlier_ones(void **state)
{
	struct capture_rig *r = *state;

	image_pcap_header(&r->image, IMAGE_MAGIC_US, LINK_ETHERNET);
	capture_rig_save(r, 0);
	image_section(&r->image);
	capture_rig_save(r, 1);
	image_put(&r->image, "GET / HTTP/1.1", 14);
	capture_rig_save(r, 2);
	assert_int_equal(capture_rig_open(r, 3, "tcp"), -EINVAL); /* the leak checker looks on */
	assert_non_null(strstr(r->error, r->paths[2]));
	assert_non_null(strstr(
		r->error, "not a capture: starts with 47 45 54 20; expected pcap or pcapng"));
	assert_null(r->reader);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CAPTURE_RIG_TEST(every_kind_of_pcap_is_read),
		CAPTURE_RIG_TEST(the_modified_pcap_of_1999_is_read),
		CAPTURE_RIG_TEST(frames_across_block_borders_are_whole),
		CAPTURE_RIG_TEST(a_frame_of_256_kib_is_read_and_one_byte_more_is_corrupt),
		CAPTURE_RIG_TEST(raw_ip_has_one_link_type_whatever_the_file_says),
		CAPTURE_RIG_TEST(a_header_alone_is_a_capture_without_frames),
		CAPTURE_RIG_TEST(inputs_are_merged_by_time_and_each_keeps_its_order),
		CAPTURE_RIG_TEST(inputs_of_different_kinds_are_merged),
		CAPTURE_RIG_TEST(sixty_four_inputs_and_no_more),
		CAPTURE_RIG_TEST(an_interface_has_one_number_in_all_inputs),
		CAPTURE_RIG_TEST(a_filter_is_applied_to_every_link_type),
		CAPTURE_RIG_TEST(a_filter_may_refuse_whole_blocks),
		CAPTURE_RIG_TEST(a_late_link_type_gets_the_filter_or_is_refused_by_it),
		CAPTURE_RIG_TEST(a_pcap_of_an_unknown_link_type_is_refused_by_name),
		CAPTURE_RIG_TEST(an_error_in_a_later_input_closes_the_earlier_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
