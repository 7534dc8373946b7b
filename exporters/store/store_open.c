/*
 * Live, a commit is a log record and no sync (synchronous = NORMAL): a crash of the sensor loses what was not
 * committed, a crash of the machine the last commits, and neither a table. Over files nothing is synced, for
 * the run can be repeated. In the end the log is folded in, so that one file is all there is.
 */
#include "exporters/store/store_open.h"

#include "daemon/base/json.h"
#include "daemon/base/log.h"
#include "exporters/disk_file.h"
#include "exporters/exporter.h"
#include "exporters/store/store_file.h"
#include "exporters/store/store_schema.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	PRAGMAS_MAX = 512,
	BUSY_FILES_MS = 5000,
	BUSY_LIVE_MS =
		40, /* somebody who writes to a store of a running sensor holds it up no longer */
	LOG_LIVE_PAGES = 1000,
	LOG_FILES_PAGES = 16384, /* a page that many rows change is moved once for all of them */
	LOG_SHARE = 8,           /* of the size, that the log takes */
	LOG_CUT = 2,             /* times as long: readers have kept it from beginning anew */
	KIB = 1024,
};

static int
execute(struct store *s, const char *sql)
{
	return sqlite3_exec(s->statements.db, sql, NULL, NULL, NULL);
}

static int
execute_all(struct store *s, const char *const *statements)
{
	int code = SQLITE_OK;

	for (size_t i = 0; code == SQLITE_OK && statements[i] != NULL; i++)
		code = execute(s, statements[i]);
	return code;
}

/* In one transaction, so that at no moment is there a file that nobody could tell for a store. */
static int
tables_make(struct store *s)
{
	char sql[PRAGMAS_MAX];
	sqlite3_stmt *statement = NULL;
	bool is_empty = true;

	int code = sqlite3_prepare_v2(
		s->statements.db, "SELECT 1 FROM sqlite_schema", -1, &statement, NULL);
	if (code == SQLITE_OK) {
		code = sqlite3_step(statement);
		is_empty = code == SQLITE_DONE;
		code = code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
	}
	(void)sqlite3_finalize(statement);
	if (code != SQLITE_OK)
		return code;
	(void)snprintf(sql, sizeof(sql),
		"BEGIN; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = %d; PRAGMA user_version = %d;",
		STORE_APPLICATION_ID, STORE_VERSION);
	if (is_empty && (code = execute(s, sql)) == SQLITE_OK &&
		(code = execute_all(s, store_schema)) == SQLITE_OK)
		code = execute(s, "COMMIT");
	return code;
}

static int
busy_ms(const struct store *s)
{
	return s->live ? BUSY_LIVE_MS : BUSY_FILES_MS;
}

/*
 * A store that a killed run over files has left may hold more than can be sorted in our memory. Its files are a help
 * where they may be made; findings are written without.
 */
static void
index_live(struct store *s)
{
	(void)execute(s, "PRAGMA temp_store = FILE");
	int code = execute_all(s, store_indexes);
	(void)execute(s, "PRAGMA temp_store = MEMORY");
	if (code != SQLITE_OK)
		log_warnx("store",
			"cannot make the indexes of %s (%s): it is written all the same, and slow to read",
			s->path, sqlite3_errstr(code));
}

/* Readers who come and go can keep the log from beginning anew for as long as they like: cut it between two. */
static bool
log_cut(struct store *s, sqlite3 *db, const char *name)
{
	(void)sqlite3_busy_timeout(db, 0);
	int code = sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	(void)sqlite3_busy_timeout(db, busy_ms(s));
	return code == SQLITE_OK;
}

static void
log_move(struct store *s, sqlite3 *db, const char *name, int pages)
{
	int in_log = pages;
	int moved = 0;

	(void)sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
	s->wal_pages = in_log > moved ? (uint64_t)(in_log - moved) : 0;
	if ((uint64_t)pages > LOG_CUT * s->log_pages_max && !log_cut(s, db, name))
		s->wal_pages = (uint64_t)pages;
}

/* What the log holds goes into the file as we commit, as far as readers let it. */
static int
on_commit(void *context, sqlite3 *db, const char *name, int pages)
{
	struct store *s = context;

	if ((uint64_t)pages >= s->log_pages_max)
		log_move(s, db, name, pages);
	return SQLITE_OK;
}

void
store_log_move(struct store *s)
{
	log_move(s, s->statements.db, "main", (int)s->wal_pages);
}

/*
 * SQLite asks its cache to shrink before it is refused memory: a quarter is for pages, another for sorting
 * when indexes are made. What is sorted there lies in files, which a confined sensor may not make.
 */
static int
database_prepare(struct store *s, uint64_t memory)
{
	char sql[PRAGMAS_MAX];

	(void)sqlite3_soft_heap_limit64((sqlite3_int64)(memory - memory / 4));
	(void)sqlite3_hard_heap_limit64((sqlite3_int64)memory);
	(void)sqlite3_busy_timeout(s->statements.db, busy_ms(s));
	(void)snprintf(sql, sizeof(sql),
		"PRAGMA page_size = 4096; PRAGMA cache_size = -%llu; PRAGMA synchronous = %s;"
		" PRAGMA temp_store = %s; PRAGMA journal_size_limit = %llu;",
		(unsigned long long)(memory / 4 / KIB), s->live ? "NORMAL" : "OFF",
		s->live ? "MEMORY" : "FILE",
		(unsigned long long)s->log_pages_max * STORE_PAGE_BYTES);
	int code = execute(s, sql);
	if (code == SQLITE_OK)
		code = tables_make(s);
	if (code == SQLITE_OK && s->live)
		index_live(s);
	if (code == SQLITE_OK)
		code = execute(s, "PRAGMA journal_mode = WAL");
	if (code == SQLITE_OK)
		code = store_statements_prepare(&s->statements, s->statements.db);
	(void)sqlite3_wal_hook(s->statements.db, on_commit, s);
	return code;
}

