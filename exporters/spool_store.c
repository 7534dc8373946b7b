#include "exporters/spool_store.h"

#include "daemon/base/log.h"
#include "exporters/disk_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES_MAX = 4096 };

static uint64_t
segment_end(const struct spool_segment *g)
{
	return g->first + g->count;
}

static void
set_aside(struct spool_store *s, const char *name)
{
	char bad[SPOOL_NAME_MAX + sizeof(".bad")];

	(void)snprintf(bad, sizeof(bad), "%s.bad", name);
	if (renameat(s->directory, name, s->directory, bad) == 0)
		s->set_aside++;
}

static void
segment_forget(struct spool_store *s, size_t index)
{
	struct spool_segment *g = &s->segments[index];
	char name[SPOOL_NAME_MAX];

	spool_segment_name(g->first, name);
	if (g->damaged)
		set_aside(s, name);
	else
		(void)unlinkat(s->directory, name, 0);
	spool_segment_close(g);
	s->count--;
	memmove(g, g + 1, (s->count - index) * sizeof(*g));
	s->at.first = 0;
}

static void
oldest_drop(struct spool_store *s)
{
	uint64_t end = segment_end(&s->segments[0]);
	uint64_t from = s->segments[0].first;

	if (from <= s->released)
		from = s->released + 1;
	if (end > from) {
		if (s->overrun == 0)
			log_warnx("output", "%s is full, the oldest findings are dropped", s->path);
		s->overrun += end - from;
	}
	segment_forget(s, 0);
}

static int
by_number(const void *a, const void *b)
{
	const uint64_t *first = a;
	const uint64_t *second = b;

	return (*first > *second) - (*first < *second);
}

