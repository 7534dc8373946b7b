#include "viewer/screens/table_screen.h"

#include "tests/support/places_rig.h"

static void
addresses_at_three_sizes(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "c");
	assert_string_equal(r.model.message, "");
	assert_places(&r, "peers_80x24", true);
	places_resize(&r, 40, 120, true);
	assert_places(&r, "peers_120x40", false);
	places_resize(&r, 50, 200, false);
	assert_places(&r, "peers_200x50_ascii", false);
	places_end(&r);
}

static void
ports_by_address_at_two_sizes(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "n<Tab>jj");
	assert_places(&r, "ports_by_peer_80x24", true);
	places_resize(&r, 40, 120, true);
	assert_places(&r, "ports_by_peer_120x40", false);
	places_end(&r);
}

static void
each_of_the_others_has_its_own_rows(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "e");
	(void)place_of(&r, "TCP/40001");
	(void)place_of(&r, "source ports as client");
	places_send(&r, "b");
	(void)place_of(&r, "TCP/23           12        70    4.9 Kb");
	(void)place_of(&r, "destination ports as server");
	places_send(&r, "p");
	(void)place_of(&r, "TCP/23           30        90    1.8 Kb");
	(void)place_of(&r, "destination ports as client");
	places_end(&r);
}

static void
any_column_sorts_each_half_by_itself(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "e<lt><lt><lt>"); /* by flows, */
	assert_true(place_of(&r, "TCP/5000") < place_of(&r, "UDP/53 "));
	assert_true(place_of(&r, "UDP/53 ") < place_of(&r, "TCP/40001"));
	places_send(&r, "s");
	assert_true(place_of(&r, "TCP/40001") < place_of(&r, "UDP/53 "));
	places_send(&r, "<lt>"); /* by port, */
	assert_true(place_of(&r, "TCP/5000") < place_of(&r, "TCP/40001"));
	places_send(&r, "s>>"); /* by packets, */
	assert_true(place_of(&r, "TCP/5000") < place_of(&r, "TCP/40001"));
	places_send(&r, ">"); /* by bytes */
	assert_true(place_of(&r, "TCP/40001") < place_of(&r, "TCP/5000"));
	assert_int_equal(r.model.screens[SCREEN_SOURCE_PORTS].sort[0], 4);
	assert_int_equal(r.model.screens[SCREEN_SOURCE_PORTS].sort[1], 0);
	places_send(&r, "c<Tab>>>>g");
	assert_int_equal(r.model.screens[SCREEN_PEERS].sort[0], 0);
	assert_true(place_of(&r, "192.0.2.30") < place_of(&r, "192.0.2.29"));
	places_end(&r);
}

static void
parts_sort_by_their_address_and_packets(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "n<lt>"); /* by packets */
	assert_true(place_of(&r, "203.0.113.66") < place_of(&r, "198.51.100.130"));
	assert_true(place_of(&r, "198.51.100.130") < place_of(&r, "2001:db8"));
	places_send(&r, "<lt>s"); /* by address */
	assert_true(place_of(&r, "198.51.100.130") < place_of(&r, "203.0.113.66"));
	places_send(&r, "<lt><lt>"); /* by port is the last, then none */
	assert_int_equal(r.model.screens[SCREEN_PORTS_BY_PEER].sort[0], 0);
	places_end(&r);
}

static void
the_cursor_keeps_to_a_row_and_enter_looks_it_up(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "cj");
	assert_string_equal(r.model.screens[SCREEN_PEERS].places[0].key, "TCP/203.0.113.66");
	places_send(&r, ">s");
	assert_string_equal(r.model.screens[SCREEN_PEERS].places[0].key, "TCP/203.0.113.66");
	places_send(&r, "w"); /* as one pastes it elsewhere */
	assert_string_equal(r.model.copied, "203.0.113.66");
	places_send(&r, "<Enter>");
	assert_string_equal(r.model.asked, "203.0.113.66");
	assert_int_equal(r.model.screen, SCREEN_MAIN);
	places_send(&r, "n<Tab>G<Enter>");
	assert_string_equal(r.model.asked, "192.0.2.30");
	places_send(&r, "nw");
	assert_string_equal(r.model.copied, "192.0.2.30");
	places_send(&r, "ew<Enter>"); /* a port is no address */
	assert_string_equal(r.model.copied, r.model.screens[SCREEN_SOURCE_PORTS].places[0].key);
	assert_string_equal(r.model.asked, "");
	assert_int_equal(r.model.screen, SCREEN_SOURCE_PORTS);
	places_end(&r);
}

