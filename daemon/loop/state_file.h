/*
 * state_file.h -- the file in which a sensor leaves its state to the next run.
 *
 * In a directory of its own: `state`, replaced as a whole or not at all; `state.bad`, the last one
 * that could not be used. What a run knows is worth a file, never a start that fails.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STATE_FILE_SIZE_MAX = 64 << 20, STATE_FILE_REASON_MAX = 256 };

/* A state that was read. */
struct state_file {
	uint8_t *memory;
	const uint8_t *payload; /* in `memory` */
	size_t size;
	uint64_t saved_ns; /* wall clock of the writer */
};

/*
 * Replace the state.
 *
 * directory  open, with the right to write
 * sensor     whose state it is
 * returns    0; -errno, and what was there before is there still
 * cost       two syncs: not for the process that takes packets
 */
int state_file_write(
	int directory, const char *sensor, uint64_t saved_ns, const void *payload, size_t size);

/*
 * Read the state that an earlier run left. A file that cannot be used is set aside as `state.bad`,
 * and one log line says why and what that means.
 *
 * returns  false when there is none to go on with; `ret_file` is zeroed then
 * owns     state_file_done() frees it
 */
bool state_file_read(int directory, const char *sensor, struct state_file *ret_file);

/* Accepts a zeroed struct. */
void state_file_done(struct state_file *f);

/*
 * Look through the bytes of a whole file.
 *
 * ret_file    all but `memory`
 * ret_reason  on failure why: "its checksum is wrong"
 */
bool state_file_check(const void *bytes, size_t size, const char *sensor,
	struct state_file *ret_file, char ret_reason[STATE_FILE_REASON_MAX]);