/* The inputs as they were given; of very many, the first. */
static void
put_inputs(struct store *s, struct store_row *row, const struct run_info *run)
{
	enum { ESCAPED = 6, AROUND = 8 };
	struct strbuf b;
	struct json j;

	strbuf_init(&b, s->text, sizeof(s->text));
	json_init(&j, &b);
	json_array_begin(&j);
	for (size_t i = 0; i < run->input_count; i++)
		if (b.length + ESCAPED * strlen(run->inputs[i]) + AROUND < b.capacity)
			json_text(&j, run->inputs[i]);
	json_array_end(&j);
	store_put_bytes(row, b.text, b.length);
}

static bool
run_begin(struct store *s, const struct run_info *run)
{
	if (!store_begin(s))
		return false;
	struct store_row row = store_row_begin(&s->statements, STORE_ADD_RUN);
	store_put_word(&row, run->version);
	store_put_hostile(&row, run->sensor);
	store_put_i64(&row, run->live);
	put_inputs(s, &row, run);
	store_put_word(&row, run->settings_text != NULL ? run->settings_text : "");
	s->run = store_row_write(&row);
	s->statements.rows = 0;
	return store_commit(s);
}

static int
open_failed(const struct store *s, int code)
{
	log_err("store", "cannot open %s: %s; nothing starts, %s", s->path, sqlite3_errstr(code),
		code == SQLITE_BUSY ? "let the other program that writes to it end"
				    : "move it away or set store.path");
	return code == SQLITE_NOMEM ? -ENOMEM : code == SQLITE_BUSY ? -EBUSY : -EIO;
}

static uint64_t
log_pages_max(const struct store *s, uint64_t size_max)
{
	uint64_t most = s->live ? LOG_LIVE_PAGES : LOG_FILES_PAGES;
	uint64_t share = size_max / LOG_SHARE / STORE_PAGE_BYTES;

	return share < most ? share : most;
}

int
store_open(struct store *s, const struct run_info *run, const char *path, uint64_t size_max,
	uint64_t memory)
{
	*s = (struct store){ .live = run->live, .path = disk_file_path(run->output_dir, path) };
	s->log_pages_max = log_pages_max(s, size_max);
	if (s->path == NULL) {
		log_err("store", "out of memory for %s", path);
		return -ENOMEM;
	}
	int result = store_file_make(s, run);
	if (result < 0)
		return result;
	int code = sqlite3_open_v2(s->path, &s->statements.db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
	if (code == SQLITE_OK)
		code = database_prepare(s, memory);
	if (code == SQLITE_OK && !run_begin(s, run))
		code = s->statements.error;
	return code == SQLITE_OK ? 0 : open_failed(s, code);
}

static bool
run_statement(struct store *s, enum store_statement which)
{
	struct store_row row = store_row_begin(&s->statements, which);
	uint64_t rows = s->statements.rows;

	(void)store_row_write(&row);
	s->statements.rows = rows;
	return s->statements.error == SQLITE_OK;
}

bool
store_begin(struct store *s)
{
	if (s->statements.db == NULL)
		return false;
	if (s->begun)
		return true;
	s->begun = run_statement(s, STORE_BEGIN);
	return s->begun;
}

bool
store_commit(struct store *s)
{
	if (s->begun && run_statement(s, STORE_COMMIT))
		s->begun = false;
	return !s->begun;
}

const char *
store_give_up(struct store *s)
{
	const char *why = sqlite3_errstr(s->statements.error);

	s->statements.error = SQLITE_OK;
	/* Some failures have undone it already: then there is nothing to undo. */
	if (!sqlite3_get_autocommit(s->statements.db))
		(void)run_statement(s, STORE_ROLLBACK);
	s->statements.error = SQLITE_OK;
	s->begun = false;
	return why;
}

static uint64_t
page_bytes(struct store *s, enum store_statement which)
{
	struct store_row row = store_row_begin(&s->statements, which);
	uint64_t pages = store_row_read(&row) ? (uint64_t)store_read_i64(&row, 0) : 0;

	store_row_end(&row);
	return pages * STORE_PAGE_BYTES;
}

uint64_t
store_size(struct store *s)
{
	return page_bytes(s, STORE_PAGES);
}

uint64_t
store_free(struct store *s)
{
	return page_bytes(s, STORE_FREE_PAGES);
}

/*
 * One file that needs no second one beside it, where nobody may write, to be read. Whoever reads it just now keeps
 * its log in use: then it stays.
 */
static int
finish(struct store *s)
{
	int code = s->live ? SQLITE_OK : execute_all(s, store_indexes);

	store_statements_finish(&s->statements);
	if (code == SQLITE_OK)
		(void)execute(s, "PRAGMA journal_mode = DELETE");
	return code;
}

int
store_close(struct store *s)
{
	int code = SQLITE_OK;

	if (s->statements.db != NULL && s->run != 0) {
		if (!store_commit(s))
			code = s->statements.error;
		if (code == SQLITE_OK)
			code = finish(s);
	}
	store_statements_finish(&s->statements);
	int closed = sqlite3_close(s->statements.db);
	code = code != SQLITE_OK ? code : closed;
	store_file_leave(s);
	if (code != SQLITE_OK)
		log_err("store", "%s is not complete: %s", s->path, sqlite3_errstr(code));
	free(s->path);
	*s = (struct store){ .live = s->live };
	return code == SQLITE_OK ? 0 : -EIO;
}
