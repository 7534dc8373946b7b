#include "daemon/config/config_rows.h"
#include "exporters/exporter.h"
#include "tests/support/record_sample.h"
#include "tests/support/store_rig.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

extern const struct exporter exporter_store;

#define FINDINGS                                                                              \
	(RECORD_BIT(RECORD_EVIDENCE) | RECORD_BIT(RECORD_ALERT) | RECORD_BIT(RECORD_WINDOW) | \
		RECORD_BIT(RECORD_ADDRESS) | RECORD_BIT(RECORD_CLOCK_JUMP) |                  \
		RECORD_BIT(RECORD_CAPTURE_GAP) | RECORD_BIT(RECORD_LOSS_SPAN) |               \
		RECORD_BIT(RECORD_WEIRD) | RECORD_BIT(RECORD_TIMELINE) |                      \
		RECORD_BIT(RECORD_DEVICE) | RECORD_BIT(RECORD_TOTALS))

enum {
	MEMORY = 8 * 1024 * 1024,
	DISK = 64 * 1024,
	WHEN_FILES = 0,
	WHEN_ALWAYS = 1,
	WHEN_NEVER = 2
};

/* The exporter with its settings. `store` is for its directory and for what another program reads. */
struct rig {
	struct store_rig *store;
	void *config;
	struct outlet outlet;
};

static int
setup(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	r->store = store_rig_new();
	r->config = calloc(1, exporter_store.config_size);
	config_rows_default(exporter_store.config, r->config);
	r->outlet = (struct outlet){ .run = &r->store->run,
		.config = r->config,
		.state = calloc(1, exporter_store.state_size) };
	(void)signal(SIGXFSZ, SIG_IGN);
	*state = r;
	return 0;
}

