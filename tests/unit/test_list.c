#include "viewer/list.h"

#include "tests/support/grid_picture.h"
#include "viewer/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { CTRL = 0x1f };

/* A list of letters: its items are the characters of a text. */
static const char *letters;
static unsigned asked;
static struct list_place place;

static void
key_of(void *context, size_t i, char key[LIST_KEY_MAX])
{
	(void)context;
	assert_true(i < strlen(letters));
	asked++;
	(void)snprintf(key, LIST_KEY_MAX, "%c", letters[i]);
}

/* The list as it is seen: what is shown, the cursor in capitals. */
static const char *
seen(const char *text, unsigned rows)
{
	static char picture[64];
	struct list l = { &place, strlen(text), rows };
	size_t length = 0;

	letters = text;
	size_t at = list_settle(&l, key_of, NULL);
	for (size_t i = place.top; i < l.count && i < place.top + rows; i++)
		picture[length++] = (char)(i == at ? text[i] - ('a' - 'A') : text[i]);
	picture[length] = '\0';
	return picture;
}

static void
press(int key)
{
	assert_true(list_key(&place, &(struct key_event){ .key = key }, place.count, place.rows));
}

static int
begin(void **state)
{
	(void)state;
	place = (struct list_place){ .at = 0 };
	asked = 0;
	return 0;
}

static void
somebody_begins_on_the_first(void **state)
{
	(void)state;
	assert_string_equal(seen("abcdef", 3), "Abc");
	assert_string_equal(place.key, "a");
}

static void
the_cursor_stays_on_its_item_when_the_list_grows(void **state)
{
	(void)state;
	(void)seen("abcdef", 3);
	press('j');
	assert_string_equal(seen("abcdef", 3), "aBc");
	assert_string_equal(seen("abcdefgh", 3), "aBc");   /* behind it */
	assert_string_equal(seen("xyabcdefgh", 3), "aBc"); /* before it: the same rows */
	assert_int_equal(place.top, 2);
}

static void
the_cursor_stays_on_its_item_when_the_list_is_in_another_order(void **state)
{
	(void)state;
	(void)seen("abcdef", 3);
	press('j');
	(void)seen("abcdef", 3);
	assert_string_equal(seen("fedcba", 3), "cBa");
	assert_string_equal(seen("bcdefa", 3), "Bcd");
}

static void
what_is_gone_leaves_its_place_to_the_next(void **state)
{
	(void)state;
	(void)seen("abcdef", 3);
	press('j');
	(void)seen("abcdef", 3);
	assert_string_equal(seen("acdef", 3), "aCd");
	assert_string_equal(place.key, "c");
	assert_string_equal(seen("a", 3), "A");
	assert_string_equal(seen("ab", 3), "Ab");
}

static void
an_empty_list_forgets_nobody(void **state)
{
	(void)state;
	(void)seen("abcdef", 3);
	press('G');
	assert_string_equal(seen("abcdef", 3), "deF");
	assert_string_equal(seen("", 3), "");
	assert_int_equal(place.top, 0);
	assert_int_equal(list_settle(&(struct list){ &place, 0, 3 }, key_of, NULL), 0);
	assert_string_equal(seen("xabcdef", 3), "deF");
}

static void
a_list_that_has_room_is_shown_whole(void **state)
{
	(void)state;
	(void)seen("abcdef", 3);
	press('G');
	(void)seen("abcdef", 3);
	assert_string_equal(seen("abcdef", 5), "bcdeF");
	assert_string_equal(seen("abcdef", 9), "abcdeF");
	assert_string_equal(seen("abcdef", 1), "F");
	assert_string_equal(seen("abcdef", 0), "");
	assert_int_equal(place.at, 5);
}

static void
keys_move_the_cursor_and_stop_at_the_ends(void **state)
{
	static const struct {
		int key;
		const char *after;
	} steps[] = {
		{ PRESS_UP, "Abcd" },
		{ PRESS_DOWN, "aBcd" },
		{ 'j', "abCd" },
		{ 'k', "aBcd" },
		{ PRESS_PAGE_DOWN, "cdeF" },
		{ 'F' & CTRL, "ghiJ" },
		{ 'F' & CTRL, "ijkL" },
		{ 'H', "Ijkl" },
		{ 'L', "ijkL" },
		{ 'M', "iJkl" },
		{ 'U' & CTRL, "Hijk" },
		{ 'D' & CTRL, "hiJk" },
		{ PRESS_PAGE_UP, "Fghi" },
		{ 'B' & CTRL, "Bcde" },
		{ 'B' & CTRL, "Abcd" },
		{ PRESS_END, "ijkL" },
		{ PRESS_HOME, "Abcd" },
		{ 'G', "ijkL" },
		{ PRESS_DOWN, "ijkL" },
		{ 'g', "Abcd" },
		{ PRESS_WHEEL_DOWN, "abcD" },
		{ PRESS_WHEEL_DOWN, "defG" },
		{ PRESS_WHEEL_UP, "Defg" },
		{ PRESS_WHEEL_UP, "Abcd" },
	};

	(void)state;
	(void)seen("abcdefghijkl", 4);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		press(steps[i].key);
		assert_string_equal(seen("abcdefghijkl", 4), steps[i].after);
	}
}

