/*
 * input_positions.h -- how far other programs' logs were read, for the next run.
 *
 * In the directory of the state, a file `inputs` of its own: positions are written after each turn of
 * the loop, the state once a minute. What a position says was told, was told before; after a crash a
 * turn's lines may come twice. It is written in place and never synced: it outlives every process, and
 * a machine that loses power may read some lines again.
 */
#pragma once

#include "daemon/base/blob.h"
#include "daemon/input/input.h"

#include <stddef.h>

enum { INPUT_POSITIONS_MAX = 768 };

/* Append them, as input_positions_write() wants them. At most INPUT_POSITIONS_MAX go in. */
void input_positions_pack(struct blob *b, const struct input_position *positions, size_t count);

/*
 * Read them back.
 *
 * bytes    from anybody; more may follow
 * returns  how many were written to `ret`; -EBADMSG: they make no sense
 */
int input_positions_unpack(
	const void *bytes, size_t size, struct input_position ret[INPUT_POSITIONS_MAX]);

/* Replace the file in an open directory by what input_positions_pack() made. returns 0 or -errno */
int input_positions_write(int directory, const void *bytes, size_t size);

/* Read the file; 0 where there is none. One that makes no sense is told in a line. */
size_t input_positions_read(int directory, struct input_position ret[INPUT_POSITIONS_MAX]);
