#include "viewer/model.h"

#include "tests/support/model_rig.h"

#include <locale.h>

static void
hotkeys_lead_to_screens_and_back(void **state)
{
	(void)state;
	(void)picture();
	press("e");
	shows("select a window first");
	assert_int_equal(m.screen, SCREEN_MAIN);
	press("m");
	shows("this is screen 8");
	press("m");
	assert_int_equal(m.screen, SCREEN_MAIN);
	press("\nj\ne");
	shows("this is screen 1");
	press("?");
	shows("Help");
	event((struct key_event){ .key = PRESS_ESCAPE });
	shows("this is screen 1");
	event((struct key_event){ .key = PRESS_ESCAPE });
	assert_int_equal(m.screen, SCREEN_MAIN);
	event((struct key_event){ .key = PRESS_ESCAPE });
	assert_false(m.quit);
	press("q");
	assert_true(m.quit);
}

static void
escape(enum screen_id to)
{
	event((struct key_event){ .key = PRESS_ESCAPE });
	assert_int_equal(m.screen, to);
}

static void
details_lead_back_to_where_they_were_asked_for(void **state)
{
	(void)state;
	(void)picture();
	press("zxF?");
	assert_int_equal(m.back, SCREEN_FLOWS);
	escape(SCREEN_FLOWS);
	assert_int_equal(m.back, SCREEN_EXPLAIN);
	escape(SCREEN_EXPLAIN);
	escape(SCREEN_ALL_EVIDENCE);
	escape(SCREEN_MAIN);
	press("zxFx"); /* no loop: explained evidence of where it was */
	escape(SCREEN_ALL_EVIDENCE);
	press("xFa");
	escape(SCREEN_MAIN);
	press("xF");
	model_show(&m, SCREEN_MAIN);
	escape(SCREEN_MAIN);
}

static void
a_screen_that_refuses_by_now_is_left_out_of_the_way_back(void **state)
{
	(void)state;
	(void)picture();
	press("\nj\ne?");
	m.has_window = false;
	escape(SCREEN_MAIN);
	press("z??");
	assert_int_equal(m.screen, SCREEN_ALL_EVIDENCE);
}

static void
the_last_key_set_has_its_own_letters(void **state)
{
	(void)state;
	m.keys_last = true;
	(void)picture();
	press("h");
	assert_int_equal(m.screen, SCREEN_HELP);
	press("h");
	assert_int_equal(m.screen, SCREEN_MAIN);
}

static void
tab_goes_through_the_panels(void **state)
{
	(void)state;
	(void)picture();
	event((struct key_event){ .key = PRESS_TAB });
	press("jj");
	shows("line 2 <");
	shows("10.0.0.1             <");
	event((struct key_event){ .key = PRESS_TAB });
	press("j"); /* no list there */
	event((struct key_event){ .key = PRESS_TAB });
	press("j");
	shows("10.0.0.2             <");
	event((struct key_event){ .key = PRESS_BACK_TAB });
	event((struct key_event){ .key = PRESS_BACK_TAB });
	press("j");
	shows("line 3 <");
	press("m");
	event((struct key_event){ .key = PRESS_TAB });
	assert_int_equal(m.screens[SCREEN_MAP].panel, 0);
	press("m");
	press("j");
	shows("line 4 <");
}

static void
a_key_that_is_not_to_be_seen_is_not_clicked(void **state)
{
	struct key_event click = { .key = PRESS_CLICK, .row = 11, .column = 17 }; /* z:evidence */

	(void)state;
	(void)picture();
	press("\nj\n");
	shows("h:out i:in m:map z:evidence o:again a:alerts\n");
	(void)strcpy(m.message, "told until the next key");
	(void)picture();
	event(click);
	assert_int_equal(m.screen, SCREEN_MAIN);
	press("/");
	event(click);
	assert_int_equal(m.screen, SCREEN_MAIN);
	event((struct key_event){ .key = PRESS_ESCAPE });
	event(click);
	assert_int_equal(m.screen, SCREEN_ALL_EVIDENCE);
}

static void
an_address_is_asked_for_until_the_next_key(void **state)
{
	(void)state;
	(void)picture();
	(void)strcpy(m.asked, "192.0.2.7");
	event((struct key_event){ .key = PRESS_RESIZE });
	assert_string_equal(m.asked, "192.0.2.7");
	event((struct key_event){ .key = PRESS_CLICK, .row = 11, .column = 17 }); /* z:evidence */
	assert_int_equal(m.screen, SCREEN_ALL_EVIDENCE);
	assert_string_equal(m.asked, "");
}

static void
a_filter_leaves_out_rows_until_escape(void **state)
{
	(void)state;
	(void)picture();
	press("jj/0.2");
	shows("/0.2_");
	shows("│10.0.0.2             <│");
	shows_not("10.0.0.3");
	press("\n");
	shows("only rows with \"0.2\"");
	shows("e:sources");
	event((struct key_event){ .key = PRESS_ESCAPE });
	assert_string_equal(m.filter, "");
	shows("10.0.0.3");
	press("/q\x15z");
	assert_false(m.quit);
	shows("/z_");
	event((struct key_event){ .key = PRESS_ESCAPE });
	shows("10.0.0.3");
	assert_int_equal(m.screen, SCREEN_MAIN);
}

