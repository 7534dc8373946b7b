#include "tests/support/view_rig.h"
#include "viewer/screens/timeline_entry.h"

static struct list_place *
place(struct view_rig *v)
{
	return &v->model.screens[SCREEN_MAIN].places[1];
}

static void
only_what_is_shown_is_asked_for(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 40, 120, true);
	v.sample.entries = 100000;
	v.sample.asked_most = 0;
	view_send(&v, "<Tab>jjG");
	assert_int_equal(place(&v)->at, 99999);
	assert_true(v.sample.asked_most <= 40);
	assert_shows(&v, "Timeline 100000,");
	assert_shows(&v, "[198.51.399.242]"); /* the last one */
	view_send(&v, "<PgUp>");
	assert_true(v.sample.asked_most <= 40);
	view_end(&v);
}

static void
the_entry_under_the_cursor_is_in_sight_whole(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	assert_int_equal(place(&v)->rows, 4); /* that a page goes by */
	view_send(&v, "<Tab>jjjj");           /* for the fifth the first has to go */
	assert_int_equal(place(&v)->top, 1);
	assert_shows(&v, "HTTPS to");
	view_send(&v, "j"); /* the last two rows of its three fit as well */
	assert_shows(&v, "│         \\x1b[2J");
	assert_int_equal(place(&v)->at, 5);
	assert_true(place(&v)->top > 0);
	view_send(&v, "kkkkk");
	assert_int_equal(place(&v)->top, 0);
	assert_shows(&v, "DNS to router");
	view_end(&v);
}

static void
the_peer_under_the_cursor_is_looked_up(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "<Tab>jj");
	assert_string_equal(v.model.address, "203.0.113.66");
	assert_shows(&v, "64496 Example BV");
	view_send(&v, "w");
	assert_string_equal(v.model.copied, "203.0.113.66");
	assert_shows(&v, "copied: 203.0.113.66");
	view_end(&v);
}

static void
entries_that_come_in_before_it_move_no_cursor(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "<Tab>jj");
	v.sample.pushed = 200;
	v.sample.entries += 200;
	v.sample.stamp++;
	assert_true(model_look(&v.model));
	view_draw(&v);
	assert_string_equal(v.model.address, "203.0.113.66");
	assert_int_equal(place(&v)->at, 202);
	view_send(&v, "s");
	assert_string_equal(v.model.address, "203.0.113.66");
	v.sample.pushed = 5000; /* too far away: whichever is there now */
	v.sample.entries += 5000 - 200;
	view_draw(&v);
	assert_string_equal(v.model.address, "192.0.2.123");
	v.sample.pushed = 0; /* it shrank */
	v.sample.entries = 3;
	view_draw(&v);
	assert_int_equal(place(&v)->count, 3);
	view_end(&v);
}

static void
what_was_said_is_folded_away(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "<Tab> ");
	assert_not_shows(&v, "Query");
	assert_shows(&v, "SSH to [198.51.100.22]");
	view_send(&v, "jjjjjjjjj"); /* the first one below what is shown */
	assert_int_equal(place(&v)->top, 1);
	assert_string_equal(v.model.address, "198.51.0.9");
	view_send(&v, "g");
	view_send(&v, "+");
	assert_shows(&v, "Query");
	view_end(&v);
}

static void
the_newest_is_first_if_one_likes(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "<Tab>sg");
	assert_shows(&v, "newest first");
	assert_string_equal(v.model.address, "198.51.0.39");
	view_send(&v, "j");
	assert_string_equal(v.model.address, "198.51.0.38");
	view_send(&v, "G");
	assert_string_equal(v.model.address, "192.168.2.1");
	view_send(&v, "s");
	assert_int_equal(place(&v)->at, 0);
	view_end(&v);
}

static void
a_filter_finds_entries_by_what_was_said_too(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	v.sample.entries = 2500;
	view_send(&v, "<Tab>jj/wget<Enter>");
	assert_shows(&v, "Timeline 1 found");
	assert_string_equal(v.model.address, "203.0.113.99");
	view_send(&v, "<Esc>"); /* the cursor stays on what was found */
	assert_int_equal(place(&v)->at, 1);
	assert_shows(&v, "Timeline 2500,");
	view_send(&v, "j/203.0.113<Enter>"); /* on one that is among them */
	assert_shows(&v, "Timeline 5 found");
	assert_string_equal(v.model.address, "203.0.113.66");
	view_send(&v, "<Esc>/198.51.9.<Enter>G");
	assert_shows(&v, "Timeline 250 found");
	assert_string_equal(v.model.address, "198.51.9.249");
	view_send(&v, "<Enter>"); /* of which no flow is kept */
	assert_int_equal(v.model.screen, SCREEN_FLOWS);
	view_send(&v, "<Esc><Esc>G/~<Enter>");
	assert_shows(&v, "no entry has the text");
	assert_not_shows(&v, "▲"); /* nor is there one above */
	view_end(&v);
}

