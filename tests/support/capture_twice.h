/*
 * capture_twice.h -- read bytes as a capture file, whole and in pieces: it must be the same capture.
 *
 * For fuzz targets: through the real reader, from memory. Once from a file, and for some once more as a pipe
 * would bring it, a few bytes at a time. Standard input is used for the latter, and taken over.
 */
#pragma once

#include "daemon/loop/capture/capture_file.h"

#include <stddef.h>
#include <stdint.h>

enum {
	CAPTURE_TWICE_MAX = 1 << 16, /* bytes of a capture; longer ones are not read */
	CAPTURE_TWICE_FRAMES = 4096, /* of which there is a list; all are counted */
};

/* One frame, as the bytes of the reader are gone. */
struct twice_frame {
	uint64_t ts_ns;
	uint32_t captured, wire;
	uint16_t link, interface;
	uint64_t hash; /* of its bytes */
};

struct capture_twice {
	int opened; /* what capture_file_open() returned */
	struct capture_progress progress;
	size_t count;
	struct twice_frame frames[CAPTURE_TWICE_FRAMES];
};

/* The hash of a frame's bytes, for comparing. */
uint64_t capture_twice_hash(const uint8_t *bytes, size_t len);

/*
 * Read, and check what holds of every capture; asserts.
 *
 * returns  what was read; the next call overwrites it. NULL for bytes that are too many
 */
const struct capture_twice *capture_twice(const uint8_t *bytes, size_t len);
