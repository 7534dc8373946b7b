#include "tests/support/view_rig.h"
#include "viewer/screens/main_panels.h"
#include "viewer/screens/main_tree.h"

#define CAMERA "192.168.2.12"
#define GUEST  "2001:db8:2:a::c0ff:ee00:1234"

static void
the_worst_window_is_chosen_before_anybody_does(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	assert_string_equal(v.model.host, CAMERA);
	assert_int_equal(v.model.number, 2);
	assert_true(model_is_unfolded(&v.model, CAMERA));
	assert_string_equal(v.model.address, CAMERA);
	view_send(&v, "Gk<Right>"); /* another host's window 2 is not the one */
	assert_shows(&v, " └─ 2  14:00:00");
	view_send(&v, "gj<Enter>"); /* and never again */
	assert_int_equal(v.model.number, 1);
	view_end(&v);
}

static void
where_nobody_is_infected_most_evidence_is_the_worst(void **state)
{
	struct view_rig v;

	(void)state;
	view_sample_init(&v.sample);
	v.sample.is_healthy = true;
	grid_picture_begin(&v.picture, 24, 80, true);
	assert_true(model_init(&v.model, &v.sample.source));
	view_draw(&v);
	assert_string_equal(v.model.host, CAMERA);
	assert_int_equal(v.model.number, 2);
	assert_string_equal(v.model.address, CAMERA);
	assert_string_equal(v.model.screens[SCREEN_MAIN].places[PANEL_TREE].key, CAMERA);
	assert_shows(&v, "│[-] 192.168.2.12 ");
	view_end(&v);
}

/* Somebody sorted while there was no host yet. */
static void
the_cursor_is_on_the_worst_host_wherever_that_is(void **state)
{
	struct view_rig v;

	(void)state;
	view_sample_init(&v.sample);
	v.sample.is_healthy = true;
	grid_picture_begin(&v.picture, 24, 80, true);
	assert_true(model_init(&v.model, &v.sample.source));
	v.model.screens[SCREEN_MAIN].sort[PANEL_TREE] = 1;
	v.model.screens[SCREEN_MAIN].sort_up[PANEL_TREE] = true;
	view_draw(&v);
	assert_string_equal(v.model.screens[SCREEN_MAIN].places[PANEL_TREE].key, CAMERA);
	assert_string_equal(v.model.address, CAMERA);
	view_end(&v);
}

static void
a_source_without_hosts_chooses_nothing(void **state)
{
	struct view_rig v;

	(void)state;
	view_sample_init(&v.sample);
	v.sample.is_empty = true;
	grid_picture_begin(&v.picture, 24, 80, true);
	assert_true(model_init(&v.model, &v.sample.source));
	view_draw(&v);
	assert_false(v.model.has_window);
	assert_shows(&v, "│no host was seen ");
	assert_not_shows(&v, "open a window in the tree"); /* there is none */
	view_send(&v, "<Enter><Right>jx");
	assert_shows(&v, "no host was seen: ");
	assert_false(v.model.has_window);
	view_end(&v);
}

/* As Enter on an alert does. */
static void
another_screen_leads_to_a_window_of_a_folded_host(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 8, 80, true); /* three rows */
	view_send(&v, "<Enter>G");
	assert_not_shows(&v, "192.168.2.12  ");
	main_tree_go(&v.model, &(struct source_window_id){ CAMERA, 1 });
	view_draw(&v);
	assert_string_equal(
		v.model.screens[SCREEN_MAIN].places[PANEL_TREE].key, CAMERA " timewindow1");
	assert_shows(&v, "│[-]!192.168.2.12 ");
	assert_shows(&v, "│ ├─ 1* ");
	view_end(&v);
}

static void
keys_fold_and_unfold(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "<Enter>");
	assert_false(model_is_unfolded(&v.model, CAMERA));
	assert_shows(&v, "[+]!192.168.2.12");
	assert_not_shows(&v, "14:00:00         6");
	view_send(&v, "+");
	assert_true(model_is_unfolded(&v.model, CAMERA));
	view_send(&v, " ");
	assert_false(model_is_unfolded(&v.model, CAMERA));
	view_send(&v, "<Right><Right>");
	assert_true(model_is_unfolded(&v.model, CAMERA));
	view_send(&v, "jj<Left>"); /* on a window: of its host, where the cursor is then */
	assert_false(model_is_unfolded(&v.model, CAMERA));
	assert_string_equal(v.model.screens[SCREEN_MAIN].places[0].key, CAMERA);
	view_send(&v, "<Right>G<Right>");
	assert_int_equal(v.model.unfolded_count, 2);
	view_send(&v, "<Left>"); /* that one alone */
	assert_true(model_is_unfolded(&v.model, CAMERA));
	view_send(&v, "-"); /* all */
	assert_int_equal(v.model.unfolded_count, 0);
	assert_string_equal(v.model.screens[SCREEN_MAIN].places[0].key, GUEST);
	view_end(&v);
}

