#include "exporters/redis/redis_command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What a sink was given: arguments as they are, a blank after each, a line feed after each command. */
struct place {
	struct redis_command command;
	char text[REDIS_TEXT_MAX];
	char given[2 * REDIS_TEXT_MAX];
	size_t length;
	size_t argc; /* of the last command */
};

static void
on_command(void *context, size_t argc, const char *const argv[], const size_t lengths[])
{
	struct place *p = context;

	for (size_t i = 0; i < argc; i++) {
		assert_true(p->length + lengths[i] + 2 < sizeof(p->given));
		memcpy(p->given + p->length, argv[i], lengths[i]);
		p->length += lengths[i];
		p->given[p->length++] = i + 1 < argc ? ' ' : '\n';
	}
	p->given[p->length] = '\0';
	p->argc = argc;
}

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	redis_command_init(
		&p->command, (struct redis_sink){ .context = p, .command = on_command }, p->text);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	free(*state);
	return 0;
}

static void
arguments_are_handed_over_in_their_order(void **state)
{
	struct place *p = *state;
	struct redis_command *c = &p->command;

	redis_begin(c, 0, "ZADD", "key");
	redis_arg_seconds(c, UINT64_C(1664054597930525999));
	struct strbuf *b = redis_arg_begin(c);
	strbuf_text(b, "{\"a\":");
	strbuf_u64(b, 7);
	strbuf_char(b, '}');
	redis_arg_end(c);
	redis_arg_u64(c, UINT64_MAX);
	redis_arg(c, "");
	assert_true(redis_end(c));
	assert_string_equal(
		p->given, "ZADD key 1664054597.930525 {\"a\":7} 18446744073709551615 \n");
	assert_int_equal(p->argc, 6); /* the last one is empty, and is there */
}

static void
a_command_may_have_no_key(void **state)
{
	struct place *p = *state;

	redis_begin(&p->command, 0, "MULTI", NULL);
	assert_true(redis_end(&p->command));
	assert_string_equal(p->given, "MULTI\n");
}

static void
an_argument_may_have_any_byte(void **state)
{
	struct place *p = *state;

	redis_begin(&p->command, 0, "SET", "k");
	strbuf_bytes(redis_arg_begin(&p->command), "a\0\r\n", 4);
	redis_arg_end(&p->command);
	assert_true(redis_end(&p->command));
	assert_int_equal(p->length, 11);
	assert_memory_equal(p->given, "SET k a\0\r\n\n", 11);
}

static void
what_was_begun_and_not_ended_is_forgotten(void **state)
{
	struct place *p = *state;

	redis_begin(&p->command, 3, "SET", "one");
	redis_arg(&p->command, "1");
	redis_begin(&p->command, 0, "DEL", "two");
	assert_true(redis_end(&p->command));
	assert_string_equal(p->given, "DEL two\n");
}

/* One argument of so many bytes, after SET and k. */
static bool
set_value(struct place *p, uint32_t db, size_t bytes)
{
	redis_begin(&p->command, db, "SET", "k");
	assert_int_equal(redis_room(&p->command), REDIS_TEXT_MAX - 1 - 4);
	char *at = strbuf_extend(redis_arg_begin(&p->command), bytes);
	if (at != NULL)
		memset(at, 'v', bytes);
	redis_arg_end(&p->command);
	return redis_end(&p->command);
}

static void
what_is_ended_is_begun_no_more_and_is_not_sent_again(void **state)
{
	struct place *p = *state;

	assert_false(p->command.is_begun);
	assert_true(redis_end(&p->command));
	redis_begin(&p->command, 0, "DEL", "k");
	assert_true(p->command.is_begun);
	assert_true(redis_end(&p->command));
	assert_false(p->command.is_begun);
	assert_true(redis_end(&p->command));
	assert_string_equal(p->given, "DEL k\n");
	p->length = 0;
	assert_false(set_value(p, 0, REDIS_TEXT_MAX));
	assert_true(redis_end(&p->command));
	assert_int_equal(p->length, 0);
	assert_int_equal(p->command.left_out, 1);
}

static void
a_value_may_go_to_two_places(void **state)
{
	struct place *p = *state;

	redis_begin(&p->command, 2, "HSET", "one");
	redis_arg(&p->command, "a");
	redis_arg(&p->command, "1");
	redis_arg(&p->command, "b");
	redis_arg(&p->command, "{}");
	redis_end_twice(&p->command, "two", "c");
	assert_string_equal(p->given, "SELECT 2\nHSET one a 1 b {}\nHSET two c {}\n");
	assert_int_equal(p->argc, 4);
	/* Or to none. */
	p->length = 0;
	redis_begin(&p->command, 2, "HSET", "one");
	redis_arg(&p->command, "a");
	(void)strbuf_extend(redis_arg_begin(&p->command), REDIS_TEXT_MAX);
	redis_arg_end(&p->command);
	redis_end_twice(&p->command, "two", "c");
	assert_int_equal(p->length, 0);
	assert_int_equal(p->command.left_out, 1);
}

