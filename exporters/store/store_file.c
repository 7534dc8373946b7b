/*
 * What a store is can be told from its first hundred bytes, without opening it: the application's number and
 * the version of its tables are of the transaction that made it, which was written before there was a log.
 */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): F_OFD_SETLK */

#include "exporters/store/store_file.h"

#include "daemon/base/cursor.h"
#include "daemon/base/log.h"
#include "exporters/disk_file.h"
#include "exporters/exporter.h"
#include "exporters/run_reads.h"
#include "exporters/store/store_schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * One writer a store: the budget of each would take the other's rows. The lock is the descriptor's, for SQLite gives up
 * all that a process has; it lies behind the bytes that SQLite locks, ends with its process, goes with a file that is
 * moved, and no reader asks for it. It is as long as the number of its process: that tells the second who is first.
 */
enum { LOCK_AT = 0x41000000 };

enum { HEADER_BYTES = 100, HEADER_VERSION_AT = 60 };

static const char header_magic[] = "SQLite format 3";

static int
refuse(const struct store *s, int error, const char *why)
{
	log_err("store", "%s %s: nothing is written to it; move it away or set store.path", s->path,
		why);
	return error;
}

static int
header_judge(const struct store *s, const unsigned char *header, ssize_t length)
{
	struct cursor c = cursor_over(header, HEADER_BYTES);

	if (length == 0)
		return 0;
	(void)cursor_take(&c, HEADER_VERSION_AT);
	uint32_t version = cursor_be32(&c);
	(void)cursor_be32(&c); /* of SQLite's vacuum */
	uint32_t application = cursor_be32(&c);
	if (length < HEADER_BYTES || memcmp(header, header_magic, sizeof(header_magic)) != 0 ||
		application != STORE_APPLICATION_ID)
		return refuse(s, -EEXIST, "is no store of naiad");
	if (!s->live)
		return 0;
	if (version == STORE_VERSION)
		return 0;
	char why[96];
	(void)snprintf(why, sizeof(why),
		"has tables of version %u and this naiad, which is %s, writes version %d", version,
		version > STORE_VERSION ? "older" : "newer", STORE_VERSION);
	return refuse(s, -EPROTO, why);
}

static struct flock
lock_of_ours(void)
{
	return (struct flock){
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCK_AT, .l_len = getpid()
	};
}

/* returns 0, or -EBUSY when another process has it, which is told */
static int
lock_look(const struct store *s, int fd)
{
	struct flock lock = lock_of_ours();

	if (fcntl(fd, F_OFD_GETLK, &lock) < 0 || lock.l_type == F_UNLCK)
		return 0;
	log_err("store",
		"%s is written by process %lld, and by one at a time: nothing is written to it; let that one end, or set another store.path",
		s->path, (long long)lock.l_len);
	return -EBUSY;
}

/* Where a file system has no locks nobody can be kept out. */
static int
lock_take(struct store *s, int fd)
{
	struct flock lock = lock_of_ours();
	int result = fcntl(fd, F_OFD_SETLK, &lock) == 0 ? 0 : lock_look(s, fd);

	s->is_locked = result == 0;
	s->lock_fd = fd;
	if (result < 0)
		(void)close(fd);
	return result;
}

void
store_file_leave(struct store *s)
{
	if (s->is_locked)
		(void)close(s->lock_fd);
	s->is_locked = false;
}

/* May what is at the path be written to, or, over files, be replaced? */
static int
look(const struct store *s, const struct run_info *run)
{
	unsigned char header[HEADER_BYTES] = { 0 };

	if (run_reads(run, s->path))
		return refuse(s, -EEXIST, "is one of the inputs");
	int fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR
			       ? 0
			       : refuse(s, -errno,
					 errno == ELOOP ? "is a symbolic link" : strerror(errno));
	struct stat status;
	ssize_t length = fstat(fd, &status);
	bool is_regular = length == 0 && S_ISREG(status.st_mode);
	if (is_regular)
		length = read(fd, header, sizeof(header));
	int error = errno;
	int locked = is_regular ? lock_look(s, fd) : 0;
	(void)close(fd);
	if (locked < 0)
		return locked;
	if (length < 0)
		return refuse(s, -error, strerror(error));
	/* A device has nothing to read and would be taken for a file that is to be filled. */
	return is_regular ? header_judge(s, header, length)
			  : refuse(s, -EINVAL, "is no regular file");
}

/* A reader keeps what it has open; a log that was left would be taken for the new file's. */
static void
clear_away(const struct store *s)
{
	static const char *const tails[] = { "", "-journal", "-wal", "-shm" };
	size_t size = strlen(s->path) + sizeof("-journal");
	char *name = malloc(size);

	for (size_t i = 0; name != NULL && i < sizeof(tails) / sizeof(tails[0]); i++) {
		(void)snprintf(name, size, "%s%s", s->path, tails[i]);
		(void)unlink(name);
	}
	free(name);
}

/* Made here and not by SQLite: with our mode, and after the checks of a path that others may lay traps on. */
int
store_file_make(struct store *s, const struct run_info *run)
{
	const char *cause = "";
	uint64_t size = 0;
	int fd = -1;
	int result = look(s, run);

	if (result < 0)
		return result;
	if (!s->live)
		clear_away(s);
	result = disk_file_open(s->path, s->live, &fd, &size, &cause);
	if (result < 0) {
		log_err("store", "cannot open %s for writing: %s", s->path, cause);
		return result;
	}
	return lock_take(s, fd);
}

bool
store_file_has_moved(const struct store *s)
{
	int moved = 0;

	return sqlite3_file_control(s->statements.db, NULL, SQLITE_FCNTL_HAS_MOVED, &moved) ==
		       SQLITE_OK &&
	       moved != 0;
}
