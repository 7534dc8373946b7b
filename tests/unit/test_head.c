#include "tests/support/view_rig.h"

/* The first line of a picture so wide. */
static void
assert_head(struct view_rig *v, unsigned columns, const char *line)
{
	view_resize(v, 24, columns, false);
	const char *text = view_text(v);

	if (strncmp(text, line, strlen(line)) != 0 || text[strlen(line)] != '\n')
		assert_string_equal(text, line);
}

static void
what_is_least_needed_is_left_out_first(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 110, false);
	assert_head(&v, 110,
		"main page  192.168.2.12 window 2          "
		"2020/10/07 13:00:00 - 15:10:00  2840 packets  ended  case42/naiad.db");
	assert_head(&v, 80,
		"main page  192.168.2.12 window 2            2840 packets  ended  case42/naiad.db");
	assert_head(&v, 60, "main page  192.168.2.12 window 2      ended  case42/naiad.db");
	assert_head(&v, 49, "main page  192.168.2.12 window 2  case42/naiad.db");
	assert_head(&v, 48, "main page  192.168.2.12 window 2           ended");
	view_end(&v);
}

static void
a_live_run_says_so_and_a_source_that_does_not_answer(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, false);
	v.sample.is_live = true;
	view_draw(&v);
	assert_shows(&v, "2840 packets  live  case42/naiad.db\n");
	v.sample.is_gone = true;
	assert_true(model_look(&v.model));
	view_draw(&v);
	assert_shows(&v, "packets  in trouble  case42/naiad.db\n"); /* it answers yet */
	v.sample.is_bare = true;
	view_draw(&v);
	assert_shows(&v, " does not answer  case42/naiad.db\n");
	view_end(&v);
}

static void
a_source_that_knows_no_run_has_a_name_at_least(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, false);
	v.sample.is_bare = true;
	view_send(&v, "/x<Enter>");
	assert_head(&v, 80,
		"main page  192.168.2.12 window 2  only rows with \"x\"             case42/naiad.db");
	view_end(&v);
}

static void
a_run_over_days_has_both_of_them(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 130, false);
	v.sample.last_ns = UINT64_C(1602162000) * 1000000000; /* a day later */
	view_draw(&v);
	assert_shows(&v, "  2020/10/07 13:00:00 - 2020/10/08 13:00:00  2840 packets");
	v.sample.last_ns = 0; /* not known */
	view_draw(&v);
	assert_shows(&v, " 2840 packets");
	assert_not_shows(&v, "13:00:00 -");
	view_end(&v);
}

static void
a_run_over_logs_counts_flows(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, false);
	v.sample.is_of_logs = true;
	view_draw(&v);
	assert_shows(&v, "  502 flows  ended  case42/naiad.db");
	view_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_least_needed_is_left_out_first),
		cmocka_unit_test(a_live_run_says_so_and_a_source_that_does_not_answer),
		cmocka_unit_test(a_source_that_knows_no_run_has_a_name_at_least),
		cmocka_unit_test(a_run_over_days_has_both_of_them),
		cmocka_unit_test(a_run_over_logs_counts_flows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
