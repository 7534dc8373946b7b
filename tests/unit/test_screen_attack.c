#include "tests/support/places_rig.h"

static void
the_matrix_at_three_sizes(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "Tj");
	assert_places(&r, "attack_80x24", true);
	places_resize(&r, 40, 120, false);
	assert_places(&r, "attack_120x40_ascii", false);
	places_resize(&r, 50, 200, true);
	assert_places(&r, "attack_200x50", false);
	places_end(&r);
}

static const char *
on(struct places_rig *r)
{
	return r->model.screens[SCREEN_ATTACK].places[0].key;
}

static void
arrows_go_through_tactics_and_techniques(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "T<Left>");
	assert_string_equal(on(&r), "T1110.001");
	places_send(&r, "<Right><Right>");
	assert_string_equal(on(&r), "T1071.001");
	places_send(&r, "jj");
	assert_string_equal(on(&r), "T1571");
	places_send(&r, "<Left>"); /* one is there: the lowest that is not below */
	assert_string_equal(on(&r), "T1046");
	places_send(&r, "<Right><Right>");
	assert_string_equal(on(&r), "T1499.001");
	(void)place_of(&r, "→");
	(void)place_of(&r, "←");
	places_send(&r, "<Right><Right>");
	(void)place_of(&r, "Other");
	places_end(&r);
}

static void
keys_are_about_the_last_evidence_and_its_window(void **state)
{
	static const struct {
		const char *keys;
		enum screen_id screen;
		int number; /* of the window */
	} cases[] = {
		{ "T<Right>", SCREEN_ATTACK, 2 }, /* as before */
		{ "T<Right><Enter>", SCREEN_EXPLAIN, 1 },
		{ "T<Right>x", SCREEN_EXPLAIN, 1 },
		{ "T<Right>F", SCREEN_FLOWS, 1 },
		{ "T<Right>c", SCREEN_PEERS, 1 },
		{ "T<Right>?", SCREEN_HELP, 2 },
		{ "T<Right><Esc>", SCREEN_MAIN, 2 },
	};
	struct places_rig r;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		places_begin(&r, 24, 80, true);
		places_send(&r, cases[i].keys);
		assert_string_equal(r.model.evidence, "c");
		assert_int_equal(r.model.screen, cases[i].screen);
		assert_int_equal(r.model.number, cases[i].number);
		places_end(&r);
	}
}

static void
others_that_came_in_since_the_picture_change_nothing(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "T<Right>");
	r.model.screens[SCREEN_ATTACK].places[0].at--; /* as if it had another number by now */
	r.model.evidence[0] = 'o';
	places_send(&r, "x");
	assert_string_equal(r.model.evidence, "c");
	assert_int_equal(r.model.number, 1);
	places_end(&r);
}

/* What a picture takes, a key may take too. */
static void
a_key_has_the_memory_of_the_picture_before(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "T<Right>");
	r.model.memory.cap_bytes = r.model.memory.used_bytes;
	model_key(&r.model, &(struct key_event){ .key = 'x' }, &r.picture.grid);
	assert_int_equal(r.model.number, 1);
	places_end(&r);
}

static void
a_click_goes_to_a_technique_and_another_opens_it(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "T<Click 8 50>");
	assert_string_equal(on(&r), "T1105");
	places_send(&r, "<Click 4 1><Click 15 5>"); /* its second row; and the hosts below */
	assert_string_equal(on(&r), "T1110.001");
	places_send(&r, "<Click 6 50>"); /* between two */
	assert_string_equal(on(&r), "T1110.001");
	assert_int_equal(r.model.screen, SCREEN_ATTACK);
	places_send(&r, "<Click 8 50><Click 8 50>");
	assert_int_equal(r.model.screen, SCREEN_EXPLAIN);
	assert_string_equal(r.model.evidence, "k");
	places_end(&r);
}

static void
nothing_is_said_to_be_nothing(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "T/no such<Enter>");
	(void)place_of(&r, "no technique holds this text");
	r.sample.is_empty = true;
	places_send(&r, "<Esc><Right><Enter>j");
	(void)place_of(&r, "no evidence that points to a technique was seen");
	assert_int_equal(r.model.screen, SCREEN_ATTACK);
	r.sample.is_empty = false;
	arena_done(&r.model.memory);
	arena_init(&r.model.memory, 50, NULL);
	places_send(&r, "");
	(void)place_of(&r, "no memory left for so much evidence");
	places_end(&r);
}

static void
no_area_is_too_small(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	places_send(&r, "TG");
	places_squeeze(&r, 10, 3);
	assert_places(&r, "attack_3x10", false);
	for (unsigned rows = 0; rows < 20; rows++)
		for (unsigned columns = 0; columns < 40; columns++)
			places_squeeze(&r, rows, columns);
	places_end(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_matrix_at_three_sizes),
		cmocka_unit_test(arrows_go_through_tactics_and_techniques),
		cmocka_unit_test(keys_are_about_the_last_evidence_and_its_window),
		cmocka_unit_test(others_that_came_in_since_the_picture_change_nothing),
		cmocka_unit_test(a_key_has_the_memory_of_the_picture_before),
		cmocka_unit_test(a_click_goes_to_a_technique_and_another_opens_it),
		cmocka_unit_test(nothing_is_said_to_be_nothing),
		cmocka_unit_test(no_area_is_too_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
