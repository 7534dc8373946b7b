/*
 * A disk that is full now may have room in a minute, so a failed write keeps the buffer, and the
 * part of a line that did get out is remembered (`skip`): the next write goes on where that one
 * stopped. Where going on is impossible, because the file is closed or moved away, the part is cut
 * off again. While the file cannot be written a line that finds no room is dropped and counted, and
 * only every sixteenth asks the disk again: a flood must not spend its time in failing calls.
 *
 * Before each write the free room of the filesystem is looked at. A quarter above `keep_free`
 * conversations stop; at `keep_free` everything waits.
 *
 * A path that cannot be opened again is no reason to stop while the old file still has a name: a
 * rotator moved it, and what goes there is found there.
 */
#include "exporters/line_file.h"

#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "exporters/disk_file.h"
#include "exporters/exporter.h"
#include "exporters/run_reads.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB (UINT64_C(1024) * 1024)
#define TIB (MIB * 1024 * 1024)

enum { RETRY_EVERY = 16, FLUSH_MS = 500, LOOK_MS = 1000, SYNC_MS = 200 };

const struct config_item line_file_limit_rows[] = {
	CONFIG_SIZE(struct line_file_limits, rotate_at, 0, TIB, 256 * MIB,
		"Size from which the file is renamed to .1 and a new one begun; 0 is never."),
	CONFIG_U32(struct line_file_limits, rotated_kept, 1, 1000, 4, "files",
		"Renamed files that are kept; what is older is overwritten."),
	CONFIG_SIZE(struct line_file_limits, keep_free, 0, TIB, 16 * MIB,
		"Room that is left free on the filesystem: a quarter above, conversations stop; here, findings wait."),
	CONFIG_END,
};

/* In front of the lines that a full disk has kept waiting. */
static void
header_put(struct line_file *f)
{
	size_t length = f->header != NULL ? strlen(f->header) : 0;

	assert(length <= LINE_FILE_HEADER_MAX);
	if (f->size > 0 || f->length + length > f->capacity + LINE_FILE_HEADER_MAX)
		return;
	memmove(f->buffer + length, f->buffer, f->length);
	memcpy(f->buffer, f->header != NULL ? f->header : "", length);
	f->length += length;
}

/* Take over the file that was just opened. */
static void
file_begin(struct line_file *f, int fd, uint64_t size)
{
	f->fd = fd;
	f->size = size;
	f->skip = 0;
	if (f->append) {
		uint64_t cut = disk_file_mend(fd, &f->size, LINE_FILE_BUFFER);

		if (cut > 0)
			log_info("output", "cut %llu bytes of an unfinished line off %s",
				(unsigned long long)cut, f->path);
	}
	header_put(f);
}

int
line_file_open(struct line_file *f, const struct run_info *run, const char *path,
	const char *header, const struct line_file_limits *limits)
{
	const char *cause = "";
	uint64_t size = 0;
	int fd = -1;

	*f = (struct line_file){ .fd = -1, .append = run->live, .header = header };
	if (run->live && limits != NULL)
		f->limits = *limits;
	f->path = disk_file_path(run->output_dir, path);
	f->capacity = LINE_FILE_BUFFER;
	f->buffer = malloc(f->capacity + LINE_FILE_HEADER_MAX);
	if (f->path == NULL || f->buffer == NULL) {
		log_err("output", "out of memory for %s", path);
		return -ENOMEM;
	}
	if (run_reads(run, f->path)) {
		log_err("output",
			"%s is one of the inputs and is not overwritten, nothing is analysed: name another directory with -o",
			f->path);
		return -EEXIST;
	}
	int result = disk_file_open(f->path, f->append, &fd, &size, &cause);
	if (result < 0) {
		log_err("output", "cannot open %s for writing: %s", f->path, cause);
		return result;
	}
	file_begin(f, fd, size);
	return 0;
}

/* The first `written` bytes of the buffer are in the file: forget all whole lines among them. */
static void
buffer_forget(struct line_file *f, size_t written)
{
	size_t whole = written;

	while (whole > 0 && f->buffer[whole - 1] != '\n')
		whole--;
	f->length -= whole;
	memmove(f->buffer, f->buffer + whole, f->length);
	f->skip = written - whole;
}

/* What hovers says so at 1, 2, 4, 8 ... */
static bool
is_power_of_two(uint64_t n)
{
	return (n & (n - 1)) == 0;
}

static void
trouble_begins(struct line_file *f, int error)
{
	f->trouble = error;
	f->refused = 0;
	f->trouble_count++;
	if (!is_power_of_two(f->trouble_count))
		return;
	errno = error;
	log_warn("output",
		"cannot write %s, keeping up to %d KiB of lines and dropping the rest until it works",
		f->path, (f->append ? LINE_FILE_BUFFER_MAX : LINE_FILE_BUFFER) / 1024);
}