/* One key and its picture, as a terminal has it at once. */
static void
press(struct view_rig *v, int key)
{
	model_key(&v->model, &(struct key_event){ .key = key }, &v->picture.grid);
	view_draw(v);
}

static void
a_search_shows_what_it_has_and_goes_on_between_keys(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	v.sample.entries = 5000;
	view_send(&v, "<Tab>G");
	press(&v, '/');
	press(&v, '9');
	assert_shows(&v, "Timeline searching... 20%, ");
	assert_shows(&v, "[198.51.4.23]"); /* the last one by now, */
	view_draw_whole(&v);
	assert_shows(&v, "found, window");
	assert_int_equal(
		place(&v)->at, place(&v)->count - 1); /* but the cursor is for the last one */
	assert_string_equal(v.model.address, "198.51.19.249");
	press(&v, '9');
	press(&v, '9');
	press(&v, 'x');
	assert_shows(&v, "no entry has the text"); /* all was read before */
	view_send(&v, "<Esc>");
	press(&v, '/');
	press(&v, '!');
	assert_shows(&v, "searching...");
	assert_not_shows(&v, "no entry has the text");
	press(&v, PRESS_ENTER);
	assert_true(model_go_on(&v.model));
	press(&v, 'h'); /* elsewhere nobody waits for it */
	assert_int_equal(v.model.screen, SCREEN_OUT_TUPLES);
	assert_false(model_go_on(&v.model));
	press(&v, 'h');
	assert_shows(&v, "searching... 4");
	view_draw_whole(&v);
	assert_shows(&v, "no entry has the text");
	view_send(&v, "<BackTab>");
	assert_false(model_go_on(&v.model));
	view_end(&v);
}

static void
of_very_many_that_are_found_the_first_are_shown(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	v.sample.entries = 10100;
	view_send(&v, "<Tab>/telnet<Enter>");
	assert_shows(&v, "Timeline first 10000 found, window");
	view_end(&v);
}

static void
a_long_service_and_long_names_leave_room_for_the_address(void **state)
{
	struct grid_picture p;
	struct source_entry e = { .service = "WEB SERVICES DISCOVERY (WSD) UPNP",
		.names = "a-name-that-is-longer-than-its-share.example",
		.peer = "239.255.255.250",
		.port = "3702/UDP",
		.warning = "",
		.critical = "",
		.uid = "" };

	(void)state;
	grid_picture_begin(&p, 1, 51, true);
	struct area line = grid_area(&p.grid);
	timeline_entry_draw(&line, 0, &e, true);
	assert_picture(&p, " WEB SERVICES DIS… to a-name-that-is-l… [239.255.2…\n");
	e.names = "";
	grid_clear(&p.grid);
	timeline_entry_draw(&line, 0, &e, true);
	assert_picture(&p, " WEB SERVICES DIS… to [239.255.255.250] 3702/UDP\n");
	grid_picture_end(&p);
}

static void
enter_shows_the_flow_of_an_entry(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "<Tab>jj<Enter>");
	assert_int_equal(v.model.screen, SCREEN_FLOWS);
	assert_string_equal(v.model.screens[SCREEN_FLOWS].places[0].key, "Cc2");
	view_send(&v, "<Esc>");
	assert_int_equal(v.model.screen, SCREEN_MAIN);
	assert_int_equal(place(&v)->at, 2);
	view_end(&v);
}

static void
a_click_on_what_was_said_is_one_on_its_entry(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "<Click 11 40>"); /* "Status Code" of the second */
	assert_int_equal(v.model.screens[SCREEN_MAIN].panel, 1);
	assert_int_equal(place(&v)->at, 1);
	assert_int_equal(v.model.screen, SCREEN_MAIN);
	view_send(&v, "<Click 9 40>");
	assert_int_equal(v.model.screen, SCREEN_FLOWS);
	view_send(&v, "<Esc><Click 5 40>"); /* its border */
	assert_int_equal(v.model.screen, SCREEN_MAIN);
	assert_int_equal(place(&v)->at, 1);
	v.sample.entries = 1;
	view_draw(&v);
	view_send(&v, "<Click 13 40>"); /* below the last */
	assert_int_equal(v.model.screen, SCREEN_MAIN);
	view_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_shown_is_asked_for),
		cmocka_unit_test(the_entry_under_the_cursor_is_in_sight_whole),
		cmocka_unit_test(the_peer_under_the_cursor_is_looked_up),
		cmocka_unit_test(entries_that_come_in_before_it_move_no_cursor),
		cmocka_unit_test(what_was_said_is_folded_away),
		cmocka_unit_test(the_newest_is_first_if_one_likes),
		cmocka_unit_test(a_filter_finds_entries_by_what_was_said_too),
		cmocka_unit_test(a_search_shows_what_it_has_and_goes_on_between_keys),
		cmocka_unit_test(of_very_many_that_are_found_the_first_are_shown),
		cmocka_unit_test(a_long_service_and_long_names_leave_room_for_the_address),
		cmocka_unit_test(enter_shows_the_flow_of_an_entry),
		cmocka_unit_test(a_click_on_what_was_said_is_one_on_its_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
