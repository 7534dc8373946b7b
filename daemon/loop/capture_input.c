/*
 * read() in whole blocks, not stdio and not mmap: a block is small enough to stay in the processor's
 * second cache while its frames are decoded, a mapping costs a page fault every 4 KiB, and a file
 * that is cut while we read it is an end here and a SIGBUS there.
 */
#include "daemon/loop/capture_input.h"

#include "daemon/loop/capture_unpack.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PACKED_BYTES = CAPTURE_BLOCK_BYTES, MAGIC_BYTES = 4 };

static int
open_path(struct capture_input *in, const char *path)
{
	struct stat st;

	if (strcmp(path, "-") == 0) {
		in->name = "standard input";
		in->fd = STDIN_FILENO;
	} else {
		in->name = path;
		in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (in->fd < 0)
			return -errno;
	}
	in->is_open = true;
	if (fstat(in->fd, &st) == 0 && S_ISREG(st.st_mode)) {
		in->bytes_total = (uint64_t)st.st_size;
		(void)posix_fadvise(in->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	}
	return 0;
}

/* One read(). returns bytes, 0 at the end, -errno. */
static ssize_t
read_some(struct capture_input *in, uint8_t *into, size_t room)
{
	for (;;) {
		ssize_t n = read(in->fd, into, room);
		if (n >= 0) {
			in->bytes_read += (uint64_t)n;
			return n;
		}
		/* Who gave us standard input may have left it non-blocking. */
		if (errno != EAGAIN ||
			poll(&(struct pollfd){ .fd = in->fd, .events = POLLIN }, 1, -1) < 0)
			return -errno;
	}
}

/* The same, with the end of the file and trouble put down in `in`. returns bytes, 0 at either. */
static size_t
read_or_end(struct capture_input *in, uint8_t *into, size_t room)
{
	ssize_t n = read_some(in, into, room);

	if (n > 0)
		return (size_t)n;
	if (n == 0) {
		in->end = CAPTURE_END_CLEAN;
	} else if (n == -EINTR) {
		in->end = CAPTURE_END_STOPPED;
	} else {
		in->end = CAPTURE_END_CUT;
		in->end_cause = strerror((int)-n);
	}
	return 0;
}

/* Unpack what there is, or read on until something can be. returns bytes, 0 at the end. */
static size_t
unpack_some(struct capture_input *in, uint8_t *block)
{
	for (;;) {
		size_t n;
		enum unpack_state state =
			unpacker_run(in->unpacker, &in->packed, block, CAPTURE_BLOCK_BYTES, &n);
		if (state == UNPACK_CORRUPT) {
			in->end = CAPTURE_END_CORRUPT;
			in->end_cause = unpacker_complaint(in->unpacker);
		}
		if (n > 0 || in->end != CAPTURE_END_NONE)
			return n;
		n = read_or_end(in, in->packed_memory, PACKED_BYTES);
		in->packed = cursor_over(in->packed_memory, n);
		if (in->end == CAPTURE_END_CLEAN && state != UNPACK_BETWEEN) {
			in->end = CAPTURE_END_CUT;
			in->end_cause = in->packing == CAPTURE_GZIP ? "the gzip stream breaks off"
								    : "the zstd stream breaks off";
		}
		if (n == 0)
			return 0;
	}
}

bool
capture_input_fill(struct capture_input *in)
{
	if (in->end != CAPTURE_END_NONE)
		return false;

	size_t left = cursor_left(&in->bytes);
	uint8_t *block = in->memory + CAPTURE_RECORD_MAX;
	assert(left <= CAPTURE_RECORD_MAX);
	memmove(block - left, in->bytes.at, left);
	size_t n = in->unpacker != NULL ? unpack_some(in, block)
					: read_or_end(in, block, CAPTURE_BLOCK_BYTES);
	in->bytes = cursor_over(block - left, left + n);
	in->end_offset += n;
	return n > 0;
}

/* Hand what was read so far to an unpacker. */
static int
unpack_from_here(struct capture_input *in)
{
	size_t n = cursor_left(&in->bytes);

	in->unpacker = unpacker_new(in->packing);
	in->packed_memory = malloc(PACKED_BYTES);
	if (in->unpacker == NULL || in->packed_memory == NULL)
		return -ENOMEM;
	memcpy(in->packed_memory, in->bytes.at, n);
	in->packed = cursor_over(in->packed_memory, n);
	in->bytes = cursor_over(in->bytes.at, 0);
	in->end_offset = 0;
	(void)capture_input_fill(in);
	return 0;
}

/* Read until the packing can be told. No more than an unpacker would take over. */
static int
read_first(struct capture_input *in)
{
	uint8_t *block = in->memory + CAPTURE_RECORD_MAX;
	size_t have = 0;

	while (have < MAGIC_BYTES) {
		ssize_t n = read_some(in, block + have, PACKED_BYTES - have);
		if (n < 0)
			return (int)n;
		if (n == 0)
			break;
		have += (size_t)n;
	}
	in->bytes = cursor_over(block, have);
	in->end_offset = have;
	in->packing = unpack_recognise(in->bytes);
	return in->packing == CAPTURE_PLAIN ? 0 : unpack_from_here(in);
}

int
capture_input_open(struct capture_input *in, const char *path, char *ret_error, size_t error_size)
{
	*in = (struct capture_input){ .fd = -1 };
	in->memory = malloc(CAPTURE_RECORD_MAX + CAPTURE_BLOCK_BYTES);
	int rc = in->memory == NULL ? -ENOMEM : open_path(in, path);
	if (rc == 0)
		rc = read_first(in);
	if (rc != 0) {
		(void)snprintf(ret_error, error_size, "%s: cannot be read: %s",
			in->name != NULL ? in->name : path, strerror(-rc));
		return rc;
	}
	if (cursor_left(&in->bytes) > 0)
		return 0;
	const char *cause = in->end_cause != NULL ? in->end_cause : "it is empty";
	(void)snprintf(ret_error, error_size,
		"%s: not a capture: %s; expected pcap or pcapng (or either in gzip or zstd)",
		in->name, cause);
	return -EINVAL;
}

size_t
capture_input_skip(struct capture_input *in, uint64_t n)
{
	size_t left = cursor_left(&in->bytes);
	size_t step = n < left ? (size_t)n : left;

	(void)cursor_take(&in->bytes, step);
	return step;
}

void
capture_input_close(struct capture_input *in)
{
	if (in->is_open && in->fd != STDIN_FILENO)
		(void)close(in->fd);
	unpacker_free(in->unpacker);
	free(in->packed_memory);
	free(in->memory);
	*in = (struct capture_input){ .fd = -1 };
}
