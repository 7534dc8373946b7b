#include "viewer/model.h"

#include "tests/support/fake_source.h"
#include "tests/support/grid_picture.h"

#include <locale.h>
#include <string.h>

static struct fake_source fake;
static struct model m;
static struct grid_picture p;

static int
begin(void **state)
{
	(void)state;
	fake_source_init(&fake);
	fake_source_add(&fake, 0, "10.0.0.1", 1);
	fake_source_add(&fake, 1, "10.0.0.2", 3);
	fake_source_add(&fake, 2, "10.0.0.3", 2);
	assert_true(model_init(&m, &fake.source));
	grid_picture_begin(&p, 12, 48, true);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	model_done(&m);
	grid_picture_end(&p);
	return 0;
}

static const char *
picture(void)
{
	model_draw(&m, &p.grid);
	return grid_picture_text(&p, false);
}

static void
event(struct key_event e)
{
	model_key(&m, &e, &p.grid);
	model_draw(&m, &p.grid);
}

static void
press(const char *keys)
{
	for (; *keys != '\0'; keys++)
		event((struct key_event){ .key = *keys == '\n' ? PRESS_ENTER : *keys });
}

static void
shows(const char *text)
{
	if (strstr(picture(), text) == NULL)
		fail_msg("there is no \"%s\" in\n%s", text, p.text);
}

static void
shows_not(const char *text)
{
	if (strstr(picture(), text) != NULL)
		fail_msg("there is a \"%s\" in\n%s", text, p.text);
}

static void
a_picture_has_a_head_a_screen_and_a_bar(void **state)
{
	(void)state;
	assert_string_equal(picture(), "main page                                   fake\n"
				       "┌─Tree─────────────────┐┌─Lines────────────────┐\n"
				       "│10.0.0.1             <││line 0 <              │\n"
				       "│10.0.0.2              ││line 1                │\n"
				       "│10.0.0.3              ││line 2                │\n"
				       "│                      ││line 3                │\n"
				       "│                      ││line 4                │\n"
				       "│                      ││line 5                │\n"
				       "│                      ││line 6                │\n"
				       "└──────────────────────┘└──────────────────────┘\n"
				       "e:sources c:peers b:served p:ports n:ports+ips\n"
				       "h:out i:in m:map z:evidence o:again a:alerts\n");
}

static void
the_head_says_where_one_is(void **state)
{
	(void)state;
	(void)picture();
	press("j\nj\n");
	shows("main page  10.0.0.2 window 1 ");
	assert_string_equal(m.address, "10.0.0.2");
	press("/10\n");
	(void)strcpy(fake.source.name, "a name that is too long to stand there");
	shows("main page  10.0.0.2 window 1  only rows w");
	shows_not("too long");
}

static void
what_is_unfolded_stays_so_while_the_source_grows(void **state)
{
	(void)state;
	(void)picture();
	press("j\njj");
	shows("│  window 2           <│");
	fake_source_add(&fake, 0, "10.0.0.0", 1);
	fake_source_add(&fake, 4, "10.0.0.9", 1);
	assert_true(model_look(&m));
	assert_string_equal(picture(), "main page                                   fake\n"
				       "┌─Tree─────────────────┐┌─Lines────────────────┐\n"
				       "│10.0.0.1              ││line 0 <              │\n"
				       "│10.0.0.2              ││line 1                │\n"
				       "│  window 1            ││line 2                │\n"
				       "│  window 2           <││line 3                │\n"
				       "│  window 3            ││line 4                │\n"
				       "│10.0.0.3              ││line 5                │\n"
				       "│10.0.0.9              ││line 6                │\n"
				       "└──────────────────────┘└──────────────────────┘\n"
				       "e:sources c:peers b:served p:ports n:ports+ips\n"
				       "h:out i:in m:map z:evidence o:again a:alerts\n");
	press("kk\n");
	shows_not("window");
}

static void
a_source_that_says_nothing_new_is_not_asked_again(void **state)
{
	(void)state;
	(void)picture();
	press("jjkk");
	assert_int_equal(fake.asked, 1);
	assert_false(model_look(&m));
	press("j");
	assert_int_equal(fake.asked, 1);
	fake.stamp++;
	assert_true(model_look(&m));
	assert_false(model_look(&m));
	press("j");
	assert_int_equal(fake.asked, 2);
	press("o");
	assert_int_equal(fake.asked, 3);
	shows("read again");
	press("j");
	shows_not("read again");
}

