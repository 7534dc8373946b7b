#include "daemon/site/site_names.h"

#include "daemon/base/time_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct hash_key key = { { 1, 2 } };

static struct site_names names;
static struct addr web, resolver, other;

static int
set_up(void **state)
{
	(void)state;
	names = (struct site_names){ 0 };
	web = addr_v4(1, 2, 3, 4);
	resolver = addr_v4(8, 8, 8, 8);
	other = addr_v4(9, 9, 9, 9);
	return site_names_init(&names, 4, &key);
}

static int
tear_down(void **state)
{
	(void)state;
	site_names_done(&names);
	return 0;
}

static void
learn(const struct addr *a, const char *name, uint64_t at_s)
{
	site_names_learn(&names, a, name, SITE_NAME_DNS, &resolver, at_s * NS_PER_S);
}

/* The names of an address with spaces between. */
static const char *
names_of(const struct addr *a, uint64_t at_s)
{
	static char text[SITE_NAMES_OF_ADDRESS * SITE_NAME_MAX];
	struct site_name found[SITE_NAMES_OF_ADDRESS];
	uint32_t count = site_names_of(&names, a, at_s * NS_PER_S, found);
	size_t used = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < count; i++)
		used += (size_t)snprintf(
			text + used, sizeof(text) - used, "%s%s", i > 0 ? " " : "", found[i].text);
	return text;
}

static void
the_newest_name_comes_first_and_each_once(void **state)
{
	(void)state;
	assert_string_equal(names_of(&web, 0), "");
	learn(&web, "a", 1);
	learn(&web, "b", 2);
	assert_string_equal(names_of(&web, 2), "b a");
	learn(&web, "a", 3);
	assert_string_equal(names_of(&web, 3), "a b");
	learn(&web, "a", 4);
	assert_string_equal(names_of(&web, 4), "a b");
}

static void
three_are_kept_and_the_oldest_goes(void **state)
{
	(void)state;
	learn(&web, "a", 1);
	learn(&web, "b", 2);
	learn(&web, "c", 3);
	assert_string_equal(names_of(&web, 3), "c b a");
	learn(&web, "d", 4);
	assert_string_equal(names_of(&web, 4), "d c b");
	assert_int_equal(names.texts.used, 3);
	learn(&web, "b", 5);
	assert_string_equal(names_of(&web, 5), "b d c");
}

static void
who_told_it_last_is_known(void **state)
{
	struct site_name found[SITE_NAMES_OF_ADDRESS];

	(void)state;
	learn(&web, "a", 1);
	site_names_learn(&names, &web, "a", SITE_NAME_MDNS, &other, 7);
	assert_int_equal(site_names_of(&names, &web, 8, found), 1);
	assert_int_equal(found[0].source, SITE_NAME_MDNS);
	assert_int_equal(found[0].seen_ns, 7);
	assert_true(addr_equal(&found[0].resolver, &other));
}

static void
a_name_is_valid_for_a_day(void **state)
{
	(void)state;
	learn(&web, "old", 0);
	learn(&web, "new", 10);
	assert_string_equal(names_of(&web, 86399), "new old");
	assert_string_equal(names_of(&web, 86400), "new");
	assert_string_equal(names_of(&web, 86410), "");
	assert_true(site_names_is_resolved(&names, &web, 86409 * NS_PER_S));
	assert_false(site_names_is_resolved(&names, &web, 86410 * NS_PER_S));
}

static void
what_names_itself_is_not_resolved(void **state)
{
	(void)state;
	site_names_learn(&names, &web, "web.local", SITE_NAME_MDNS, &web, NS_PER_S);
	assert_false(site_names_is_resolved(&names, &web, NS_PER_S));
	assert_string_equal(names_of(&web, 1), "web.local");
	learn(&web, NULL, 2);
	assert_true(site_names_is_resolved(&names, &web, 2 * NS_PER_S));
	assert_string_equal(names_of(&web, 2), "web.local");
	site_names_learn(&names, &other, "", SITE_NAME_MDNS, &other, NS_PER_S);
	assert_int_equal(table_count(&names.table), 1);
}

static void
of_a_long_name_the_end_is_kept(void **state)
{
	char name[SITE_NAME_MAX + 2];

	(void)state;
	memset(name, 'x', sizeof(name));
	memcpy(name, "abc", 3);
	name[SITE_NAME_MAX - 1] = '\0';
	learn(&web, name, 1);
	assert_string_equal(names_of(&web, 1), name);
	name[SITE_NAME_MAX - 1] = 'x';
	name[SITE_NAME_MAX + 1] = '\0';
	learn(&other, name, 1);
	assert_string_equal(names_of(&other, 1), name + 2);
	assert_int_equal(strlen(names_of(&other, 1)), SITE_NAME_MAX - 1);
}