static void
disk_size(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int
teardown(void **state)
{
	struct rig *r = *state;

	disk_size(RLIM_INFINITY);
	(void)exporter_store.close(&r->outlet, "");
	free(r->outlet.state);
	free(r->config);
	store_rig_free(r->store);
	free(r);
	return 0;
}

static void
set(struct rig *r, const char *name, const void *value, size_t size)
{
	const struct config_item *row = config_rows_find(exporter_store.config, name, strlen(name));

	assert_non_null(row);
	memcpy((char *)r->config + row->offset, value, size);
}

static void
set_write(struct rig *r, uint32_t when)
{
	set(r, "write", &when, sizeof(when));
}

static void
open_it(struct rig *r)
{
	assert_int_equal(exporter_store.open(&r->outlet, ""), 0);
}

static void
open_live(struct rig *r)
{
	r->store->run.live = true;
	set_write(r, WHEN_ALWAYS);
	open_it(r);
}

static void
tick(struct rig *r, uint64_t ms)
{
	r->outlet.now.monotonic_ns += ms * NS_PER_MS;
	r->outlet.now.wall_ns = SAMPLE_NS + r->outlet.now.monotonic_ns;
	exporter_store.tick(&r->outlet);
}

static void
write_flow(struct rig *r)
{
	const struct obs_flow f = sample_flow();

	exporter_store.write(&r->outlet,
		&(struct record){ .kind = RECORD_FLOW, .ts_ns = SAMPLE_NS, .flow = &f }, "{}", 2);
}

static void
write_evidence(struct rig *r)
{
	const struct record_evidence e = sample_evidence();

	exporter_store.write(&r->outlet,
		&(struct record){ .kind = RECORD_EVIDENCE, .ts_ns = SAMPLE_NS, .evidence = &e },
		"{}", 2);
}

static void
it_is_written_over_files_and_live_when_asked_for(void **state)
{
	struct rig *r = *state;
	const uint32_t all = FINDINGS | RECORD_BIT(RECORD_FLOW) | RECORD_BIT(RECORD_TUNNEL) |
			     RECORD_BIT(RECORD_TRANSACTION);
	const bool no = false;

	assert_int_equal(exporter_store.accepts(r->config, &r->store->run), all);
	set(r, "flows", &no, sizeof(no));
	assert_int_equal(exporter_store.accepts(r->config, &r->store->run),
		FINDINGS | RECORD_BIT(RECORD_TRANSACTION));
	set(r, "transactions", &no, sizeof(no));
	assert_int_equal(exporter_store.accepts(r->config, &r->store->run), FINDINGS);
	r->store->run.live = true;
	assert_int_equal(exporter_store.accepts(r->config, &r->store->run), 0);
	set_write(r, WHEN_ALWAYS);
	assert_int_equal(exporter_store.accepts(r->config, &r->store->run),
		FINDINGS | RECORD_BIT(RECORD_WINDOW_SO_FAR));
	set_write(r, WHEN_NEVER);
	assert_int_equal(exporter_store.accepts(r->config, &r->store->run), 0);
	r->store->run.live = false;
	assert_int_equal(exporter_store.accepts(r->config, &r->store->run), 0);
	assert_string_equal(exporter_store.encoding(r->config), "eve");
	assert_string_equal(exporter_store.file(r->config), "naiad.db");
	const uint64_t besides = exporter_store.state_size;
	assert_int_equal(exporter_store.memory(r->config, &r->store->run), MEMORY + besides);
	r->store->run.memory_limit = UINT64_C(1024) * 1024 * 1024;
	assert_int_equal(
		exporter_store.memory(r->config, &r->store->run), UINT64_C(8) * MEMORY + besides);
	r->store->run.live = true;
	assert_int_equal(exporter_store.memory(r->config, &r->store->run), MEMORY + besides);
}

static void
over_files_rows_are_there_at_the_end_and_every_20000(void **state)
{
	struct rig *r = *state;

	open_it(r);
	write_evidence(r); /* with a host, a window and two flows, five rows */
	for (int i = 0; i < 19994; i++)
		write_flow(r);
	assert_string_equal(store_rig_ask(r->store, "SELECT count(*) FROM flows"), "0");
	assert_int_equal(r->outlet.queued_records, 19995);
	write_flow(r);
	assert_string_equal(store_rig_ask(r->store, "SELECT count(*) FROM flows"), "19995");
	assert_int_equal(r->outlet.queued_records, 0);
	assert_int_equal(r->outlet.written, 19996);
	write_flow(r);
	assert_int_equal(exporter_store.close(&r->outlet, ""), 0);
	assert_string_equal(store_rig_ask(r->store, "SELECT count(*) FROM flows"), "19996");
	assert_int_equal(r->outlet.written, 19997);
}

/* And how large a batch is, after which room is made, does not depend on when somebody looked. */
static void
over_files_rows_are_there_when_they_are_to_be_shown(void **state)
{
	struct rig *r = *state;

	open_it(r);
	exporter_store.show(&r->outlet);
	for (int i = 0; i < 19999; i++) {
		write_flow(r);
		if (i % 5000 == 0)
			exporter_store.show(&r->outlet);
	}
	assert_string_equal(store_rig_ask(r->store, "SELECT count(*) FROM flows"), "15001");
	assert_int_equal(r->outlet.queued_records, 4998);
	assert_int_equal(r->outlet.written, 15001);
	write_flow(r);
	assert_string_equal(store_rig_ask(r->store, "SELECT count(*) FROM flows"), "20000");
	assert_int_equal(r->outlet.queued_records, 0);
	assert_int_equal(r->outlet.written, 20000);
}

static void
over_files_what_cannot_be_shown_is_given_up(void **state)
{
	struct rig *r = *state;

	open_it(r);
	write_evidence(r);
	disk_size(1);
	exporter_store.show(&r->outlet);
	assert_int_equal(r->outlet.dropped[OUTLET_DROP_FAILED], 1);
	assert_int_equal(r->outlet.queued_records, 0);
	assert_int_equal(r->outlet.written, 0);
}

static void
live_rows_are_there_within_a_second(void **state)
{
	struct rig *r = *state;

	open_live(r);
	tick(r, 1000);
	write_evidence(r);
	tick(r, 999);
	assert_string_equal(store_rig_ask(r->store, "SELECT count(*) FROM evidence"), "0");
	tick(r, 1);
	assert_string_equal(store_rig_ask(r->store, "SELECT count(*) FROM evidence"), "1");
	assert_int_equal(r->outlet.written, 1);
	assert_int_equal(r->outlet.last_success_ns, SAMPLE_NS + UINT64_C(2000) * NS_PER_MS);
}

static void
windows_and_records_find_their_tables(void **state)
{
	struct rig *r = *state;
	const struct tuples none = { .first = NULL };
	struct record_window w = {
		.host = addr_v4(10, 0, 0, 1), .window = sample_window(), .tuples = &none
	};

	open_live(r);
	exporter_store.write(&r->outlet,
		&(struct record){ .kind = RECORD_WINDOW_SO_FAR, .ts_ns = SAMPLE_NS, .window = &w },
		NULL, 0);
	exporter_store.write(&r->outlet,
		&(struct record){ .kind = RECORD_WINDOW, .ts_ns = SAMPLE_NS, .window = &w }, NULL,
		0);
	write_evidence(r);
	tick(r, 1000);
	assert_string_equal(
		store_rig_ask(r->store,
			"SELECT count(*), sum(closed), (SELECT count(*) FROM evidence) FROM windows"),
		"2|1|1");
}

/* returns what was logged meanwhile */
static const char *
tick_heard(struct rig *r, uint64_t ms)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/said", r->store->scratch->directory);
	int log = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	int kept = dup(STDERR_FILENO);
	assert_true(log >= 0 && kept >= 0);
	(void)dup2(log, STDERR_FILENO);
	tick(r, ms);
	(void)dup2(kept, STDERR_FILENO);
	(void)close(log);
	(void)close(kept);
	return scratch_read(r->store->scratch, "said");
}