static void
trouble_ends(struct line_file *f)
{
	if (is_power_of_two(f->trouble_count))
		log_info("output", "writing %s again, %llu lines were dropped", f->path,
			(unsigned long long)f->refused);
	f->trouble = 0;
	if (f->capacity > LINE_FILE_BUFFER) {
		char *less = realloc(f->buffer, LINE_FILE_BUFFER + LINE_FILE_HEADER_MAX);

		f->buffer = less != NULL ? less : f->buffer;
		f->capacity = LINE_FILE_BUFFER;
	}
}

/* May `length` bytes more be written? */
static bool
room_look(struct line_file *f, size_t length)
{
	uint64_t floor = f->limits.keep_free;

	if (floor == 0)
		return true;
	uint64_t room = disk_file_room(f->fd);
	if (!f->scarce && room < floor + floor / 4 + length) {
		f->scarce = true;
		f->reserved = 0;
		log_warnx("output",
			"%llu KiB are free where %s is: conversations are dropped, findings are "
			"written until keep_free (%llu KiB) is reached; make room",
			(unsigned long long)(room / 1024), f->path,
			(unsigned long long)(floor / 1024));
	} else if (f->scarce && room > floor + floor / 2) {
		f->scarce = false;
		log_info("output", "there is room again where %s is, %llu lines were dropped",
			f->path, (unsigned long long)f->reserved);
	}
	return room >= floor + length;
}

static void rotate(struct line_file *f);

/* Whole lines, so that a file can be rotated between any two writes. */
static size_t
chunk_length(const struct line_file *f)
{
	size_t length = f->length;

	if (length > LINE_FILE_BUFFER)
		for (length = LINE_FILE_BUFFER; f->buffer[length - 1] != '\n';)
			length--;
	return length - f->skip;
}

