/*
 * What a store is can be told from its first hundred bytes (exporters/store/store_open.c), so what is none is refused
 * before SQLite looks at it.
 */
#include "daemon/base/cursor.h"
#include "viewer/source/source_store_part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	APPLICATION_ID = 0x6e616964, /* these are docs/STORE.md's and SQLite's */
	TABLES_VERSION = 2,
	TABLES_VERSION_FIRST = 1, /* that can be read */
	HEADER_BYTES = 100,
	HEADER_VERSION_AT = 60,
	BUSY_MS = 2000,
	STEPS_BETWEEN_LOOKS = 10000,
	CACHE_KIB = 16 * 1024,
	VALUE_MAX = 16 * 1024 * 1024, /* bytes of one text, and of one row */
	PROFILES_MEMORY_MAX = 64 * 1024 * 1024,
};
#define PATIENCE_NS (UINT64_C(5) * 1000 * 1000 * 1000)

static const char header_magic[] = "SQLite format 3";

static uint64_t
now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 * 1000 * 1000 + (uint64_t)now.tv_nsec;
}

void
source_store_hurry(struct store_state *state)
{
	state->give_up_ns = now_ns() + state->patience_ns;
}

static int
is_late(void *context)
{
	const struct store_state *state = context;

	return now_ns() > state->give_up_ns;
}

/* ---- is it a store? ---- */

static bool
header_judge(struct source *s, const unsigned char *header, ssize_t length)
{
	struct cursor c = cursor_over(header, HEADER_BYTES);

	(void)cursor_take(&c, HEADER_VERSION_AT);
	uint32_t version = cursor_be32(&c);
	(void)cursor_be32(&c); /* of SQLite's vacuum */
	uint32_t application = cursor_be32(&c);

	if (length < HEADER_BYTES || memcmp(header, header_magic, sizeof(header_magic)) != 0 ||
		application != APPLICATION_ID) {
		source_fail(s,
			"%s is no store of naiad: expected naiad.db as \"naiad -r CAPTURE -o DIR\" makes it; name"
			" that file, or DIR",
			s->name);
		return false;
	}
	((struct store_state *)s->state)->version = version;
	if (version >= TABLES_VERSION_FIRST && version <= TABLES_VERSION)
		return true;
	source_fail(s,
		"%s has tables of version %u, and version %d to %d was expected: read it with the naiad that is as %s",
		s->name, version, TABLES_VERSION_FIRST, TABLES_VERSION,
		version > TABLES_VERSION ? "new as it" : "old as it");
	return false;
}

static bool
look(struct source *s)
{
	unsigned char header[HEADER_BYTES] = { 0 };
	struct stat st;
	int fd = open(s->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0 && errno == EACCES) {
		source_fail(s,
			"%s is not for you to read: become root, or a member of the group that it and its directory belong to",
			s->name);
		return false;
	}
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		source_fail(s,
			"%s cannot be read: %s; expected a store (naiad.db), a directory with one, or redis://HOST:PORT",
			s->name, fd < 0 ? strerror(errno) : "it is no file");
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	ssize_t length = read(fd, header, sizeof(header));
	(void)close(fd);
	return header_judge(s, header, length);
}

/* A directory stands for the store in it. */
static bool
find(struct source *s, const char *what)
{
	struct stat st;
	bool is_directory = stat(what, &st) == 0 && S_ISDIR(st.st_mode);
	size_t length = strlen(what);
	const char *between = length > 0 && what[length - 1] == '/' ? "" : "/";
	int size = snprintf(s->name, sizeof(s->name), "%s%s%s", what, is_directory ? between : "",
		is_directory ? "naiad.db" : "");

	if (size < 0 || (size_t)size >= sizeof(s->name)) {
		source_fail(s,
			"%.100s...: the path is longer than %zu bytes; go to its directory and name it from there",
			what, sizeof(s->name) - 1);
		return false;
	}
	if (!is_directory || access(s->name, F_OK) == 0 || errno == EACCES) /* look() says that */
		return true;
	source_fail(s,
		"%s has no naiad.db in it: expected the directory of a run; make one with \"naiad -r CAPTURE -o %s\", or"
		" set store.write to always where naiad listens",
		what, what);
	return false;
}

/* ---- the kind ---- */

static bool
is_mine(const char *what)
{
	(void)what;
	return true; /* whatever nobody else takes is a path */
}

/* Whoever made the file is not trusted: neither its tables' definitions nor how long they take. */
static int
guard(struct store_state *state)
{
	sqlite3 *db = state->db;
	char sql[128];

	(void)sqlite3_busy_timeout(db, BUSY_MS);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, VALUE_MAX);
	sqlite3_progress_handler(db, STEPS_BETWEEN_LOOKS, is_late, state);
	(void)snprintf(sql, sizeof(sql),
		"PRAGMA query_only = 1; PRAGMA cell_size_check = 1; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -%d;",
		CACHE_KIB);
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static bool
open_store(struct source *s, const char *what, const char *cache)
{
	struct store_state *state = s->state;

	(void)cache;
	arena_init(&state->profiles.memory, PROFILES_MEMORY_MAX, NULL);
	state->patience_ns = PATIENCE_NS;
	if (!find(s, what) || !look(s))
		return false;
	source_store_hurry(state);
	int code = sqlite3_open_v2(s->name, &state->db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
	if (code == SQLITE_OK)
		code = guard(state);
	if (code != SQLITE_OK) {
		source_store_failed(s, code);
		return false;
	}
	(void)stat(s->name, &state->file);
	/* What is damaged, or cannot be shared, shows at the first page. */
	struct question q = question_begin(s, ASK_RUN);
	(void)question_next(&q);
	question_end(&q);
	return s->trouble[0] == '\0';
}

static void
close_store(struct source *s)
{
	struct store_state *state = s->state;

	for (size_t i = 0; i < STORE_QUESTIONS; i++)
		(void)sqlite3_finalize(state->prepared[i]);
	(void)sqlite3_close(state->db);
	arena_done(&state->profiles.memory);
}

static bool
can(const struct source *s, enum source_ability a)
{
	(void)s;
	(void)a;
	return true;
}

uint64_t
source_store_version(struct source *s)
{
	struct question q = question_begin(s, ASK_VERSION);
	uint64_t version = question_next(&q) ? question_u64(&q, 0) : 0;

	question_end(&q);
	return version;
}

/* A file that was removed stays open, and is never written to again. */
static bool
is_in_place(const struct source *s)
{
	const struct store_state *state = s->state;
	struct stat now;

	return stat(s->name, &now) == 0 && now.st_dev == state->file.st_dev &&
	       now.st_ino == state->file.st_ino;
}

static uint64_t
stamp(struct source *s)
{
	uint64_t version = source_store_version(s);

	if (s->trouble[0] == '\0' && !is_in_place(s))
		source_fail(s,
			"%s was removed or replaced: what it had is still shown; open it again",
			s->name);
	return version;
}

const struct source_kind source_store = {
	.state_size = sizeof(struct store_state),
	.is_mine = is_mine,
	.open = open_store,
	.close = close_store,
	.can = can,
	.stamp = stamp,
	.profiles = source_store_profiles,
	.entry_count = source_store_entry_count,
	.entries = source_store_entries,
	.evidences = source_store_evidences,
	.alerts = source_store_alerts,
	.rows = source_store_rows,
	.tuples = source_store_tuples,
	.flows = source_store_flows,
	.flows_with = source_store_flows_with,
	.devices = source_store_devices,
	.losses = source_store_losses,
	.loss_spans = source_store_loss_spans,
	.address = source_store_address,
	.run = source_store_run,
};
