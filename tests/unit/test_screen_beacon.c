#include "tests/support/places_rig.h"

static void
a_beacon_at_three_sizes(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "h<Enter>");
	assert_places(&r, "beacon_80x24", true);
	places_resize(&r, 40, 120, true);
	assert_places(&r, "beacon_120x40", false);
	places_resize(&r, 50, 200, false);
	assert_places(&r, "beacon_200x50_ascii", false);
	places_end(&r);
}

static void
without_flows_the_letters_have_to_do(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	r.sample.is_bare = true;
	places_send(&r, "h<Enter>");
	assert_places(&r, "beacon_bare_80x24", false);
	places_send(&r, "<Esc>/192.168.2.1-<Enter><Enter>");
	(void)place_of(&r, "there are no flows in this source: see the letters");
	places_end(&r);
}

static void
what_is_not_regular_is_said(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	r.sample.is_irregular = true;
	places_send(&r, "h<Enter>");
	(void)place_of(&r, "not regular: half of them within");
	(void)place_of(&r, "longer");
	places_end(&r);
}

static void
a_tuple_of_few_flows_has_no_intervals(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "h/198.51.100.130<Enter><Enter>");
	(void)place_of(&r, "too few flows to say");
	(void)place_of(&r, "none: it takes two flows");
	(void)place_of(&r, "198.51.100.130  cloud.example  US  Example Cloud");
	places_end(&r);
}

static void
in_tuples_have_the_flows_of_others(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "i<Enter>");
	(void)place_of(&r, "In-tuple: 198.51.100.9-23-tcp");
	(void)place_of(&r, "intervals 120: median");
	places_end(&r);
}

static void
it_takes_a_window_and_a_tuple(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "l");
	(void)place_of(&r, "put the cursor on a tuple first");
	(void)strcpy(r.model.tuple, "192.0.2.99-1-tcp");
	places_send(&r, "l");
	(void)place_of(&r, "no tuple 192.0.2.99-1-tcp in this window");
	r.model.has_window = false;
	places_send(&r, "<Esc>l");
	(void)place_of(&r, "no host was seen: ");
	places_end(&r);
}

static void
a_hostile_tuple_stays_in_its_place(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 40, 120, true);
	r.sample.scanned = 0;
	places_send(&r, "hGk<Enter>");
	(void)place_of(&r, "\\x1b[2J\\x1b[31mevil\\x0d\\x0a\\x7f\\xff-9-udp");
	assert_lacks(&r, "\033");
	places_end(&r);
}

static void
no_area_is_too_small(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "h<Enter>");
	places_squeeze(&r, 10, 3);
	assert_places(&r, "beacon_3x10", false);
	for (unsigned rows = 0; rows < 24; rows++)
		for (unsigned columns = 0; columns < 40; columns++)
			places_squeeze(&r, rows, columns);
	r.sample.is_bare = true;
	for (unsigned rows = 0; rows < 24; rows++)
		places_squeeze(&r, rows, rows);
	places_end(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_beacon_at_three_sizes),
		cmocka_unit_test(without_flows_the_letters_have_to_do),
		cmocka_unit_test(what_is_not_regular_is_said),
		cmocka_unit_test(a_tuple_of_few_flows_has_no_intervals),
		cmocka_unit_test(in_tuples_have_the_flows_of_others),
		cmocka_unit_test(it_takes_a_window_and_a_tuple),
		cmocka_unit_test(a_hostile_tuple_stays_in_its_place),
		cmocka_unit_test(no_area_is_too_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
