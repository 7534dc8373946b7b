#include "ctl/report/report_parts.h"

#include "tests/support/report_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { TALKS_MAX = 200 };
#define SECOND UINT64_C(1000000000)

struct fixture {
	struct arena memory;
	struct report_rig rig;
	struct report_talk rows[TALKS_MAX];
	struct report_talks talks;
	struct source_window window;
	struct source_profile profile;
	struct report_host host;
};

static int
set_up(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	arena_init(&f.memory, (size_t)1 << 24, NULL);
	report_rig_init(&f.rig);
	f.talks.rows = f.rows;
	f.window.id = (struct source_window_id){ .host = "10.0.0.1", .number = 1 };
	f.profile = (struct source_profile){
		.host = "10.0.0.1", .windows = &f.window, .window_count = 1
	};
	f.rig.profiles = &f.profile;
	f.rig.profile_count = 1;
	f.host.profile = &f.profile;
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

static void
talk(struct fixture *f, const char *peer, const char *port, uint64_t at_ns)
{
	f->rows[f->talks.count++] = (struct report_talk){
		.start_ns = at_ns, .peer = peer, .port = port, .answered = true
	};
}

static void
look(struct fixture *f)
{
	f->host.beacon_count = 0;
	report_beacons_fill(&f->host, &f->rig.source, &f->talks, &f->memory, &f->memory);
}

static void
eight_by_the_clock_are_a_rhythm(void **state)
{
	struct fixture *f = *state;

	for (uint64_t i = 0; i < 7; i++)
		talk(f, "192.0.2.1", "443/tcp", i * 60 * SECOND);
	look(f);
	assert_int_equal(f->host.beacon_count, 0);
	talk(f, "192.0.2.1", "443/tcp", UINT64_C(420) * SECOND);
	look(f);
	assert_int_equal(f->host.beacon_count, 1);
	const struct report_beacon *b = &f->host.beacons[0];
	assert_string_equal(b->peer, "192.0.2.1");
	assert_string_equal(b->port, "443/tcp");
	assert_int_equal(b->talks, 8);
	assert_float_equal(b->median_s, 60.0, 1e-6);
	assert_float_equal(b->spread, 0.0, 1e-6);
	assert_int_equal(b->bars[REPORT_BARS / 2], 7);
	assert_false(b->is_found);
	assert_string_equal(b->letters, "");
}

static void
people_have_no_rhythm(void **state)
{
	static const uint64_t at[] = { 0, 3, 40, 44, 100, 190, 191, 400, 410, 900 };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		talk(f, "192.0.2.1", "443/tcp", at[i] * SECOND);
	for (uint64_t i = 0; i < 20; i++)
		talk(f, "192.0.2.2", "443/tcp", i * SECOND / 10); /* a page and its pictures */
	look(f);
	assert_int_equal(f->host.beacon_count, 0);
}

static void
what_a_finding_names_is_shown_first_however_it_beats(void **state)
{
	static const uint64_t at[] = { 0, 3, 40, 44, 100, 190, 191, 400, 410, 900 };
	struct fixture *f = *state;
	struct source_evidence e = report_rig_evidence("10.0.0.1", "BEACON");
	const struct source_evidence *all[] = { &e };

	e.about = "192.0.2.1";
	e.port = "443/TCP";
	f->host.evidence = all;
	f->host.evidence_count = 1;
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		talk(f, "192.0.2.1", "443/tcp", at[i] * SECOND);
	for (uint64_t i = 0; i < 20; i++)
		talk(f, "192.0.2.2", "443/tcp", i * 60 * SECOND);
	look(f);
	assert_int_equal(f->host.beacon_count, 2);
	assert_true(f->host.beacons[0].is_found);
	assert_string_equal(f->host.beacons[0].peer, "192.0.2.1");
	assert_true(f->host.beacons[0].beyond > 0);
	e.port = "80/TCP";
	look(f);
	assert_int_equal(f->host.beacon_count, 1);
}

static void
the_longest_are_kept(void **state)
{
	static const char *const peers[] = { "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4" };
	struct fixture *f = *state;

	for (uint64_t p = 0; p < 4; p++)
		for (uint64_t i = 0; i < 10 + p; i++)
			talk(f, peers[p], "443/tcp", i * 60 * SECOND);
	look(f);
	assert_int_equal(f->host.beacon_count, REPORT_BEACONS_MAX);
	assert_string_equal(f->host.beacons[0].peer, "192.0.2.4");
	assert_string_equal(f->host.beacons[2].peer, "192.0.2.2");
}

static void
letters_are_those_of_the_same_tuple(void **state)
{
	const struct source_tuple tuples[] = {
		{ .peer = "192.0.2.1", .port = "44", .proto = "tcp", .letters = "no!" },
		{ .peer = "192.0.2.1", .port = "443", .proto = "udp", .letters = "no!" },
		{ .peer = "192.0.2.1", .port = "443", .proto = "tcp", .letters = "11.a.a" },
		{ .peer = "192.0.2.2", .port = "443", .proto = "tcp", .letters = "no!" },
	};
	struct fixture *f = *state;

	f->rig.tuples = tuples;
	f->rig.tuple_count = 4;
	for (uint64_t i = 0; i < 10; i++)
		talk(f, "192.0.2.1", "443/tcp", i * 60 * SECOND);
	look(f);
	assert_int_equal(f->host.beacon_count, 1);
	assert_string_equal(f->host.beacons[0].letters, "11.a.a");
}

static void
what_the_peer_opens_is_not_the_hosts_rhythm(void **state)
{
	struct fixture *f = *state;

	for (uint64_t i = 0; i < 10; i++) {
		talk(f, "192.0.2.1", "443/tcp", i * 60 * SECOND);
		f->rows[i].is_from = true;
	}
	look(f);
	assert_int_equal(f->host.beacon_count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(eight_by_the_clock_are_a_rhythm, set_up, tear_down),
		cmocka_unit_test_setup_teardown(people_have_no_rhythm, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_a_finding_names_is_shown_first_however_it_beats, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_longest_are_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			letters_are_those_of_the_same_tuple, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_the_peer_opens_is_not_the_hosts_rhythm, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
