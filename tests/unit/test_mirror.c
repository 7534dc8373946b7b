#include "exporters/kalipso/mirror.h"

#include "tests/support/failing_alloc.h"
#include "tests/support/mapped.h"
#include "tests/support/mirror_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { SEEDS = 400 };

static int
setup(void **state)
{
	const struct mirror_plan plan = mirror_rig_plan();

	*state = mirror_rig_new(&plan);
	return 0;
}

static int
teardown(void **state)
{
	mirror_rig_free(*state);
	return 0;
}

/* Some of its allocations fail: whichever, it is none, or whole; and nothing of it stays. */
static void
a_mirror_without_memory_is_none(void **state)
{
	const struct mirror_plan plan = mirror_rig_plan();
	unsigned none = 0;
	uint64_t before = mapped_bytes();

	(void)state;
	for (uint32_t seed = 1; seed <= SEEDS; seed++) {
		failing_alloc_begin(seed);
		struct mirror *m = mirror_new(&plan);
		(void)failing_alloc_end();
		none += m == NULL;
		mirror_free(m);
	}
	assert_true(none > SEEDS / 8 && none < SEEDS);
	assert_true(mapped_bytes() < before + SEEDS * UINT64_C(4096));
}

static void
nothing_is_due_of_an_empty_mirror(void **state)
{
	const struct mirror_rig *r = *state;

	for (uint32_t t = 0; t < RIG_TARGETS; t++)
		assert_false(mirror_is_due(r->mirror, t));
}

static void
records_of_other_kinds_change_nothing(void **state)
{
	struct mirror_rig *r = *state;
	const struct obs_flow flow = sample_flow();

	mirror_take(r->mirror, &(struct record){ .kind = RECORD_FLOW, .flow = &flow });
	assert_false(mirror_is_due(r->mirror, 0));
	assert_int_equal(mirror_stats(r->mirror).windows, 0);
}

static void
each_kind_makes_its_window_due_for_every_target(void **state)
{
	struct mirror_rig *r = *state;

	for (int kind = 0; kind < 4; kind++) {
		if (kind == 0)
			rig_tell_window(r, 1, 1, false);
		else if (kind == 1)
			rig_tell_timeline(r, 1, 1, 5);
		else if (kind == 2)
			rig_tell_evidence(r, 1, 1);
		else
			rig_tell_alert(r, 1, 1);
		assert_int_equal(rig_drain(r, 0), 1);
		assert_true(mirror_is_due(r->mirror, 1));
		assert_int_equal(rig_drain(r, 1), 1);
		assert_false(mirror_is_due(r->mirror, 0));
	}
	assert_int_equal(mirror_stats(r->mirror).windows, 1);
}

static void
a_window_knows_its_threat_its_alerts_and_whether_it_is_closed(void **state)
{
	struct mirror_rig *r = *state;
	const struct addr host = rig_host(1);

	rig_tell_evidence(r, 1, 1);
	const struct mirror_window *w = mirror_window_of(r->mirror, &host, NULL);
	assert_float_equal(w->threat, 0.24, 1e-9);
	rig_tell_alert(r, 1, 1);
	assert_float_equal(w->threat, 0, 1e-9);
	assert_int_equal(w->alerts, 1);
	rig_tell_window(r, 1, 1, false);
	assert_float_equal(w->threat, 0.5, 1e-9);
	assert_false(w->closed);
	rig_tell_window(r, 1, 1, true);
	assert_true(w->closed);
}

static void
after_a_restart_all_is_due_whole_for_that_target_only(void **state)
{
	struct mirror_rig *r = *state;
	struct mirror_gone gone;

	rig_tell_address(r, 9);
	for (int64_t n = 1; n <= 4; n++)
		rig_tell_window(r, 1, n, true);
	rig_tell_timeline(r, 1, 4, 5);
	rig_tell_evidence(r, 1, 4);
	(void)rig_drain(r, 0);
	(void)rig_drain(r, 1);
	rig_tell_window(r, 2, 1, true); /* one must go: it is gone for both */
	(void)rig_drain(r, 1);
	mirror_restart(r->mirror, 0);

	assert_false(mirror_next_gone(r->mirror, 0, &gone));
	assert_false(mirror_is_due(r->mirror, 1));
	assert_non_null(mirror_next_address(r->mirror, 0));
	assert_non_null(mirror_next_finding(r->mirror, 0));
	for (int i = 0; i < 4; i++) {
		const struct mirror_window *w = mirror_next_window(r->mirror, 0);

		assert_true(w->due[0].whole);
		assert_false(w->due[1].whole);
		assert_int_equal(w->due[0].timeline_told, 0);
	}
	assert_null(mirror_next_window(r->mirror, 0));
}

