#include "exporters/store/store_budget.h"

#include "daemon/base/log.h"
#include "exporters/monotonic.h"

/*
 * A quarter of the size is for the log: so far a reader who never ends may hold it up. Findings and windows go on
 * to half: each second's changed pages stay in it, which are gigabytes a day.
 */
enum { LOG_SHARE = 4, STUCK_SHARE = 2, MIB = 1024 * 1024, REMOVES_MAX = 6 };

#define OLDEST(table, column, many) "(SELECT " column " FROM " table " ORDER BY id LIMIT " many ")"
#define ROWS                        "256"
#define PARENTS                     "64" /* which have rows elsewhere */

/* One kind of rows that make room. The counts are of those which its last statement removes. */
struct shelf {
	const char *reason; /* in losses */
	const char *oldest; /* asks for the time of its oldest row; nothing: it is empty */
	const char *remove[REMOVES_MAX];
};

static const struct shelf details[] = {
	{ "store_flows", "SELECT end_ns FROM flows ORDER BY id LIMIT 1",
		{ "DELETE FROM flows WHERE id IN " OLDEST("flows", "id", ROWS) } },
	{ "store_transactions", "SELECT ts_ns FROM transactions ORDER BY id LIMIT 1",
		{ "DELETE FROM transactions WHERE id IN " OLDEST("transactions", "id", ROWS) } },
	{ "store_events", "SELECT ts_ns FROM events ORDER BY id LIMIT 1",
		{ "DELETE FROM events WHERE id IN " OLDEST("events", "id", ROWS) } },
	{ "store_loss_spans", "SELECT to_ns FROM loss_spans ORDER BY id LIMIT 1",
		{ "DELETE FROM loss_spans WHERE id IN " OLDEST("loss_spans", "id", ROWS) } },
	{ "store_timeline", "SELECT ts_ns FROM timeline ORDER BY id LIMIT 1",
		{ "DELETE FROM timeline WHERE id IN " OLDEST("timeline", "id", ROWS) } },
	{ "store_source_ports",
		"SELECT end_ns FROM windows WHERE id = (SELECT min(window) FROM source_ports)",
		{ "DELETE FROM source_ports WHERE (window, n) IN"
		  " (SELECT window, n FROM source_ports ORDER BY window, n LIMIT " ROWS ")" } },
	{ "store_tuples", "SELECT end_ns FROM windows WHERE id = (SELECT min(window) FROM tuples)",
		{ "DELETE FROM tuples WHERE (window, n) IN"
		  " (SELECT window, n FROM tuples ORDER BY window, n LIMIT " ROWS ")" } },
	{ "store_addresses", "SELECT told_ns FROM addresses ORDER BY id LIMIT 1",
		{ "DELETE FROM address_names WHERE address IN " OLDEST(
			  "addresses", "address", PARENTS),
			"DELETE FROM addresses WHERE id IN " OLDEST("addresses", "id", PARENTS) } },
	{ "store_devices", "SELECT last_ns FROM devices ORDER BY id LIMIT 1",
		{ "DELETE FROM device_addresses WHERE mac IN " OLDEST("devices", "mac", PARENTS),
			"DELETE FROM device_names WHERE mac IN " OLDEST("devices", "mac", PARENTS),
			"DELETE FROM devices WHERE id IN " OLDEST("devices", "id", PARENTS) } },
};

#define IN_OLDEST "WHERE window IN " OLDEST("windows", "id", PARENTS)

/* By these its findings are found. Over files they are made when they are first needed, and others at the end. */
static const char *const window_indexes =
	"CREATE INDEX IF NOT EXISTS evidence_window ON evidence(window);"
	"CREATE INDEX IF NOT EXISTS alerts_window ON alerts(window)";

static const struct shelf windows = { "store_windows",
	"SELECT end_ns FROM windows ORDER BY id LIMIT 1",
	{ "DELETE FROM evidence_flows WHERE evidence IN (SELECT id FROM evidence " IN_OLDEST ")",
		"DELETE FROM evidence " IN_OLDEST,
		"DELETE FROM alert_evidence WHERE alert IN (SELECT id FROM alerts " IN_OLDEST ")",
		"DELETE FROM alerts " IN_OLDEST,
		"DELETE FROM profiles WHERE id IN (SELECT profile FROM windows WHERE id IN " OLDEST(
			"windows", "id",
			PARENTS) ") AND NOT EXISTS (SELECT 1 FROM windows w WHERE"
				 " w.profile = profiles.id AND w.id NOT IN " OLDEST(
					 "windows", "id", PARENTS) ")",
		"DELETE FROM windows WHERE id IN " OLDEST("windows", "id", PARENTS) } };

/*
 * Of runs that came one after the other the oldest row names the oldest run: older ones have nothing in these tables
 * any more.
 */
#define RUN_OF(table) \
	"coalesce((SELECT run FROM " table " ORDER BY id LIMIT 1), 9223372036854775807)"
