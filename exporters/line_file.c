/*
 * A disk that is full now may have room in a minute, so a failed write keeps the buffer, and the
 * part of a line that did get out is remembered (`skip`): the next write goes on where that one
 * stopped. Where going on is impossible, because the file is closed or moved away, the part is cut
 * off again. While the file cannot be written a line that finds no room is dropped and counted, and
 * only every sixteenth asks the disk again: a flood must not spend its time in failing calls.
 */
#include "exporters/line_file.h"

#include "daemon/base/log.h"
#include "exporters/exporter.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RETRY_EVERY = 16, FILE_MODE = 0640, DIRECTORY_MODE = 0750 };

static char *
path_join(const char *directory, const char *path)
{
	size_t size = strlen(directory) + sizeof("/") + strlen(path);
	char *joined = malloc(size);

	if (joined == NULL)
		return NULL;
	if (path[0] == '/')
		(void)snprintf(joined, size, "%s", path);
	else
		(void)snprintf(joined, size, "%s/%s", directory, path);
	return joined;
}

/* What cannot be made shows when the file is opened. */
static void
directories_make(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(path, DIRECTORY_MODE);
		*slash = '/';
	}
}

/* In front of the lines that a full disk has kept waiting. */
static void
header_put(struct line_file *f, const char *header)
{
	size_t length = strlen(header);

	assert(length <= LINE_FILE_HEADER_MAX);
	if (f->length + length > LINE_FILE_BUFFER + LINE_FILE_HEADER_MAX)
		return;
	memmove(f->buffer + length, f->buffer, f->length);
	memcpy(f->buffer, header, length);
	f->length += length;
}

/* A live sensor goes on with the file of its last run, and never waits for the reader of a pipe. */
static int
file_open(struct line_file *f, const char *header)
{
	int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC;
	struct stat status;

	f->fd = open(f->path, flags | (f->append ? O_NONBLOCK : O_TRUNC), FILE_MODE);
	if (f->fd < 0) {
		int e = errno;

		log_err("output", "cannot open %s for writing: %s", f->path, strerror(e));
		return -e;
	}
	f->skip = 0;
	f->trouble = 0;
	f->trouble_count = 0;
	if (header != NULL && fstat(f->fd, &status) == 0 && status.st_size == 0)
		header_put(f, header);
	return 0;
}

int
line_file_open(
	struct line_file *f, const struct run_info *run, const char *path, const char *header)
{
	*f = (struct line_file){ .fd = -1, .append = run->live };
	f->path = path_join(run->output_dir, path);
	f->buffer = malloc(LINE_FILE_BUFFER + LINE_FILE_HEADER_MAX);
	if (f->path == NULL || f->buffer == NULL) {
		log_err("output", "out of memory for %s", path);
		return -ENOMEM;
	}
	directories_make(f->path);
	return file_open(f, header);
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

static void
trouble_begins(struct line_file *f, int error)
{
	f->trouble = error;
	f->refused = 0;
	f->trouble_count++;
	if ((f->trouble_count & (f->trouble_count - 1)) != 0)
		return; /* a disk that hovers at full says so at 1, 2, 4, 8 ... */
	errno = error;
	log_warn("output",
		"cannot write %s, keeping %d KiB of lines and dropping the rest until it works",
		f->path, LINE_FILE_BUFFER / 1024);
}

static void
trouble_ends(struct line_file *f)
{
	if ((f->trouble_count & (f->trouble_count - 1)) == 0)
		log_info("output", "writing %s again, %llu lines were dropped", f->path,
			(unsigned long long)f->refused);
	f->trouble = 0;
}

void
line_file_flush(struct line_file *f)
{
	if (f->fd < 0)
		return;
	while (f->length > f->skip) {
		ssize_t n = write(f->fd, f->buffer + f->skip, f->length - f->skip);

		if (n > 0) {
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
room_make(struct line_file *f, size_t needed)
{
	if (f->length + needed <= LINE_FILE_BUFFER)
		return true;
	if (f->trouble == 0 || f->refused % RETRY_EVERY == RETRY_EVERY - 1)
		line_file_flush(f);
	return f->length + needed <= LINE_FILE_BUFFER;
}

bool
line_file_write(struct line_file *f, const char *line, size_t length)
{
	if (f->buffer == NULL || f->fd < 0)
		return false;
	if (length >= LINE_FILE_BUFFER || !room_make(f, length + 1)) {
		f->refused++;
		f->lost = f->lost != 0 ? f->lost : f->trouble != 0 ? f->trouble : EMSGSIZE;
		return false;
	}
	memcpy(f->buffer + f->length, line, length);
	f->buffer[f->length + length] = '\n';
	f->length += length + 1;
	return true;
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

void
line_file_reopen(struct line_file *f, const char *header)
{
	if (f->path == NULL || f->buffer == NULL)
		return;
	if (f->fd >= 0) {
		line_file_flush(f);
		half_line_cut(f);
		(void)close(f->fd);
	}
	(void)file_open(f, header);
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
		half_line_cut(f);
		if (close(f->fd) < 0 && result == 0)
			result = -errno;
		if (result != 0)
			log_err("output", "%s is not complete: %s", f->path, strerror(-result));
		else if (f->lost != 0)
			result = -f->lost;
	}
	free(f->buffer);
	free(f->path);
	*f = (struct line_file){ .fd = -1 };
	return result;
}
