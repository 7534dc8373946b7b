/*
 * state_file.c -- the file in which a sensor leaves its state to the next run.
 *
 * Eight bytes of magic, the format, when it was saved, the sensor, the length of the payload, the
 * payload, and a SHA-256 over all of it. The format says what the container looks like; sections of
 * the payload have versions of their own. This version reads its own format and the one before it,
 * of which there is none yet.
 *
 * Written beside and renamed over, so that a reader finds the old one or the new one. The sum is
 * against disks that lie and writers that were cut off, not against somebody who may write here:
 * what a payload says is checked by who restores it.
 */
#include "daemon/loop/state_file.h"

#include "daemon/base/blob.h"
#include "daemon/base/cursor.h"
#include "daemon/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FORMAT = 1,
	FORMAT_OLDEST = 1, /* that is read */
	FILE_MODE = 0640,
	MAGIC_BYTES = 8,
	DIGEST_BYTES = 32,
	HEADER_MAX = 256,
};

static const char magic[MAGIC_BYTES] = { 'N', 'A', 'I', 'A', 'D', 'S', 'T', '\n' };

static const char name[] = "state";
static const char name_new[] = "state.new";
static const char name_bad[] = "state.bad";

/* Over two pieces that follow each other. returns false when libcrypto has no memory */
static bool
digest_of(const void *head, size_t head_size, const void *rest, size_t rest_size,
	uint8_t ret_digest[DIGEST_BYTES])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool ok = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
		  EVP_DigestUpdate(context, head, head_size) == 1 &&
		  EVP_DigestUpdate(context, rest, rest_size) == 1 &&
		  EVP_DigestFinal_ex(context, ret_digest, NULL) == 1;

	EVP_MD_CTX_free(context);
	return ok;
}

/* returns 0 or -errno */
static int
write_all(int fd, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	while (size > 0) {
		ssize_t n = write(fd, at, size);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			at += n;
			size -= (size_t)n;
		}
	}
	return 0;
}

/* One that a killed writer left behind is in the way. returns the descriptor, or -errno */
static int
open_new(int directory)
{
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(directory, name_new, flags, FILE_MODE);

	if (fd < 0 && errno == EEXIST && unlinkat(directory, name_new, 0) == 0)
		fd = openat(directory, name_new, flags, FILE_MODE);
	return fd < 0 ? -errno : fd;
}

int
state_file_write(
	int directory, const char *sensor, uint64_t saved_ns, const void *payload, size_t size)
{
	uint8_t memory[HEADER_MAX];
	uint8_t digest[DIGEST_BYTES];
	struct blob header = blob_over(memory, sizeof(memory));

	blob_bytes(&header, magic, sizeof(magic));
	blob_u16(&header, FORMAT);
	blob_u64(&header, saved_ns);
	blob_text(&header, sensor);
	blob_u64(&header, size);
	if (header.overflow || size > STATE_FILE_SIZE_MAX - header.length - DIGEST_BYTES)
		return -EFBIG;
	if (!digest_of(header.bytes, header.length, payload, size, digest))
		return -ENOMEM;

	int fd = open_new(directory);
	if (fd < 0)
		return fd;
	int r = write_all(fd, header.bytes, header.length);
	if (r == 0)
		r = write_all(fd, payload, size);
	if (r == 0)
		r = write_all(fd, digest, sizeof(digest));
	if (r == 0 && fdatasync(fd) != 0)
		r = -errno;
	if (close(fd) != 0 && r == 0)
		r = -errno;
	if (r == 0 && renameat(directory, name_new, directory, name) != 0)
		r = -errno;
	if (r == 0 && fsync(directory) != 0)
		r = -errno;
	if (r != 0)
		(void)unlinkat(directory, name_new, 0);
	return r;
}

/* Say why, in `text`. returns false, for whoever gives up for that reason */
static bool refuse(char text[STATE_FILE_REASON_MAX], const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static bool
refuse(char text[STATE_FILE_REASON_MAX], const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, STATE_FILE_REASON_MAX, fmt, args);
	va_end(args);
	return false;
}

static bool
is_of_sensor(const char *found, const char *sensor, char ret_reason[STATE_FILE_REASON_MAX])
{
	char memory[STATE_FILE_REASON_MAX / 2];
	struct strbuf quoted;

	if (strcmp(found, sensor) == 0)
		return true;
	strbuf_init(&quoted, memory, sizeof(memory));
	log_quote(&quoted, found, strlen(found), 64);
	return refuse(ret_reason, "it is of sensor %s", quoted.text);
}

