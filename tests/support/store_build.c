#include "tests/support/store_build.h"

#include "exporters/store/store_schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_ROOM = 128 };

static char directory[PATH_ROOM];
static char path[PATH_ROOM + 16];

static void
die(const char *what)
{
	(void)fprintf(stderr, "store_build: %s\n", what);
	abort();
}

const char *
store_build_directory(void)
{
	if (directory[0] != '\0')
		return directory;
	(void)snprintf(directory, sizeof(directory), "/tmp/store_build.XXXXXX");
	if (mkdtemp(directory) == NULL)
		die("mkdtemp() failed");
	(void)snprintf(path, sizeof(path), "%s/naiad.db", directory);
	return directory;
}

static void
clear_away(void)
{
	static const char *const tails[] = { "", "-journal", "-wal", "-shm" };

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		char name[sizeof(path) + 16];
		(void)snprintf(name, sizeof(name), "%s%s", path, tails[i]);
		(void)unlink(name);
	}
}

void
store_build_done(void)
{
	clear_away();
	(void)rmdir(directory);
	directory[0] = '\0';
}

void
store_build_sql(sqlite3 *db, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		die(why);
}

sqlite3 *
store_build(const char *sql)
{
	char pragmas[128];
	sqlite3 *db = NULL;

	(void)store_build_directory();
	clear_away();
	if (sqlite3_open(path, &db) != SQLITE_OK)
		die("sqlite3_open() failed");
	(void)snprintf(pragmas, sizeof(pragmas),
		"PRAGMA synchronous = OFF; BEGIN; PRAGMA application_id = %d; PRAGMA user_version = %d;",
		STORE_APPLICATION_ID, STORE_VERSION);
	store_build_sql(db, pragmas);
	for (size_t i = 0; store_schema[i] != NULL; i++)
		store_build_sql(db, store_schema[i]);
	if (sql != NULL)
		store_build_sql(db, sql);
	for (size_t i = 0; store_indexes[i] != NULL; i++)
		store_build_sql(db, store_indexes[i]);
	store_build_sql(db, "COMMIT");
	return db;
}

const char *
store_build_file(const char *sql)
{
	(void)sqlite3_close(store_build(sql));
	return path;
}
