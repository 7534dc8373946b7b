#include "ctl/report/report_parts.h"

#include "tests/support/report_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ENTRIES = 100, BEFORE = REPORT_ENTRIES_MAX * 2 / 3 };
static const uint64_t start_ns = UINT64_C(1795507047000000000);
static const uint64_t ns_per_s = UINT64_C(1000000000);

struct fixture {
	struct report_rig rig;
	struct source_window windows[2];
	struct source_profile profile;
	struct source_entry entries[ENTRIES];
	struct source_evidence evidence[3];
	const struct source_evidence *picked[3];
	struct report_host host;
	struct arena memory;
};

/* A host of one window with a hundred entries, a second apart, and of three findings the second weighs most. */
static int
set_up(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	report_rig_init(&f.rig);
	arena_init(&f.memory, 1 << 20, NULL);
	f.windows[0].id = (struct source_window_id){ .host = "10.0.0.1", .number = 1 };
	f.windows[1].id = (struct source_window_id){ .host = "10.0.0.1", .number = 2 };
	f.profile = (struct source_profile){
		.host = "10.0.0.1", .windows = f.windows, .window_count = 1
	};
	for (size_t i = 0; i < ENTRIES; i++)
		f.entries[i].ts_ns = start_ns + i * ns_per_s;
	for (size_t i = 0; i < 3; i++) {
		f.evidence[i] = report_rig_evidence("10.0.0.1", "KIND");
		f.evidence[i].window.number = 1;
		f.evidence[i].threat = i == 1 ? "high" : "low";
		f.evidence[i].text = i == 1 ? "the strongest" : "another";
		f.picked[i] = &f.evidence[i];
	}
	f.host = (struct report_host){
		.profile = &f.profile, .evidence = f.picked, .evidence_count = 3
	};
	f.rig.profiles = &f.profile;
	f.rig.profile_count = 1;
	f.rig.entries = f.entries;
	f.rig.entry_count = ENTRIES;
	*state = &f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	arena_done(&f->memory);
	return 0;
}

/* The strongest finding is raised when so many entries have begun. */
static void
read_around(struct fixture *f, size_t begun)
{
	f->evidence[1].ts_ns = start_ns + begun * ns_per_s;
	report_entries_fill(&f->host, &f->rig.source, &f->memory, &f->memory);
}

static void
the_timeline_is_told_around_the_strongest_finding(void **state)
{
	struct fixture *f = *state;

	read_around(f, 50);
	assert_int_equal(f->host.entry_total, ENTRIES);
	assert_int_equal(f->host.entry_from, 50 - BEFORE);
	assert_int_equal(f->host.entry_count, REPORT_ENTRIES_MAX);
	assert_int_equal(f->host.entries[BEFORE].ts_ns, f->evidence[1].ts_ns);
}

static void
it_begins_with_the_first_and_ends_with_the_last(void **state)
{
	struct fixture *f = *state;

	read_around(f, BEFORE);
	assert_int_equal(f->host.entry_from, 0);
	f->host.entry_total = 0;
	read_around(f, 0);
	assert_int_equal(f->host.entry_from, 0);
	f->host.entry_total = 0;
	read_around(f, BEFORE + 1);
	assert_int_equal(f->host.entry_from, 1);
	f->host.entry_total = 0;
	read_around(f, ENTRIES + 7);
	assert_int_equal(f->host.entry_from, ENTRIES - REPORT_ENTRIES_MAX);
	assert_int_equal(f->host.entry_count, REPORT_ENTRIES_MAX);
}

static void
a_short_timeline_is_told_as_a_whole(void **state)
{
	struct fixture *f = *state;

	f->rig.entry_count = REPORT_ENTRIES_MAX;
	read_around(f, REPORT_ENTRIES_MAX);
	assert_int_equal(f->host.entry_from, 0);
	assert_int_equal(f->host.entry_count, REPORT_ENTRIES_MAX);
}

/* The rig has the same entries in each window of its first host. */
static void
windows_before_that_of_the_finding_are_counted(void **state)
{
	struct fixture *f = *state;

	f->profile.window_count = 2;
	f->evidence[1].window.number = 2;
	read_around(f, 5);
	assert_int_equal(f->host.entry_total, 2 * ENTRIES);
	assert_int_equal(f->host.entry_from, ENTRIES + 5 - BEFORE);
	assert_int_equal(f->host.entry_count, REPORT_ENTRIES_MAX);
	assert_int_equal(f->host.entries[0].ts_ns, f->entries[ENTRIES + 5 - BEFORE].ts_ns);
	assert_int_equal(f->host.entries[BEFORE].ts_ns, f->entries[5].ts_ns);
}

static void
without_evidence_it_begins_at_its_beginning(void **state)
{
	struct fixture *f = *state;

	f->host.evidence_count = 0;
	report_entries_fill(&f->host, &f->rig.source, &f->memory, &f->memory);
	assert_int_equal(f->host.entry_from, 0);
	assert_int_equal(f->host.entry_count, REPORT_ENTRIES_MAX);
	report_why_fill(&f->host);
	assert_string_equal(f->host.why, "");
}

static void
a_host_is_named_for_its_alert_or_its_strongest_finding(void **state)
{
	struct fixture *f = *state;
	const struct source_alert alert = { .reason = "the alert" };
	const struct source_alert *alerts[] = { &alert };

	report_why_fill(&f->host);
	assert_string_equal(f->host.why, "the strongest");
	/* Level by confidence. */
	f->evidence[1].confidence = 0.2;
	f->evidence[2].threat = "medium";
	f->evidence[2].confidence = 0.4;
	f->evidence[2].text = "the surer";
	report_why_fill(&f->host);
	assert_string_equal(f->host.why, "the surer");
	f->evidence[2].silenced_by = "a rule";
	/* Of equals the first, and what a rule silenced is the last. */
	f->evidence[1].silenced_by = "a rule";
	report_why_fill(&f->host);
	assert_string_equal(f->host.why, "another");
	f->host.alerts = alerts;
	f->host.alert_count = 1;
	report_why_fill(&f->host);
	assert_string_equal(f->host.why, "the alert");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_timeline_is_told_around_the_strongest_finding, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			it_begins_with_the_first_and_ends_with_the_last, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_short_timeline_is_told_as_a_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			windows_before_that_of_the_finding_are_counted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			without_evidence_it_begins_at_its_beginning, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_host_is_named_for_its_alert_or_its_strongest_finding, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
