#include "exporters/spool.h"

#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "exporters/spool_store.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { WAITING_BYTES = 64 * 1024, RETRY_MS = 1000 };

struct spool {
	struct spool_store store;
	char *waiting; /* framed records that are not in the store yet */
	size_t capacity, length;
	uint64_t waiting_records;
	uint64_t next;
	uint64_t refused;
	int trouble;
	uint64_t synced_ns, tried_ns;
};

/* Number of the first record that is not in the store. */
static uint64_t
waiting_first(const struct spool *s)
{
	return s->next - s->waiting_records;
}

int
spool_open(const char *path, uint64_t cap_bytes, struct spool **ret_spool)
{
	struct spool *s = calloc(1, sizeof(*s));
	int result = -ENOMEM;

	if (s == NULL)
		return -ENOMEM;
	s->capacity = WAITING_BYTES;
	s->waiting = malloc(s->capacity);
	if (s->waiting != NULL)
		result = spool_store_open(&s->store, path, cap_bytes);
	if (result < 0) {
		errno = -result;
		log_warn("output",
			"cannot keep findings in %s, not starting; it has to be a directory that "
			"only this user can write",
			path);
		(void)spool_close(s);
		return result;
	}
	s->next = s->store.next;
	*ret_spool = s;
	return 0;
}

int
spool_directory(const struct spool *s)
{
	return s->store.directory;
}

static void
trouble_begins(struct spool *s, int error)
{
	if (s->trouble == 0) {
		errno = -error;
		log_warn("output", "cannot write to %s, keeping up to %d KiB of findings in memory",
			s->store.path, SPOOL_WAITING_MAX / 1024);
	}
	s->trouble = error;
}

static void
trouble_ends(struct spool *s)
{
	if (s->trouble == 0)
		return;
	log_info("output", "writing to %s again, %llu findings were dropped", s->store.path,
		(unsigned long long)s->refused);
	s->trouble = 0;
	char *less = realloc(s->waiting, WAITING_BYTES);
	s->waiting = less != NULL ? less : s->waiting;
	s->capacity = WAITING_BYTES;
}

static void
waiting_write(struct spool *s)
{
	size_t done = 0;
	int result = 0;

	while (done < s->length) {
		const char *frame = s->waiting + done;
		size_t length = SPOOL_FRAME_BYTES + spool_segment_length(frame);

		result = spool_store_append(&s->store, waiting_first(s), frame, length);
		if (result < 0)
			break;
		s->waiting_records--;
		done += length;
	}
	s->length -= done;
	memmove(s->waiting, s->waiting + done, s->length);
	if (result < 0)
		trouble_begins(s, result);
	else
		trouble_ends(s);
}

static bool
waiting_room(struct spool *s, size_t needed)
{
	size_t capacity = s->capacity;

	if (s->length + needed <= capacity)
		return true;
	while (capacity < s->length + needed && capacity < SPOOL_WAITING_MAX)
		capacity *= 2;
	if (capacity < s->length + needed)
		return false;
	char *more = realloc(s->waiting, capacity);
	if (more == NULL)
		return false;
	s->waiting = more;
	s->capacity = capacity;
	return true;
}

int
spool_append(struct spool *s, const char *bytes, size_t length)
{
	if (length == 0 || length > SPOOL_RECORD_MAX)
		return -EMSGSIZE;
	if (!waiting_room(s, SPOOL_FRAME_BYTES + length)) {
		s->refused++;
		return -ENOBUFS;
	}
	spool_segment_frame(s->next, bytes, length, s->waiting + s->length);
	s->length += SPOOL_FRAME_BYTES + length;
	s->waiting_records++;
	s->next++;
	if (s->trouble == 0)
		waiting_write(s);
	return 0;
}

uint64_t
spool_next(const struct spool *s)
{
	return s->next;
}

void
spool_next_at_least(struct spool *s, uint64_t number)
{
	assert(s->waiting_records == 0); /* at the start only */
	if (number > s->next)
		s->next = number;
}

static bool
waiting_read(struct spool *s, uint64_t *number, char *ret_bytes, size_t *ret_length)
{
	const char *frame = s->waiting;

	if (*number >= s->next)
		return false;
	if (*number < waiting_first(s))
		*number = waiting_first(s);
	for (uint64_t n = waiting_first(s); n < *number; n++)
		frame += SPOOL_FRAME_BYTES + spool_segment_length(frame);
	*ret_length = spool_segment_length(frame);
	memcpy(ret_bytes, frame + SPOOL_FRAME_BYTES, *ret_length);
	return true;
}

bool
spool_read(struct spool *s, uint64_t *number, char *ret_bytes, size_t *ret_length)
{
	return spool_store_read(&s->store, number, ret_bytes, ret_length) ||
	       waiting_read(s, number, ret_bytes, ret_length);
}

void
spool_release(struct spool *s, uint64_t number)
{
	spool_store_release(&s->store, number);
}

void
spool_tick(struct spool *s, uint64_t now_ns)
{
	if (s->trouble != 0 && now_ns - s->tried_ns >= RETRY_MS * (uint64_t)NS_PER_MS) {
		s->tried_ns = now_ns;
		waiting_write(s);
	}
	if (s->store.unsynced && now_ns - s->synced_ns >= SPOOL_SYNC_MS * (uint64_t)NS_PER_MS) {
		int result = spool_store_sync(&s->store);

		s->synced_ns = now_ns;
		if (result < 0)
			trouble_begins(s, result);
	}
}

struct spool_counts
spool_counts(const struct spool *s)
{
	struct spool_counts c = {
		.overrun = s->store.overrun,
		.refused = s->refused,
		.lost = s->store.lost,
		.set_aside = s->store.set_aside,
	};

	spool_store_held(&s->store, &c.records, &c.bytes);
	c.records += s->waiting_records;
	c.bytes += s->length;
	return c;
}

int
spool_close(struct spool *s)
{
	int result = 0;

	if (s == NULL)
		return 0;
	if (s->length > 0)
		waiting_write(s);
	if (s->length > 0) {
		result = s->trouble;
		log_err("output", "%llu findings could not be written to %s and are lost: %s",
			(unsigned long long)s->waiting_records, s->store.path, strerror(-result));
	}
	spool_store_close(&s->store);
	free(s->waiting);
	free(s);
	return result;
}
