/*
 * Captures cut short at every byte, and captures with bytes that changed: what can be had is
 * handed out, what is lost is counted and told, and nothing is read that is not there (the last is
 * what the sanitizers watch).
 */
#include "tests/support/capture_rig.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include <cmocka.h>

enum { FRAMES = 12 };

/* Offsets of record ends: a cut there is no cut. */
struct ends {
	size_t head; /* a file shorter than this is refused */
	size_t at[2 + 2 * FRAMES];
	size_t frames[2 + 2 * FRAMES]; /* whole ones up to there */
	size_t count;
};

static void
ends_add(struct ends *e, const struct capture_rig *r)
{
	e->at[e->count] = r->image.length;
	e->frames[e->count++] = r->expected_count;
}

static void
build_pcap(struct capture_rig *r, struct ends *e)
{
	image_pcap_header(&r->image, IMAGE_MAGIC_US, LINK_ETHERNET);
	e->head = r->image.length;
	ends_add(e, r);
	for (uint32_t i = 0; i < FRAMES; i++) {
		image_pcap_record(&r->image, i, 0, 20 + i, 60, (uint8_t)i);
		capture_rig_expect(r,
			(struct image_frame){ i * S_NS, 20 + i, 60, LINK_ETHERNET, 0, (uint8_t)i });
		ends_add(e, r);
	}
}

static void
build_pcapng(struct capture_rig *r, struct ends *e)
{
	image_section(&r->image);
	e->head = r->image.length;
	ends_add(e, r);
	image_add_interface(&r->image, &(struct image_interface){ .link = LINK_RAW });
	ends_add(e, r);
	for (uint32_t i = 0; i < FRAMES; i++) {
		if (i % 3 == 0) {
			image_block(&r->image, 5, 8);
			ends_add(e, r);
		}
		image_packet(&r->image, 0, i, 20 + i, 60, (uint8_t)i);
		capture_rig_expect(r, (struct image_frame){ i * UINT64_C(1000), 20 + i, 60,
					      LINK_RAW, 0, (uint8_t)i });
		ends_add(e, r);
	}
}

/* A plain capture of which `length` bytes are left. */
static void
check_cut(struct capture_rig *r, const struct ends *e, size_t length)
{
	size_t last = 0;

	if (length < e->head) {
		assert_int_equal(capture_rig_open(r, 1, NULL), -EINVAL);
		return;
	}
	while (last + 1 < e->count && e->at[last + 1] <= length)
		last++;
	assert_int_equal(capture_rig_read(r, 1, NULL), e->frames[last]);
	assert_int_equal(r->progress.cut_files, e->at[last] != length);
	assert_int_equal(r->progress.cut_bytes, length - e->at[last]);
	assert_int_equal(r->progress.corrupt, 0);
}

static void
a_cut_at_any_byte_costs_only_the_record_that_it_hits(void **state)
{
	struct capture_rig *r = *state;

	for (unsigned kind = 0; kind < 2; kind++) {
		struct ends e = { 0 };
		(kind == 0 ? build_pcap : build_pcapng)(r, &e);
		for (size_t length = 0; length <= r->image.length; length++) {
			image_file_set(&r->files[0], &r->image, length);
			check_cut(r, &e, length);
		}
		image_free(&r->image);
		r->expected_count = 0;
	}
}

/* How many bytes can be unpacked out of the first `length`, by the libraries' simplest use. */
static size_t
unpackable(const struct image *packed, size_t length, bool zstd, uint8_t *into, size_t room)
{
	if (zstd) {
		ZSTD_DCtx *d = ZSTD_createDCtx();
		ZSTD_inBuffer in = { .src = packed->bytes, .size = length };
		ZSTD_outBuffer out = { .dst = into, .size = room };
		size_t before;
		do {
			before = out.pos + in.pos;
			(void)ZSTD_decompressStream(d, &out, &in);
		} while (out.pos + in.pos > before);
		(void)ZSTD_freeDCtx(d);
		return out.pos;
	}
	z_stream z = { .next_in = packed->bytes, .avail_in = (uInt)length };
	assert_int_equal(inflateInit2(&z, 31), Z_OK);
	z.next_out = into;
	z.avail_out = (uInt)room;
	(void)inflate(&z, Z_SYNC_FLUSH);
	(void)inflateEnd(&z);
	return room - z.avail_out;
}

static void
check_packed_cut(struct capture_rig *r, const struct ends *e, size_t plain, bool is_whole)
{
	size_t last = 0;

	if (plain < e->head) {
		assert_int_equal(capture_rig_open(r, 1, NULL), -EINVAL);
		return;
	}
	while (last + 1 < e->count && e->at[last + 1] <= plain)
		last++;
	assert_int_equal(capture_rig_read(r, 1, NULL), e->frames[last]);
	assert_int_equal(r->progress.cut_files, !is_whole);
	assert_int_equal(r->progress.cut_bytes, plain - e->at[last]);
	assert_int_equal(r->progress.corrupt, 0);
}