static void
a_source_that_is_gone_leaves_its_last_picture(void **state)
{
	(void)state;
	(void)picture();
	fake.is_gone = true;
	fake.stamp = 0;
	assert_true(model_look(&m));
	assert_false(model_look(&m));
	shows("│10.0.0.3 ");
	shows("the source is gone");
	press("o");
	shows_not("10.0.0.3");
	fake.is_gone = false;
	fake.stamp = 9;
	assert_true(model_look(&m));
	shows("│10.0.0.3 ");
	shows_not("the source is gone");
}

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
	press("j");
	shows("10.0.0.2             <");
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
	shows("10.0.0.3");
	press("/q\x15z");
	assert_false(m.quit);
	shows("/z_");
	event((struct key_event){ .key = PRESS_ESCAPE });
	shows("10.0.0.3");
	assert_int_equal(m.screen, SCREEN_MAIN);
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
	press("mw");
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
hosts_are_unfolded_in_any_order(void **state)
{
	static const char *const hosts[] = { "m", "a", "z", "b", "y" };

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		model_unfold(&m, hosts[i], true);
		model_unfold(&m, hosts[i], true);
	}
	assert_int_equal(m.unfolded_count, 5);
	for (size_t i = 0; i < 5; i++)
		assert_true(model_is_unfolded(&m, hosts[i]));
	assert_false(model_is_unfolded(&m, "c"));
	assert_false(model_is_unfolded(&m, "zz"));
	model_unfold(&m, "c", false);
	model_unfold(&m, "b", false);
	model_unfold(&m, "z", false);
	assert_int_equal(m.unfolded_count, 3);
	assert_false(model_is_unfolded(&m, "b"));
	assert_true(model_is_unfolded(&m, "a") && model_is_unfolded(&m, "m") &&
		    model_is_unfolded(&m, "y"));
}

static void
so_many_hosts_are_unfolded_and_no_more(void **state)
{
	char host[80];

	(void)state;
	for (int i = 0; i < UNFOLDED_MAX; i++) {
		(void)snprintf(host, sizeof(host), "%d", i);
		model_unfold(&m, host, true);
	}
	assert_int_equal(m.unfolded_count, UNFOLDED_MAX);
	assert_string_equal(m.message, "");
	model_unfold(&m, "one more", true);
	assert_false(model_is_unfolded(&m, "one more"));
	assert_string_equal(m.message, "4096 hosts are unfolded, which is the most; fold some");
	model_unfold(&m, "7", false);
	memset(host, 'x', 64);
	host[64] = '\0';
	model_unfold(&m, host, true); /* no address is as long */
	assert_false(model_is_unfolded(&m, host));
	host[63] = '\0';
	model_unfold(&m, host, true);
	assert_true(model_is_unfolded(&m, host));
}

static void
a_terminal_that_is_too_small_is_told(void **state)
{
	(void)state;
	for (unsigned rows = 0; rows < 10; rows++)
		for (unsigned columns = 0; columns < 50; columns += 7) {
			(void)grid_picture_end(&p);
			grid_picture_begin(&p, rows, columns, true);
			(void)picture();
			event((struct key_event){ .key = PRESS_RESIZE });
			if (rows >= 8 && columns >= 40)
				shows("main page");
			else if (rows > 0 && columns >= 35)
				shows(" is too small: 80x24 at lea");
		}
}

static void
the_window_that_is_chosen_may_be_the_one_at_hand(void **state)
{
	struct source_window_id w = { "192.0.2.1", 7 };

	(void)state;
	model_choose(&m, &w);
	w = model_window(&m);
	w.number = 8;
	model_choose(&m, &w);
	assert_string_equal(model_window(&m).host, "192.0.2.1");
	assert_int_equal(model_window(&m).number, 8);
	assert_true(m.has_window);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_picture_has_a_head_a_screen_and_a_bar),
		TEST(the_head_says_where_one_is),
		TEST(what_is_unfolded_stays_so_while_the_source_grows),
		TEST(a_source_that_says_nothing_new_is_not_asked_again),
		TEST(a_source_that_is_gone_leaves_its_last_picture),
		TEST(hotkeys_lead_to_screens_and_back),
		TEST(details_lead_back_to_where_they_were_asked_for),
		TEST(a_screen_that_refuses_by_now_is_left_out_of_the_way_back),
		TEST(the_last_key_set_has_its_own_letters),
		TEST(tab_goes_through_the_panels),
		TEST(a_filter_leaves_out_rows_until_escape),
		TEST(arrows_move_while_a_filter_is_typed),
		TEST(what_is_under_the_cursor_is_copied),
		TEST(the_mouse_chooses_panels_items_and_keys),
		TEST(a_click_that_takes_the_focus_opens_nothing),
		TEST(hosts_are_unfolded_in_any_order),
		TEST(so_many_hosts_are_unfolded_and_no_more),
		TEST(a_terminal_that_is_too_small_is_told),
		TEST(the_window_that_is_chosen_may_be_the_one_at_hand),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8"); /* for wcwidth() */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
