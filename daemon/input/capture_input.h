/*
 * capture_input.h -- the bytes of one capture or log, unpacked, a block at a time.
 *
 * Plain, gzip or zstd, from a path, a descriptor or standard input; which of them the first bytes tell.
 * The reader of a format walks `bytes` and asks for a fill when what is left there is no whole record.
 * A fill moves what was left in front of the new block, so a record never lies in two pieces, and
 * nothing else is ever copied.
 */
#pragma once

#include "daemon/base/cursor.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CAPTURE_BLOCK_BYTES = 256 << 10, /* that are read at a time */
	CAPTURE_FRAME_MAX = 256 << 10,   /* the longest that any capture program writes */
	CAPTURE_RECORD_MAX = 320 << 10,  /* such a frame with its header and options */
};

enum capture_packing {
	CAPTURE_PLAIN,
	CAPTURE_GZIP,
	CAPTURE_ZSTD,
};

/* How the bytes came to their end. */
enum capture_end {
	CAPTURE_END_NONE,    /* not yet */
	CAPTURE_END_CLEAN,   /* the file ended */
	CAPTURE_END_STOPPED, /* a signal, whose handler asked for no restart, met a silent pipe */
	CAPTURE_END_CUT,     /* it ended inside its gzip or zstd stream, or could not be read on */
	CAPTURE_END_CORRUPT, /* its gzip or zstd stream makes no sense from here */
};

/* How an input is read. */
struct capture_how {
	size_t record_bytes; /* the most that may be left before a fill */
	size_t block_bytes;  /* that a fill adds at most; 4 or more */
	bool never_waits; /* of a descriptor that does not block: a silent one has no bytes now */
};

struct capture_input {
	const char *name; /* path, borrowed, or "standard input" */
	struct capture_how how;
	int fd;
	bool is_open;
	bool is_regular; /* a file on disk, which can be opened again */
	enum capture_packing packing;
	struct cursor bytes;  /* unpacked and not yet consumed */
	uint64_t end_offset;  /* of bytes.end, in the unpacked bytes */
	uint64_t bytes_read;  /* of the file as it lies on disk */
	uint64_t bytes_total; /* its size; 0 if it is no regular file */
	enum capture_end end;
	const char *end_cause; /* static or strerror()'s text, if end is CUT or CORRUPT */

	uint8_t *memory; /* how.record_bytes for what was left, the block, and one byte more */
	struct unpacker *unpacker; /* NULL if plain; so are the two below */
	uint8_t *packed_memory;
	struct cursor packed; /* read and not yet unpacked */
};

/*
 * Open a file, recognise its packing and fill the first block.
 *
 * path       "-" is standard input; borrowed
 * ret_error  `error_size` bytes; one line on failure
 * returns    0, with no bytes if there are none; -errno of open() or read(); -ENOMEM
 * owns       `in` is to be closed, after a failure too
 */
int capture_input_open(struct capture_input *in, const char *path, struct capture_how how,
	char *ret_error, size_t error_size);

/* The same of a descriptor, which `in` closes; `name` is what people are told, borrowed. */
int capture_input_open_fd(struct capture_input *in, int fd, const char *name,
	struct capture_how how, char *ret_error, size_t error_size);

/*
 * Put more bytes behind those that are left. Pointers to what was consumed die here.
 *
 * returns  true if there are more; false at the end, and `end` says how it came: NONE if it never waits
 * cost     one read(); blocks as long as a pipe is silent, unless it never waits
 */
bool capture_input_fill(struct capture_input *in);

/* Would the next fill wait, and of a pipe that stays silent for `most_ms`? Waits as long as that. */
bool capture_input_is_silent(const struct capture_input *in, int most_ms);

/* Consume up to `n` bytes of those at hand. returns how many. */
size_t capture_input_skip(struct capture_input *in, uint64_t n);

/* Consume `n` bytes of those at hand. returns them; they may be written to, and so may the byte behind the last. */
char *capture_input_take(struct capture_input *in, size_t n);

/* Of a plain regular file: the next fill reads from `offset` on. */
void capture_input_seek(struct capture_input *in, uint64_t offset);

/*
 * More may come behind an end: the next fill looks again.
 *
 * returns  false where none can: what is packed is over at its end, and damage and signals are ends for good
 */
bool capture_input_go_on(struct capture_input *in);

/* Close it. Accepts a zeroed or half-opened struct. */
void capture_input_close(struct capture_input *in);

/* Where bytes.at is in the unpacked bytes. */
static inline uint64_t
capture_input_offset(const struct capture_input *in)
{
	return in->end_offset - cursor_left(&in->bytes);
}
