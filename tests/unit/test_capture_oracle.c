/*
 * libpcap as the oracle: the same frames, times, lengths and bytes, out of files made here and out
 * of every capture of the collection beside the repository, if it is there.
 */
#include "daemon/decode/decode.h"
#include "tests/support/capture_rig.h"

#include <fts.h>
#include <pcap/pcap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define COLLECTION TESTS_DIR "/../../shared/captures"

/* The next frame of ours, over batches. */
struct stream {
	struct capture_file *reader;
	struct frame batch[CAPTURE_BATCH_MAX];
	size_t at, count;
};

static const struct frame *
stream_next(struct stream *s)
{
	if (s->at == s->count) {
		s->at = 0;
		s->count = capture_file_next(s->reader, s->batch);
	}
	return s->at < s->count ? &s->batch[s->at++] : NULL;
}

static bool
is_same(const struct frame *f, const struct pcap_pkthdr *h, const uint8_t *bytes, uint32_t snap)
{
	/* libpcap drops what is beyond the file's snap length; we hand out all that was captured */
	uint32_t captured = f->captured < snap ? f->captured : snap;
	/* pcap's seconds are unsigned, says the draft; libpcap gives those after 2038 as negative */
	uint64_t seconds = h->ts.tv_sec < 0 ? (uint32_t)h->ts.tv_sec : (uint64_t)h->ts.tv_sec;
	uint64_t ns = seconds * S_NS + (uint64_t)h->ts.tv_usec;
	/* a fraction of more than a second overflows in libpcap; ours carries into the seconds */
	bool is_time = h->ts.tv_usec >= 0 && (uint64_t)h->ts.tv_usec < S_NS;

	return (!is_time || f->ts_ns == ns) && captured == h->caplen && f->wire == h->len &&
	       memcmp(f->bytes, bytes, captured) == 0;
}

/*
 * Read a file both ways up to where libpcap stops.
 *
 * returns  frames compared; -1 if libpcap or we refuse it, for its link type or its form
 */
static long
compare(const char *path)
{
	char pcap_error[PCAP_ERRBUF_SIZE];
	char error[CAPTURE_ERROR_MAX];
	struct stream ours = { 0 };
	struct pcap_pkthdr *h;
	const uint8_t *bytes;
	long frames = 0;
	int rc;

	pcap_t *oracle = pcap_open_offline_with_tstamp_precision(
		path, PCAP_TSTAMP_PRECISION_NANO, pcap_error);
	if (oracle == NULL)
		return -1;
	if (capture_file_open(&path, 1, NULL, &ours.reader, error) != 0) {
		pcap_close(oracle);
		if (strstr(error, "not supported") == NULL)
			fail_msg("libpcap reads it, and we: %s", error);
		return -1;
	}
	while ((rc = pcap_next_ex(oracle, &h, &bytes)) == 1) {
		const struct frame *f = stream_next(&ours);
		if (f == NULL || !is_same(f, h, bytes, (uint32_t)pcap_snapshot(oracle)))
			fail_msg("%s: frame %ld differs", path, frames);
		frames++;
	}
	/* An oracle that stops at an error does not say that the file is over. */
	if (rc == PCAP_ERROR)
		print_message("libpcap stops in %s: %s\n", path, pcap_geterr(oracle));
	if (rc == PCAP_ERROR_BREAK && stream_next(&ours) != NULL)
		fail_msg("%s: more than %ld frames", path, frames);
	capture_file_close(ours.reader);
	pcap_close(oracle);
	return frames;
}

