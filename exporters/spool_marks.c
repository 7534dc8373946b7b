#include "exporters/spool_marks.h"

#include "daemon/base/cursor.h"
#include "exporters/big_endian.h"
#include "exporters/disk_file.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { SLOT_COUNT = 2, SLOT_STRIDE = 512, SLOT_BYTES = 52, MAGIC = 0x6e6d6b31 /* "nmk1" */ };

static bool
slot_read(const uint8_t *slot, struct spool_marks *ret_marks)
{
	struct cursor c = cursor_over(slot, SLOT_BYTES);
	struct spool_marks m = *ret_marks;

	if (cursor_be32(&c) != MAGIC)
		return false;
	m.generation = cursor_be64(&c);
	m.settled = cursor_be64(&c);
	m.delivered = cursor_be64(&c);
	m.attempted = cursor_be64(&c);
	m.peer = cursor_be64(&c);
	(void)cursor_be32(&c); /* unused */
	if (cursor_be32(&c) != (uint32_t)crc32(0, slot, SLOT_BYTES - 4))
		return false;
	if (m.settled > m.delivered || m.delivered > m.attempted || m.attempted >= UINT64_MAX / 2)
		return false;
	*ret_marks = m;
	return true;
}

static int
file_open(int directory)
{
	struct stat status;
	int fd = openat(directory, "marks", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
		DISK_FILE_MODE);

	if (fd >= 0 && (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) ||
			       status.st_uid != geteuid() || status.st_nlink != 1)) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

bool
spool_marks_open(struct spool_marks *m, int directory)
{
	uint8_t file[SLOT_COUNT * SLOT_STRIDE] = { 0 };
	bool found = false;

	*m = (struct spool_marks){ .fd = file_open(directory), .directory = directory };
	if (m->fd < 0)
		return false;
	ssize_t length = pread(m->fd, file, sizeof(file), 0);
	for (int i = 0; i < SLOT_COUNT; i++) {
		struct spool_marks read = *m;

		if (!slot_read(file + (size_t)i * SLOT_STRIDE, &read))
			continue;
		if (!found || read.generation > m->generation)
			*m = read;
		found = true;
	}
	return found || length == 0;
}

void
spool_marks_save(struct spool_marks *m)
{
	uint8_t slot[SLOT_BYTES] = { 0 };

	if (m->fd < 0)
		m->fd = file_open(m->directory);
	if (m->fd < 0)
		return;
	m->generation++;
	big_endian_put32(slot, MAGIC);
	big_endian_put64(slot + 4, m->generation);
	big_endian_put64(slot + 12, m->settled);
	big_endian_put64(slot + 20, m->delivered);
	big_endian_put64(slot + 28, m->attempted);
	big_endian_put64(slot + 36, m->peer);
	big_endian_put32(slot + SLOT_BYTES - 4, (uint32_t)crc32(0, slot, SLOT_BYTES - 4));
	/* A failure costs repeats after a restart, and the next save tries again. */
	if (pwrite(m->fd, slot, sizeof(slot), (off_t)(m->generation % SLOT_COUNT * SLOT_STRIDE)) <
		(ssize_t)sizeof(slot))
		m->generation--;
}

void
spool_marks_close(struct spool_marks *m)
{
	if (m->fd >= 0) {
		(void)fdatasync(m->fd);
		(void)close(m->fd);
	}
	m->fd = -1;
}
