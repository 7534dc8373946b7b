#include "tests/support/view_rig.h"

static void
what_is_known_flows_into_the_rows_there_are(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 40, 200, false);
	view_send(&v, "<Tab>jj");
	assert_shows(&v, "+-203.0.113.66---");
	assert_shows(&v,
		"||AS 64496 Example BV  country NL  rDNS host66.example  names c2.example, "
		"\\x1b[2J\\x1b[31mevil\\x0d\\x0a\\xe2\\x80\\x8b\\xff  ");
	assert_shows(&v,
		"||SNI cdn.demo.example:443  VirusTotal url 0.381 down 0.618 ref 0.125 com 0.974 ");
	view_resize(&v, 40, 100, false);
	assert_shows(&v, "||AS 64496 Example BV  country NL  rDNS host66.example         ");
	assert_shows(&v, "||names c2.example, ");
	assert_shows(&v, "||SNI cdn.demo.example:443 ");
	view_end(&v);
}

static void
a_host_of_ours_tells_what_the_tree_knows(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 40, 200, false);
	assert_shows(&v,
		"||infected  host camera  card Example Cameras  evidence 7  alerts 1  private address ");
	view_send(&v, "<Enter>j");
	assert_shows(&v, "||me   ");
	view_send(&v, "jj");
	assert_shows(&v, "||host guest   ");
	view_send(&v, "<Tab>jjj");
	assert_shows(&v, "||nothing is known of it ");
	view_end(&v);
}

/* Whatever the cursor of the page is on. */
static void
what_another_screen_asked_for_stays_until_a_key(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 40, 200, false);
	for (unsigned panel = 0; panel < 3; panel++) {
		(void)strcpy(v.model.asked, "203.0.113.66");
		view_draw(&v);
		assert_shows(&v, "+-203.0.113.66---");
		assert_shows(&v, "||AS 64496 Example BV  country NL  rDNS host66.example ");
		view_send(&v, "M");
		assert_not_shows(&v, "||AS 64496 Example BV  country NL  rDNS host66.example ");
		view_send(&v, "g<Tab>");
	}
	view_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_known_flows_into_the_rows_there_are),
		cmocka_unit_test(a_host_of_ours_tells_what_the_tree_knows),
		cmocka_unit_test(what_another_screen_asked_for_stays_until_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