static void
a_database_is_selected_when_it_is_another_one(void **state)
{
	struct place *p = *state;
	static const uint32_t dbs[] = { 0, 1, 1, UINT32_MAX, 0 };

	for (size_t i = 0; i < sizeof(dbs) / sizeof(dbs[0]); i++) {
		redis_begin(&p->command, dbs[i], "DEL", "k");
		assert_true(redis_end(&p->command));
	}
	assert_string_equal(p->given, "DEL k\n"
				      "SELECT 1\nDEL k\n"
				      "DEL k\n"
				      "SELECT 4294967295\nDEL k\n"
				      "SELECT 0\nDEL k\n");
	assert_int_equal(p->command.db, 0);
}

static void
a_text_fits_up_to_its_room_and_no_byte_more(void **state)
{
	struct place *p = *state;
	const size_t room = REDIS_TEXT_MAX - 1 - 4;

	assert_true(set_value(p, 0, room - 1));
	assert_int_equal(redis_room(&p->command), 1);
	assert_int_equal(p->length, room - 1 + 7);
	p->length = 0;
	assert_true(set_value(p, 0, room));
	assert_int_equal(redis_room(&p->command), 0);
	assert_int_equal(p->length, room + 7);
	assert_int_equal(p->command.left_out, 0);

	p->length = 0;
	assert_false(set_value(p, 0, room + 1));
	assert_int_equal(redis_room(&p->command), 0);
	assert_false(redis_args_fit(&p->command, 0));
	assert_int_equal(p->length, 0);
	assert_int_equal(p->command.left_out, 1);
}

static void
a_command_that_is_left_out_sends_nothing_and_the_next_one_is_whole(void **state)
{
	struct place *p = *state;

	assert_false(set_value(p, 5, REDIS_TEXT_MAX));
	assert_int_equal(p->length, 0); /* not even its SELECT */
	assert_int_equal(p->command.db, 0);
	redis_begin(&p->command, 5, "SET", "k");
	redis_arg(&p->command, "v");
	assert_true(redis_end(&p->command));
	assert_string_equal(p->given, "SELECT 5\nSET k v\n");
	assert_int_equal(p->command.left_out, 1);
}

/* A command of so many arguments. */
static bool
rpush(struct place *p, size_t argc)
{
	redis_begin(&p->command, 0, "RPUSH", "k");
	for (size_t i = 2; i < argc; i++)
		redis_arg_u64(&p->command, i % 10);
	return redis_end(&p->command);
}

static void
arguments_fit_up_to_their_number_and_not_one_more(void **state)
{
	struct place *p = *state;

	assert_true(rpush(p, REDIS_ARGS_MAX - 1));
	assert_true(redis_args_fit(&p->command, 1));
	assert_false(redis_args_fit(&p->command, 2));
	assert_true(rpush(p, REDIS_ARGS_MAX));
	assert_int_equal(p->argc, REDIS_ARGS_MAX);
	assert_true(redis_args_fit(&p->command, 0));
	assert_false(redis_args_fit(&p->command, 1));
	assert_int_equal(p->command.left_out, 0);

	p->length = 0;
	assert_false(rpush(p, REDIS_ARGS_MAX + 1));
	assert_false(rpush(p, REDIS_ARGS_MAX + 2));
	assert_int_equal(p->length, 0);
	assert_int_equal(p->command.left_out, 2);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(arguments_are_handed_over_in_their_order),
		IN_PLACE(a_command_may_have_no_key),
		IN_PLACE(an_argument_may_have_any_byte),
		IN_PLACE(what_was_begun_and_not_ended_is_forgotten),
		IN_PLACE(what_is_ended_is_begun_no_more_and_is_not_sent_again),
		IN_PLACE(a_value_may_go_to_two_places),
		IN_PLACE(a_database_is_selected_when_it_is_another_one),
		IN_PLACE(a_text_fits_up_to_its_room_and_no_byte_more),
		IN_PLACE(a_command_that_is_left_out_sends_nothing_and_the_next_one_is_whole),
		IN_PLACE(arguments_fit_up_to_their_number_and_not_one_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