static void
the_filter_finds_rows_and_parts_and_the_sum_is_of_those(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "c/203.0.113.66<Enter>");
	(void)place_of(&r, "1 in all                  121      1210   62.5 Kb");
	(void)place_of(&r, "0 in all                    0         0       0 b");
	(void)place_of(&r, "none has the text");
	assert_lacks(&r, "198.51");
	places_send(&r, "<Esc>n/192.0.2.7<Enter>");
	(void)place_of(&r, "1 in all");
	(void)place_of(&r, "TCP/23     192.0.2.7 ");
	places_end(&r);
}

static void
a_half_that_needs_little_leaves_its_rows_to_the_other(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "c");
	const struct list_place *places = r.model.screens[SCREEN_PEERS].places;
	assert_int_equal(places[0].rows, 4); /* so many there are */
	assert_int_equal(places[1].rows, 9);
	places_resize(&r, 16, 80, true);
	assert_int_equal(places[0].rows, 3);
	assert_int_equal(places[1].rows, 2);
	r.sample.scanned = 1;
	places_resize(&r, 16, 80, true);
	assert_int_equal(places[0].rows, 4);
	assert_int_equal(places[1].rows, 1);
	r.sample.scanned = 0; /* there is a row for one */
	places_resize(&r, 16, 80, true);
	assert_int_equal(places[0].rows, 4);
	assert_int_equal(places[1].rows, 1);
	places_end(&r);
}

static void
a_screen_too_low_for_both_has_the_one_that_keys_go_to(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 12, 80, true);
	places_send(&r, "c");
	const struct list_place *places = r.model.screens[SCREEN_PEERS].places;
	assert_int_equal(places[0].rows, 2);
	assert_int_equal(places[1].rows, 0);
	assert_places(&r, "peers_80x12", false);
	places_send(&r, "<Tab>");
	assert_int_equal(places[0].rows, 0);
	assert_int_equal(places[1].rows, 2);
	places_resize(&r, 13, 80, true); /* both have a row at least */
	assert_int_equal(places[0].rows, 1);
	assert_int_equal(places[1].rows, 1);
	places_end(&r);
}

static void
without_rows_it_says_so_and_takes_keys(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	r.sample.is_empty = true;
	places_send(&r, "c>sjG<Enter><Tab><Enter>n>");
	assert_int_equal(r.model.screen, SCREEN_PORTS_BY_PEER);
	(void)place_of(&r, "0 in all");
	r.model.number++;
	places_send(&r, "");
	(void)place_of(&r, "this window is no longer there");
	r.model.has_window = false;
	r.model.tree_count = 0;
	places_send(&r, "<Esc><Esc>e");
	(void)place_of(&r, "no host was seen: ");
	places_end(&r);
}

static void
no_area_is_too_small(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "c");
	places_squeeze(&r, 10, 3);
	assert_places(&r, "peers_3x10", false);
	for (unsigned rows = 0; rows < 12; rows++)
		for (unsigned columns = 0; columns < 30; columns++)
			places_squeeze(&r, rows, columns);
	places_end(&r);
}

static void
what_has_no_memory_is_said(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "n");
	bool said = false;
	for (size_t cap = 500; cap < 12000; cap += 100) { /* wherever it ends */
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
		cmocka_unit_test(addresses_at_three_sizes),
		cmocka_unit_test(ports_by_address_at_two_sizes),
		cmocka_unit_test(each_of_the_others_has_its_own_rows),
		cmocka_unit_test(any_column_sorts_each_half_by_itself),
		cmocka_unit_test(parts_sort_by_their_address_and_packets),
		cmocka_unit_test(the_cursor_keeps_to_a_row_and_enter_looks_it_up),
		cmocka_unit_test(the_filter_finds_rows_and_parts_and_the_sum_is_of_those),
		cmocka_unit_test(a_half_that_needs_little_leaves_its_rows_to_the_other),
		cmocka_unit_test(a_screen_too_low_for_both_has_the_one_that_keys_go_to),
		cmocka_unit_test(without_rows_it_says_so_and_takes_keys),
		cmocka_unit_test(no_area_is_too_small),
		cmocka_unit_test(what_has_no_memory_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