void
line_file_flush(struct line_file *f)
{
	if (f->fd < 0)
		return;
	while (f->length > f->skip) {
		rotate(f);
		if (f->fd < 0)
			return;
		size_t length = chunk_length(f);
		if (!room_look(f, length)) {
			if (f->trouble == 0)
				trouble_begins(f, ENOSPC);
			return;
		}
		ssize_t n = write(f->fd, f->buffer + f->skip, length);
		if (n > 0) {
			f->size += (uint64_t)n;
			buffer_forget(f, f->skip + (size_t)n);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (f->trouble == 0)
			trouble_begins(f, n < 0 ? errno : ENOSPC);
		return;
	}
	if (f->trouble != 0)
		trouble_ends(f);
}

static bool
buffer_grow(struct line_file *f, size_t needed)
{
	size_t capacity = f->capacity;

	if (needed <= capacity)
		return true;
	while (capacity < needed && capacity < LINE_FILE_BUFFER_MAX)
		capacity *= 2;
	if (capacity < needed)
		return false;
	char *more = realloc(f->buffer, capacity + LINE_FILE_HEADER_MAX);
	if (more == NULL)
		return false;
	f->buffer = more;
	f->capacity = capacity;
	return true;
}

static bool
room_make(struct line_file *f, size_t needed, bool finding)
{
	if (f->length + needed <= LINE_FILE_BUFFER)
		return true;
	if (f->trouble == 0 || f->refused % RETRY_EVERY == RETRY_EVERY - 1)
		line_file_flush(f);
	if (f->length + needed <= LINE_FILE_BUFFER)
		return true;
	return finding && f->append && buffer_grow(f, f->length + needed);
}

int
line_file_write(struct line_file *f, const char *line, size_t length, bool finding)
{
	int result = 0;

	if (f->buffer == NULL)
		return -ENOBUFS;
	if (f->scarce && !finding) {
		f->reserved++;
		result = -ENOSPC;
	} else if (length >= LINE_FILE_BUFFER) {
		result = -EMSGSIZE;
	} else if (!room_make(f, length + 1, finding)) {
		f->refused++;
		result = -ENOBUFS;
	}
	if (result < 0) {
		f->lost = f->lost != 0 ? f->lost : f->trouble != 0 ? f->trouble : -result;
		return result;
	}
	memcpy(f->buffer + f->length, line, length);
	f->buffer[f->length + length] = '\n';
	f->length += length + 1;
	return 0;
}

/* Leave no half line behind. Only a regular file can be cut; elsewhere the reader has it already. */
static void
half_line_cut(struct line_file *f)
{
	struct stat status;

	if (f->skip == 0 || fstat(f->fd, &status) < 0 || !S_ISREG(status.st_mode))
		return;
	if (status.st_size >= (off_t)f->skip &&
		ftruncate(f->fd, status.st_size - (off_t)f->skip) < 0 && f->lost == 0)
		f->lost = errno; /* the torn line stays, and the outlet's end says why */
}

static void
file_end(struct line_file *f)
{
	half_line_cut(f);
	(void)close(f->fd);
	f->fd = -1;
	f->skip = 0;
}

static void
reopen_failed(struct line_file *f, int error, const char *cause)
{
	if (f->fd >= 0 && !disk_file_has_name(f->fd))
		file_end(f);
	if (f->fd < 0) {
		if (f->trouble == 0)
			trouble_begins(f, error);
	} else if (!f->stale) {
		f->stale = true;
		log_warnx("output",
			"cannot open %s again: %s; going on with the file that was open and "
			"trying every second",
			f->path, cause);
	}
}

/* The old file is written and closed only when there is a new one. */
static void
file_change(struct line_file *f)
{
	const char *cause = "";
	uint64_t size = 0;
	int fd = -1;
	int result = disk_file_open(f->path, f->append, &fd, &size, &cause);

	if (result < 0) {
		reopen_failed(f, -result, cause);
		return;
	}
	if (f->fd >= 0)
		file_end(f);
	if (f->stale)
		log_info("output", "opened %s again", f->path);
	f->stale = false;
	file_begin(f, fd, size);
}

/* A directory that could not be written is asked again once a second, not for every line. */
static void
rotate(struct line_file *f)
{
	if (f->limits.rotate_at == 0 || f->size == 0 || f->skip > 0 || f->stale ||
		f->rotate_waits || f->size + chunk_length(f) <= f->limits.rotate_at)
		return;
	int result = disk_file_rotate(f->path, f->limits.rotated_kept);
	f->rotate_waits = result < 0;
	if (result == 0) {
		f->overgrown = false;
		file_change(f);
	} else if (!f->overgrown) {
		f->overgrown = true;
		errno = -result;
		log_warn("output",
			"cannot rename %s to %s.1, it grows on and is tried every second", f->path,
			f->path);
	}
}

void
line_file_reopen(struct line_file *f)
{
	if (f->path == NULL || f->buffer == NULL)
		return;
	line_file_flush(f);
	file_change(f);
	line_file_flush(f);
}

void
line_file_sync(struct line_file *f)
{
	f->unsynced = true;
}

static bool
is_due(uint64_t *last_ns, uint64_t now_ns, uint64_t every_ms)
{
	if (now_ns - *last_ns < every_ms * NS_PER_MS)
		return false;
	*last_ns = now_ns;
	return true;
}

void
line_file_tick(struct line_file *f, uint64_t now_ns)
{
	if (f->buffer == NULL)
		return;
	if (is_due(&f->looked_ns, now_ns, LOOK_MS)) {
		f->rotate_waits = false;
		if (f->fd < 0 || f->stale || !disk_file_is_at(f->fd, f->path))
			line_file_reopen(f);
		else
			(void)room_look(f, 0);
		line_file_flush(f);
	}
	if (f->trouble == 0 && f->length > 0 && is_due(&f->flushed_ns, now_ns, FLUSH_MS))
		line_file_flush(f);
	if (f->unsynced && f->fd >= 0 && is_due(&f->synced_ns, now_ns, SYNC_MS)) {
		f->unsynced = false;
		if (fdatasync(f->fd) < 0 && f->trouble == 0)
			trouble_begins(f, errno);
	}
}

size_t
line_file_waiting(const struct line_file *f)
{
	size_t count = 0;

	for (size_t i = 0; i < f->length; i++)
		count += f->buffer[i] == '\n';
	return count;
}

static void
footer_write(struct line_file *f, const char *footer)
{
	size_t length = strlen(footer);

	assert(length <= LINE_FILE_BUFFER);
	memcpy(f->buffer, footer, length);
	f->length = length;
	line_file_flush(f);
}

int
line_file_close(struct line_file *f, const char *footer)
{
	int result = 0;

	if (f->buffer != NULL && f->fd >= 0) {
		line_file_flush(f);
		if (footer != NULL && f->length == 0)
			footer_write(f, footer);
		if (f->length > f->skip)
			result = -f->trouble;
		if (f->unsynced)
			(void)fdatasync(f->fd);
		half_line_cut(f);
		if (close(f->fd) < 0 && result == 0)
			result = -errno;
	} else if (f->buffer != NULL && f->length > 0) {
		result = -f->trouble;
	}
	if (result != 0)
		log_err("output", "%s is not complete: %s", f->path, strerror(-result));
	else if (f->lost != 0)
		result = -f->lost;
	free(f->buffer);
	free(f->path);
	*f = (struct line_file){ .fd = -1 };
	return result;
}