static void
a_cut_in_a_packed_stream_is_a_cut_even_between_records(void **state)
{
	struct capture_rig *r = *state;

	for (unsigned kind = 0; kind < 4; kind++) {
		struct ends e = { 0 };
		struct image packed = { 0 };
		uint8_t unpacked[4096];
		bool zstd = kind % 2 != 0;
		size_t partly = 0;
		(kind < 2 ? build_pcap : build_pcapng)(r, &e);
		(zstd ? image_zstd : image_gzip)(&packed, &r->image, 100);
		for (size_t length = 4; length <= packed.length; length++) {
			size_t plain =
				unpackable(&packed, length, zstd, unpacked, sizeof(unpacked));
			partly += plain > e.head && plain < r->image.length;
			image_file_set(&r->files[0], &packed, length);
			check_packed_cut(r, &e, plain, length == packed.length);
		}
		assert_true(partly > 100); /* or the cuts showed nothing */
		image_free(&packed);
		image_free(&r->image);
		r->expected_count = 0;
	}
}

/* A block that is passed over without being looked at, and its end is not there. */
static void
a_cut_in_a_large_block_counts_from_its_beginning(void **state)
{
	struct capture_rig *r = *state;

	image_section(&r->image);
	image_add_interface(&r->image, &(struct image_interface){ .link = LINK_ETHERNET });
	image_packet(&r->image, 0, 1, 60, 60, 0);
	size_t at = r->image.length;
	image_block(&r->image, 10, 3 << 20);
	capture_rig_expect(r, (struct image_frame){ 1000, 60, 60, LINK_ETHERNET, 0, 0 });
	for (size_t length = r->image.length; length > at; length -= length > at + 9 ? 524287 : 1) {
		image_file_set(&r->files[0], &r->image, length);
		assert_int_equal(capture_rig_read(r, 1, NULL), 1);
		assert_int_equal(r->progress.cut_files, length < r->image.length);
		assert_int_equal(r->progress.cut_bytes, length < r->image.length ? length - at : 0);
		if (length > at + 9 && length - at < 524287)
			length = at + 524287 + 9;
	}
}

static void
a_packed_stream_that_makes_no_sense_is_corrupt(void **state)
{
	struct capture_rig *r = *state;

	for (unsigned zstd = 0; zstd < 2; zstd++) {
		struct ends e = { 0 };
		struct image packed = { 0 };
		build_pcap(r, &e);
		(zstd ? image_zstd : image_gzip)(&packed, &r->image, 100);
		image_put(&packed, "no stream", 9); /* behind the end: all frames are there */
		image_file_set(&r->files[0], &packed, packed.length);
		assert_int_equal(capture_rig_read(r, 1, NULL), FRAMES);
		assert_int_equal(r->progress.corrupt, 1);
		assert_int_equal(r->progress.cut_files, 0);

		memset(packed.bytes + packed.length / 2, 0xff, packed.length / 4);
		image_file_set(&r->files[0], &packed, packed.length);
		size_t frames = capture_rig_read(r, 1, NULL);
		assert_true(frames > 0 && frames < FRAMES);
		assert_int_equal(r->progress.corrupt, 1);
		assert_int_equal(r->progress.cut_files, 0);
		image_free(&packed);
		image_free(&r->image);
		r->expected_count = 0;
	}
}

static void
damage_of_one_input_ends_that_one_only(void **state)
{
	struct capture_rig *r = *state;
	struct ends e = { 0 };

	build_pcap(r, &e);
	image_patch_u32(&r->image, e.at[4] + 8, 262145);
	capture_rig_save(r, 0);
	r->expected_count = 0;
	build_pcap(r, &e);
	r->image.length -= 3;
	capture_rig_save(r, 1);
	r->expected_count = 0;
	for (uint32_t i = 0; i < FRAMES - 1; i++)
		for (uint16_t input = i < 4 ? 0 : 1; input < 2; input++)
			capture_rig_expect(r, (struct image_frame){ i * S_NS, 20 + i, 60,
						      LINK_ETHERNET, 0, (uint8_t)i });
	assert_int_equal(capture_rig_read(r, 2, NULL), 4 + FRAMES - 1);
	assert_int_equal(r->progress.corrupt, 1);
	assert_int_equal(r->progress.cut_files, 1);
	assert_int_equal(r->progress.cut_bytes, 16 + 20 + FRAMES - 1 - 3);
}

