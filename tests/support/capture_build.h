/*
 * capture_build.h -- make capture files for tests, byte by byte, well-formed or not.
 *
 * An image is the file to be, in a buffer that grows. Words are written in the image's byte order
 * as it is when they are. Nothing here is read by what is tested.
 */
#pragma once

#include "daemon/loop/capture/capture_file.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image {
	uint8_t *bytes;
	size_t length;
	size_t capacity;
	bool big_endian;
};

enum {
	IMAGE_MAGIC_US = (int)0xa1b2c3d4,
	IMAGE_MAGIC_NS = (int)0xa1b23c4d,
	IMAGE_MAGIC_MODIFIED = (int)0xa1b2cd34,
};

/* Interface options; zero is "not in the file". */
struct image_interface {
	int64_t offset; /* if has_offset */
	uint32_t snap;
	uint16_t link;
	uint8_t resolution; /* if has_resolution */
	bool has_resolution;
	bool has_offset;
	bool with_other_options; /* a name and a comment before them, an end behind */
	const char *name;        /* first of all */
};

void image_free(struct image *m);
void image_u16(struct image *m, uint16_t value);
void image_u32(struct image *m, uint32_t value);
void image_put(struct image *m, const void *bytes, size_t length);
/* Overwrite a 32-bit word, in the image's byte order. */
void image_patch_u32(struct image *m, size_t at, uint32_t value);

void image_pcap_header(struct image *m, int magic, uint32_t link);
/* `captured` bytes, 256 KiB and one at most: byte k is seed + k. */
void image_pcap_record(struct image *m, uint32_t seconds, uint32_t fraction, uint32_t captured,
	uint32_t wire, uint8_t seed);

void image_section(struct image *m);
void image_add_interface(struct image *m, const struct image_interface *i);
void image_packet(struct image *m, uint32_t interface, uint64_t ticks, uint32_t captured,
	uint32_t wire, uint8_t seed);
void image_packet_simple(struct image *m, uint32_t captured, uint32_t wire, uint8_t seed);
void image_packet_obsolete(struct image *m, uint16_t interface, uint64_t ticks, uint32_t captured,
	uint32_t wire, uint8_t seed);
/* Any block: `length` bytes of zeros as its body, a multiple of 4. */
void image_block(struct image *m, uint32_t type, size_t length);

/* Append `plain`, packed, in pieces of `piece` bytes that are flushed: what was packed before a cut can be unpacked. */
void image_gzip(struct image *m, const struct image *plain, size_t piece);
void image_zstd(struct image *m, const struct image *plain, size_t piece);

/* What a frame should be; its byte k is seed + k. */
struct image_frame {
	uint64_t ts_ns;
	uint32_t captured;
	uint32_t wire;
	uint16_t link;
	uint16_t interface;
	uint8_t seed;
};

/*
 * Read to the end, looking at each batch when it is whole, and compare.
 *
 * returns  frames read, or SIZE_MAX if one of them is not as expected or there are more than
 *          `count`; which, is printed
 */
size_t image_read(struct capture_file *r, const struct image_frame *expected, size_t count);

/* A file in TMPDIR or /tmp that is gone when the test is over. */
struct image_file {
	int fd;
	char path[128];
};

void image_file_open(struct image_file *file);
/* Make it the image's first `length` bytes. */
void image_file_set(struct image_file *file, const struct image *m, size_t length);
void image_file_close(struct image_file *file);
