#include "viewer/screens/tuple_screen.h"

#include "tests/support/places_rig.h"

static void
out_tuples_at_three_sizes(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	r.sample.scanned = 3;
	places_send(&r, "h");
	assert_places(&r, "out_tuples_80x24", true);
	places_resize(&r, 40, 120, false);
	assert_places(&r, "out_tuples_120x40_ascii", false);
	places_resize(&r, 50, 200, true);
	assert_places(&r, "out_tuples_200x50", true);
	places_end(&r);
}

static void
in_tuples_are_those_of_others(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "i");
	(void)place_of(&r, "In-tuples: 2");
	(void)place_of(&r, "198.51.100.9-23-tcp       11.r.R*00s");
	assert_string_equal(r.model.tuple, "198.51.100.9-23-tcp");
	places_send(&r, "j");
	assert_string_equal(r.model.tuple, "198.51.100.9-80-tcp");
	places_end(&r);
}

static void
without_any_it_says_so(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "i/none<Enter>");
	(void)place_of(&r, "In-tuples: 0 of 2");
	(void)place_of(&r, "none has the text");
	places_send(&r, "<Esc>/198.51.100.9-23<Enter>");
	(void)place_of(&r, "In-tuples: 1 of 2");
	places_send(&r, "<Esc>");
	r.sample.is_empty = true;
	places_send(&r, "");
	(void)place_of(&r, "In-tuples: 0─");
	(void)place_of(&r, "no tuple");
	r.model.number++;
	places_send(&r, "");
	(void)place_of(&r, "this window is no longer there");
	places_end(&r);
}

static void
further_rows_have_the_rest_of_letters_and_names(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 50, 200, true);
	r.sample.scanned = 0;
	places_send(&r, "hjj");
	assert_string_equal(r.model.tuple, "203.0.113.66-48101-tcp");
	assert_string_equal(
		r.model.screens[SCREEN_OUT_TUPLES].places[0].key, "203.0.113.66-48101-tcp 3");
	places_send(&r, "jjj");
	assert_string_equal(r.model.tuple, "198.51.100.130-80-tcp");
	assert_int_equal(r.model.screens[SCREEN_OUT_TUPLES].places[0].count, 11);
	places_end(&r);
}

static void
columns_that_are_shown_are_sorted_by(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	r.sample.scanned = 0;
	places_send(&r, "h<lt>"); /* three are shown: names */
	assert_int_equal(r.model.screens[SCREEN_OUT_TUPLES].sort[0], 3);
	places_send(&r, "<lt>"); /* letters, the longest first */
	assert_true(place_of(&r, "203.0.113.66-48101") < place_of(&r, "192.168.2.1-53"));
	places_send(&r, "<lt>s"); /* key */
	assert_true(place_of(&r, "192.168.2.1-53") < place_of(&r, "198.51.100.130-80"));
	places_resize(&r, 50, 200, true);
	places_send(&r, "s<lt><lt>"); /* com */
	assert_int_equal(r.model.screens[SCREEN_OUT_TUPLES].sort[0], 11);
	assert_true(place_of(&r, "203.0.113.66-48101") < place_of(&r, "198.51.100.130-80"));
	places_send(&r, "<lt><lt><lt><lt>s"); /* country, upwards */
	assert_true(place_of(&r, "203.0.113.66-48101") < place_of(&r, "198.51.100.130-80"));
	places_send(&r, "s<lt>"); /* network, downwards */
	assert_true(place_of(&r, "203.0.113.66-48101") < place_of(&r, "198.51.100.130-80"));
	places_end(&r);
}

static void
the_filter_finds_any_name(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "h/cdn.c2<Enter>");
	(void)place_of(&r, "Out-tuples: 1");
	places_send(&r, "<Esc>/third.example<Enter>");
	(void)place_of(&r, "Out-tuples: 1");
	places_send(&r, "<Esc>/vps.example<Enter>");
	(void)place_of(&r, "Out-tuples: 1");
	places_send(&r, "<Esc>/Example Cloud<Enter>");
	(void)place_of(&r, "198.51.100.130-80-tcp");
	places_send(&r, "<Esc>/192.0.2.7-23<Enter>");
	(void)place_of(&r, "Out-tuples: 1");
	places_send(&r, "<Esc>/no such<Enter>");
	(void)place_of(&r, "Out-tuples: 0");
	assert_string_equal(r.model.tuple, "");
	places_send(&r, "<Enter>");
	assert_int_equal(r.model.screen, SCREEN_OUT_TUPLES);
	places_end(&r);
}

static void
the_panel_below_has_all_of_the_tuple(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "h");
	(void)place_of(&r, "names       c2.example, cdn.c2.example");
	(void)place_of(&r, "SNI         front.example:443, other.example:443, third.example:443");
	(void)place_of(&r, "rDNS        vps.example");
	(void)place_of(&r, "network     NL AS64496 Example Hosting and Colocation");
	(void)place_of(&r, "reputation  url 0.25   down 0   ref 0.00012   com 17");
	places_send(&r, "/192.168.2.1-<Enter>");
	(void)place_of(&r, "network     private");
	(void)place_of(&r, "reputation  -");
	places_send(&r, "<Esc>/192.0.2.7-<Enter>");
	(void)place_of(&r, "network     -");
	places_end(&r);
}

static void
enter_shows_the_beacon_picture(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "h<Enter>");
	assert_int_equal(r.model.screen, SCREEN_BEACON);
	(void)place_of(&r, "Out-tuple: 203.0.113.66-48101-tcp");
	places_end(&r);
}

static void
no_area_is_too_small_and_no_rows_are_fine(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "h");
	places_squeeze(&r, 10, 3);
	assert_places(&r, "out_tuples_3x10", false);
	for (unsigned rows = 0; rows < 16; rows++)
		for (unsigned columns = 0; columns < 40; columns++)
			places_squeeze(&r, rows, columns);
	r.sample.is_empty = true;
	places_resize(&r, 24, 80, true);
	places_send(&r, "h>sjG<Enter>i");
	(void)place_of(&r, "In-tuples: 0");
	places_end(&r);
}

static void
what_has_no_memory_is_said(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "h>");
	bool said = false;
	for (size_t cap = 1000; cap < 30000; cap += 100) { /* wherever it ends */
		arena_done(&r.model.memory);
		arena_init(&r.model.memory, cap, NULL);
		r.model.message[0] = '\0';
		places_send(&r, "");
		said |= strstr(r.model.message, "no memory left for all rows") != NULL;
	}
	assert_true(said);
	places_end(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(out_tuples_at_three_sizes),
		cmocka_unit_test(in_tuples_are_those_of_others),
		cmocka_unit_test(without_any_it_says_so),
		cmocka_unit_test(further_rows_have_the_rest_of_letters_and_names),
		cmocka_unit_test(columns_that_are_shown_are_sorted_by),
		cmocka_unit_test(the_filter_finds_any_name),
		cmocka_unit_test(the_panel_below_has_all_of_the_tuple),
		cmocka_unit_test(enter_shows_the_beacon_picture),
		cmocka_unit_test(no_area_is_too_small_and_no_rows_are_fine),
		cmocka_unit_test(what_has_no_memory_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
