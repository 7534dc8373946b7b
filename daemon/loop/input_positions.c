#include "daemon/loop/input_positions.h"

#include "daemon/base/cursor.h"
#include "daemon/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum {
	MAGIC_BYTES = 8,
	POSITION_BYTES = 4 * 8 + 4,
	FILE_MODE = 0640,
	SIZE_MAX_BYTES = MAGIC_BYTES + 4 + INPUT_POSITIONS_MAX * POSITION_BYTES + 4,
};

static const char magic[MAGIC_BYTES] = { 'N', 'A', 'I', 'A', 'D', 'I', 'N', '1' };
static const char name[] = "inputs";

/* Against what was cut off, not against who may write here. */
static uint32_t
sum_of(const void *bytes, size_t size)
{
	return (uint32_t)crc32(0, bytes, (uInt)size);
}

void
input_positions_pack(struct blob *b, const struct input_position *positions, size_t count)
{
	size_t begin = b->length;

	if (count > INPUT_POSITIONS_MAX)
		count = INPUT_POSITIONS_MAX;
	blob_bytes(b, magic, sizeof(magic));
	blob_u32(b, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		blob_u64(b, positions[i].device);
		blob_u64(b, positions[i].inode);
		blob_u64(b, positions[i].offset);
		blob_u64(b, positions[i].line);
		blob_u32(b, positions[i].head);
	}
	if (!b->overflow)
		blob_u32(b, sum_of(b->bytes + begin, b->length - begin));
}

int
input_positions_unpack(
	const void *bytes, size_t size, struct input_position ret[INPUT_POSITIONS_MAX])
{
	struct cursor c = cursor_over(bytes, size);
	const uint8_t *found = cursor_take(&c, sizeof(magic));
	uint32_t count = cursor_le32(&c);

	if (c.short_read || memcmp(found, magic, sizeof(magic)) != 0 ||
		count > INPUT_POSITIONS_MAX ||
		cursor_left(&c) < (size_t)count * POSITION_BYTES + sizeof(uint32_t))
		return -EBADMSG;
	for (uint32_t i = 0; i < count; i++) {
		ret[i].device = cursor_le64(&c);
		ret[i].inode = cursor_le64(&c);
		ret[i].offset = cursor_le64(&c);
		ret[i].line = cursor_le64(&c);
		ret[i].head = cursor_le32(&c);
	}
	size_t summed = (size_t)(c.at - (const uint8_t *)bytes);
	/* What follows is of a longer list that was there before. */
	return cursor_le32(&c) == sum_of(bytes, summed) ? (int)count : -EBADMSG;
}

int
input_positions_write(int directory, const void *bytes, size_t size)
{
	int fd = openat(directory, name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
		FILE_MODE);

	if (fd < 0)
		return -errno;
	ssize_t n = pwrite(fd, bytes, size, 0);
	int error = n == (ssize_t)size ? 0 : n < 0 ? -errno : -ENOSPC;
	(void)close(fd);
	return error;
}

size_t
input_positions_read(int directory, struct input_position ret[INPUT_POSITIONS_MAX])
{
	uint8_t bytes[SIZE_MAX_BYTES];
	int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return 0;
	ssize_t n = pread(fd, bytes, sizeof(bytes), 0);
	(void)close(fd);
	int count = n > 0 ? input_positions_unpack(bytes, (size_t)n, ret) : -EBADMSG;
	if (count >= 0)
		return (size_t)count;
	log_warnx("state",
		"how far the inputs were read makes no sense: they are read from their beginnings");
	return 0;
}
