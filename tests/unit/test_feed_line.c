#include "daemon/feeds/feed_state.h"

#include "tests/support/feed_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
expect(const char *text, const char *expected)
{
	struct feed_rig r = { 0 };

	assert_string_equal(feed_rig_told(&r, text), expected);
	assert_int_equal(r.refusal, FEED_ACCEPTED);
	assert_int_equal(r.stats.unreadable, 0);
}

static void
lists_of_one_thing_a_line(void **state)
{
	(void)state;
	expect("198.51.100.23\n", "198.51.100.23 medium\n");
	expect("\xef\xbb\xbf# x\r\n\r\n 198.51.100.23\r\n2001:db8::1",
		"198.51.100.23 medium\n2001:db8::1 medium\n");
	expect("203.0.113.0/24\n203.0.113.9/25\n",
		"203.0.113.0/24 medium\n203.0.113.0/25 medium\n");
	expect("bad-updates.example\n*.wild.example\n",
		"bad-updates.example medium\nwild.example medium\n");
	expect("AS64500\n", "AS64500 medium\n");
}

static void
text_after_an_indicator_describes_it(void **state)
{
	(void)state;
	expect("198.51.100.9\t7\n", "198.51.100.9 medium 7\n");
	expect("198.51.100.44 # Scanning Host XX,,12.0,34.0\n",
		"198.51.100.44 medium Scanning Host XX,,12.0,34.0\n");
	expect("203.0.113.0/24 ; SBL000001\n", "203.0.113.0/24 medium SBL000001\n");
	expect("203.0.113.0/24;SBL000001\n", "203.0.113.0/24 medium SBL000001\n");
}

static void
hosts_files_name_what_is_blocked(void **state)
{
	(void)state;
	expect("127.0.0.1 localhost\n0.0.0.0 tracker.example other.example # two\n:: 0.0.0.0\n",
		"tracker.example medium\nother.example medium\n");
}

static void
columns_are_found_with_a_header(void **state)
{
	(void)state;
	expect("first_seen_utc,dst_ip,dst_port,malware\n"
	       "2026-01-01 00:00:00,198.51.100.7,443,ExampleBot\n",
		"198.51.100.7 medium ExampleBot\n");
	expect("\"Number\",\"IP\",\"Rating\",\"Description\"\n"
	       "\"1\",\"198.51.100.9\",\"0.91\",\"brute, force\"\n",
		"198.51.100.9 medium brute, force\n");
	expect("type,indicator,app\ndomain,spy.example,ExampleSpy\n",
		"spy.example medium ExampleSpy\n");
	expect("#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc\tmeta.url\n"
	       "198.51.100.12\tIntel::ADDR\tfeed-name\tnote\t-\n",
		"198.51.100.12 medium note\n");
}

static void
columns_are_found_without_a_header(void **state)
{
	(void)state;
	expect("domain,spy.example,ExampleSpy\n", "spy.example medium ExampleSpy\n");
	expect("198.51.100.12\tIntel::ADDR\tfeed-name\tnote\n", "198.51.100.12 medium note\n");
	expect("198.51.100.80,2026-01-01T00:00:00Z,desc one, desc two\n",
		"198.51.100.80 medium desc one, desc two\n");
	expect("a,198.51.100.1,x\n198.51.100.2,b,y\n",
		"198.51.100.1 medium x\n198.51.100.2 medium y\n");
}

static void
fingerprints_and_digests_have_lists_of_their_own(void **state)
{
	struct feed_rig good = { .plan = { .category = LIST_KNOWN_GOOD } };

	(void)state;
	expect("# ja3_md5,Firstseen,Lastseen,Listingreason\n"
	       "0123456789abcdef0123456789abcdef,2026-01-01 00:00:00,2026-02-01 00:00:00,ExampleBot\n",
		"ja3:0123456789abcdef0123456789abcdef medium ExampleBot\n");
	expect("# Listingdate,SHA1,Listingreason\n"
	       "2026-01-01 00:00:00,0123456789abcdef0123456789abcdef01234567,ExampleRAT C&C\n",
		"sha1:0123456789abcdef0123456789abcdef01234567 medium ExampleRAT C&C\n");
	expect("t13d1516h2_8daaf6152771_b186095e22b6,high,x\n",
		"ja4:t13d1516h2_8daaf6152771_b186095e22b6 high x\n");
	assert_string_equal(feed_rig_told(&good, "empty file, 0123456789abcdef0123456789abcdef,"
						 "1123456789abcdef0123456789abcdef\n"),
		"md5:0123456789abcdef0123456789abcdef medium empty file\n"
		"md5:1123456789abcdef0123456789abcdef medium empty file\n");
}

static void
lists_of_ones_own_have_levels(void **state)
{
	(void)state;
	expect("198.51.100.66,high,my note\nbad.example, Critical ,x,tagged\nAS64500, low, y\n"
	       "203.0.113.0/24,info,z\n",
		"198.51.100.66 high my note\nbad.example critical x [tagged]\nAS64500 low y\n"
		"203.0.113.0/24 info z\n");
	expect("# IP, Threat level, Description, Tag\n198.51.100.66,high,my note,t\n",
		"198.51.100.66 high my note [t]\n");
	expect("# JA3 hash\n\"0123456789abcdef0123456789abcdef\", \"high\", \"ExampleBot\"\n",
		"ja3:0123456789abcdef0123456789abcdef high ExampleBot\n");
}

static void
a_level_that_is_none_is_the_lists(void **state)
{
	(void)state;
	expect("# IP/domain, Threat level, Description, Tag\n198.51.100.66,hihg,my note,t\n",
		"198.51.100.66 medium my note [t]\n");
}

/* A28, A29 */
static void
no_word_drops_a_line_and_the_first_one_is_data(void **state)
{
	(void)state;
	expect("profile.example.net\nurl.type.example\nemail.example\n",
		"profile.example.net medium\nurl.type.example medium\nemail.example medium\n");
	expect("198.51.100.1,high,file type\n", "198.51.100.1 high file type\n");
}

static void
what_we_cannot_look_up_is_no_mistake(void **state)
{
	struct feed_rig r = { 0 };

	(void)state;
	assert_string_equal(feed_rig_told(&r, "http://bad.example/x\nbad.example/x\nx@bad.example\n"
					      "198.51.100.1:443\n"),
		"");
	assert_int_equal(r.stats.unsupported, 4);
	assert_int_equal(r.stats.unreadable, 0);
	assert_string_equal(
		feed_rig_told(&r, "# x\n\nnothing here\n198.51.100.1\n"), "198.51.100.1 medium\n");
	assert_int_equal(r.stats.unreadable, 1);
	assert_int_equal(r.stats.first_unreadable, 3);
	assert_int_equal(r.stats.lines, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_of_one_thing_a_line),
		cmocka_unit_test(text_after_an_indicator_describes_it),
		cmocka_unit_test(hosts_files_name_what_is_blocked),
		cmocka_unit_test(columns_are_found_with_a_header),
		cmocka_unit_test(columns_are_found_without_a_header),
		cmocka_unit_test(fingerprints_and_digests_have_lists_of_their_own),
		cmocka_unit_test(lists_of_ones_own_have_levels),
		cmocka_unit_test(a_level_that_is_none_is_the_lists),
		cmocka_unit_test(no_word_drops_a_line_and_the_first_one_is_data),
		cmocka_unit_test(what_we_cannot_look_up_is_no_mistake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
