/*
 * read() in whole blocks, not stdio and not mmap: a block is small enough to stay in the processor's
 * second cache while its frames are decoded, a mapping costs a page fault every 4 KiB, and a file
 * that is cut while we read it is an end here and a SIGBUS there.
 */
#include "daemon/input/capture_input.h"

#include "daemon/input/capture_unpack.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAGIC_BYTES = 4 };

static void
look_at_fd(struct capture_input *in)
{
	struct stat st;

	if (fstat(in->fd, &st) == 0 && S_ISREG(st.st_mode)) {
		in->is_regular = true;
		in->bytes_total = (uint64_t)st.st_size;
		(void)posix_fadvise(in->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	}
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
		if (errno != EAGAIN || in->how.never_waits ||
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
	} else if (n == -EAGAIN) {
		return 0;
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
			unpacker_run(in->unpacker, &in->packed, block, in->how.block_bytes, &n);
		if (state == UNPACK_CORRUPT) {
			in->end = CAPTURE_END_CORRUPT;
			in->end_cause = unpacker_complaint(in->unpacker);
		}
		if (n > 0 || in->end != CAPTURE_END_NONE)
			return n;
		n = read_or_end(in, in->packed_memory, in->how.block_bytes);
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

void
capture_input_seek(struct capture_input *in, uint64_t offset)
{
	if (lseek(in->fd, (off_t)offset, SEEK_SET) < 0)
		return; /* what is no file stays where it is */
	in->bytes = cursor_over(in->memory + in->how.record_bytes, 0);
	in->end_offset = in->bytes_read = offset;
	in->end = CAPTURE_END_NONE;
}

bool
capture_input_go_on(struct capture_input *in)
{
	if (in->end == CAPTURE_END_CLEAN && in->packing == CAPTURE_PLAIN)
		in->end = CAPTURE_END_NONE;
	return in->end == CAPTURE_END_NONE;
}

bool
capture_input_fill(struct capture_input *in)
{
	if (in->end != CAPTURE_END_NONE)
		return false;

	size_t left = cursor_left(&in->bytes);
	uint8_t *block = in->memory + in->how.record_bytes;
	assert(left <= in->how.record_bytes);
	memmove(block - left, in->bytes.at, left);
	size_t n = in->unpacker != NULL ? unpack_some(in, block)
					: read_or_end(in, block, in->how.block_bytes);
	in->bytes = cursor_over(block - left, left + n);
	in->end_offset += n;
	return n > 0;
}

bool
capture_input_is_silent(const struct capture_input *in, int most_ms)
{
	return !in->is_regular && in->end == CAPTURE_END_NONE && cursor_left(&in->packed) == 0 &&
	       poll(&(struct pollfd){ .fd = in->fd, .events = POLLIN }, 1, most_ms) == 0;
}

/* Hand what was read so far to an unpacker. */
static int
unpack_from_here(struct capture_input *in)
{
	size_t n = cursor_left(&in->bytes);

	in->unpacker = unpacker_new(in->packing);
	in->packed_memory = malloc(in->how.block_bytes);
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
	uint8_t *block = in->memory + in->how.record_bytes;
	size_t have = 0;

	while (have < MAGIC_BYTES) {
		ssize_t n = read_some(in, block + have, in->how.block_bytes - have);
		if (n == 0 || n == -EAGAIN)
			break;
		if (n < 0)
			return (int)n;
		have += (size_t)n;
	}
	in->bytes = cursor_over(block, have);
	in->end_offset = have;
	in->packing = unpack_recognise(in->bytes);
	return in->packing == CAPTURE_PLAIN ? 0 : unpack_from_here(in);
}

static void
refuse(const char *name, int error, char *ret_error, size_t error_size)
{
	(void)snprintf(ret_error, error_size, "%s: cannot be read: %s", name, strerror(-error));
}

int
capture_input_open_fd(struct capture_input *in, int fd, const char *name, struct capture_how how,
	char *ret_error, size_t error_size)
{
	*in = (struct capture_input){ .name = name, .how = how, .fd = fd, .is_open = true };
	look_at_fd(in);
	in->memory = malloc(how.record_bytes + how.block_bytes + 1);
	int rc = in->memory == NULL ? -ENOMEM : read_first(in);
	if (rc != 0)
		refuse(name, rc, ret_error, error_size);
	return rc;
}

int
capture_input_open(struct capture_input *in, const char *path, struct capture_how how,
	char *ret_error, size_t error_size)
{
	*in = (struct capture_input){ .fd = -1 };
	if (strcmp(path, "-") == 0)
		return capture_input_open_fd(
			in, STDIN_FILENO, "standard input", how, ret_error, error_size);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd >= 0)
		return capture_input_open_fd(in, fd, path, how, ret_error, error_size);
	int error = -errno;
	refuse(path, error, ret_error, error_size);
	return error;
}

size_t
capture_input_skip(struct capture_input *in, uint64_t n)
{
	size_t left = cursor_left(&in->bytes);
	size_t step = n < left ? (size_t)n : left;

	(void)cursor_take(&in->bytes, step);
	return step;
}

char *
capture_input_take(struct capture_input *in, size_t n)
{
	const uint8_t *here = cursor_take(&in->bytes, n);

	assert(here != NULL);
	return (char *)in->memory + (here - in->memory);
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
