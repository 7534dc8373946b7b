#include "viewer/screen.h"

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
	assert_true(model_init(&m, &fake.source));
	m.screen = SCREEN_HELP;
	grid_picture_begin(&p, 24, 80, true);
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
press(int key)
{
	model_key(&m, &(struct key_event){ .key = key }, &p.grid);
}

static void
it_has_a_line_for_each_key(void **state)
{
	(void)state;
	assert_string_equal(picture(),
		"help                                                                        fake\n"
		"┌─Help─────────────────────────────────────────────────────────────────────────┐\n"
		"│ e               source ports as client                                       │\n"
		"│ c               destination addresses as client                              │\n"
		"│ b               destination ports as server                                  │\n"
		"│ p               destination ports as client                                  │\n"
		"│ n               destination ports as client, by address                      │\n"
		"│ h               out-tuples and their letters                                 │\n"
		"│ i               in-tuples and their letters                                  │\n"
		"│ m               world map of the out-tuples                                  │\n"
		"│ z               evidence of all windows of the host                          │\n"
		"│ o               read again                                                   │\n"
		"│ a               alerts, and the arithmetic that made them                    │\n"
		"│ x               why: the evidence under the cursor                           │\n"
		"│ F               flows of the window, or of the evidence                      │\n"
		"│ l               intervals and letters of a tuple                             │\n"
		"│ v               devices of the network                                       │\n"
		"│ T               techniques of ATT&CK that were seen                          │\n"
		"│ /               only rows that hold a text; column \"who\" is not looked at    │\n"
		"│ w               copy what is under the cursor                                │\n"
		"│ u               copy the command that mutes the evidence                     ▼\n"
		"└──────────────────────────────────────────────────────────────────────────────┘\n"
		"e:sources c:peers b:served p:ports n:ports+ips h:out i:in m:map z:evidence\n"
		"o:again a:alerts x:why F:flows l:beacon v:devices T:attack /:find ?:help q:quit\n");
}

static void
it_tells_the_keys_of_the_set_at_hand(void **state)
{
	(void)state;
	m.keys_last = true;
	assert_non_null(strstr(picture(), "│ d               destination addresses as client"));
	assert_null(strstr(picture(), "│ c  "));
}

static void
the_rest_is_below(void **state)
{
	(void)state;
	assert_null(strstr(picture(), "Ctrl-Z"));
	press('G');
	assert_non_null(strstr(picture(), "│ Ctrl-Z          stop; fg goes on"));
	assert_null(strstr(p.text, "source ports as client"));
	assert_true(p.grid.cells[21 * 80 - 79].reverse);
	assert_false(p.grid.cells[20 * 80 - 79].reverse);
}

static void
the_filter_goes_through_keys_and_sentences(void **state)
{
	(void)state;
	(void)strcpy(m.filter, "ctrl-");
	assert_non_null(strstr(picture(), "│ Ctrl-U Ctrl-D   half a page"));
	assert_non_null(strstr(p.text, "│ PgUp PgDn"));
	assert_null(strstr(p.text, "arrows"));
	assert_null(strstr(p.text, "│ e  "));
	(void)strcpy(m.filter, "tuples");
	assert_non_null(strstr(picture(), "│ h  "));
	(void)strcpy(m.filter, "no such");
	assert_non_null(strstr(picture(), "│ none has the text"));
	(void)strcpy(m.filter, "tuples");
	(void)picture();
	assert_null(strstr(p.text, "│ e  "));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(it_has_a_line_for_each_key),
		TEST(it_tells_the_keys_of_the_set_at_hand),
		TEST(the_rest_is_below),
		TEST(the_filter_goes_through_keys_and_sentences),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8"); /* for wcwidth() */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
