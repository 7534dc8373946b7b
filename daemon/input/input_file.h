/* input_file.h -- one file of a reading: opened, recognised, and its lines counted. */
#pragma once

#include "daemon/input/capture_input.h"
#include "daemon/input/input_format.h"

struct input_file {
	struct input_count count;
	char *path;      /* owned; NULL: count.path is somebody else's */
	const char *log; /* that its name says, in a directory: static; NULL: it was named itself */
	size_t given;    /* index of the path that led to it */
	uint64_t first_ns;                /* of its first item; UINT64_MAX: it has none */
	uint64_t bytes_total, bytes_read; /* as it lies on disk; total 0: unknown */
	uint64_t device, inode;      /* of a file on disk, once it was opened; 0 of what is none */
	struct capture_input opened; /* is_open: until somebody reads it */
};

/*
 * Open a file where it is not open yet, and say of what kind it is. What is packed is unpacked.
 *
 * ret_error  one line on failure
 * returns    0, and f->opened and f->count.kind are set; -errno of open(); -EINVAL: it is of no kind that is
 *            read, or the plan says another
 */
int input_file_open(
	struct input_file *f, const struct input_plan *plan, char ret_error[INPUT_ERROR_MAX]);

/*
 * Look for the time of the first item of a file that is not open, and close it again.
 *
 * returns  as input_file_open()
 */
int input_file_peek(
	struct input_file *f, const struct input_plan *plan, char ret_error[INPUT_ERROR_MAX]);

/*
 * Hand a line of the file to its format, and count it. The first bad line of a file is told.
 *
 * number   of the line in the file, from 1
 * returns  how many items it filled
 */
int input_file_line(
	struct input_file *f, struct input_stream *s, char *line, size_t length, uint64_t number);

/* As that, of a line whose one item is at hand already. */
int input_file_read_before(struct input_file *f, struct input_stream *s, uint64_t number);

/* Close and free it. Accepts NULL. */
void input_file_free(struct input_file *f);