bool
state_file_check(const void *bytes, size_t size, const char *sensor, struct state_file *ret_file,
	char ret_reason[STATE_FILE_REASON_MAX])
{
	struct cursor c = cursor_over(bytes, size);
	const uint8_t *found_magic = cursor_take(&c, sizeof(magic));
	uint16_t format = cursor_le16(&c);
	uint8_t digest[DIGEST_BYTES];

	if (c.short_read || memcmp(found_magic, magic, sizeof(magic)) != 0)
		return refuse(ret_reason, "it is no state file");
	if (format > FORMAT)
		return refuse(ret_reason, "a later version wrote it (format %u, this one reads %d)",
			format, FORMAT);
	if (format < FORMAT_OLDEST)
		return refuse(ret_reason, "its format %u is too old (this version reads %d)",
			format, FORMAT_OLDEST);
	struct state_file f = { .saved_ns = cursor_le64(&c) };
	const char *found_sensor = cursor_text(&c);
	uint64_t length = cursor_le64(&c);
	if (cursor_left(&c) < DIGEST_BYTES || length != cursor_left(&c) - DIGEST_BYTES)
		return refuse(ret_reason, "it is not whole");
	f.size = (size_t)length;
	f.payload = cursor_take(&c, f.size);
	if (!digest_of(bytes, size - DIGEST_BYTES, NULL, 0, digest))
		return refuse(ret_reason, "there is no memory to check it");
	if (memcmp(cursor_take(&c, DIGEST_BYTES), digest, DIGEST_BYTES) != 0)
		return refuse(ret_reason, "its checksum is wrong");
	if (!is_of_sensor(found_sensor, sensor, ret_reason))
		return false;
	*ret_file = f;
	return true;
}

static bool
read_all(int fd, uint8_t *bytes, size_t size, char ret_reason[STATE_FILE_REASON_MAX])
{
	while (size > 0) {
		ssize_t n = read(fd, bytes, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return refuse(ret_reason, "it cannot be read to its end");
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

static bool
read_file(int fd, const char *sensor, struct state_file *ret_file,
	char ret_reason[STATE_FILE_REASON_MAX])
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return refuse(ret_reason, "it cannot be read (%s)", strerror(errno));
	if (!S_ISREG(status.st_mode))
		return refuse(ret_reason, "it is no regular file");
	if (status.st_size > STATE_FILE_SIZE_MAX)
		return refuse(ret_reason, "it is larger than %d bytes", STATE_FILE_SIZE_MAX);
	size_t size = (size_t)status.st_size;
	uint8_t *memory = malloc(size + 1);
	if (memory == NULL)
		return refuse(ret_reason, "there is no memory to read it");
	if (!read_all(fd, memory, size, ret_reason) ||
		!state_file_check(memory, size, sensor, ret_file, ret_reason)) {
		free(memory);
		return false;
	}
	ret_file->memory = memory;
	return true;
}

static void
set_aside(int directory, const char *reason)
{
	static const char means[] =
		"open windows, what was told in them and names are learned anew";

	if (renameat(directory, name, directory, name_bad) == 0)
		log_warnx("state", "cannot use the state of the last run: %s; it is now %s, %s",
			reason, name_bad, means);
	else
		log_warn("state",
			"cannot use the state of the last run: %s; %s, and the next save replaces "
			"it, because it cannot be renamed to %s",
			reason, means, name_bad);
}

bool
state_file_read(int directory, const char *sensor, struct state_file *ret_file)
{
	char reason[STATE_FILE_REASON_MAX];
	int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool ok = false;

	*ret_file = (struct state_file){ 0 };
	if (fd < 0 && errno == ENOENT)
		return false;
	if (fd < 0)
		(void)refuse(reason, "it cannot be opened (%s)", strerror(errno));
	else
		ok = read_file(fd, sensor, ret_file, reason);
	if (fd >= 0)
		(void)close(fd);
	if (!ok)
		set_aside(directory, reason);
	return ok;
}

void
state_file_done(struct state_file *f)
{
	free(f->memory);
	*f = (struct state_file){ 0 };
}
