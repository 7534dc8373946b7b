/* capture_unpack.h -- gzip and zstd streams, fed and drained in pieces. Private to capture_input. */
#pragma once

#include "daemon/input/capture_input.h"

struct unpacker;

enum unpack_state {
	UNPACK_MORE,    /* inside a stream: wants packed bytes, or room */
	UNPACK_BETWEEN, /* a stream is complete: the file may end here, or another one follows */
	UNPACK_CORRUPT,
};

/* Which packing the first bytes of a file announce. */
enum capture_packing unpack_recognise(struct cursor first);

/* returns a new unpacker for gzip or zstd, or NULL if memory is out. */
struct unpacker *unpacker_new(enum capture_packing packing);
/* Accepts NULL. */
void unpacker_free(struct unpacker *u);

/*
 * Unpack from `packed` until it is used up or `room` is full.
 *
 * packed     moved past what was used
 * ret_bytes  written into `into`, 0 .. room
 * returns    the state after that; CORRUPT does not take back what was written
 */
enum unpack_state unpacker_run(
	struct unpacker *u, struct cursor *packed, uint8_t *into, size_t room, size_t *ret_bytes);

/* What is wrong, if the state is UNPACK_CORRUPT. Static. */
const char *unpacker_complaint(const struct unpacker *u);
