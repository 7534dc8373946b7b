#include "ctl/arguments.h"

#include "daemon/base/strbuf.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WORDS_MAX = 16 };

static char error[512];

/* Words separated by blanks. returns what arguments_parse() does */
static int
parse(const char *line, struct arguments *ret_arguments)
{
	static char memory[512];
	char *words[WORDS_MAX] = { NULL };
	int count = 0;
	struct strbuf b;

	(void)snprintf(memory, sizeof(memory), "naiadctl %s", line);
	for (char *at = strtok(memory, " "); at != NULL; at = strtok(NULL, " ")) {
		assert_true(count < WORDS_MAX - 1);
		words[count++] = at;
	}
	strbuf_init(&b, error, sizeof(error));
	return arguments_parse(count, words, ret_arguments, &b);
}

/* The command and its arguments as they are sent. */
static void
asks(const char *line, const char *command, const char *args)
{
	struct arguments a;
	char *text;

	if (parse(line, &a) != 0)
		fail_msg("%s: %s", line, error);
	assert_int_equal(a.action, ARGUMENTS_ASK);
	assert_string_equal(a.command, command);
	text = json_dumps(a.args, JSON_COMPACT | JSON_SORT_KEYS);
	assert_string_equal(text, args);
	free(text);
	arguments_done(&a);
}

static void
refused(const char *line, const char *why)
{
	struct arguments a;

	if (parse(line, &a) != -EINVAL)
		fail_msg("taken: %s", line);
	if (strstr(error, why) == NULL)
		fail_msg("%s: %s", line, error);
}

static void
each_command_is_asked_for_by_its_name(void **state)
{
	(void)state;
	asks("status", "status", "{}");
	asks("evidence", "evidence", "{}");
	asks("alerts", "alerts", "{}");
	asks("metrics", "metrics", "{}");
	asks("metrics flows", "metrics", "{\"name\":\"flows\"}");
	asks("reload", "reload", "{}");
	asks("reopen", "reopen", "{}");
	asks("log-level", "log-level", "{}");
	asks("log-level debug", "log-level", "{\"level\":\"debug\"}");
}

static void
filters_go_with_evidence_and_alerts(void **state)
{
	(void)state;
	asks("evidence --host 10.0.0.1 --type A --level high --since 1h --limit 7", "evidence",
		"{\"host\":\"10.0.0.1\",\"level\":\"high\",\"limit\":7,\"since\":\"1h\",\"type\":\"A\"}");
	asks("--limit=1 alerts", "alerts", "{\"limit\":1}");
	refused("status --limit 1", "\"status\" takes none of --host");
	refused("log-level --level debug", "takes none of");
	refused("evidence --limit 0", "whole number from 1");
	refused("evidence --limit -1", "whole number from 1");
	refused("evidence --limit 1x", "whole number from 1");
	refused("evidence --limit 99999999999999999999", "whole number from 1");
	refused("evidence --host \xff", "is no text");
}

static void
socket_and_json_stand_anywhere(void **state)
{
	struct arguments a;

	(void)state;
	assert_int_equal(parse("status", &a), 0);
	assert_string_equal(a.socket, "/run/naiad/control.sock");
	assert_false(a.json);
	arguments_done(&a);
	assert_int_equal(parse("-s /a status --json", &a), 0);
	assert_string_equal(a.socket, "/a");
	assert_true(a.json);
	arguments_done(&a);
	assert_int_equal(parse("status -j --socket=/b", &a), 0);
	assert_string_equal(a.socket, "/b");
	assert_true(a.json);
	arguments_done(&a);
}

static void
help_and_version_need_no_command(void **state)
{
	struct arguments a;

	(void)state;
	assert_int_equal(parse("--help", &a), 0);
	assert_int_equal(a.action, ARGUMENTS_HELP);
	arguments_done(&a);
	assert_int_equal(parse("-V", &a), 0);
	assert_int_equal(a.action, ARGUMENTS_VERSION);
	arguments_done(&a);
	assert_int_equal(parse("-h -V", &a), 0);
	assert_int_equal(a.action, ARGUMENTS_HELP);
	arguments_done(&a);
	assert_non_null(strstr(arguments_usage(), "usage: naiadctl"));
}

static void
what_is_wrong_is_named(void **state)
{
	(void)state;
	refused("", "--help");
	refused("stauts", "\"stauts\" is no command");
	refused("status now", "\"now\" is one word too many");
	refused("metrics a b", "\"b\" is one word too many");
	refused("--frob status", "\"--frob\" is no option");
	refused("-x status", "\"-x\" is no option");
	refused("status --socket", "\"--socket\" needs a value");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_command_is_asked_for_by_its_name),
		cmocka_unit_test(filters_go_with_evidence_and_alerts),
		cmocka_unit_test(socket_and_json_stand_anywhere),
		cmocka_unit_test(help_and_version_need_no_command),
		cmocka_unit_test(what_is_wrong_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
