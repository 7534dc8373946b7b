#include "exporters/kalipso/mirror_lines.h"

#include "tests/support/mirror_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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

static const struct mirror_window *
window(const struct mirror_rig *r, uint32_t host)
{
	const struct addr a = rig_host(host);

	return mirror_window_of(r->mirror, &a, NULL);
}

static void
over_the_cap_the_first_line_goes_and_is_counted(void **state)
{
	struct mirror_rig *r = *state;

	for (uint64_t n = 1; n <= 3; n++)
		rig_tell_timeline(r, 1, 1, n);
	assert_int_equal(window(r, 1)->timeline.count, 3);
	assert_int_equal(window(r, 1)->timeline.begun, 0);
	rig_tell_timeline(r, 1, 1, 4);
	const struct mirror_lines *l = &window(r, 1)->timeline;
	assert_int_equal(l->count, 3);
	assert_int_equal(l->begun, 1);
	assert_int_equal(l->first->ts_ns, 2);
	assert_int_equal(l->last->ts_ns, 4);
	assert_int_equal(mirror_stats(r->mirror).lines_forgotten, 1);
}

static void
a_line_is_the_record_that_was_told(void **state)
{
	struct mirror_rig *r = *state;
	struct record_unpacked *u = malloc(sizeof(*u));

	rig_tell_evidence(r, 1, 1);
	const struct mirror_line *line = window(r, 1)->evidence.first;
	struct cursor in = cursor_over(line->bytes, line->length);
	assert_true(record_unpack(&in, u));
	assert_int_equal(u->record.kind, RECORD_EVIDENCE);
	assert_string_equal(u->record.evidence->text, "scanned port 23/tcp on 10 hosts");
	assert_int_equal(u->record.ts_ns, NS_PER_S);
	free(u);
}

static void
findings_of_all_windows_come_in_their_order_once(void **state)
{
	struct mirror_rig *r = *state;

	rig_tell_evidence(r, 2, 1);
	rig_tell_timeline(r, 2, 1, 5);
	rig_tell_alert(r, 1, 1);
	rig_tell_evidence(r, 2, 1);
	assert_ptr_equal(mirror_next_finding(r->mirror, 0), window(r, 2)->evidence.first);
	assert_ptr_equal(mirror_next_finding(r->mirror, 0), window(r, 1)->alerted.first);
	assert_ptr_equal(mirror_next_finding(r->mirror, 0), window(r, 2)->evidence.last);
	assert_null(mirror_next_finding(r->mirror, 0));
	rig_tell_evidence(r, 1, 1);
	assert_int_equal(mirror_next_finding(r->mirror, 0)->number, 4);
	assert_null(mirror_next_finding(r->mirror, 0));
	assert_int_equal(mirror_next_finding(r->mirror, 1)->number, 1);
}

static void
findings_begin_again_behind_any_number(void **state)
{
	struct mirror_rig *r = *state;

	for (int i = 0; i < 3; i++)
		rig_tell_evidence(r, 1, 1);
	while (mirror_next_finding(r->mirror, 0) != NULL)
		;
	for (uint64_t after = 0; after < 3; after++) {
		mirror_findings_after(r->mirror, 0, after);
		assert_int_equal(mirror_next_finding(r->mirror, 0)->number, after + 1);
	}
	mirror_findings_after(r->mirror, 0, 3);
	assert_null(mirror_next_finding(r->mirror, 0));
}

static void
a_finding_that_goes_with_its_window_is_passed_over_and_counted_if_untold(void **state)
{
	struct mirror_rig *r = *state;

	rig_tell_evidence(r, 1, 1);
	for (uint32_t host = 2; host <= 4; host++)
		rig_tell_evidence(r, host, 1);
	(void)mirror_next_finding(r->mirror, 1);
	while (mirror_next_window(r->mirror, 0) != NULL)
		;
	while (mirror_next_window(r->mirror, 1) != NULL)
		;
	rig_tell_window(r, 5, 1, true); /* the first goes: target 0 has not had it, 1 has */
	assert_int_equal(mirror_stats(r->mirror).untold[0], 1);
	assert_int_equal(mirror_stats(r->mirror).untold[1], 0);
	assert_int_equal(mirror_next_finding(r->mirror, 0)->number, 2);
	assert_int_equal(mirror_next_finding(r->mirror, 1)->number, 2);
}

static void
findings_of_one_window_are_bounded(void **state)
{
	struct mirror_rig *r = *state;

	for (int i = 0; i < MIRROR_FINDINGS_MAX; i++)
		rig_tell_evidence(r, 1, 1);
	assert_int_equal(mirror_next_finding(r->mirror, 0)->number, 1);
	rig_tell_evidence(r, 1, 1);
	assert_int_equal(window(r, 1)->evidence.count, MIRROR_FINDINGS_MAX);
	assert_int_equal(mirror_stats(r->mirror).lines_forgotten, 1);
	assert_int_equal(mirror_stats(r->mirror).untold[0], 0);
	assert_int_equal(mirror_stats(r->mirror).untold[1], 1); /* by the other target */
	assert_int_equal(mirror_next_finding(r->mirror, 0)->number, 2);
	assert_int_equal(mirror_next_finding(r->mirror, 1)->number, 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(over_the_cap_the_first_line_goes_and_is_counted),
		TEST(a_line_is_the_record_that_was_told),
		TEST(findings_of_all_windows_come_in_their_order_once),
		TEST(findings_begin_again_behind_any_number),
		TEST(a_finding_that_goes_with_its_window_is_passed_over_and_counted_if_untold),
		TEST(findings_of_one_window_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