static void
what_a_filter_leaves_out_is_not_forgotten(void **state)
{
	(void)state;
	(void)picture();
	press("jj/none\njk");
	shows_not("10.0.0.");
	press("?");
	escape(SCREEN_HELP); /* the filter goes first */
	escape(SCREEN_MAIN);
	shows("│10.0.0.3             <│");
}

static void
arrows_move_while_a_filter_is_typed(void **state)
{
	(void)state;
	(void)picture();
	press("/10");
	event((struct key_event){ .key = PRESS_DOWN });
	shows("10.0.0.2             <");
	shows("/10_");
}

static void
what_is_under_the_cursor_is_copied(void **state)
{
	(void)state;
	(void)picture();
	press("jw");
	assert_string_equal(m.copied, "10.0.0.2 0");
	shows("copied: 10.0.0.2 0");
	m.copied[0] = '\0';
	press("/none\nw"); /* of what was under it before */
	assert_string_equal(m.copied, "");
	shows("there is nothing to copy here");
}

static void
click(unsigned row, unsigned column)
{
	event((struct key_event){ PRESS_CLICK, row, column });
}

static void
the_mouse_chooses_panels_items_and_keys(void **state)
{
	(void)state;
	(void)picture();
	click(4, 30);
	shows("line 2 <");
	assert_int_equal(m.screens[SCREEN_MAIN].panel, 1);
	click(3, 3);
	shows("10.0.0.2             <");
	assert_int_equal(m.screens[SCREEN_MAIN].panel, 0);
	shows_not("window");
	click(3, 3); /* once more */
	shows("  window 3");
	event((struct key_event){ PRESS_WHEEL_DOWN, 4, 30 });
	shows("line 5 <");
	event((struct key_event){ PRESS_WHEEL_DOWN, 0, 0 }); /* nowhere: the panel with the focus */
	shows("line 8 <");
	click(4, 24); /* borders are nobody's */
	click(4, 47);
	assert_int_equal(m.screens[SCREEN_MAIN].panel, 1);
	click(4, 23);
	assert_int_equal(m.screens[SCREEN_MAIN].panel, 1);
	shows("line 8 <");
	click(11, 12);
	assert_int_equal(m.screen, SCREEN_MAP);
	click(5, 5);
	assert_int_equal(m.screen, SCREEN_MAP);
}

static void
a_click_that_takes_the_focus_opens_nothing(void **state)
{
	(void)state;
	(void)picture();
	event((struct key_event){ .key = PRESS_TAB });
	click(2, 3);
	assert_int_equal(m.screens[SCREEN_MAIN].panel, 0);
	shows_not("window");
}

static void
a_list_that_is_not_shown_takes_no_click(void **state)
{
	struct grid_picture large;

	(void)state;
	(void)picture();
	large = p;
	grid_picture_begin(&p, 5, 48, true);
	(void)picture();
	click(3, 3);
	(void)grid_picture_end(&p);
	p = large;
	shows("10.0.0.1             <");
}

static void
the_command_that_mutes_the_evidence_is_copied(void **state)
{
	static const char id[] = "45c48cce-2e2d-8fbd-aa1a-fc51c7c6ad26";

	(void)state;
	(void)picture();
	(void)snprintf(m.evidence, sizeof(m.evidence), "%s", id);
	press("u");
	assert_string_equal(m.copied, "naiadctl mute 45c48cce-2e2d-8fbd-aa1a-fc51c7c6ad26");
	shows("copied: naiadctl mute 45c4");
	m.copied[0] = '\0';
	/* What would be pasted into a shell, in place of the last character and behind it. */
	m.evidence[35] = ';';
	press("u");
	assert_string_equal(m.copied, "");
	shows("no evidence to mute here");
	(void)snprintf(m.evidence, sizeof(m.evidence), "%s;", id);
	press("u");
	assert_string_equal(m.copied, "");
	m.evidence[0] = '\0';
	press("u");
	assert_string_equal(m.copied, "");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(hotkeys_lead_to_screens_and_back),
		TEST(details_lead_back_to_where_they_were_asked_for),
		TEST(a_screen_that_refuses_by_now_is_left_out_of_the_way_back),
		TEST(the_last_key_set_has_its_own_letters),
		TEST(tab_goes_through_the_panels),
		TEST(a_key_that_is_not_to_be_seen_is_not_clicked),
		TEST(an_address_is_asked_for_until_the_next_key),
		TEST(a_filter_leaves_out_rows_until_escape),
		TEST(what_a_filter_leaves_out_is_not_forgotten),
		TEST(arrows_move_while_a_filter_is_typed),
		TEST(what_is_under_the_cursor_is_copied),
		TEST(the_command_that_mutes_the_evidence_is_copied),
		TEST(the_mouse_chooses_panels_items_and_keys),
		TEST(a_click_that_takes_the_focus_opens_nothing),
		TEST(a_list_that_is_not_shown_takes_no_click),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8"); /* for wcwidth() */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
