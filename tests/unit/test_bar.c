#include "viewer/bar.h"

#include "tests/support/grid_picture.h"

#include <locale.h>
#include <string.h>

static struct model m;
static struct grid_picture p;
static struct area bar;

static void
begin(unsigned rows, unsigned columns)
{
	m = (struct model){ .screen = SCREEN_MAIN };
	grid_picture_begin(&p, bar_rows(&m, rows, columns), columns, true);
	bar = grid_area(&p.grid);
}

static int
end(void **state)
{
	(void)state;
	grid_picture_end(&p);
	return 0;
}

static void
eighty_columns_have_all_keys_in_two_rows(void **state)
{
	(void)state;
	begin(24, 80);
	bar_draw(&m, &bar);
	assert_picture(&p,
		"e:sources c:peers b:served p:ports n:ports+ips h:out i:in m:map z:evidence\n"
		"o:again a:alerts x:why F:flows l:beacon v:devices T:attack /:find ?:help q:quit\n");
	m.keys_last = true;
	grid_clear(&p.grid);
	bar_draw(&m, &bar);
	assert_picture(&p,
		"e:sources d:peers r:served p:ports t:ports+ips i:out y:in m:map z:evidence\n"
		"o:again a:alerts x:why F:flows l:beacon v:devices T:attack /:find h:help q:quit\n");
}

static void
a_large_terminal_has_them_in_a_box(void **state)
{
	(void)state;
	assert_int_equal(bar_rows(&m, 29, 200), 2);
	assert_int_equal(bar_rows(&m, 30, 159), 2);
	begin(30, 160);
	assert_int_equal(p.grid.rows, 3);
	bar_draw(&m, &bar);
	(void)grid_picture_text(&p, false);
	assert_non_null(strstr(p.text, "│e:sources "));
	assert_non_null(strstr(p.text, " q:quit"));
	assert_non_null(strstr(p.text, "┌────"));
	memset(m.message, 'x', sizeof(m.message) - 1);
	bar_draw(&m, &bar);
	assert_non_null(strstr(grid_picture_text(&p, false), "xxx…│\n"));
}

static void
the_screen_at_hand_is_red_and_keys_stand_out(void **state)
{
	(void)state;
	begin(24, 80);
	m.screen = SCREEN_PEERS;
	bar_draw(&m, &bar);
	const char *colours = strstr(grid_picture_text(&p, true), "quit\n") + 5;

	/* "e:sources c:peers b:served": f is GRID_KEY, i is GRID_BAD */
	assert_memory_equal(colours, "e........ hhhhhhh e.......", 26);
	assert_false(p.grid.cells[0].bold);
	assert_true(p.grid.cells[10].bold && p.grid.cells[16].bold && !p.grid.cells[17].bold);
}

static void
the_place_of_a_key_is_found_again(void **state)
{
	(void)state;
	begin(24, 80);
	assert_int_equal(bar_at(&m, &bar, 0, 0)->key, 'e');
	assert_int_equal(bar_at(&m, &bar, 0, 8)->key, 'e');
	assert_null(bar_at(&m, &bar, 0, 9));
	assert_int_equal(bar_at(&m, &bar, 0, 10)->key, 'c');
	assert_int_equal(bar_at(&m, &bar, 1, 0)->key, 'o');
	assert_int_equal(bar_at(&m, &bar, 1, 78)->key, 'q');
	assert_null(bar_at(&m, &bar, 1, 79));
	assert_null(bar_at(&m, &bar, 2, 0));
	struct area lower = area_part(&bar, 1, 10, 1, 70);
	assert_int_equal(bar_at(&m, &lower, 1, 10)->key, 'e');
	assert_null(bar_at(&m, &lower, 1, 9));
	(void)end(NULL);
	begin(40, 200);
	assert_int_equal(bar_at(&m, &bar, 1, 1)->key, 'e');
	assert_null(bar_at(&m, &bar, 0, 1));
}

static void
what_is_typed_or_told_takes_its_place(void **state)
{
	(void)state;
	begin(24, 80);
	(void)strcpy(m.message, "copied: \x1b[2J");
	grid_clear(&p.grid);
	bar_draw(&m, &bar);
	assert_picture(&p, "copied: \\x1b[2J\n\n");
	assert_null(bar_at(&m, &bar, 0, 0)); /* no key that is not to be seen */
	m.message[0] = '\0';
	m.filtering = true;
	(void)strcpy(m.filter, "tcp");
	grid_clear(&p.grid);
	bar_draw(&m, &bar);
	assert_picture(&p, "/tcp_\n\n");
	assert_null(bar_at(&m, &bar, 0, 0));
}

static void
trouble_stands_above_the_keys(void **state)
{
	(void)state;
	begin(24, 80);
	(void)strcpy(m.trouble, "the source is gone");
	assert_int_equal(bar_rows(&m, 24, 80), 3);
	(void)end(NULL);
	grid_picture_begin(&p, bar_rows(&m, 24, 80), 80, true);
	bar = grid_area(&p.grid);
	bar_draw(&m, &bar);
	assert_picture(&p,
		"the source is gone\n"
		"e:sources c:peers b:served p:ports n:ports+ips h:out i:in m:map z:evidence\n"
		"o:again a:alerts x:why F:flows l:beacon v:devices T:attack /:find ?:help q:quit\n");
	assert_int_equal(bar_at(&m, &bar, 1, 0)->key, 'e');
	assert_null(bar_at(&m, &bar, 0, 0));
	(void)strcpy(m.message, "read again");
	grid_clear(&p.grid);
	bar_draw(&m, &bar);
	assert_picture(&p, "the source is gone\nread again\n\n");
	m.message[0] = '\0';
	(void)end(NULL);
	grid_picture_begin(&p, bar_rows(&m, 50, 200), 200, true);
	bar = grid_area(&p.grid);
	bar_draw(&m, &bar);
	assert_memory_equal(grid_picture_text(&p, false), "the source is gone\n┌──", 28);
	assert_int_equal(bar_at(&m, &bar, 2, 1)->key, 'e');
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, end)
	const struct CMUnitTest tests[] = {
		TEST(eighty_columns_have_all_keys_in_two_rows),
		TEST(a_large_terminal_has_them_in_a_box),
		TEST(the_screen_at_hand_is_red_and_keys_stand_out),
		TEST(the_place_of_a_key_is_found_again),
		TEST(what_is_typed_or_told_takes_its_place),
		TEST(trouble_stands_above_the_keys),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8"); /* for wcwidth() */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
