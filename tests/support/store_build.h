/* store_build.h -- stores with the tables of docs/STORE.md, filled by SQL. For tests of those who read them. */
#pragma once

#include <sqlite3.h>

/* A directory of one's own, in which each test makes its files. returns its path; store_build_done() removes it */
const char *store_build_directory(void);
void store_build_done(void);

/*
 * Make "naiad.db" there, in place of the one before, and fill it.
 *
 * sql      statements; NULL: none
 * returns  the database, open for writing; the caller closes it
 */
sqlite3 *store_build(const char *sql);
/* The same of somebody who is done with it. returns the file's path */
const char *store_build_file(const char *sql);
/* Run statements, or fail. */
void store_build_sql(sqlite3 *db, const char *sql);
