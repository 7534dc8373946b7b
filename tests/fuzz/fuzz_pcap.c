/*
 * fuzz_pcap.c -- any bytes as a pcap file, plain or packed.
 *
 * The reader gives the same from a file and from a pipe, and of a plain pcap file it gives what a walk
 * gives that knows nothing but lengths.
 */
#include "tests/support/capture_twice.h"

#include "daemon/base/cursor.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { FRAME_MAX = 256 << 10 };

/* Byte order and record header of a file, by the first four bytes. returns 0 when it is no pcap file */
static size_t
record_header(const uint8_t *bytes, bool *ret_big)
{
	static const struct {
		uint8_t first[4];
		bool big;
		size_t header;
	} kinds[] = {
		{ { 0xa1, 0xb2, 0xc3, 0xd4 }, true, 16 },
		{ { 0xd4, 0xc3, 0xb2, 0xa1 }, false, 16 },
		{ { 0xa1, 0xb2, 0x3c, 0x4d }, true, 16 },
		{ { 0x4d, 0x3c, 0xb2, 0xa1 }, false, 16 },
		{ { 0xa1, 0xb2, 0xcd, 0x34 }, true, 24 },
		{ { 0x34, 0xcd, 0xb2, 0xa1 }, false, 24 },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (memcmp(kinds[i].first, bytes, 4) == 0) {
			*ret_big = kinds[i].big;
			return kinds[i].header;
		}
	return 0;
}

static void
walk(const uint8_t *bytes, size_t len, const struct capture_twice *t)
{
	bool big = false;
	size_t header = len < 24 ? 0 : record_header(bytes, &big);
	size_t at = 24;
	size_t n = 0;

	if (header == 0)
		return;
	while (len - at >= header) {
		struct cursor c = cursor_over(bytes + at + 8, 8);
		uint32_t captured = big ? cursor_be32(&c) : cursor_le32(&c);
		uint32_t wire = big ? cursor_be32(&c) : cursor_le32(&c);
		if (captured > FRAME_MAX || captured > len - at - header)
			break;
		if (n < CAPTURE_TWICE_FRAMES) {
			assert(t->frames[n].captured == captured && t->frames[n].wire == wire);
			assert(t->frames[n].hash ==
				capture_twice_hash(bytes + at + header, captured));
		}
		at += header + captured;
		n++;
	}
	assert(n == t->count);
	assert(t->progress.corrupt == 0 || at < len);
	assert(t->progress.cut_bytes == (t->progress.cut_files > 0 ? len - at : 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct capture_twice *t = capture_twice(bytes, len);

	if (t != NULL && t->opened == 0)
		walk(bytes, len, t);
	return 0;
}
