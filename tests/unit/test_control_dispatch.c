#include "daemon/loop/control/control_dispatch.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char memory[CONTROL_REPLY_MAX];
static struct control_reply reply;
static const char *name;
static unsigned looks, changes;

static int
look(void *context, const struct control_request *q, struct control_reply *r)
{
	looks++;
	assert_ptr_equal(context, &looks);
	if (q->args != NULL)
		return control_reply_refuse(r, "no arguments");
	json_bool(&r->json, q->may_change);
	return 0;
}

static int
change(void *context, const struct control_request *q, struct control_reply *r)
{
	(void)context;
	(void)q;
	(void)r;
	changes++;
	return 0;
}

static const struct control_command commands[] = {
	{ "look", "look", CONTROL_LOOKS, look },
	{ "change", "change", CONTROL_CHANGES, change },
	{ "level", "level", CONTROL_CHANGES_IF_TOLD, change },
	{ NULL, NULL, CONTROL_LOOKS, NULL },
};

static int
ask(const char *line, bool may_change)
{
	const struct control_peer peer = { .uid = 1, .may_ask = true, .may_change = may_change };

	control_reply_begin(&reply, memory);
	return control_dispatch(commands, &looks, &peer, line, strlen(line), &reply, &name);
}

static void
a_command_runs_with_the_peers_right(void **state)
{
	(void)state;
	assert_int_equal(ask("{\"command\":\"look\"}", false), 0);
	assert_string_equal(memory, "{\"ok\":true,\"data\":false}\n");
	assert_string_equal(name, "look");
	assert_int_equal(ask("{\"command\":\"look\"}", true), 0);
	assert_string_equal(memory, "{\"ok\":true,\"data\":true}\n");
	assert_int_equal(ask("{\"command\":\"change\"}", true), 0);
	assert_int_equal(changes, 1);
}

static void
who_may_not_change_anything_does_not(void **state)
{
	(void)state;
	changes = 0;
	assert_int_equal(ask("{\"command\":\"change\"}", false), -EACCES);
	assert_int_equal(changes, 0);
	assert_string_equal(name, "change");
	assert_string_equal(memory,
		"{\"ok\":false,\"error\":\"change is for root and for the user that the sensor runs "
		"as\"}\n");
}

static void
what_changes_something_if_told_may_be_asked_by_all(void **state)
{
	(void)state;
	changes = 0;
	assert_int_equal(ask("{\"command\":\"level\"}", false), 0);
	assert_int_equal(ask("{\"command\":\"level\",\"args\":{}}", false), 0);
	assert_int_equal(changes, 2);
	assert_int_equal(ask("{\"command\":\"level\",\"args\":{\"x\":null}}", false), -EACCES);
	assert_int_equal(changes, 2);
	assert_int_equal(ask("{\"command\":\"level\",\"args\":{\"x\":null}}", true), 0);
	assert_int_equal(changes, 3);
}

static void
a_command_may_refuse(void **state)
{
	(void)state;
	assert_int_equal(ask("{\"command\":\"look\",\"args\":{}}", true), -EINVAL);
	assert_string_equal(memory, "{\"ok\":false,\"error\":\"no arguments\"}\n");
	assert_string_equal(name, "look");
}

static void
what_is_no_command_is_told(void **state)
{
	(void)state;
	assert_int_equal(ask("{\"command\":\"loko\"}", true), -EINVAL);
	assert_null(name);
	assert_string_equal(memory,
		"{\"ok\":false,\"error\":\"there is no command \\\"loko\\\", did "
		"you mean \\\"look\\\"?\"}\n");
	assert_int_equal(
		ask("{\"command\":\"\\u001b[2Jxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}", true),
		-EINVAL);
	assert_string_equal(memory,
		"{\"ok\":false,\"error\":\"there is no command "
		"\\\"\\\\x1b[2Jxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\\\"...\"}\n");
	assert_int_equal(ask("look", true), -EINVAL);
	assert_null(name);
	assert_memory_equal(memory, "{\"ok\":false,\"error\":\"not a line of JSON", 39);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_runs_with_the_peers_right),
		cmocka_unit_test(who_may_not_change_anything_does_not),
		cmocka_unit_test(what_changes_something_if_told_may_be_asked_by_all),
		cmocka_unit_test(a_command_may_refuse),
		cmocka_unit_test(what_is_no_command_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
