#include "ctl/arguments.h"

#include "ctl/usage.h"

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
	refused("status --limit 1", "\"status\" takes no --limit");
	refused("log-level --level debug", "\"log-level\" takes no --level");
	refused("evidence --limit 0", "whole number from 1");
	refused("evidence --limit -1", "whole number from 1");
	refused("evidence --limit 1x", "whole number from 1");
	refused("evidence --limit 99999999999999999999", "whole number from 1");
	refused("evidence --type \xff", "is no text");
	refused("evidence --host 10.0.0.1/8",
		"\"10.0.0.1/8\": --host takes an address or a network");
	refused("-d case profiles --host camera", "--host takes an address or a network");
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
	assert_int_equal(a.action, ARGUMENTS_ASK);
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

static void
each_command_says_where_its_answer_is(void **state)
{
	struct arguments a;

	(void)state;
	assert_int_equal(parse("-d case profiles", &a), 0);
	assert_string_equal(a.dir, "case");
	assert_string_equal(a.command, "profiles");
	arguments_done(&a);
	refused("-d case reload", "\"reload\" is not asked of a run");
	refused("-d case selftest", "leave -d out");
	for (size_t i = 0; i < command_count; i++) {
		assert_true(commands[i].places != 0);
		assert_ptr_equal(command_find(commands[i].name), &commands[i]);
		assert_int_equal(commands[i].word == NULL, commands[i].words_most == 0);
	}
}

static void
words_and_values_are_kept_for_who_asks_a_run(void **state)
{
	struct arguments a;

	(void)state;
	assert_int_equal(parse("-d case flows C1 C2 --limit 7", &a), 0);
	assert_int_equal(a.word_count, 2);
	assert_string_equal(a.words[1], "C2");
	assert_int_equal(a.limit, 7);
	arguments_done(&a);
	assert_int_equal(parse("-d case timeline --host 10.0.0.1 --window -3", &a), 0);
	assert_int_equal(a.window, -3);
	assert_string_equal(a.values[COMMAND_OPTION_HOST], "10.0.0.1");
	assert_int_equal(a.limit, 50);
	arguments_done(&a);
	assert_int_equal(parse("-d case evidence --since 2m", &a), 0);
	assert_true(a.since_ns == UINT64_C(120000000000));
	arguments_done(&a);
	refused("explain", "\"explain\" needs a word after it: ID");
	refused("explain a b", "\"b\" is one word too many");
	refused("-d case timeline --window x", "--window takes the number");
	refused("-d case evidence --since yesterday", "--since takes how long ago");
	refused("-d case evidence --level loud", "--level takes one of info low");
	refused("-d case evidence --level lo", "--level takes one of");
	refused("mute x --scope all", "--scope takes one of pair host kind");
	refused("evidence --level loud", "--level takes one of info low");
}

/* What a shell or --help is told, as a text. */
static char *
printed(bool (*print)(const char *shell, FILE *out), const char *shell)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	if (print == NULL)
		usage_print(out);
	else
		assert_true(print(shell, out));
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
help_and_completions_know_all_commands_and_options(void **state)
{
	static const char *const shells[] = { NULL, "bash", "zsh", "fish" };

	(void)state;
	for (size_t s = 0; s < sizeof(shells) / sizeof(shells[0]); s++) {
		char *text = printed(shells[s] == NULL ? NULL : usage_completion, shells[s]);

		for (size_t i = 0; i < command_count; i++)
			if (strstr(text, commands[i].name) == NULL)
				fail_msg("%s: no %s", shells[s], commands[i].name);
		for (int i = 0; i < COMMAND_OPTIONS; i++)
			if (strstr(text, command_options[i].name) == NULL)
				fail_msg("%s: no %s", shells[s], command_options[i].name);
		free(text);
	}
	assert_false(usage_completion("csh", stderr));
}

static void
a_completion_is_asked_for_without_a_command(void **state)
{
	struct arguments a;

	(void)state;
	assert_int_equal(parse("--completion bash", &a), 0);
	assert_int_equal(a.action, ARGUMENTS_COMPLETION);
	assert_string_equal(a.values[COMMAND_OPTION_COMPLETION], "bash");
	arguments_done(&a);
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
		cmocka_unit_test(each_command_says_where_its_answer_is),
		cmocka_unit_test(words_and_values_are_kept_for_who_asks_a_run),
		cmocka_unit_test(help_and_completions_know_all_commands_and_options),
		cmocka_unit_test(a_completion_is_asked_for_without_a_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