/* What is on a disk that is full stays as it is, and what comes later comes after it. */
static void
live_a_full_disk_is_waited_for(void **state)
{
	struct rig *r = *state;

	open_live(r);
	write_evidence(r);
	tick(r, 1000);
	disk_size(DISK);
	for (int i = 0; i < 30; i++)
		write_evidence(r);
	tick(r, 1000);
	assert_int_equal(r->outlet.dropped[OUTLET_DROP_FAILED], 30);
	write_evidence(r); /* not tried before the next second */
	assert_int_equal(r->outlet.dropped[OUTLET_DROP_FAILED], 31);
	assert_int_equal(r->outlet.queued_records, 0);
	/* there is room for their count */
	assert_non_null(strstr(tick_heard(r, 1000), "again, 31 records were dropped"));
	disk_size(RLIM_INFINITY);
	write_evidence(r);
	tick(r, 1000);
	assert_string_equal(
		store_rig_ask(
			r->store, "SELECT count(*), (SELECT count(*) FROM windows) FROM evidence"),
		"2|1");
	assert_string_equal(
		store_rig_ask(r->store, "SELECT reason, count FROM losses"), "store_dropped|31");
	assert_int_equal(exporter_store.close(&r->outlet, ""), -EIO);
	assert_string_equal(
		store_rig_ask(r->store,
			"SELECT reason, interface, to_ns - from_ns, count FROM loss_spans"),
		"store_dropped||2000000000|31");
	assert_int_equal(r->outlet.written, 2);
	assert_string_equal(store_rig_ask(r->store, "PRAGMA integrity_check"), "ok");
}

