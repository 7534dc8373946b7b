#include "exporters/store/store_budget.h"

#include "tests/support/record_sample.h"
#include "tests/support/store_rig.h"

#define KIB UINT64_C(1024)

struct rig {
	struct store_rig *store;
	struct store_budget budget;
	char text[1024]; /* what fills a store */
};

static int
setup(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	memset(r->text, 'x', sizeof(r->text) - 1);
	r->store = store_rig_new();
	r->store->run.live = true;
	assert_int_equal(store_rig_open(r->store), 0);
	r->budget = (struct store_budget){ .store = &r->store->store, .size_max = 512 * KIB };
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	struct rig *r = *state;

	store_rig_free(r->store);
	free(r);
	return 0;
}

static void
execute(struct rig *r, const char *sql)
{
	assert_true(store_begin(&r->store->store));
	assert_int_equal(
		sqlite3_exec(r->store->store.statements.db, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* Rows of a KiB each. */
static void
add_events(struct rig *r, unsigned count, uint64_t first_ns)
{
	assert_true(store_begin(&r->store->store));
	for (unsigned i = 0; i < count; i++) {
		struct store_row row =
			store_row_begin(&r->store->store.statements, STORE_ADD_EVENT);
		store_put_i64(&row, r->store->store.run);
		store_put_u64(&row, first_ns + i);
		store_put_word(&row, "weird");
		store_put_word(&row, r->text);
		assert_true(store_row_write(&row) > 0);
	}
}

static void
add_transactions(struct rig *r, unsigned count, uint64_t first_ns)
{
	assert_true(store_begin(&r->store->store));
	for (unsigned i = 0; i < count; i++) {
		struct store_row row =
			store_row_begin(&r->store->store.statements, STORE_ADD_TRANSACTION);
		store_put_i64(&row, r->store->store.run);
		store_put_u64(&row, first_ns + i);
		store_put_word(&row, "dns");
		store_put_word(&row, "C1");
		store_put_word(&row, r->text);
		assert_true(store_row_write(&row) > 0);
	}
}

static void
below_its_size_nothing_goes(void **state)
{
	struct rig *r = *state;

	add_events(r, 100, 1);
	assert_false(store_budget_is_over(&r->budget));
	assert_false(store_budget_keep(&r->budget));
	assert_false(r->budget.is_full);
	assert_store(
		r->store, "SELECT count(*), (SELECT count(*) FROM losses) FROM events", "100|0");
}

static void
what_is_oldest_goes_first_and_is_counted(void **state)
{
	struct rig *r = *state;

	r->budget.size_max = 1024 * KIB;
	add_events(r, 340, 1);
	add_transactions(r, 340, 1000);
	assert_true(store_budget_is_over(&r->budget));
	assert_false(store_budget_keep(&r->budget)); /* but for windows */
	assert_true(store_size(&r->store->store) - store_free(&r->store->store) <= 832 * KIB);
	assert_store(r->store, "SELECT count(*), min(ts_ns) FROM events", "84|257");
	assert_store(r->store, "SELECT count(*) FROM transactions", "340");
	assert_store(r->store, "SELECT run, reason, count FROM losses", "1|store_events|256");
}

static void
when_there_is_no_time_a_slice_is_all_that_goes(void **state)
{
	struct rig *r = *state;

	r->budget.at_once_ns = 1;
	add_events(r, 2000, 1);
	(void)store_budget_keep(&r->budget);
	assert_store(r->store, "SELECT count FROM losses", "256");
	assert_true(store_begin(&r->store->store));
	(void)store_budget_keep(&r->budget);
	assert_store(r->store, "SELECT count FROM losses", "512");
	r->budget.at_once_ns = 0;
	assert_true(store_begin(&r->store->store));
	(void)store_budget_keep(&r->budget);
	assert_true(store_commit(&r->store->store));
	assert_false(store_budget_is_over(&r->budget));
}

static void
one_that_is_too_large_takes_nothing_more_until_it_has_shrunk(void **state)
{
	struct rig *r = *state;

	r->budget.at_once_ns = 1;
	add_events(r, 2000, 1);
	(void)store_budget_keep(&r->budget);
	assert_true(r->budget.is_full);
	for (int i = 0; i < 100 && store_budget_is_over(&r->budget); i++) {
		assert_true(store_begin(&r->store->store));
		(void)store_budget_keep(&r->budget);
		assert_true(store_commit(&r->store->store));
	}
	assert_false(r->budget.is_full);
	assert_true(store_size(&r->store->store) <= 448 * KIB); /* and a log of an eighth */
}

/* What was a run and has nothing but its settings and losses: a sensor that was started a thousand times. */
static void
runs_of_which_nothing_is_left_go_before_anything(void **state)
{
	struct rig *r = *state;

	execute(r,
		"INSERT INTO runs(id, version, sensor, live, inputs, settings)"
		" WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
		" SELECT i, '', '', 1, '', '' FROM n;"
		"INSERT INTO losses VALUES(1, 'a', 5), (69, 'a', 6), (80, 'a', 7);"
		"INSERT INTO profiles VALUES(1, '10.0.0.1');"
		"INSERT INTO windows(profile, run, number, start_ns, end_ns) VALUES(1, 90, 1, 0, 0);"
		"INSERT INTO loss_spans VALUES(1, 70, '', '', 0, 9999, 1)");
	add_events(r, 600, 1);
	execute(r, "UPDATE events SET run = 90");
	r->store->store.run = 100;
	r->budget.at_once_ns = 1;
	for (int i = 0; i < 3; i++)
		(void)store_budget_keep(&r->budget);
	assert_store(r->store, "SELECT min(id), count(*) FROM runs", "70|31");
	assert_store(r->store, "SELECT run, reason, count FROM losses",
		"80|a|7\n100|store_events|256\n100|store_runs|69");
}

/* A row in every table that makes room, and findings that go last. */
static void
every_table_makes_room_and_findings_go_last(void **state)
{
	struct rig *r = *state;

	execute(r,
		"INSERT INTO profiles VALUES(1, '10.0.0.1'), (2, '10.0.0.2');"
		"INSERT INTO windows(id, profile, run, number, start_ns, end_ns) VALUES(1, 1, 1, 1, 0, 10);"
		"INSERT INTO tuples VALUES(1, 0, 0, '', 0, 0, 0, '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);"
		"INSERT INTO source_ports VALUES(1, 0, 0, 0, 0, 0, 0, 0, 0);"
		"INSERT INTO timeline VALUES(1, 1, 1, 0, '', 0, 0, '', 0, 0, 0, '', '');"
		"INSERT INTO flows VALUES(1, 1, '', 0, 2, '', 0, '', 0, 0, '', '', 0, '', '', 0, 0, 0, 0, 0, 0, 0,"
		" 0, '', '');"
		"INSERT INTO addresses VALUES(1, '10.0.0.9', 3, 0, '', 0, '');"
		"INSERT INTO address_names VALUES('10.0.0.9', 0, '', '', '', 0, 0);"
		"INSERT INTO devices VALUES(1, 'aa', '', 0, 0, 4, 0);"
		"INSERT INTO loss_spans VALUES(1, 1, '', '', 0, 7, 1);"
		"INSERT INTO device_addresses VALUES('aa', 0, '', 0);"
		"INSERT INTO device_names VALUES('aa', 0, '', '', '', 0);");
	execute(r,
		"INSERT INTO evidence VALUES(1, 1, 'u', '', 0, '', '', '', '', '', '', 0, 0, 0, 0, '', '', 0, '', 0,"
		" 0, 0, 0, '', '', '', '', 0, '', '');"
		"INSERT INTO evidence_flows VALUES(1, 0, 'C1');"
		"INSERT INTO alerts VALUES(1, 1, 'a', 0, 0, 0, 0, '', '', '', 0);"
		"INSERT INTO alert_evidence VALUES(1, 0, 'u');");
	add_transactions(r, 1, 5);
	add_events(r, 1, 6);
	r->budget.size_max = 4 * KIB;
	r->budget.at_once_ns = 1;
	for (int i = 0; i < 9; i++)
		assert_false(store_budget_keep(&r->budget));
	assert_store(r->store,
		"SELECT (SELECT count(*) FROM tuples), (SELECT count(*) FROM source_ports),"
		" (SELECT count(*) FROM timeline), (SELECT count(*) FROM flows),"
		" (SELECT count(*) FROM transactions), (SELECT count(*) FROM events),"
		" (SELECT count(*) FROM addresses), (SELECT count(*) FROM address_names),"
		" (SELECT count(*) FROM devices), (SELECT count(*) FROM device_addresses),"
		" (SELECT count(*) FROM device_names), (SELECT count(*) FROM loss_spans)",
		"0|0|0|0|0|0|0|0|0|0|0|0");
	assert_store(r->store,
		"SELECT (SELECT count(*) FROM windows), (SELECT count(*) FROM evidence), (SELECT count(*) FROM alerts)",
		"1|1|1");
	assert_true(store_begin(&r->store->store));
	assert_true(store_budget_keep(&r->budget));
	assert_false(store_budget_keep(&r->budget));
	assert_store(r->store,
		"SELECT (SELECT count(*) FROM windows), (SELECT count(*) FROM evidence),"
		" (SELECT count(*) FROM evidence_flows), (SELECT count(*) FROM alerts),"
		" (SELECT count(*) FROM alert_evidence), (SELECT group_concat(address) FROM profiles)",
		"0|0|0|0|0|10.0.0.2");
	assert_store(r->store, "SELECT group_concat(reason || ' ' || count) FROM losses",
		"store_addresses 1,store_devices 1,store_events 1,store_flows 1,store_loss_spans 1,store_source_ports 1,"
		"store_timeline 1,store_transactions 1,store_tuples 1,store_windows 1");
}

static void
a_host_stays_as_long_as_one_of_its_windows(void **state)
{
	struct rig *r = *state;

	execute(r, "INSERT INTO profiles VALUES(1, '10.0.0.1'), (2, '10.0.0.2');"
		   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 65)"
		   " INSERT INTO windows(id, profile, run, number, start_ns, end_ns)"
		   " SELECT i, CASE WHEN i IN (7, 65) THEN 1 ELSE 2 END, 1, i, i, i FROM n");
	r->budget.size_max = 4 * KIB;
	r->budget.at_once_ns = 1;
	assert_true(store_budget_keep(&r->budget));
	assert_store(r->store, "SELECT id, profile FROM windows", "65|1");
	assert_store(r->store, "SELECT id FROM profiles", "1");
}

static void
windows_that_go_find_their_findings_by_indexes(void **state)
{
	struct rig *r = *state;

	/* Over files these are not there yet. */
	execute(r,
		"DROP INDEX evidence_window; DROP INDEX alerts_window;"
		"INSERT INTO profiles VALUES(1, '10.0.0.1');"
		"INSERT INTO windows(profile, run, number, start_ns, end_ns) VALUES(1, 1, 1, 1, 2)");
	r->budget.size_max = 4 * KIB;
	assert_true(store_budget_keep(&r->budget));
	assert_store(r->store,
		"SELECT count(*) FROM sqlite_master WHERE name IN ('evidence_window', 'alerts_window')",
		"2");
}

static void
over_files_there_is_room_for_the_indexes(void **state)
{
	struct rig *r = *state;

	r->store->store.live = false;
	add_events(r, 320, 1); /* of 512, an eighth is for the log and a quarter for indexes */
	(void)store_budget_keep(&r->budget);
	assert_store(r->store, "SELECT reason, count FROM losses", "store_events|256");
}

static void
a_log_that_a_reader_holds_up_makes_it_full(void **state)
{
	struct rig *r = *state;

	assert_true(store_begin(&r->store->store));
	r->store->store.wal_pages = 32;
	(void)store_budget_keep(&r->budget);
	assert_false(r->budget.is_full);
	r->store->store.wal_pages = 33;
	(void)store_budget_keep(&r->budget);
	assert_true(r->budget.is_full);
}

static void
what_cannot_be_removed_is_a_failure_of_the_transaction(void **state)
{
	struct rig *r = *state;

	add_events(r, 1000, 1);
	r->store->store.statements.error = SQLITE_IOERR;
	assert_false(store_budget_keep(&r->budget));
	assert_int_equal(r->store->store.statements.error, SQLITE_IOERR);
	(void)store_give_up(&r->store->store);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(below_its_size_nothing_goes),
		T(what_is_oldest_goes_first_and_is_counted),
		T(when_there_is_no_time_a_slice_is_all_that_goes),
		T(one_that_is_too_large_takes_nothing_more_until_it_has_shrunk),
		T(runs_of_which_nothing_is_left_go_before_anything),
		T(every_table_makes_room_and_findings_go_last),
		T(a_host_stays_as_long_as_one_of_its_windows),
		T(windows_that_go_find_their_findings_by_indexes),
		T(over_files_there_is_room_for_the_indexes),
		T(a_log_that_a_reader_holds_up_makes_it_full),
		T(what_cannot_be_removed_is_a_failure_of_the_transaction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
