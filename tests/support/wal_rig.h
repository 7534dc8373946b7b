/*
 * wal_rig.h -- what a store does to its files, all of it, in a child process that is confined already.
 *
 * SQLite asks the kernel for more than a log does: locks of ranges, memory that processes share, a file beside the
 * file that is cut and removed.
 */
#pragma once

#include "tests/support/child_rig.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { WAL_RIG_PATH = 256 };

/* returns whether all statements succeed */
static inline bool
wal_does(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* The first value of the first row. -1: there is none */
static inline int
wal_value(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int value = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
		sqlite3_step(statement) == SQLITE_ROW)
		value = sqlite3_column_int(statement, 0);
	(void)sqlite3_finalize(statement);
	return value;
}

static inline sqlite3 *
wal_open(const char *directory)
{
	char path[WAL_RIG_PATH];
	sqlite3 *db = NULL;

	(void)snprintf(path, sizeof(path), "%s/wal.db", directory);
	if (sqlite3_open(path, &db) == SQLITE_OK &&
		wal_does(db, "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;"
			     "PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS t (x BLOB)"))
		return db;
	(void)sqlite3_close(db);
	return NULL;
}

/* returns the size of the database with `ending`, or -1 when there is no such file */
static inline long
wal_size(const char *directory, const char *ending)
{
	char path[WAL_RIG_PATH];
	struct stat st;

	(void)snprintf(path, sizeof(path), "%s/wal.db%s", directory, ending);
	return stat(path, &st) == 0 ? (long)st.st_size : -1;
}

/* Outside, before: leave a log behind as one who was killed does. It has ten rows. */
static inline bool
wal_leave(const char *directory)
{
	sqlite3 *db = wal_open(directory);
	int was = 0;

	return db != NULL &&
	       wal_does(db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 10)"
			    "INSERT INTO t SELECT randomblob(1000) FROM n") &&
	       sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &was) == SQLITE_OK &&
	       sqlite3_close(db) == SQLITE_OK && wal_size(directory, "-wal") > 0;
}

/* Inside: find the rows that were left, write, be read meanwhile, empty the log, give room back, end. */
static inline void
wal_work(const char *directory)
{
	sqlite3 *writer = wal_open(directory);
	sqlite3 *reader = wal_open(directory);

	CHILD_CHECK(writer != NULL && reader != NULL);
	CHILD_CHECK(wal_value(writer, "SELECT count(*) FROM t") == 10);
	CHILD_CHECK(wal_does(writer,
		"BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 2000)"
		"INSERT INTO t SELECT randomblob(1000) FROM n"));
	CHILD_CHECK(wal_value(reader, "SELECT count(*) FROM t") == 10);
	CHILD_CHECK(wal_does(writer, "COMMIT"));
	CHILD_CHECK(wal_value(reader, "SELECT count(*) FROM t") == 2010);
	CHILD_CHECK(wal_size(directory, "-wal") > 2000000 && wal_size(directory, "-shm") > 0);
	CHILD_CHECK(wal_value(writer, "PRAGMA wal_checkpoint(TRUNCATE)") == 0);
	CHILD_CHECK(wal_size(directory, "-wal") == 0 && wal_size(directory, "") > 2000000);
	CHILD_CHECK(wal_does(writer, "DELETE FROM t WHERE rowid > 10; PRAGMA incremental_vacuum"));
	CHILD_CHECK(wal_value(writer, "PRAGMA wal_checkpoint(TRUNCATE)") == 0);
	CHILD_CHECK(wal_size(directory, "") < 100000);
	CHILD_CHECK(wal_value(reader, "PRAGMA integrity_check") == 0); /* "ok" */
	CHILD_CHECK(sqlite3_close(reader) == SQLITE_OK);
	CHILD_CHECK(sqlite3_close(writer) == SQLITE_OK);
	CHILD_CHECK(wal_size(directory, "-wal") == -1 && wal_size(directory, "-shm") == -1);
}