static void
a_page_is_as_long_as_what_is_shown(void **state)
{
	(void)state;
	(void)seen("abcdefghijkl", 2);
	press(PRESS_PAGE_DOWN);
	assert_string_equal(seen("abcdefghijkl", 2), "bC");
	assert_string_equal(seen("abcdefghijkl", 0), "");
	press(PRESS_PAGE_DOWN); /* one at least */
	assert_int_equal(place.at, 3);
	press('G');
	assert_int_equal(place.at, 11);
	press('k'); /* before it was drawn again */
	assert_string_equal(seen("abcdefghijkl", 2), "jK");
}

static void
another_key_is_not_the_lists(void **state)
{
	(void)state;
	(void)seen("abc", 3);
	press('j');
	(void)seen("abc", 3);
	assert_false(list_key(&place, &(struct key_event){ .key = 'x' }, 3, 3));
	assert_false(list_key(&place, &(struct key_event){ .key = PRESS_ENTER }, 3, 3));
	assert_string_equal(seen("abc", 3), "aBc");
}

static void
a_key_in_an_empty_list_leads_nowhere(void **state)
{
	(void)state;
	(void)seen("", 3);
	press('j');
	press('G');
	press('L');
	assert_int_equal(place.at, 0);
	assert_string_equal(seen("abc", 3), "Abc");
}

static bool
click(unsigned row, unsigned column)
{
	const struct key_event e = { .key = PRESS_CLICK, .row = row, .column = column };

	return list_key(&place, &e, place.count, place.rows);
}

static void
a_click_goes_to_what_is_under_it(void **state)
{
	struct grid_picture p;
	struct area area = { &p.grid, .row = 10, .column = 20, .rows = 3, .columns = 5 };

	(void)state;
	grid_picture_begin(&p, 20, 40, true);
	(void)seen("abcdef", 3);
	press('G');
	(void)seen("abcdef", 3);
	assert_false(click(11, 22)); /* it stands nowhere */
	list_stands(&place, &area);
	assert_true(click(11, 20));
	assert_string_equal(seen("abcdef", 3), "dEf");
	assert_true(click(12, 24));
	assert_string_equal(seen("abcdef", 3), "deF");
	assert_false(click(9, 20));
	assert_false(click(13, 20));
	assert_false(click(10, 19));
	assert_false(click(10, 25));
	assert_string_equal(seen("abcdef", 3), "deF");
	(void)seen("ab", 3);
	press('g');
	(void)seen("ab", 3);
	assert_true(click(12, 20)); /* below the last */
	assert_string_equal(seen("ab", 3), "Ab");
	grid_picture_end(&p);
}

/* What stands beside a list of six when this key was pressed. */
static const char *
marks(struct grid_picture *p, bool utf8, unsigned rows, int key)
{
	grid_picture_begin(p, 3, 3, utf8);
	struct area inside = { &p->grid, .rows = rows, .columns = 2 };

	(void)seen("abcdef", rows);
	press(key);
	(void)seen("abcdef", rows);
	list_stands(&place, &inside);
	return grid_picture_text(p, false);
}

static void
the_border_tells_that_there_are_more(void **state)
{
	struct grid_picture p;

	(void)state;
	assert_string_equal(marks(&p, true, 3, 'g'), "\n\n  ▼\n");
	grid_picture_end(&p);
	assert_string_equal(marks(&p, true, 3, 'G'), "  ▲\n\n\n");
	grid_picture_end(&p);
	place = (struct list_place){ .at = 1, .top = 1 };
	assert_string_equal(marks(&p, false, 3, 'H'), "  ^\n\n  v\n");
	grid_picture_end(&p);
	assert_string_equal(marks(&p, true, 6, 'G'), "\n\n\n");
	grid_picture_end(&p);
	assert_string_equal(marks(&p, true, 0, 'g'), "\n\n\n");
	grid_picture_end(&p);
}

static void
a_list_that_did_not_change_is_not_searched(void **state)
{
	(void)state;
	(void)seen("abcdefghijklmnopqrstuvwxyz", 3);
	press('G');
	(void)seen("abcdefghijklmnopqrstuvwxyz", 3);
	asked = 0;
	(void)seen("abcdefghijklmnopqrstuvwxyz", 3);
	assert_int_equal(asked, 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, begin)
	const struct CMUnitTest tests[] = {
		TEST(somebody_begins_on_the_first),
		TEST(the_cursor_stays_on_its_item_when_the_list_grows),
		TEST(the_cursor_stays_on_its_item_when_the_list_is_in_another_order),
		TEST(what_is_gone_leaves_its_place_to_the_next),
		TEST(an_empty_list_forgets_nobody),
		TEST(a_list_that_has_room_is_shown_whole),
		TEST(keys_move_the_cursor_and_stop_at_the_ends),
		TEST(a_page_is_as_long_as_what_is_shown),
		TEST(another_key_is_not_the_lists),
		TEST(a_key_in_an_empty_list_leads_nowhere),
		TEST(a_click_goes_to_what_is_under_it),
		TEST(the_border_tells_that_there_are_more),
		TEST(a_list_that_did_not_change_is_not_searched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
