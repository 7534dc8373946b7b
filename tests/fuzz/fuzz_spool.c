/*
 * fuzz_spool.c -- any bytes as what a disk holds of a spool.
 *
 * Byte 0 says how much of it is made to look sound: 1 the header of the segment, 2 the checksums of its
 * records too. Whatever was found, records come in order and within bounds, one that is appended is the
 * last that is read, and after a restart it still is.
 */
#include "daemon/base/log.h"
#include "exporters/big_endian.h"
#include "exporters/spool.h"
#include "exporters/spool_segment.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/scratch.h"

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>
#include <zlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { FILE_MAX = 1 << 16, CAP = 1 << 18, FIRST = 1 };

static const char told[] = "a record of our own";

static void
make_sound(uint8_t *file, size_t len, bool records)
{
	uint64_t number = FIRST;

	if (len < SPOOL_HEADER_BYTES)
		return;
	memcpy(file, "naiadspl", 8);
	big_endian_put32(file + 8, 1);
	big_endian_put64(file + 12, FIRST);
	big_endian_put32(file + 20, (uint32_t)crc32(0, file, 20));
	for (size_t at = SPOOL_HEADER_BYTES; records && len - at >= SPOOL_FRAME_BYTES;) {
		size_t size = (size_t)file[at + 2] << 8 | file[at + 3];
		file[at] = file[at + 1] = 0;
		if (size == 0 || size > len - at - SPOOL_FRAME_BYTES)
			return;
		char framed[SPOOL_FRAME_BYTES + (1 << 16)];
		spool_segment_frame(
			number++, (const char *)file + at + SPOOL_FRAME_BYTES, size, framed);
		memcpy(file + at, framed, SPOOL_FRAME_BYTES);
		at += SPOOL_FRAME_BYTES + size;
	}
}

static void
empty(const char *path)
{
	DIR *dir = opendir(path);

	for (const struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
		if (e->d_name[0] != '.')
			(void)unlinkat(dirfd(dir), e->d_name, 0);
	if (dir != NULL)
		(void)closedir(dir);
}

/* Read all there is. returns how many; `last` is what the last one says */
static size_t
read_all(struct spool *s, char *last, size_t *last_length)
{
	static char record[SPOOL_RECORD_MAX];
	uint64_t number = 1;
	uint64_t before = 0;
	size_t length = 0;
	size_t count = 0;

	for (; spool_read(s, &number, record, &length); number++) {
		assert(number > before && number < spool_next(s));
		assert(length > 0 && length <= SPOOL_RECORD_MAX);
		before = number;
		memcpy(last, record, length);
		*last_length = length;
		count++;
	}
	return count;
}

static void
check_last(struct spool *s, size_t least)
{
	static char last[SPOOL_RECORD_MAX];
	size_t length = 0;
	size_t count = read_all(s, last, &length);

	assert(count >= least && count > 0);
	assert(length == sizeof(told) && memcmp(last, told, length) == 0);
}

static void
run(const char *path, uint32_t seed)
{
	static char last[SPOOL_RECORD_MAX];
	struct spool *s = NULL;
	size_t length = 0;

	failing_alloc_begin(seed);
	int opened = spool_open(path, CAP, &s);
	(void)failing_alloc_end();
	assert((opened == 0) == (s != NULL) && (opened == 0 || seed != 0));
	if (opened != 0)
		return;
	size_t count = read_all(s, last, &length);
	assert(spool_append(s, told, sizeof(told)) == 0);
	check_last(s, 1);
	assert(spool_close(s) == 0);
	assert(spool_open(path, CAP, &s) == 0);
	check_last(s, count > 0 ? 1 : 0);
	spool_release(s, spool_next(s) - 1);
	assert(spool_counts(s).records == 0);
	assert(spool_close(s) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct scratch *scratch;
	static uint8_t file[FILE_MAX];
	char name[SPOOL_NAME_MAX];
	char path[256];
	uint32_t seed = failing_alloc_seed(bytes, len);

	if (scratch == NULL) {
		scratch = scratch_in(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
		assert(scratch != NULL);
	}
	if (len == 0 || len > FILE_MAX)
		return 0;
	log_level_set(LOG_LEVEL_ERR);
	memcpy(file, bytes + 1, len - 1);
	if (bytes[0] % 3 != 0)
		make_sound(file, len - 1, bytes[0] % 3 == 2);
	empty(scratch->directory);
	spool_segment_name(FIRST, name);
	(void)snprintf(path, sizeof(path), "%s/%s", scratch->directory, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	assert(fd >= 0 && write(fd, file, len - 1) == (ssize_t)(len - 1));
	(void)close(fd);
	run(scratch->directory, seed);
	return 0;
}