#define LEFT_RUNS                                                                                                                    \
	"(SELECT id FROM runs WHERE id < (SELECT min((SELECT max(id) FROM runs), " RUN_OF("windows") ", " RUN_OF(                    \
		"flows") ", " RUN_OF("transactions") ", " RUN_OF("events") ", " RUN_OF("loss_spans") ")) ORDER BY id LIMIT " PARENTS \
												     ")"

static const struct shelf runs = { "store_runs", "SELECT 0 FROM " LEFT_RUNS " LIMIT 1",
	{ "DELETE FROM losses WHERE run IN " LEFT_RUNS,
		"DELETE FROM runs WHERE id IN " LEFT_RUNS } };

/* returns false when there is no row, or it could not be asked */
static bool
ask(struct store *s, const char *sql, int64_t *ret_value)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(s->statements.db, sql, -1, &statement, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*ret_value = sqlite3_column_int64(statement, 0);
	else if (code != SQLITE_DONE && s->statements.error == SQLITE_OK)
		s->statements.error = code;
	(void)sqlite3_finalize(statement);
	return code == SQLITE_ROW;
}

static void
execute(struct store *s, const char *sql)
{
	if (s->statements.error == SQLITE_OK)
		s->statements.error = sqlite3_exec(s->statements.db, sql, NULL, NULL, NULL);
}

static const struct shelf *
oldest_shelf(struct store *s)
{
	const struct shelf *found = NULL;
	int64_t oldest = INT64_MAX;
	int64_t ns;

	if (ask(s, runs.oldest, &ns))
		return &runs;
	for (size_t i = 0; i < sizeof(details) / sizeof(details[0]); i++)
		if (ask(s, details[i].oldest, &ns) && (found == NULL || ns < oldest)) {
			found = &details[i];
			oldest = ns;
		}
	if (found == NULL && ask(s, windows.oldest, &ns))
		found = &windows;
	return found;
}

void
store_budget_lose(struct store *s, const char *reason, uint64_t count)
{
	struct store_row row = store_row_begin(&s->statements, STORE_ADD_LOSS);

	store_put_i64(&row, s->run);
	store_put_word(&row, reason);
	store_put_u64(&row, count);
	(void)store_row_write(&row);
}

/* returns what made room, NULL when nothing did */
static const struct shelf *
slice(struct store *s)
{
	const struct shelf *shelf = oldest_shelf(s);

	if (shelf == NULL)
		return NULL;
	if (shelf == &windows)
		execute(s, window_indexes);
	for (size_t i = 0; i < REMOVES_MAX && shelf->remove[i] != NULL; i++)
		execute(s, shelf->remove[i]);
	if (s->statements.error == SQLITE_OK)
		store_budget_lose(s, shelf->reason, (uint64_t)sqlite3_changes(s->statements.db));
	return s->statements.error == SQLITE_OK ? shelf : NULL;
}

/* What the file may take beside its log. */
static uint64_t
file_max(const struct store_budget *b)
{
	uint64_t log = b->store->log_pages_max * STORE_PAGE_BYTES;

	return b->size_max - (log < b->size_max / 8 ? log : b->size_max / 8);
}

/* From here on the oldest makes room. Over files that is early: the indexes are still to be made. */
static uint64_t
high_mark(const struct store_budget *b)
{
	return file_max(b) - b->size_max / (b->store->live ? 16 : 4);
}

static void
tell(struct store_budget *b)
{
	if (b->is_told)
		return;
	b->is_told = true;
	log_warnx("store",
		"%s has reached store.size_max (%llu MiB): what is oldest makes room, and is counted in its losses",
		b->store->path, (unsigned long long)(b->size_max / MIB));
}

static bool
holds_too_much(const struct store_budget *b)
{
	return store_size(b->store) - store_free(b->store) > high_mark(b);
}

/* It was larger once, by a batch or by a setting that has been changed: what is free is to be given back. */
static bool
is_too_large(const struct store_budget *b)
{
	return store_size(b->store) > file_max(b) && store_free(b->store) > 0;
}

bool
store_budget_is_over(const struct store_budget *b)
{
	return holds_too_much(b) || is_too_large(b);
}

bool
store_budget_is_stuck(const struct store_budget *b)
{
	return b->store->live && b->store->wal_pages * STORE_PAGE_BYTES > b->size_max / STUCK_SHARE;
}

bool
store_budget_keep(struct store_budget *b)
{
	struct store *s = b->store;
	uint64_t end_ns = b->at_once_ns > 0 ? monotonic_now_ns() + b->at_once_ns : UINT64_MAX;
	bool lost_windows = false;
	bool is_time = true;

	while (is_time && holds_too_much(b)) {
		tell(b);
		const struct shelf *shelf = slice(s);
		if (shelf == NULL)
			break;
		lost_windows = lost_windows || shelf == &windows;
		is_time = monotonic_now_ns() < end_ns;
	}
	while (is_time && is_too_large(b) && s->statements.error == SQLITE_OK) {
		execute(s, "PRAGMA incremental_vacuum(" ROWS ")");
		is_time = monotonic_now_ns() < end_ns;
	}
	uint64_t held = s->wal_pages * STORE_PAGE_BYTES;
	b->is_full = store_size(s) + held > b->size_max || held > b->size_max / LOG_SHARE;
	return lost_windows;
}