static void
what_was_not_there_since_a_restart_need_not_be_removed(void **state)
{
	struct mirror_rig *r = *state;
	struct mirror_gone gone;

	rig_tell_window(r, 1, 1, true);
	(void)rig_drain(r, 0);
	mirror_restart(r->mirror, 0);
	for (uint32_t host = 2; host <= 5; host++)
		rig_tell_window(r, host, 1, true);
	assert_false(mirror_next_gone(r->mirror, 0, &gone));
}

static void
a_repeat_keeps_what_is_gone_and_does_not_tell_findings_again(void **state)
{
	struct mirror_rig *r = *state;
	struct mirror_gone gone;

	rig_tell_address(r, 9);
	for (int64_t n = 1; n <= 4; n++)
		rig_tell_window(r, 1, n, true);
	rig_tell_evidence(r, 1, 4);
	(void)rig_drain(r, 0);
	rig_tell_window(r, 2, 1, true);
	mirror_repeat(r->mirror, 0);
	assert_true(mirror_next_gone(r->mirror, 0, &gone));
	assert_non_null(mirror_next_address(r->mirror, 0));
	assert_null(mirror_next_finding(r->mirror, 0));
	assert_int_equal(rig_drain(r, 0), 4);
}

static void
all_that_was_there_can_be_gone_at_once(void **state)
{
	struct mirror_rig *r = *state;
	struct mirror_gone gone;
	struct addr addr;

	for (uint32_t n = 1; n <= 4; n++) {
		rig_tell_address(r, n);
		rig_tell_window(r, n, 1, true);
	}
	(void)rig_drain(r, 0);
	for (uint32_t n = 5; n <= 50; n++) {
		rig_tell_address(r, n);
		rig_tell_window(r, n, 1, true);
	}
	for (int i = 0; i < 4; i++) {
		assert_true(mirror_next_gone(r->mirror, 0, &gone));
		assert_true(mirror_next_gone_address(r->mirror, 0, &addr));
	}
	assert_false(mirror_next_gone(r->mirror, 0, &gone));
	assert_false(mirror_next_gone_address(r->mirror, 0, &addr));
}

static void
each_thing_that_is_due_is_seen(void **state)
{
	struct mirror_rig *r = *state;
	struct mirror_gone gone;
	struct addr addr;

	rig_tell_address(r, 1);
	assert_true(mirror_is_due(r->mirror, 0));
	(void)mirror_next_address(r->mirror, 0);
	assert_false(mirror_is_due(r->mirror, 0));
	for (uint32_t n = 2; n <= 5; n++)
		rig_tell_address(r, n);
	while (mirror_next_address(r->mirror, 0) != NULL)
		;
	assert_true(mirror_is_due(r->mirror, 0)); /* an address is gone */
	assert_true(mirror_next_gone_address(r->mirror, 0, &addr));
	assert_false(mirror_is_due(r->mirror, 0));

	rig_tell_evidence(r, 1, 1);
	(void)mirror_next_window(r->mirror, 0);
	assert_true(mirror_is_due(r->mirror, 0)); /* a finding */
	(void)mirror_next_finding(r->mirror, 0);
	assert_false(mirror_is_due(r->mirror, 0));
	for (int64_t n = 2; n <= 5; n++)
		rig_tell_window(r, 1, n, true);
	while (mirror_next_window(r->mirror, 0) != NULL)
		;
	while (mirror_next_address(r->mirror, 0) != NULL) /* they were asked for */
		;
	assert_true(mirror_is_due(r->mirror, 0)); /* a window is gone */
	assert_true(mirror_next_gone(r->mirror, 0, &gone));
	assert_false(mirror_is_due(r->mirror, 0));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_mirror_without_memory_is_none),
		TEST(nothing_is_due_of_an_empty_mirror),
		TEST(records_of_other_kinds_change_nothing),
		TEST(each_kind_makes_its_window_due_for_every_target),
		TEST(a_window_knows_its_threat_its_alerts_and_whether_it_is_closed),
		TEST(after_a_restart_all_is_due_whole_for_that_target_only),
		TEST(what_was_not_there_since_a_restart_need_not_be_removed),
		TEST(a_repeat_keeps_what_is_gone_and_does_not_tell_findings_again),
		TEST(all_that_was_there_can_be_gone_at_once),
		TEST(each_thing_that_is_due_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
