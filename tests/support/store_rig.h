/* store_rig.h -- a store in a directory of the test's own, and what stands in it. */
#pragma once

#include "exporters/exporter.h"
#include "exporters/store/store_open.h"
#include "exporters/store/store_window.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define STORE_RIG_MEMORY (UINT64_C(8) * 1024 * 1024)
#define STORE_RIG_SIZE   (UINT64_C(1024) * 1024 * 1024)

enum { STORE_RIG_ANSWER_MAX = 32 * 1024 };

struct store_rig {
	struct scratch *scratch;
	struct run_info run;
	struct store store;
	struct store_windows windows;
	char path[128];
	char answer[STORE_RIG_ANSWER_MAX];
	struct strbuf b; /* over it */
};

static inline int
store_rig_open(struct store_rig *r)
{
	int result = store_open(&r->store, &r->run, "naiad.db", STORE_RIG_SIZE, STORE_RIG_MEMORY);

	store_windows_init(&r->windows, &r->store);
	return result;
}

/* In a run over files; not open yet. */
static inline struct store_rig *
store_rig_new(void)
{
	struct store_rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	r->scratch = scratch_in(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(r->scratch);
	r->run = (struct run_info){ .version = "0.1.0",
		.sensor = "gw1",
		.output_dir = r->scratch->directory,
		.settings_text = "eve:\n" };
	(void)snprintf(r->path, sizeof(r->path), "%s/naiad.db", r->scratch->directory);
	return r;
}

static inline void
store_rig_free(struct store_rig *r)
{
	(void)store_close(&r->store);
	scratch_free(r->scratch);
	free(r);
}

static inline int
store_rig_row(void *context, int columns, char **values, char **names)
{
	struct store_rig *r = context;

	(void)names;
	strbuf_text(&r->b, r->b.length > 0 ? "\n" : "");
	for (int i = 0; i < columns; i++) {
		strbuf_text(&r->b, i > 0 ? "|" : "");
		strbuf_text(&r->b, values[i] != NULL ? values[i] : "-");
	}
	return 0;
}

/* What another program that reads the file is answered: "value|value\nvalue|value", "-" for no value. */
static inline const char *
store_rig_ask(struct store_rig *r, const char *sql)
{
	sqlite3 *db = NULL;
	char *error = NULL;

	strbuf_init(&r->b, r->answer, sizeof(r->answer));
	assert_int_equal(sqlite3_open_v2(r->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	if (sqlite3_exec(db, sql, store_rig_row, r, &error) != SQLITE_OK)
		(void)snprintf(r->answer, sizeof(r->answer), "error: %s", error);
	sqlite3_free(error);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_false(r->b.truncated);
	return r->answer;
}

/* The same of a store that is to be committed first. */
#define assert_store(rig, sql, expected)                                \
	do {                                                            \
		assert_true(store_commit(&(rig)->store));               \
		assert_string_equal(store_rig_ask(rig, sql), expected); \
	} while (0)