static uint64_t
bytes_of(const struct rig *r, const char *tail)
{
	char path[160];
	struct stat st;

	(void)snprintf(path, sizeof(path), "%s%s", r->store->path, tail);
	return stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static void
live_when_it_dropped_is_told_once_the_disk_takes_it(void **state)
{
	struct rig *r = *state;

	open_live(r);
	disk_size(4096);
	write_evidence(r);
	tick(r, 1000);
	disk_size(RLIM_INFINITY);
	tick(r, 1000);
	disk_size(4096);
	tick(r, 61000); /* it is due, and is all that is to be written */
	disk_size(RLIM_INFINITY);
	tick(r, 1000);
	assert_string_equal(
		store_rig_ask(
			r->store, "SELECT count(*), s.count, l.count FROM loss_spans s, losses l"),
		"1|1|1");
	uint64_t log = bytes_of(r, "-wal");
	tick(r, 1000);
	assert_int_equal(bytes_of(r, "-wal"), log); /* there is nothing more to say */
}

static void
over_files_a_full_disk_is_tried_again_and_is_a_failure(void **state)
{
	struct rig *r = *state;

	char expected[64];

	open_it(r);
	disk_size(4096);
	for (int i = 0; i < 20000; i++)
		write_flow(r);
	assert_true(r->outlet.dropped[OUTLET_DROP_FAILED] > 10000);
	disk_size(RLIM_INFINITY);
	for (int i = 0; i < 1001; i++)
		write_flow(r);
	assert_int_equal(exporter_store.close(&r->outlet, ""), -EIO);
	assert_int_equal(r->outlet.written + r->outlet.dropped[OUTLET_DROP_FAILED], 21001);
	(void)snprintf(expected, sizeof(expected), "%d|%d", (int)r->outlet.written,
		(int)r->outlet.dropped[OUTLET_DROP_FAILED]);
	assert_string_equal(
		store_rig_ask(r->store, "SELECT count(*), (SELECT count FROM losses) FROM flows"),
		expected);
}

static void
what_is_full_takes_findings_only(void **state)
{
	struct rig *r = *state;
	const uint64_t little = 4096;

	set(r, "size_max", &little, sizeof(little));
	open_live(r);
	write_evidence(r);
	tick(r, 1000);
	write_flow(r);
	assert_int_equal(r->outlet.dropped[OUTLET_DROP_RESERVED], 1);
	write_evidence(r);
	assert_int_equal(r->outlet.dropped[OUTLET_DROP_RESERVED], 1);
	tick(r, 1000);
	assert_string_equal(
		store_rig_ask(r->store, "SELECT count FROM losses WHERE reason = 'store_dropped'"),
		"1");
}

static void
what_breaks_a_rule_of_its_table_costs_itself_only(void **state)
{
	struct rig *r = *state;
	struct record_evidence e = sample_evidence();

	open_live(r);
	write_evidence(r);
	e.confidence = (double)NAN; /* which is no value */
	exporter_store.write(&r->outlet,
		&(struct record){ .kind = RECORD_EVIDENCE, .ts_ns = SAMPLE_NS, .evidence = &e },
		"{}", 2);
	write_evidence(r);
	tick(r, 1000);
	assert_string_equal(
		store_rig_ask(r->store,
			"SELECT count(*), (SELECT count(*) FROM evidence_flows), (SELECT count FROM losses)"
			" FROM evidence"),
		"2|4|1");
	assert_int_equal(r->outlet.written, 2);
	assert_int_equal(r->outlet.dropped[OUTLET_DROP_FAILED], 1);
}

static void
what_has_no_line_is_stored_where_none_is_kept(void **state)
{
	struct rig *r = *state;
	const struct obs_flow f = sample_flow();

	open_live(r);
	assert_true(exporter_store.does_without);
	exporter_store.write(&r->outlet,
		&(struct record){ .kind = RECORD_FLOW, .ts_ns = SAMPLE_NS, .flow = &f }, NULL, 0);
	exporter_store.write(
		&r->outlet, &(struct record){ .kind = RECORD_TUNNEL, .ts_ns = SAMPLE_NS }, NULL, 0);
	tick(r, 1000);
	assert_string_equal(
		store_rig_ask(r->store, "SELECT count(*), (SELECT count FROM losses) FROM flows"),
		"1|1");
	assert_int_equal(r->outlet.dropped[OUTLET_DROP_TOO_LONG], 1);
}

static void
moved_away(struct rig *r, char old[160])
{
	(void)snprintf(old, 160, "%s.1", r->store->path);
	assert_int_equal(rename(r->store->path, old), 0);
}

static void
live_one_that_was_moved_away_is_made_anew_within_a_second(void **state)
{
	struct rig *r = *state;
	char old[160];

	open_live(r);
	write_evidence(r);
	moved_away(r, old);
	tick(r, 1000);
	write_evidence(r);
	write_evidence(r);
	tick(r, 1000);
	assert_string_equal(store_rig_ask(r->store,
				    "SELECT count(*), (SELECT count(*) FROM runs) FROM evidence"),
		"2|1");
	assert_int_equal(r->outlet.written, 3);
	assert_int_equal(exporter_store.close(&r->outlet, ""), 0);
	assert_int_equal(rename(old, r->store->path), 0);
	assert_string_equal(store_rig_ask(r->store, "SELECT count(*) FROM evidence"), "1");
}

static void
live_one_that_was_moved_away_is_made_anew_when_that_is_said(void **state)
{
	struct rig *r = *state;
	char old[160];

	open_live(r);
	write_evidence(r);
	exporter_store.reopen(&r->outlet); /* it is where it was */
	moved_away(r, old);
	exporter_store.reopen(&r->outlet);
	write_evidence(r);
	tick(r, 1000);
	assert_string_equal(store_rig_ask(r->store,
				    "SELECT count(*), (SELECT max(id) FROM runs) FROM evidence"),
		"1|1");
}

static void
live_where_none_can_be_made_it_is_tried_less_and_less_often(void **state)
{
	struct rig *r = *state;
	char old[160];

	open_live(r);
	moved_away(r, old);
	assert_int_equal(mkdir(r->store->path, 0700), 0);
	tick(r, 1000);
	write_evidence(r);
	assert_int_equal(r->outlet.dropped[OUTLET_DROP_FAILED], 1);
	tick(r, 1000); /* and again, which is to be waited for two seconds now */
	assert_int_equal(rmdir(r->store->path), 0);
	tick(r, 1000);
	assert_int_equal(access(r->store->path, F_OK), -1);
	tick(r, 1000);
	write_evidence(r);
	tick(r, 1000);
	assert_string_equal(store_rig_ask(r->store,
				    "SELECT count(*), (SELECT count FROM losses) FROM evidence"),
		"1|1");
}

static void
one_that_hears_nothing_more_shrinks_all_the_same(void **state)
{
	struct rig *r = *state;
	const uint64_t size = UINT64_C(1024) * 1024;

	set(r, "size_max", &size, sizeof(size));
	open_live(r);
	for (int i = 0; i < 4000; i++)
		write_flow(r);
	for (int i = 0; i < 20; i++)
		tick(r, 1000);
	assert_string_equal(
		store_rig_ask(r->store,
			"SELECT (SELECT page_count - freelist_count FROM pragma_page_count, pragma_freelist_count)"
			" <= 208, count(*) > 500 FROM flows"),
		"1|1");
}

/* A window for each of `hosts` hosts from `first` on, with so many tuples. */
static void
write_windows(struct rig *r, uint32_t first, uint32_t hosts, uint32_t tuples)
{
	static const struct hash_key key = { { 1, 2 } };
	struct arena memory;
	struct tuples all;

	arena_init(&memory, MEMORY, NULL);
	tuples_init(&all, &memory, &key);
	for (uint32_t i = 0; i < tuples; i++)
		tuples_add(&all, &(struct tuple_flow){ .peer = addr_v4(203, 0, 113, 9),
					 .resp_port = (uint16_t)i,
					 .ip_proto = IPPROTO_TCP,
					 .packets = 1,
					 .count = true });
	for (uint32_t i = first; i < first + hosts; i++) {
		struct record_window w = { .host = addr_v4(10, 0, (uint8_t)(i >> 8), (uint8_t)i),
			.window = sample_window(),
			.tuples = &all };
		exporter_store.write(&r->outlet,
			&(struct record){ .kind = RECORD_WINDOW, .ts_ns = SAMPLE_NS, .window = &w },
			NULL, 0);
	}
	arena_done(&memory);
}

/* At no moment, with its log, is it larger than what it may be and what came at once. */
static void
windows_with_tuples_do_not_make_it_larger_than_it_may_be(void **state)
{
	struct rig *r = *state;
	const uint64_t size = UINT64_C(4) * 1024 * 1024;
	const uint64_t batch = UINT64_C(1024) * 1024;

	set(r, "size_max", &size, sizeof(size));
	open_live(r);
	for (uint32_t i = 0; i < 60; i++) {
		write_windows(r, 3 * i, 3, 1000);
		assert_true(bytes_of(r, "") + bytes_of(r, "-wal") <= size + batch);
		if (i % 10 == 9)
			tick(r, 1000);
	}
	for (int i = 0; i < 1000 && bytes_of(r, "") > size - size / 8; i++)
		tick(r, 1000);
	assert_true(bytes_of(r, "") <= size - size / 8); /* the rest is the log's */
	assert_string_equal(
		store_rig_ask(r->store,
			"SELECT count(*) + (SELECT count FROM losses WHERE reason = 'store_tuples') = 180000"
			" FROM tuples"),
		"1");
}

static void
one_that_could_not_be_opened_can_be_closed(void **state)
{
	struct rig *r = *state;

	FILE *f = fopen(r->store->path, "w");
	assert_non_null(f);
	(void)fputs("precious", f);
	(void)fclose(f);
	assert_int_equal(exporter_store.open(&r->outlet, ""), -EEXIST);
	assert_int_equal(exporter_store.close(&r->outlet, ""), 0);
}

/* Who reads and never ends keeps the log from beginning anew: what is written beside conversations fills it too. */
static void
live_a_reader_who_never_ends_does_not_fill_the_disk(void **state)
{
	struct rig *r = *state;
	const uint64_t size = UINT64_C(2) * 1024 * 1024;
	sqlite3 *reader = NULL;

	set(r, "size_max", &size, sizeof(size));
	open_live(r);
	write_evidence(r);
	tick(r, 1000);
	assert_int_equal(
		sqlite3_open_v2(r->store->path, &reader, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(reader, "BEGIN; SELECT * FROM runs", NULL, NULL, NULL), SQLITE_OK);
	for (uint32_t i = 0; i < 200; i++) {
		write_windows(r, i, 1, 1);
		write_evidence(r);
		tick(r, 1000);
		assert_true(bytes_of(r, "") + bytes_of(r, "-wal") <= size);
	}
	uint64_t dropped = r->outlet.dropped[OUTLET_DROP_FULL];
	assert_true(dropped > 100);
	assert_int_equal(sqlite3_close(reader), SQLITE_OK);
	tick(r, 1000);
	write_evidence(r);
	tick(r, 1000);
	assert_int_equal(r->outlet.dropped[OUTLET_DROP_FULL], dropped);
	assert_int_equal(exporter_store.close(&r->outlet, ""), 0);
	assert_string_equal(
		store_rig_ask(r->store,
			"SELECT (SELECT count(*) FROM windows WHERE closed) +"
			" (SELECT count(*) FROM evidence) + (SELECT count FROM losses WHERE reason = 'store_dropped'),"
			" (SELECT sum(count) FROM loss_spans) = (SELECT count FROM losses)"),
		"402|1");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(it_is_written_over_files_and_live_when_asked_for),
		T(over_files_rows_are_there_at_the_end_and_every_20000),
		T(over_files_rows_are_there_when_they_are_to_be_shown),
		T(over_files_what_cannot_be_shown_is_given_up),
		T(live_rows_are_there_within_a_second),
		T(windows_and_records_find_their_tables),
		T(live_a_full_disk_is_waited_for),
		T(live_when_it_dropped_is_told_once_the_disk_takes_it),
		T(over_files_a_full_disk_is_tried_again_and_is_a_failure),
		T(what_is_full_takes_findings_only),
		T(what_breaks_a_rule_of_its_table_costs_itself_only),
		T(what_has_no_line_is_stored_where_none_is_kept),
		T(live_one_that_was_moved_away_is_made_anew_within_a_second),
		T(live_one_that_was_moved_away_is_made_anew_when_that_is_said),
		T(live_where_none_can_be_made_it_is_tried_less_and_less_often),
		T(one_that_hears_nothing_more_shrinks_all_the_same),
		T(windows_with_tuples_do_not_make_it_larger_than_it_may_be),
		T(one_that_could_not_be_opened_can_be_closed),
		T(live_a_reader_who_never_ends_does_not_fill_the_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