static void
the_address_named_longest_ago_makes_room(void **state)
{
	struct addr hosts[5];

	(void)state;
	for (uint8_t i = 0; i < 5; i++)
		hosts[i] = addr_v4(10, 0, 0, i);
	for (unsigned i = 0; i < 4; i++)
		learn(&hosts[i], "a", i);
	learn(&hosts[0], "a", 4);
	assert_int_equal(names.evicted, 0);
	learn(&hosts[4], "a", 5);
	assert_int_equal(names.evicted, 1);
	assert_false(site_names_is_resolved(&names, &hosts[1], 5 * NS_PER_S));
	assert_string_equal(names_of(&hosts[0], 5), "a");
	assert_string_equal(names_of(&hosts[1], 5), "");
	assert_int_equal(names.texts.used, 4);
}

static void
whoever_comes_the_last_four_are_known(void **state)
{
	(void)state;
	for (uint8_t i = 0; i < 40; i++) {
		struct addr host = addr_v4(10, 0, 0, i);
		learn(&host, "a", i);
	}
	for (uint8_t i = 0; i < 40; i++) {
		struct addr host = addr_v4(10, 0, 0, i);
		assert_int_equal(site_names_is_resolved(&names, &host, 40 * NS_PER_S), i >= 36);
	}
	assert_int_equal(names.evicted, 36);
	assert_int_equal(names.texts.used, 4);
}

/* There are as many texts as addresses. */
static void
so_it_does_for_texts(void **state)
{
	struct addr hosts[3];

	(void)state;
	for (uint8_t i = 0; i < 3; i++)
		hosts[i] = addr_v4(10, 0, 0, i);
	learn(&hosts[0], "a", 1);
	learn(&hosts[1], "b", 2);
	learn(&hosts[2], "c", 3);
	learn(&hosts[2], "d", 4);
	learn(&hosts[2], "e", 5);
	assert_int_equal(names.evicted, 1);
	assert_string_equal(names_of(&hosts[0], 5), "");
	assert_string_equal(names_of(&hosts[1], 5), "b");
	assert_string_equal(names_of(&hosts[2], 5), "e d c");
}

static void
one_that_is_alone_gives_up_its_own_oldest(void **state)
{
	(void)state;
	site_names_done(&names);
	names = (struct site_names){ 0 };
	assert_int_equal(site_names_init(&names, 2, &key), 0);
	learn(&web, "a", 1);
	learn(&web, "b", 2);
	learn(&web, "c", 3);
	assert_string_equal(names_of(&web, 3), "c b");
	learn(&web, "b", 4);
	assert_string_equal(names_of(&web, 4), "b c");
	learn(&web, "d", 5);
	assert_string_equal(names_of(&web, 5), "d b");
	assert_int_equal(names.evicted, 0);
}

/* Into a site with room for three: one that named itself, one from ahead of the clock, two that are a day old. */
static void
what_was_resolved_comes_back_and_names_do_not(void **state)
{
	uint8_t bytes[4 * 24 + 23];
	struct blob b = blob_over(bytes, sizeof(bytes));
	struct addr old = addr_v4(5, 5, 5, 5);
	struct addr day_old = addr_v4(6, 6, 6, 6);
	uint64_t now_ns = UINT64_C(286400) * NS_PER_S;
	uint32_t count;

	(void)state;
	learn(&day_old, "d", 200000);
	learn(&old, "a", 200001);
	site_names_learn(&names, &other, "o.local", SITE_NAME_MDNS, &other, now_ns);
	learn(&web, "w", 900000);
	assert_int_equal(site_names_save(&names, &b), 4);
	site_names_done(&names);
	names = (struct site_names){ 0 };
	assert_int_equal(site_names_init(&names, 3, &key), 0);
	assert_true(site_names_restore(&names, cursor_over(bytes, b.length), now_ns, &count));
	assert_int_equal(count, 2);
	assert_true(site_names_is_resolved(&names, &old, now_ns));
	assert_false(site_names_is_resolved(&names, &day_old, now_ns));
	assert_false(site_names_is_resolved(&names, &other, now_ns));
	assert_string_equal(names_of(&old, 286400), "");
	assert_true(site_names_is_resolved(&names, &web, now_ns));
	assert_false(site_names_is_resolved(&names, &web, now_ns + SITE_NAME_VALID_NS));
	assert_false(site_names_restore(&names, cursor_over(bytes, b.length - 1), now_ns, &count));
}

#define NAMES_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		NAMES_TEST(the_newest_name_comes_first_and_each_once),
		NAMES_TEST(three_are_kept_and_the_oldest_goes),
		NAMES_TEST(who_told_it_last_is_known),
		NAMES_TEST(a_name_is_valid_for_a_day),
		NAMES_TEST(what_names_itself_is_not_resolved),
		NAMES_TEST(of_a_long_name_the_end_is_kept),
		NAMES_TEST(the_address_named_longest_ago_makes_room),
		NAMES_TEST(whoever_comes_the_last_four_are_known),
		NAMES_TEST(so_it_does_for_texts),
		NAMES_TEST(one_that_is_alone_gives_up_its_own_oldest),
		NAMES_TEST(what_was_resolved_comes_back_and_names_do_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