static void
made_pcaps_read_as_libpcap_reads_them(void **state)
{
	static const int magics[] = { IMAGE_MAGIC_US, IMAGE_MAGIC_NS, IMAGE_MAGIC_MODIFIED };
	static const uint8_t extra[8] = { 0 };
	struct capture_rig *r = *state;

	for (size_t k = 0; k < 6; k++) {
		r->image.big_endian = k % 2 != 0;
		image_pcap_header(&r->image, magics[k / 2], LINK_ETHERNET);
		for (uint32_t i = 0; i < 2000; i++) {
			uint32_t length = i % 100 == 0 ? 65535 : i * 31 % 1515;
			if (k < 4) {
				image_pcap_record(&r->image, i, i * 450, length, length + i, 1);
				continue;
			}
			image_pcap_record(&r->image, i, i * 450, 0, length + i, 1);
			image_patch_u32(&r->image, r->image.length - 8, 8);
			image_put(&r->image, extra, sizeof(extra));
			image_put(&r->image, "8 bytes.", 8);
		}
		capture_rig_save(r, 0);
		assert_int_equal(compare(r->paths[0]), 2000);
	}
}

/* One link type a file, which is all that libpcap can; every resolution that it can, in one file. */
static void
made_pcapngs_read_as_libpcap_reads_them(void **state)
{
	enum { DECIMAL = 20, BINARY = 34 };
	struct capture_rig *r = *state;

	for (unsigned big = 0; big < 2; big++) {
		r->image.big_endian = big != 0;
		image_section(&r->image);
		for (uint32_t i = 0; i < DECIMAL + BINARY; i++)
			image_add_interface(&r->image,
				&(struct image_interface){
					.link = LINK_ETHERNET,
					.snap = 262144,
					.has_resolution = true,
					.resolution =
						(uint8_t)(i < DECIMAL ? i : 0x80 | (i - DECIMAL)),
					.has_offset = i % 3 == 0,
					.offset = 100000,
					.with_other_options = i % 2 == 0,
				});
		for (uint32_t k = 0; k < 5000; k++) {
			uint32_t i = k * 7 % (DECIMAL + BINARY);
			uint64_t ticks = k * UINT64_C(0x123456789);
			if (i < 6 || (i >= DECIMAL && i < DECIMAL + 16))
				ticks &= 0xffffffff; /* or the seconds leave what we keep */
			if (k % 5 == 4)
				image_packet_obsolete(
					&r->image, (uint16_t)i, ticks, k % 1500, 1500, 1);
			else
				image_packet(&r->image, i, ticks, k % 1500, 1500, 1);
			if (k % 50 == 0)
				image_block(&r->image, 5, 100);
		}
		capture_rig_save(r, 0);
		assert_int_equal(compare(r->paths[0]), 5000);
	}
}

static bool
is_capture(const FTSENT *entry)
{
	const char *dot = strrchr(entry->fts_name, '.');

	return entry->fts_info == FTS_F && dot != NULL &&
	       (strcmp(dot, ".pcap") == 0 || strcmp(dot, ".pcapng") == 0 ||
		       strcmp(dot, ".cap") == 0);
}

static void
collected_captures_read_as_libpcap_reads_them(void **state)
{
	char root[] = COLLECTION;
	char *roots[] = { root, NULL };
	struct stat st;
	long files = 0;
	long left_out = 0;
	long frames = 0;

	(void)state;
	if (stat(root, &st) != 0) {
		print_message(
			"skipped: there is no collection of captures beside the repository\n");
		skip();
	}
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	assert_non_null(walk);
	for (FTSENT *entry; (entry = fts_read(walk)) != NULL;) {
		if (!is_capture(entry))
			continue;
		long n = compare(entry->fts_path);
		files += n >= 0;
		left_out += n < 0;
		frames += n >= 0 ? n : 0;
	}
	(void)fts_close(walk);
	print_message(
		"%ld files, %ld frames compared; %ld files left out\n", files, frames, left_out);
	assert_true(files > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CAPTURE_RIG_TEST(made_pcaps_read_as_libpcap_reads_them),
		CAPTURE_RIG_TEST(made_pcapngs_read_as_libpcap_reads_them),
		CAPTURE_RIG_TEST(collected_captures_read_as_libpcap_reads_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
