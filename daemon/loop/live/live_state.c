/*
 * live_state.c -- what survives a restart: taken up before the first packet, saved every minute.
 *
 * The process that reads packets has no path that it can write to: the bytes go to the writer, after
 * the records that they know of. So what the state says was told, was told. The time between the two
 * runs is a gap on every interface.
 */
#include "daemon/base/blob.h"
#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "daemon/engine/engine_save.h"
#include "daemon/loop/input_positions.h"
#include "daemon/loop/live/live.h"
#include "daemon/loop/now.h"
#include "daemon/loop/state_file.h"
#include "daemon/loop/writer/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { LOCK_MS = 5000, LOCK_STEP_MS = 20 };

static int
directory_open(const struct live *l)
{
	if (l->info.state_dir == NULL)
		return -1;
	return open(l->info.state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* A descriptor that is never closed: the lock goes with the process. */
static int
directory_lock(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	uint64_t until_ns = now_monotonic_ns() + LOCK_MS * (uint64_t)NS_PER_MS;
	bool waited = false;

	if (fd < 0)
		return -errno;
	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			break; /* a file system without locks: nobody can be kept out */
		if (now_monotonic_ns() >= until_ns)
			return -EBUSY;
		waited = true;
		(void)poll(NULL, 0, LOCK_STEP_MS);
	}
	if (waited)
		log_info("state", "waited for the writer of the last run to be done");
	return 0;
}

int
live_state_lock(const struct live *l)
{
	const char *path = l->info.state_dir != NULL ? l->info.state_dir : l->info.output_dir;
	int result = directory_lock(path);

	if (result == -EBUSY)
		log_err("state",
			"another sensor works with %s: stop it, or give each its own service.state",
			path);
	else if (result != 0)
		log_err("state",
			"cannot open %s: %s; name a directory that you may write, with service.state",
			path, strerror(-result));
	return result;
}

static void
say_restored(const struct engine_restored *r)
{
	if (r->sections_refused > 0 || r->sections_unknown > 0)
		log_warnx("state",
			"%" PRIu32 " parts of the state make no sense and %" PRIu32
			" are of another version: going on without them",
			r->sections_refused, r->sections_unknown);
	log_info("state",
		"going on from the last run: %" PRIu32 " windows still open, %" PRIu32 " names",
		r->windows, r->names);
}

/* Between the runs nobody listened. */
static void
tell_stopped(const struct live *l, uint64_t from_ns, uint64_t to_ns)
{
	for (size_t i = 0; from_ns < to_ns && i < capture_set_count(l->captures); i++) {
		const struct record_capture_gap gap = {
			.interface = capture_set_name(l->captures, i),
			.from_ns = from_ns,
			.to_ns = to_ns,
			.reason = "stopped",
		};

		l->sink.write(l->sink.context,
			&(struct record){
				.kind = RECORD_CAPTURE_GAP, .ts_ns = to_ns, .capture_gap = &gap });
	}
}

void
live_state_restore(struct live *l)
{
	struct engine_restored restored = { 0 };
	struct state_file file = { 0 };
	uint64_t now_ns = now_wall_ns();
	int directory = directory_open(l);

	if (directory >= 0 && state_file_read(directory, l->info.sensor, &file)) {
		engine_restore(l->engine, file.payload, file.size, now_ns, &restored);
		say_restored(&restored);
		tell_stopped(l, file.saved_ns, now_ns);
	} else {
		/* Ids never repeat those of an earlier run, even of one that left nothing. */
		engine_restore(l->engine, NULL, 0, now_ns, &restored);
	}
	state_file_done(&file);
	if (directory >= 0)
		(void)close(directory);
}

static void
hand_over(struct live *l, const struct blob *b, const struct engine_saved *saved)
{
	if (saved->windows_left_out > 0 || saved->names_left_out > 0)
		log_warnx("state",
			"no room in the state for %" PRIu32 " windows and %" PRIu32 " names",
			saved->windows_left_out, saved->names_left_out);
	(void)writer_save(l->writer, b->bytes, b->length);
}

void
live_state_save(struct live *l)
{
	struct blob b = blob_over(l->state, LIVE_STATE_BYTES);
	struct engine_saved saved = { 0 };

	if (l->info.state_dir == NULL || writer_is_saving(l->writer))
		return;
	engine_save(l->engine, &b, &saved);
	hand_over(l, &b, &saved);
}

void
live_state_finish(struct live *l, const struct record_loss *lost, size_t lost_count)
{
	struct blob b = blob_over(l->state, LIVE_STATE_BYTES);
	struct engine_saved saved = { 0 };

	if (l->info.state_dir == NULL || !writer_settle(l->writer)) {
		engine_finish(l->engine, lost, lost_count);
		return;
	}
	engine_finish_saving(l->engine, lost, lost_count, &b, &saved);
	hand_over(l, &b, &saved);
}

/* A directory that is gone for a day is said once, and once when it is back. */
static void
say_written(struct live *l, int result)
{
	if (result != 0 && l->state_error == 0) {
		errno = -result;
		log_warn("state", "cannot write the state to %s, trying again every minute",
			l->info.state_dir);
	} else if (result == 0 && l->state_error != 0) {
		log_info("state", "the state is written to %s again", l->info.state_dir);
	}
	l->state_error = result;
}

void
live_state_note(const struct live *l, const void *bytes, size_t length)
{
	int directory = directory_open(l);
	int result = directory < 0 ? -errno : 0;

	if (directory >= 0) {
		result = input_positions_write(directory, bytes, length);
		(void)close(directory);
	}
	/* Once a minute the state says as much. */
	if (result != 0)
		log_debug("state", "cannot write how far the inputs were read: %s",
			strerror(-result));
}

size_t
live_state_positions(const struct live *l, struct input_position *ret)
{
	int directory = directory_open(l);
	size_t count = directory >= 0 ? input_positions_read(directory, ret) : 0;

	if (directory >= 0)
		(void)close(directory);
	return count;
}

int
live_state_write(struct live *l, const void *bytes, size_t length)
{
	int directory = directory_open(l);
	int result = directory < 0 ? -errno : 0;

	if (directory >= 0) {
		result = state_file_write(directory, l->info.sensor, now_wall_ns(), bytes, length);
		(void)close(directory);
	}
	say_written(l, result);
	return result;
}
