/*
 * fuzz_pcapng.c -- any bytes as a pcapng file, plain or packed.
 *
 * The reader gives the same from a file and from a pipe; of a plain file no more packets than there
 * are blocks, and each lies in the file as it is.
 */
#include "tests/support/capture_twice.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { PACKET_BLOCK_MIN = 16 }; /* of a simple packet without a byte */

static const uint8_t section[4] = { 0x0a, 0x0d, 0x0d, 0x0a };

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct capture_twice *t = capture_twice(bytes, len);

	if (t == NULL || t->opened != 0 || memcmp(bytes, section, sizeof(section)) != 0)
		return 0;
	uint64_t held = t->progress.cut_bytes;
	for (size_t i = 0; i < t->count && i < CAPTURE_TWICE_FRAMES; i++)
		held += PACKET_BLOCK_MIN + t->frames[i].captured;
	assert(held + t->progress.unknown_link * PACKET_BLOCK_MIN <= len);
	return 0;
}