static void
another_window_begins_anew_the_same_one_does_not(void **state)
{
	struct view_rig v;
	const struct list_place *timeline;

	(void)state;
	view_begin(&v, 24, 80, true);
	timeline = &v.model.screens[SCREEN_MAIN].places[1];
	view_send(&v, "<Tab>jjj<BackTab>jj<Enter>");
	assert_int_equal(timeline->at, 3);
	view_send(&v, "j<Enter>");
	assert_int_equal(v.model.number, 3);
	assert_int_equal(timeline->at, 0);
	assert_shows(&v, "UNKNOWN_PORT");
	assert_shows(&v, "window 3 2020/10/07 15:00:00");
	view_end(&v);
}

/* The hosts in the order in which the tree has them. */
static void
assert_order(struct view_rig *v, const char *first, const char *second, const char *last)
{
	const char *text = view_text(v);
	const char *a = strstr(text, first);
	const char *b = strstr(text, second);
	const char *c = strstr(text, last);

	assert_non_null(a);
	assert_true(a < b && b < c);
}

static void
hosts_are_sorted_by_what_one_likes(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 40, 120, true);
	view_send(&v, "<Enter>"); /* folded */
	assert_order(&v, "]!192.168.2.12", "] 192.168.2.2 ", "] 203");
	view_send(&v, ">s");
	assert_shows(&v, "Hosts 4 by address ▲─");
	assert_order(&v, "] 192.168.2.2 ", "]!192.168.2.12", "] 203");
	view_send(&v, "s");
	assert_shows(&v, "Hosts 4 by address ▼─");
	assert_order(&v, "] 2001", "] 203", "] 192.168.2.2 ");
	view_send(&v, ">");
	assert_shows(&v, "by name");
	assert_order(&v, "] 2001", "]!192.168.2.12", "] 203");
	view_send(&v, ">");
	assert_shows(&v, "by evidence");
	assert_order(&v, "]!192.168.2.12", "] 203", "] 192.168.2.2 ");
	view_send(&v, ">");
	assert_shows(&v, "by traffic");
	assert_order(&v, "]!192.168.2.12", "] 192.168.2.2 ", "] 2001");
	view_send(&v, ">");
	assert_not_shows(&v, "by traffic");
	assert_shows(&v, "Hosts 4──");
	view_end(&v);
}

static void
the_filter_is_for_hosts_while_keys_go_to_the_tree(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 40, 120, true);
	view_send(&v, "/guest<Enter>");
	assert_shows(&v, "Hosts 1 of 4");
	assert_shows(&v, "Timeline 40,");
	assert_shows(&v, "Evidence: 6");
	assert_string_equal(v.model.address, GUEST);
	view_send(&v, "<Tab>");
	assert_shows(&v, "Hosts 4");
	assert_shows(&v, "Timeline 0 found");
	view_send(&v, "<BackTab>/<C-u>nobody<Enter>");
	assert_shows(&v, "none has the text ");
	view_send(&v, "<Esc>/cameras<Enter>"); /* by who made the card */
	assert_shows(&v, "Hosts 1 of 4");
	view_send(&v, "<Esc>/NL<Enter>");
	assert_shows(&v, "Hosts 1 of 4");
	view_end(&v);
}

static void
a_click_goes_there_and_another_opens(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "<Tab><Click 3 5>");
	assert_int_equal(v.model.screens[SCREEN_MAIN].panel, 0);
	assert_int_equal(v.model.number, 2);
	view_send(&v, "<Click 3 5>");
	assert_int_equal(v.model.number, 1);
	view_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worst_window_is_chosen_before_anybody_does),
		cmocka_unit_test(where_nobody_is_infected_most_evidence_is_the_worst),
		cmocka_unit_test(the_cursor_is_on_the_worst_host_wherever_that_is),
		cmocka_unit_test(a_source_without_hosts_chooses_nothing),
		cmocka_unit_test(another_screen_leads_to_a_window_of_a_folded_host),
		cmocka_unit_test(keys_fold_and_unfold),
		cmocka_unit_test(another_window_begins_anew_the_same_one_does_not),
		cmocka_unit_test(hosts_are_sorted_by_what_one_likes),
		cmocka_unit_test(the_filter_is_for_hosts_while_keys_go_to_the_tree),
		cmocka_unit_test(a_click_goes_there_and_another_opens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
