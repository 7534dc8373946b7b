#include "viewer/screens/refusal.h"

#include "tests/support/places_rig.h"

static void
the_world_at_three_sizes(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "mj");
	assert_places(&r, "map_80x24", true);
	places_resize(&r, 40, 120, false);
	assert_places(&r, "map_120x40_ascii", false);
	places_resize(&r, 12, 57, true); /* no room for a world beside the list */
	assert_lacks(&r, "World");
	places_resize(&r, 12, 58, true);
	(void)place_of(&r, "World");
	places_resize(&r, 50, 200, true);
	assert_places(&r, "map_200x50", false);
	places_end(&r);
}

static void
countries_sort_by_any_column(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "m<lt>"); /* bytes */
	assert_true(place_of(&r, "│US ") < place_of(&r, "│NL "));
	assert_true(place_of(&r, "│NL ") < place_of(&r, "not known"));
	places_send(&r, "<lt>"); /* in */
	assert_true(place_of(&r, "│BR ") < place_of(&r, "│US "));
	places_send(&r, "<lt><lt>s"); /* name, upwards */
	assert_true(place_of(&r, "│BR ") < place_of(&r, "│JP "));
	assert_true(place_of(&r, "│NL ") < place_of(&r, "│US "));
	places_end(&r);
}

static void
the_filter_leaves_countries_out_of_the_map_too(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "m/nether<Enter>");
	(void)place_of(&r, "│NL Netherlands");
	assert_lacks(&r, "JP");
	places_send(&r, "<Esc>/no such<Enter>");
	(void)place_of(&r, "none has the text");
	assert_lacks(&r, "NL");
	places_end(&r);
}

static void
it_takes_a_window_but_nobody_in_it(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	r.sample.is_empty = true;
	places_send(&r, "mjG>s");
	(void)place_of(&r, "Countries");
	r.model.has_window = false;
	places_send(&r, "<Esc>m");
	(void)place_of(&r, "no host was seen: ");
	r.model.has_tree = true; /* with a host that has no window */
	r.model.tree_count = 1;
	assert_non_null(strstr(refusal_without_window(&r.model), "select a window first"));
	r.model.tree_count = 0;
	places_end(&r);
}

static void
no_area_is_too_small(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "m");
	places_squeeze(&r, 10, 3);
	assert_places(&r, "map_3x10", false);
	for (unsigned rows = 0; rows < 8; rows++)
		for (unsigned columns = 30; columns < 50; columns++)
			places_squeeze(&r, rows, columns);
	places_end(&r);
}

static void
what_has_no_memory_is_said(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "m");
	arena_done(&r.model.memory);
	arena_init(&r.model.memory, 20000, NULL);
	places_send(&r, "");
	(void)place_of(&r, "no memory left to count all addresses");
	places_end(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_world_at_three_sizes),
		cmocka_unit_test(countries_sort_by_any_column),
		cmocka_unit_test(the_filter_leaves_countries_out_of_the_map_too),
		cmocka_unit_test(it_takes_a_window_but_nobody_in_it),
		cmocka_unit_test(no_area_is_too_small),
		cmocka_unit_test(what_has_no_memory_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