static void
says_once(struct capture_rig *r, const char *what, size_t offset)
{
	char said[1024];
	char at[64];

	capture_rig_listen(r, said, sizeof(said));
	(void)snprintf(at, sizeof(at), "at offset %zu", offset);
	assert_non_null(strstr(said, r->paths[0]));
	assert_non_null(strstr(said, what));
	assert_non_null(strstr(said, at));
	assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1); /* one line */
}

static void
damage_is_told_once_with_file_and_offset(void **state)
{
	struct capture_rig *r = *state;
	struct image packed = { 0 };
	struct ends e = { 0 };

	build_pcap(r, &e);
	image_file_set(&r->files[0], &r->image, e.at[FRAMES] - 1);
	says_once(r, "cut short", e.at[FRAMES - 1]);
	image_patch_u32(&r->image, e.at[2] + 8, UINT32_MAX);
	image_file_set(&r->files[0], &r->image, r->image.length);
	says_once(r, "corrupt", e.at[2]);
	image_gzip(&packed, &r->image, 100);
	image_file_set(&r->files[0], &packed, packed.length);
	says_once(r, "of the unpacked bytes", e.at[2]);
	image_free(&packed);
	image_free(&r->image);
	image_section(&r->image);
	image_add_interface(&r->image, &(struct image_interface){ .link = LINK_RAW });
	image_packet(&r->image, 0, 0, 0, 0, 0);
	r->expected_count = 0;
	capture_rig_expect(r, (struct image_frame){ .link = LINK_RAW });
	size_t at = r->image.length;
	image_block(&r->image, 10, 1 << 20);
	image_file_set(&r->files[0], &r->image, r->image.length - 1);
	says_once(r, "cut short", at);
}

/* Read to the end and touch every byte. returns their sum. */
static uint64_t
read_and_touch(struct capture_rig *r)
{
	struct frame batch[CAPTURE_BATCH_MAX];
	uint64_t sum = 0;

	for (size_t n; (n = capture_file_next(r->reader, batch)) > 0;)
		for (size_t i = 0; i < n; i++)
			for (uint32_t k = 0; k < batch[i].captured; k++)
				sum += batch[i].bytes[k];
	capture_file_progress(r->reader, &r->progress);
	return sum;
}

struct tally {
	size_t opened;
	size_t damaged;
	uint64_t sum;
	uint32_t random;
};

static void
change_and_read(struct capture_rig *r, const struct image *sound, struct tally *t)
{
	for (unsigned round = 0; round < 750; round++) {
		image_put(&r->image, sound->bytes, sound->length);
		for (unsigned k = 0; k <= round % 4; k++) {
			t->random = t->random * 1664525 + 1013904223;
			r->image.bytes[(t->random >> 8) % sound->length] ^=
				(uint8_t)(1U << (t->random >> 4 & 7));
		}
		capture_rig_save(r, 0);
		if (capture_rig_open(r, 1, NULL) != 0)
			continue;
		t->opened++;
		t->sum += read_and_touch(r);
		t->damaged += r->progress.corrupt + r->progress.cut_files;
		assert_true(r->progress.corrupt + r->progress.cut_files <= 1);
		assert_in_range(r->progress.frames, 0, 1000);
	}
}

/* Thousands of captures with a few bits changed. Each is read to an end, whatever is in it. */
static void
changed_bits_are_survived(void **state)
{
	struct capture_rig *r = *state;
	struct tally t = { .random = 20260101 };

	for (unsigned kind = 0; kind < 4; kind++) {
		struct ends e = { 0 };
		struct image sound = { 0 };
		(kind % 2 == 0 ? build_pcap : build_pcapng)(r, &e);
		if (kind < 2)
			image_put(&sound, r->image.bytes, r->image.length);
		else
			(kind == 2 ? image_gzip : image_zstd)(&sound, &r->image, 200);
		image_free(&r->image);
		change_and_read(r, &sound, &t);
		image_free(&sound);
		r->expected_count = 0;
	}
	print_message("%zu of 3000 opened, %zu found damaged, bytes add up to %llu\n", t.opened,
		t.damaged, (unsigned long long)t.sum);
	assert_true(t.opened > 2000 && t.damaged > 500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CAPTURE_RIG_TEST(a_cut_at_any_byte_costs_only_the_record_that_it_hits),
		CAPTURE_RIG_TEST(a_cut_in_a_packed_stream_is_a_cut_even_between_records),
		CAPTURE_RIG_TEST(a_cut_in_a_large_block_counts_from_its_beginning),
		CAPTURE_RIG_TEST(a_packed_stream_that_makes_no_sense_is_corrupt),
		CAPTURE_RIG_TEST(damage_of_one_input_ends_that_one_only),
		CAPTURE_RIG_TEST(damage_is_told_once_with_file_and_offset),
		CAPTURE_RIG_TEST(changed_bits_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
