#include "viewer/model.h"

#include "tests/support/model_rig.h"

#include <locale.h>
#include <time.h>

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
				       "│                      ││line 6                ▼\n"
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
	(void)strcpy(fake.source.name, "eighteen letters..");
	shows("main page  10.0.0.2 window 1  eighteen letters..\n");
	(void)strcpy(fake.source.name, "nineteen letters...");
	shows("main page  10.0.0.2 window 1\n");
	press("/10\n");
	shows("main page  10.0.0.2 window 1  only rows with \"1…\n");
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
				       "│10.0.0.1              ▲│line 0 <              │\n"
				       "│10.0.0.2              ││line 1                │\n"
				       "│  window 1            ││line 2                │\n"
				       "│  window 2           <││line 3                │\n"
				       "│  window 3            ││line 4                │\n"
				       "│10.0.0.3              ││line 5                │\n"
				       "│10.0.0.9              ││line 6                ▼\n"
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
	shows("\nthe source is gone\ne:sources c:peers"); /* above the keys */
	fake_source_add(&fake, 0, "10.0.0.0", 1);
	m.has_tree = false;
	shows("│10.0.0.3 "); /* nothing is asked for: it would not be told */
	shows_not("10.0.0.0");
	press("o");
	shows_not("10.0.0.3");
	shows("──┘\nthe source is gone\nread again\n"); /* what is drawn now leaves it a row */
	fake.is_gone = false;
	fake.stamp = 9;
	assert_true(model_look(&m));
	shows("│10.0.0.3 ");
	shows_not("the source is gone");
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

/* Of the processor's time, with the sanitizers: others may be busy. */
static void
a_key_among_ten_thousand_hosts_is_a_matter_of_milliseconds(void **state)
{
	char host[32];

	(void)state;
	grid_picture_end(&p);
	grid_picture_begin(&p, 100, 300, true);
	for (int i = 3; i < FAKE_HOSTS_MAX - 1; i++) {
		(void)snprintf(host, sizeof(host), "10.1.%d.%d", i / 256, i % 256);
		fake_source_add(&fake, (size_t)i, host, 3);
	}
	(void)model_look(&m);
	(void)picture();
	for (const char *key = "jGk\x15\ng/10.1.9"; *key != '\0'; key++) {
		clock_t from = clock();

		event((struct key_event){ .key = *key == '\n' ? PRESS_ENTER : *key });
		assert_true(clock() - from < CLOCKS_PER_SEC / 20);
	}
	fake_source_add(&fake, 0, "10.0.0.0", 1);
	assert_true(model_look(&m));
	clock_t from = clock();
	shows("10.1.9.");
	assert_true(clock() - from < CLOCKS_PER_SEC / 5);
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
		TEST(hosts_are_unfolded_in_any_order),
		TEST(so_many_hosts_are_unfolded_and_no_more),
		TEST(a_terminal_that_is_too_small_is_told),
		TEST(a_key_among_ten_thousand_hosts_is_a_matter_of_milliseconds),
		TEST(the_window_that_is_chosen_may_be_the_one_at_hand),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8"); /* for wcwidth() */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
