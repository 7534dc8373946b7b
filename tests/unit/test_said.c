/* test_said.c -- the last thing that was said in each conversation, as long as there is room. */
#include "daemon/engine/said.h"
#include "daemon/transactions/dns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct hash_key key = { { 1, 2 } };

static int
set_up(void **state)
{
	struct said_table *t = calloc(1, sizeof(*t));

	*state = t;
	return said_table_init(t, SAID_MIN_BYTES, &key);
}

static int
tear_down(void **state)
{
	struct said_table *t = *state;

	said_table_done(t);
	free(t);
	return 0;
}

static void
say(struct said_table *t, uint64_t id, const char *query)
{
	const struct obs_talk talk = { .id = id };
	const struct obs_dns dns = { .query = query };

	said_keep(t, &(struct observation){ .kind = OBS_DNS,
			     .ts_ns = 7,
			     .began_ns = 3,
			     .interface = 2,
			     .talk = &talk,
			     .dns = &dns });
}

/* returns NULL when nothing is kept */
static const char *
heard(const struct said_table *t, uint64_t id)
{
	static struct said s;

	return said_find(t, id, &s) ? s.observation.dns->query : NULL;
}

static void
what_was_said_is_found_until_it_is_forgotten(void **state)
{
	struct said_table *t = *state;
	static struct said s;

	assert_false(said_find(t, 5, &s));
	say(t, 5, "a.example");
	enum obs_kind kind;
	assert_true(said_kind(t, 5, &kind));
	assert_int_equal(kind, OBS_DNS);
	assert_false(said_kind(t, 6, &kind));
	assert_true(said_find(t, 5, &s));
	assert_int_equal(s.observation.kind, OBS_DNS);
	assert_int_equal(s.observation.ts_ns, 7);
	assert_int_equal(s.observation.began_ns, 3);
	assert_int_equal(s.observation.interface, 2);
	assert_string_equal(s.observation.dns->query, "a.example");
	assert_null(heard(t, 6));
	said_forget(t, 5);
	assert_null(heard(t, 5));
	said_forget(t, 5); /* nothing to forget */
	assert_int_equal(t->memory.used_units, 0);
}

static void
the_last_word_counts(void **state)
{
	struct said_table *t = *state;

	say(t, 5, "a.example");
	say(t, 5, "b.example");
	assert_string_equal(heard(t, 5), "b.example");
	assert_int_equal(table_count(&t->items), 1);
	assert_int_equal(t->memory.used_units, 1);
}

static void
the_oldest_makes_room(void **state)
{
	struct said_table *t = *state;
	uint32_t room = t->memory.units;

	for (uint64_t id = 1; id <= room; id++)
		say(t, id, "a.example");
	assert_int_equal(t->evicted, 0);
	assert_non_null(heard(t, 1));
	say(t, room + 1, "b.example");
	assert_int_equal(t->evicted, 1);
	assert_null(heard(t, 1));
	assert_non_null(heard(t, 2));
	assert_string_equal(heard(t, room + 1), "b.example");
}

static void
what_is_too_long_is_refused_and_what_was_before_it_goes(void **state)
{
	struct said_table *t = *state;
	static char longest[9000];

	memset(longest, 'x', sizeof(longest) - 1);
	say(t, 5, "a.example");
	say(t, 5, longest);
	assert_int_equal(t->refused, 1);
	assert_null(heard(t, 5));
	longest[8000] = '\0';
	say(t, 5, longest);
	assert_int_equal(t->refused, 1);
	assert_string_equal(heard(t, 5), longest);
}

#define SAID_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SAID_TEST(what_was_said_is_found_until_it_is_forgotten),
		SAID_TEST(the_last_word_counts),
		SAID_TEST(the_oldest_makes_room),
		SAID_TEST(what_is_too_long_is_refused_and_what_was_before_it_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