/* The numbers of all segments, in order; the caller frees them. returns how many, or -errno */
static int
segments_list(const struct spool_store *s, uint64_t **ret_numbers)
{
	int fd = openat(s->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	uint64_t *numbers = calloc(NAMES_MAX, sizeof(*numbers));
	int count = 0;

	if (dir == NULL || numbers == NULL) {
		int e = errno;

		free(numbers);
		if (dir != NULL)
			(void)closedir(dir);
		else if (fd >= 0)
			(void)close(fd);
		return -e;
	}
	for (const struct dirent *entry; (entry = readdir(dir)) != NULL && count < NAMES_MAX;)
		if (spool_segment_parse(entry->d_name, &numbers[count]))
			count++;
	(void)closedir(dir);
	qsort(numbers, (size_t)count, sizeof(*numbers), by_number);
	*ret_numbers = numbers;
	return count;
}

/* A crash tears one record off at most; what is more than that is damage, and worth a look. */
static void
tail_mend(struct spool_store *s, struct spool_segment *g, bool last)
{
	uint64_t tail = spool_segment_tail(g);

	if (tail == 0)
		return;
	if (last && tail <= SPOOL_RECORD_MAX + SPOOL_FRAME_BYTES &&
		ftruncate(g->fd, (off_t)g->bytes) == 0) {
		log_info("output", "cut %llu bytes of an unfinished record off %s",
			(unsigned long long)tail, s->path);
		return;
	}
	g->damaged = true;
	s->fresh = true;
	log_warnx("output",
		"%llu bytes in %s/%020llu.spool make no sense, it is set aside when the records "
		"before them are sent",
		(unsigned long long)tail, s->path, (unsigned long long)g->first);
}

static int
segment_take(struct spool_store *s, uint64_t first, bool last)
{
	struct spool_segment g;
	char name[SPOOL_NAME_MAX];
	int result = spool_segment_open(s->directory, first, &g);

	if (result == -ENODATA) { /* a crash while it was made */
		spool_segment_name(first, name);
		(void)unlinkat(s->directory, name, 0);
		return 0;
	}
	if (result == -EBADMSG || (result == 0 && first < s->next)) {
		spool_segment_name(first, name);
		log_warnx("output", "%s/%s is no part of this spool, set aside as %s.bad", s->path,
			name, name);
		set_aside(s, name);
		if (result == 0)
			spool_segment_close(&g);
		return 0;
	}
	if (result < 0)
		return result;
	if (s->count == SPOOL_SEGMENTS_MAX)
		oldest_drop(s);
	tail_mend(s, &g, last);
	s->segments[s->count++] = g;
	s->next = segment_end(&g);
	return 0;
}

static int
segments_take(struct spool_store *s)
{
	uint64_t *numbers = NULL;
	int count = segments_list(s, &numbers);

	if (count < 0)
		return count;
	int result = 0;
	for (int i = 0; result == 0 && numbers != NULL && i < count; i++)
		result = segment_take(s, numbers[i], i == count - 1);
	free(numbers);
	return result;
}

static int
directory_open(struct spool_store *s)
{
	struct stat status;

	disk_file_directories(s->path);
	if (mkdir(s->path, DISK_DIRECTORY_MODE) < 0 && errno != EEXIST)
		return -errno;
	s->directory = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (s->directory < 0 || fstat(s->directory, &status) < 0)
		return -errno;
	return status.st_uid == geteuid() && (status.st_mode & S_IWOTH) == 0 ? 0 : -EPERM;
}

int
spool_store_open(struct spool_store *s, const char *path, uint64_t cap_bytes)
{
	*s = (struct spool_store){ .directory = -1, .next = 1 };
	s->segment_bytes = cap_bytes / SPOOL_SEGMENTS_MAX;
	s->path = strdup(path);
	if (s->path == NULL)
		return -ENOMEM;
	int result = directory_open(s);
	return result < 0 ? result : segments_take(s);
}

/* Have a last segment with room for a frame. A segment takes one record, however long. */
static int
segment_ready(struct spool_store *s, uint64_t number, size_t length)
{
	if (s->count > 0 && !s->fresh && number == s->next) {
		const struct spool_segment *g = &s->segments[s->count - 1];

		if (g->count == 0 || g->bytes + length <= s->segment_bytes)
			return 0;
	}
	int result = spool_store_sync(s); /* nobody comes back to the one before */
	if (result < 0)
		return result;
	if (s->count == SPOOL_SEGMENTS_MAX)
		oldest_drop(s);
	result = spool_segment_create(s->directory, number, &s->segments[s->count]);
	if (result < 0)
		return result;
	s->count++;
	s->next = number;
	s->fresh = false;
	return 0;
}

int
spool_store_append(struct spool_store *s, uint64_t number, const char *frame, size_t length)
{
	int result = segment_ready(s, number, length);

	if (result == 0)
		result = spool_segment_append(&s->segments[s->count - 1], frame, length);
	if (result < 0)
		return result;
	s->next++;
	s->unsynced = true;
	return 0;
}

/* Where the record begins; 0 when what is before it cannot be walked. */
static uint64_t
offset_find(struct spool_store *s, const struct spool_segment *g, uint64_t number, char *bytes)
{
	uint64_t offset = SPOOL_HEADER_BYTES;
	size_t length;

	if (s->at.first == g->first && s->at.number == number)
		return s->at.offset;
	for (uint64_t n = g->first; n < number; n++) {
		if (spool_segment_read(g, offset, n, bytes, &length) < 0)
			return 0;
		offset += SPOOL_FRAME_BYTES + length;
	}
	return offset;
}

static bool
segment_read(struct spool_store *s, struct spool_segment *g, uint64_t number, char *ret_bytes,
	size_t *ret_length)
{
	uint64_t offset = offset_find(s, g, number, ret_bytes);

	if (offset == 0 || spool_segment_read(g, offset, number, ret_bytes, ret_length) < 0) {
		if (!g->damaged)
			log_warnx("output", "%s/%020llu.spool is damaged, %llu findings are lost",
				s->path, (unsigned long long)g->first,
				(unsigned long long)(segment_end(g) - number));
		s->lost += segment_end(g) - number;
		g->count = number - g->first;
		g->damaged = true;
		s->fresh = true; /* places in it do not tell numbers any more */
		return false;
	}
	s->at.first = g->first;
	s->at.number = number + 1;
	s->at.offset = offset + SPOOL_FRAME_BYTES + *ret_length;
	return true;
}

bool
spool_store_read(struct spool_store *s, uint64_t *number, char *ret_bytes, size_t *ret_length)
{
	for (size_t i = 0; i < s->count; i++) {
		struct spool_segment *g = &s->segments[i];
		uint64_t end = segment_end(g);

		if (*number >= end)
			continue;
		if (*number < g->first)
			*number = g->first;
		if (segment_read(s, g, *number, ret_bytes, ret_length))
			return true;
		*number = end;
	}
	return false;
}

void
spool_store_release(struct spool_store *s, uint64_t number)
{
	if (number > s->released)
		s->released = number;
	while (s->count > 1 && segment_end(&s->segments[0]) <= s->released + 1)
		segment_forget(s, 0);
}

int
spool_store_sync(struct spool_store *s)
{
	if (!s->unsynced)
		return 0;
	s->unsynced = false;
	return fdatasync(s->segments[s->count - 1].fd) < 0 ? -errno : 0;
}

void
spool_store_held(const struct spool_store *s, uint64_t *ret_records, uint64_t *ret_bytes)
{
	uint64_t records = 0;
	uint64_t bytes = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct spool_segment *g = &s->segments[i];

		if (segment_end(g) <= s->released + 1)
			continue;
		records += segment_end(g) - (g->first > s->released ? g->first : s->released + 1);
		bytes += g->bytes;
	}
	*ret_records = records;
	*ret_bytes = bytes;
}

void
spool_store_close(struct spool_store *s)
{
	(void)spool_store_sync(s);
	for (size_t i = 0; i < s->count; i++)
		spool_segment_close(&s->segments[i]);
	if (s->path != NULL && s->directory >= 0)
		(void)close(s->directory);
	free(s->path);
	*s = (struct spool_store){ .directory = -1 };
}
