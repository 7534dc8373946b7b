#define _GNU_SOURCE /* memfd_create() */
#include "tests/support/capture_twice.h"

#include "daemon/base/log.h"
#include "daemon/decode/decode.h"
#include "daemon/input/capture_input.h"
#include "tests/support/failing_alloc.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PIECES_MAX = 16 };

uint64_t
capture_twice_hash(const uint8_t *bytes, size_t len)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
	return hash;
}

static void
keep(struct capture_twice *t, const struct frame *f)
{
	assert(f->captured <= CAPTURE_FRAME_MAX);
	assert(decode_link_name(f->link) != NULL);
	uint64_t hash = capture_twice_hash(f->bytes, f->captured); /* reads each of them */
	if (t->count < CAPTURE_TWICE_FRAMES)
		t->frames[t->count] = (struct twice_frame){ .ts_ns = f->ts_ns,
			.captured = f->captured,
			.wire = f->wire,
			.link = f->link,
			.interface = f->interface,
			.hash = hash };
	t->count++;
}

static void
read_all(struct capture_twice *t, struct capture_file *r)
{
	struct frame batch[CAPTURE_BATCH_MAX];
	uint64_t wire = 0;
	size_t n;

	t->count = 0;
	while ((n = capture_file_next(r, batch)) > 0)
		for (size_t i = 0; i < n; i++) {
			keep(t, &batch[i]);
			wire += batch[i].wire;
		}
	assert(capture_file_next(r, batch) == 0);
	capture_file_progress(r, &t->progress);
	assert(t->progress.frames == t->count && t->progress.frame_bytes == wire);
	assert(t->progress.filtered == 0 && t->progress.cut_files + t->progress.corrupt <= 1);
	assert(capture_file_interfaces(r) != NULL);
}

static void
read_path(struct capture_twice *t, const char *path, uint32_t seed)
{
	char why[CAPTURE_ERROR_MAX] = "";
	struct capture_file *r = NULL;

	failing_alloc_begin(seed);
	t->opened = capture_file_open(&path, 1, NULL, &r, why);
	assert((t->opened == 0) == (why[0] == '\0') && strchr(why, '\n') == NULL);
	if (t->opened == 0) {
		read_all(t, r);
		capture_file_close(r);
	}
	(void)failing_alloc_end();
}

static void
read_file(struct capture_twice *t, const uint8_t *bytes, size_t len, uint32_t seed)
{
	static int fd = -1;
	char path[32];

	if (fd < 0)
		fd = memfd_create("capture", MFD_CLOEXEC);
	assert(fd >= 0 && ftruncate(fd, 0) == 0 && pwrite(fd, bytes, len, 0) == (ssize_t)len);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	read_path(t, path, seed);
}

/* Each read() gets one piece, however many more wait. */
static void
read_pieces(struct capture_twice *t, const uint8_t *bytes, size_t len)
{
	size_t step = len / PIECES_MAX + 1;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		abort();
	for (size_t at = 0; at < len; at += step) {
		size_t n = len - at < step ? len - at : step;
		if (send(pair[0], bytes + at, n, 0) != (ssize_t)n)
			abort();
	}
	(void)close(pair[0]);
	if (dup2(pair[1], STDIN_FILENO) < 0)
		abort();
	(void)close(pair[1]);
	read_path(t, "-", 0);
}

static bool
same_frame(const struct twice_frame *a, const struct twice_frame *b)
{
	return a->ts_ns == b->ts_ns && a->captured == b->captured && a->wire == b->wire &&
	       a->link == b->link && a->interface == b->interface && a->hash == b->hash;
}

/* What is packed, and one of four of what is not: it takes half of the time. */
static bool
is_read_in_pieces(const uint8_t *bytes, size_t len)
{
	return (len > 0 && (bytes[0] == 0x1f || bytes[0] == 0x28 || bytes[0] >> 4 == 5)) ||
	       capture_twice_hash(bytes, len) % 4 == 0;
}

const struct capture_twice *
capture_twice(const uint8_t *bytes, size_t len)
{
	static struct capture_twice whole;
	static struct capture_twice pieces;
	uint32_t seed = failing_alloc_seed(bytes, len);

	if (len > CAPTURE_TWICE_MAX)
		return NULL;
	log_level_set(LOG_LEVEL_ERR);
	if (seed != 0)
		read_file(&whole, bytes, len, seed);
	read_file(&whole, bytes, len, 0);
	if (whole.opened == 0)
		assert(whole.progress.bytes_total == len && whole.progress.bytes_read <= len);
	if (!is_read_in_pieces(bytes, len))
		return &whole;
	read_pieces(&pieces, bytes, len);
	assert(whole.opened == pieces.opened);
	if (whole.opened != 0)
		return &whole;
	assert(whole.count == pieces.count && whole.progress.corrupt == pieces.progress.corrupt);
	assert(whole.progress.cut_files == pieces.progress.cut_files &&
		whole.progress.cut_bytes == pieces.progress.cut_bytes);
	assert(whole.progress.unknown_link == pieces.progress.unknown_link);
	size_t listed = whole.count < CAPTURE_TWICE_FRAMES ? whole.count : CAPTURE_TWICE_FRAMES;
	for (size_t i = 0; i < listed; i++)
		assert(same_frame(&whole.frames[i], &pieces.frames[i]));
	return &whole;
}
