#include "exporters/spool_segment.h"

#include "daemon/base/cursor.h"
#include "exporters/big_endian.h"
#include "exporters/disk_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { VERSION = 1, MAGIC_BYTES = 8, DIGITS = 20 };

static const char magic[] = "naiadspl";
static const char suffix[] = ".spool";

void
spool_segment_name(uint64_t first, char ret_name[SPOOL_NAME_MAX])
{
	(void)snprintf(ret_name, SPOOL_NAME_MAX, "%020llu%s", (unsigned long long)first, suffix);
}

bool
spool_segment_parse(const char *name, uint64_t *ret_first)
{
	char *end = NULL;

	if (strspn(name, "0123456789") != DIGITS || strcmp(name + DIGITS, suffix) != 0)
		return false;
	errno = 0;
	*ret_first = strtoull(name, &end, 10);
	return errno == 0 && *ret_first > 0 && *ret_first < UINT64_MAX / 2;
}

static uint32_t
checksum(uint64_t number, const void *bytes, size_t length)
{
	uint8_t seed[8];

	big_endian_put64(seed, number);
	return (uint32_t)crc32(crc32(0, seed, sizeof(seed)), bytes, (uInt)length);
}

static void
header_make(uint64_t first, uint8_t header[SPOOL_HEADER_BYTES])
{
	memcpy(header, magic, MAGIC_BYTES);
	big_endian_put32(header + MAGIC_BYTES, VERSION);
	big_endian_put64(header + MAGIC_BYTES + 4, first);
	big_endian_put32(header + SPOOL_HEADER_BYTES - 4,
		(uint32_t)crc32(0, header, SPOOL_HEADER_BYTES - 4));
}

static int
pread_all(int fd, void *bytes, size_t length, uint64_t offset)
{
	size_t done = 0;

	while (done < length) {
		ssize_t n = pread(fd, (char *)bytes + done, length - done, (off_t)(offset + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EBADMSG;
		done += (size_t)n;
	}
	return 0;
}

static int
pwrite_all(int fd, const void *bytes, size_t length, uint64_t offset)
{
	size_t done = 0;

	while (done < length) {
		ssize_t n = pwrite(
			fd, (const char *)bytes + done, length - done, (off_t)(offset + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -ENOSPC;
		done += (size_t)n;
	}
	return 0;
}

int
spool_segment_create(int directory, uint64_t first, struct spool_segment *ret_segment)
{
	uint8_t header[SPOOL_HEADER_BYTES];
	char name[SPOOL_NAME_MAX];

	spool_segment_name(first, name);
	int fd = openat(directory, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		DISK_FILE_MODE);
	if (fd < 0)
		return -errno;
	header_make(first, header);
	int result = pwrite_all(fd, header, sizeof(header), 0);
	if (result < 0) {
		(void)close(fd);
		(void)unlinkat(directory, name, 0);
		return result;
	}
	*ret_segment =
		(struct spool_segment){ .fd = fd, .first = first, .bytes = SPOOL_HEADER_BYTES };
	return 0;
}

static int
header_check(int fd, uint64_t first)
{
	uint8_t expected[SPOOL_HEADER_BYTES];
	uint8_t header[SPOOL_HEADER_BYTES];
	struct stat status;

	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode) || status.st_uid != geteuid() || status.st_nlink != 1)
		return -EBADMSG;
	if (status.st_size < SPOOL_HEADER_BYTES)
		return -ENODATA;
	int result = pread_all(fd, header, sizeof(header), 0);
	header_make(first, expected);
	if (result == 0 && memcmp(header, expected, sizeof(header)) != 0)
		result = -EBADMSG;
	return result;
}

/* Count the records up to the first that makes no sense. */
static int
records_count(struct spool_segment *s)
{
	char *bytes = malloc(SPOOL_RECORD_MAX);
	size_t length;

	if (bytes == NULL)
		return -ENOMEM;
	while (spool_segment_read(s, s->bytes, s->first + s->count, bytes, &length) == 0) {
		s->bytes += SPOOL_FRAME_BYTES + length;
		s->count++;
	}
	free(bytes);
	return 0;
}

int
spool_segment_open(int directory, uint64_t first, struct spool_segment *ret_segment)
{
	struct spool_segment s = { .first = first, .bytes = SPOOL_HEADER_BYTES };
	char name[SPOOL_NAME_MAX];

	spool_segment_name(first, name);
	s.fd = openat(directory, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (s.fd < 0) /* what is no file of ours is no segment */
		return errno == ELOOP || errno == EISDIR || errno == ENXIO ? -EBADMSG : -errno;
	int result = header_check(s.fd, first);
	if (result == 0)
		result = records_count(&s);
	if (result < 0) {
		(void)close(s.fd);
		return result;
	}
	*ret_segment = s;
	return 0;
}

uint64_t
spool_segment_tail(const struct spool_segment *s)
{
	struct stat status;

	if (fstat(s->fd, &status) < 0 || (uint64_t)status.st_size < s->bytes)
		return 0;
	return (uint64_t)status.st_size - s->bytes;
}

void
spool_segment_frame(uint64_t number, const char *bytes, size_t length, char *ret_frame)
{
	uint8_t *frame = (uint8_t *)ret_frame;

	big_endian_put32(frame, (uint32_t)length);
	big_endian_put32(frame + 4, checksum(number, bytes, length));
	memcpy(ret_frame + SPOOL_FRAME_BYTES, bytes, length);
}

int
spool_segment_append(struct spool_segment *s, const char *frame, size_t length)
{
	/* What a failed write leaves behind `bytes` is written over by the next. */
	int result = pwrite_all(s->fd, frame, length, s->bytes);

	if (result < 0)
		return result;
	s->bytes += length;
	s->count++;
	return 0;
}

size_t
spool_segment_length(const char frame[SPOOL_FRAME_BYTES])
{
	struct cursor c = cursor_over(frame, SPOOL_FRAME_BYTES);

	return cursor_be32(&c);
}

int
spool_segment_check(
	const char frame[SPOOL_FRAME_BYTES], uint64_t number, const char *bytes, size_t length)
{
	struct cursor c = cursor_over(frame + 4, 4);

	return cursor_be32(&c) == checksum(number, bytes, length) ? 0 : -EBADMSG;
}

int
spool_segment_read(const struct spool_segment *s, uint64_t offset, uint64_t number, char *ret_bytes,
	size_t *ret_length)
{
	char frame[SPOOL_FRAME_BYTES];
	int result = pread_all(s->fd, frame, sizeof(frame), offset);

	if (result < 0)
		return result;
	size_t length = spool_segment_length(frame);
	if (length == 0 || length > SPOOL_RECORD_MAX)
		return -EBADMSG;
	result = pread_all(s->fd, ret_bytes, length, offset + SPOOL_FRAME_BYTES);
	if (result == 0)
		result = spool_segment_check(frame, number, ret_bytes, length);
	if (result == 0)
		*ret_length = length;
	return result;
}

void
spool_segment_close(struct spool_segment *s)
{
	(void)close(s->fd);
	s->fd = -1;
}
