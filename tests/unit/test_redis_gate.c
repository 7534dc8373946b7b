#include "exporters/redis/redis_gate.h"

#include "tests/support/redis_heard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

struct place {
	struct redis_heard *heard; /* behind the gate */
	struct redis_gate gate;
	struct redis_command command; /* before it */
	char *room;
};

static int
setup(void **state)
{
	static const uint32_t dbs[] = { 0, 12 };
	struct place *p = calloc(1, sizeof(*p));

	p->heard = redis_heard_new();
	p->room = malloc(REDIS_TEXT_MAX);
	redis_gate_init(&p->gate, redis_heard_sink(p->heard), dbs, 2);
	redis_command_init(&p->command, redis_gate_sink(&p->gate), p->room);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	redis_heard_free(p->heard);
	free(p->room);
	free(p);
	return 0;
}

static void
only_databases_that_are_ours_are_written(void **state)
{
	struct place *p = *state;

	redis_say(&p->command, 0, "SET", "a", "1");
	redis_say(&p->command, 3, "SET", "b", "2");
	redis_say(&p->command, 12, "SET", "c", "3");
	redis_say(&p->command, 1, "SET", "d", "4");
	redis_say(&p->command, 0, "SET", "e", "5");
	assert_string_equal(
		redis_heard_text(p->heard), "SET a 1\nSELECT 12\nSET c 3\nSELECT 0\nSET e 5\n");
}

static void
names_of_keys_are_written_where_the_keys_are(void **state)
{
	struct place *p = *state;

	redis_say(&p->command, 0, "SET", "a", "1");
	redis_say(&p->command, 0, "SET", "a", "2");
	redis_say(&p->command, 12, "SET", "c", "3");
	(void)redis_heard_text(p->heard);
	redis_gate_keys(&p->gate, &p->command, 0);
	assert_string_equal(redis_heard_text(p->heard), "SELECT 0\nSADD naiad:keys a\n");
	redis_gate_keys(&p->gate, &p->command, 12);
	assert_string_equal(redis_heard_text(p->heard), "SELECT 12\nSADD naiad:keys c\n");
	p->heard->text[0] = '\0';
	redis_gate_keys(&p->gate, &p->command, 12);
	redis_gate_keys(&p->gate, &p->command, 0);
	assert_string_equal(redis_heard_text(p->heard), "");
}

static void
what_is_removed_is_taken_off_unless_it_is_made_anew(void **state)
{
	struct place *p = *state;

	redis_say(&p->command, 0, "DEL", "a", "b");
	redis_say(&p->command, 0, "HSET", "b", "f");
	redis_say(&p->command, 0, "UNLINK", "c", NULL); /* its sender takes it off himself */
	(void)redis_heard_text(p->heard);
	redis_gate_keys(&p->gate, &p->command, 0);
	assert_string_equal(redis_heard_text(p->heard), "SADD naiad:keys b\nSREM naiad:keys a\n");
}

static void
what_makes_no_key_and_what_outlives_a_run_is_not_noted(void **state)
{
	struct place *p = *state;

	redis_say(&p->command, 0, "MULTI", NULL, NULL);
	redis_say(&p->command, 0, "EXPIRE", "a", "1");
	redis_say(&p->command, 0, "HDEL", "a", "f");
	redis_say(&p->command, 0, "SREM", "a", "f");
	redis_say(&p->command, 0, "ZREM", "a", "f");
	redis_say(&p->command, 0, "LTRIM", "a", "0");
	redis_say(&p->command, 0, "ZREMRANGEBYRANK", "a", "0");
	redis_say(&p->command, 0, "SET", "naiad:run", "x");
	redis_say(&p->command, 0, "SADD", "naiad:keys", "a");
	redis_say(&p->command, 0, "XADD", "naiad:evidence", "*");
	redis_say(&p->command, 0, "EXEC", NULL, NULL);
	assert_int_equal(p->gate.key_count, 0);
}

static void
a_new_connection_is_in_the_first_database_and_has_made_nothing(void **state)
{
	struct place *p = *state;

	redis_say(&p->command, 12, "SET", "c", "3");
	redis_gate_reset(&p->gate);
	assert_int_equal(p->gate.key_count, 0);
	assert_int_equal(p->gate.db, 0);
}

/* What is written into naiad:keys of database 0 after a command. */
static const char *
listed_after(struct place *p, const char *name, const char *key, const char *more)
{
	redis_say(&p->command, 0, name, key, more);
	p->heard->text[0] = '\0';
	(void)redis_heard_text(p->heard);
	redis_gate_keys(&p->gate, &p->command, 0);
	return redis_heard_text(p->heard);
}

static void
what_is_listed_is_not_listed_again_unless_it_may_be_gone(void **state)
{
	struct place *p = *state;

	assert_string_equal(listed_after(p, "SET", "a", "1"), "SADD naiad:keys a\n");
	assert_string_equal(listed_after(p, "SET", "a", "2"), "");
	redis_say(&p->command, 12, "SET", "a", "1");
	assert_int_equal(p->gate.key_count, 1); /* of another database */
	redis_gate_keys(&p->gate, &p->command, 12);
	assert_string_equal(listed_after(p, "DEL", "a", NULL), "SREM naiad:keys a\n");
	assert_string_equal(listed_after(p, "SET", "a", "1"), "SADD naiad:keys a\n");
	redis_gate_doubt(&p->gate);
	assert_string_equal(listed_after(p, "SET", "a", "1"), "SADD naiad:keys a\n");
	redis_gate_reset(&p->gate);
	assert_string_equal(listed_after(p, "SET", "a", "1"), "SADD naiad:keys a\n");
}

static void
more_names_than_are_noted_and_too_long_ones_are_counted(void **state)
{
	struct place *p = *state;
	char name[REDIS_GATE_KEY_MAX + 1];

	memset(name, 'n', sizeof(name));
	name[REDIS_GATE_KEY_MAX] = '\0';
	redis_say(&p->command, 0, "SET", name, "1");
	assert_int_equal(p->gate.key_count, 0);
	assert_int_equal(p->gate.left_out, 1);
	name[REDIS_GATE_KEY_MAX - 1] = '\0';
	redis_say(&p->command, 0, "SET", name, "1");
	assert_int_equal(p->gate.key_count, 1);
	for (int i = 0; i < REDIS_GATE_KEYS + 5; i++) {
		(void)snprintf(name, sizeof(name), "%d", i);
		redis_say(&p->command, 0, "SET", name, "1");
	}
	assert_int_equal(p->gate.key_count, REDIS_GATE_KEYS);
	assert_int_equal(p->gate.left_out, 1 + 6);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(only_databases_that_are_ours_are_written),
		TEST(names_of_keys_are_written_where_the_keys_are),
		TEST(what_is_removed_is_taken_off_unless_it_is_made_anew),
		TEST(what_makes_no_key_and_what_outlives_a_run_is_not_noted),
		TEST(a_new_connection_is_in_the_first_database_and_has_made_nothing),
		TEST(what_is_listed_is_not_listed_again_unless_it_may_be_gone),
		TEST(more_names_than_are_noted_and_too_long_ones_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
