#include "exporters/store/store_budget.h"

#include "daemon/base/log.h"

/* A quarter of the size is for the log: so far a reader who never ends may hold it up. */
enum { WAL_SHARE = 4, PAGE_BYTES = 4096, MIB = 1024 * 1024, REMOVES_MAX = 6 };

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

	for (size_t i = 0; i < sizeof(details) / sizeof(details[0]); i++)
		if (ask(s, details[i].oldest, &ns) && (found == NULL || ns < oldest)) {
			found = &details[i];
			oldest = ns;
		}
	if (found == NULL && ask(s, windows.oldest, &ns))
		found = &windows;
	return found;
}

static void
lose(struct store *s, const char *reason, int64_t count)
{
	struct store_row row = store_row_begin(&s->statements, STORE_ADD_LOSS);

	store_put_i64(&row, s->run);
	store_put_word(&row, reason);
	store_put_i64(&row, count);
	(void)store_row_write(&row);
}

static bool
slice(struct store *s)
{
	const struct shelf *shelf = oldest_shelf(s);

	if (shelf == NULL)
		return false;
	for (size_t i = 0; i < REMOVES_MAX && shelf->remove[i] != NULL; i++)
		execute(s, shelf->remove[i]);
	if (s->statements.error == SQLITE_OK)
		lose(s, shelf->reason, sqlite3_changes(s->statements.db));
	return s->statements.error == SQLITE_OK;
}

/* From here on the oldest makes room. Over files that is early: the indexes are still to be made. */
static uint64_t
high_mark(const struct store_budget *b)
{
	return b->size_max - b->size_max / (b->store->live ? 16 : 4);
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

bool
store_budget_keep(struct store_budget *b, unsigned slices)
{
	struct store *s = b->store;
	bool removed = false;

	for (; slices > 0 && store_size(s) - store_free(s) > high_mark(b); slices--) {
		tell(b);
		if (!slice(s))
			break;
		removed = true;
	}
	/* It was larger once, by a setting that has been changed: give back what is free. */
	if (store_size(s) > b->size_max)
		execute(s, "PRAGMA incremental_vacuum(" ROWS ")");
	b->is_full =
		store_size(s) > b->size_max || s->wal_pages * PAGE_BYTES > b->size_max / WAL_SHARE;
	return removed;
}
