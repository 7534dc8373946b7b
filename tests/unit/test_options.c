#include "daemon/config/options.h"

#include "daemon/base/strbuf.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WORDS_MAX = 16 };

struct fixture {
	struct options options;
	struct strbuf error;
	char memory[512];
	char words[WORDS_MAX][64]; /* of the last line: the options point into them */
};

static int
fixture_begin(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	*state = &f;
	return 0;
}

/* Parse the words after "naiad"; NULL at the end. */
static int
parse(struct fixture *f, const char *const *words)
{
	static char name[] = "naiad";
	char *argv[WORDS_MAX + 2] = { name };
	char *before[WORDS_MAX + 2];
	int argc = 1;

	for (; *words != NULL; words++) {
		char *word = f->words[argc - 1];

		assert_true(argc <= WORDS_MAX && strlen(*words) < sizeof(f->words[0]));
		memcpy(word, *words, strlen(*words) + 1);
		argv[argc++] = word;
	}
	memcpy(before, argv, sizeof(argv));
	memset(&f->options, 0xa5, sizeof(f->options));
	strbuf_init(&f->error, f->memory, sizeof(f->memory));
	int r = options_parse(argc, argv, &f->options, &f->error);
	assert_memory_equal(before, argv, sizeof(argv));
	return r;
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
taken(struct fixture *f, const char *const *words)
{
	if (parse(f, words) != 0)
		fail_msg("refused: %s", f->memory);
	assert_string_equal(f->memory, "");
}

static void
refused(struct fixture *f, const char *const *words, const char *error)
{
	assert_int_equal(parse(f, words), -EINVAL);
	assert_string_equal(f->memory, error);
}

static void
nothing_else_is_on_when_one_file_is_read(void **state)
{
	struct fixture *f = *state;

	taken(f, WORDS("-r", "a.pcap"));
	assert_int_equal(f->options.action, OPTIONS_RUN);
	assert_int_equal(f->options.input_count, 1);
	assert_string_equal(f->options.inputs[0], "a.pcap");
	assert_int_equal(f->options.interface_count, 0);
	assert_null(f->options.output_dir);
	assert_null(f->options.config_path);
	assert_null(f->options.profile);
	assert_int_equal(f->options.input_type, OPTIONS_INPUT_ANY);
	assert_false(f->options.json);
	assert_false(f->options.fail_on_given);
	assert_int_equal(f->options.verbose, 0);
	assert_int_equal(f->options.setting_count, 0);
}

static void
every_option_is_taken_short_and_long(void **state)
{
	struct fixture *f = *state;

	taken(f, WORDS("-r", "a", "-r-", "-o", "out", "-c", "n.yaml", "-w5m", "-H", "10.0.0.0/8",
			 "-dall", "-F", "not port 22", "-vv"));
	assert_int_equal(f->options.input_count, 2);
	assert_string_equal(f->options.inputs[1], "-");
	assert_string_equal(f->options.output_dir, "out");
	assert_string_equal(f->options.config_path, "n.yaml");
	assert_int_equal(f->options.action, OPTIONS_RUN);
	assert_int_equal(f->options.verbose, 2);
	assert_int_equal(f->options.setting_count, 4);
	assert_string_equal(f->options.settings[0].key, "windows.width");
	assert_string_equal(f->options.settings[0].value, "5m");
	assert_string_equal(f->options.settings[0].given_by, "option --width (-w)");
	assert_string_equal(f->options.settings[1].key, "home_network");
	assert_string_equal(f->options.settings[2].key, "direction");
	assert_string_equal(f->options.settings[2].value, "all");
	assert_string_equal(f->options.settings[3].key, "capture.filter");
	assert_string_equal(f->options.settings[3].value, "not port 22");

	taken(f, WORDS("--read=a", "--read", "b", "--output-dir=o", "--config=c", "--width=1h",
			 "--home-network=::/0", "--direction=out", "--filter=tcp", "--verbose"));
	assert_int_equal(f->options.input_count, 2);
	assert_string_equal(f->options.output_dir, "o");
	assert_string_equal(f->options.config_path, "c");
	assert_int_equal(f->options.setting_count, 4);
	assert_string_equal(f->options.settings[1].value, "::/0");
	assert_int_equal(f->options.verbose, 1);

	taken(f, WORDS("-r", "a", "--profile", "quiet", "--json", "--fail-on=high", "--input-type",
			 "zeek"));
	assert_string_equal(f->options.profile, "quiet");
	assert_int_equal(f->options.action, OPTIONS_RUN);
	assert_true(f->options.json);
	assert_true(f->options.fail_on_given);
	assert_int_equal(f->options.fail_on, THREAT_HIGH);
	assert_int_equal(f->options.input_type, OPTIONS_INPUT_ZEEK);

	taken(f, WORDS("-i", "eth0", "--interface", "eth1"));
	assert_int_equal(f->options.interface_count, 2);
	assert_string_equal(f->options.interfaces[1], "eth1");
}

static void
what_is_to_be_done_needs_no_input(void **state)
{
	struct fixture *f = *state;

	taken(f, WORDS("-T"));
	assert_int_equal(f->options.action, OPTIONS_TEST_CONFIG);
	taken(f, WORDS("--test-config", "-c", "x"));
	assert_int_equal(f->options.action, OPTIONS_TEST_CONFIG);
	taken(f, WORDS("--print-config"));
	assert_int_equal(f->options.action, OPTIONS_PRINT_CONFIG);
	taken(f, WORDS("--print-config=yaml"));
	assert_int_equal(f->options.action, OPTIONS_PRINT_CONFIG);
	taken(f, WORDS("--print-config=markdown"));
	assert_int_equal(f->options.action, OPTIONS_PRINT_MARKDOWN);
	taken(f, WORDS("-V"));
	assert_int_equal(f->options.action, OPTIONS_VERSION);
	taken(f, WORDS("--version"));
	assert_int_equal(f->options.action, OPTIONS_VERSION);
	taken(f, WORDS("-h"));
	assert_int_equal(f->options.action, OPTIONS_HELP);
}

static void
help_holds_whatever_else_is_said(void **state)
{
	struct fixture *f = *state;

	taken(f, WORDS("-T", "-h", "-V", "-T", "stray", "words"));
	assert_int_equal(f->options.action, OPTIONS_HELP);
	taken(f, WORDS("-i", "a", "-r", "b", "--help"));
	assert_int_equal(f->options.action, OPTIONS_HELP);
	taken(f, WORDS("-V", "-T"));
	assert_int_equal(f->options.action, OPTIONS_VERSION);
	taken(f, WORDS("-h", "--print-config"));
	assert_int_equal(f->options.action, OPTIONS_HELP);
}

static void
an_option_that_is_not_known_is_named_with_the_nearest(void **state)
{
	struct fixture *f = *state;

	refused(f, WORDS("-x"), "option \"-x\" is not known");
	refused(f, WORDS("-vx", "-r", "a"), "option \"-x\" is not known");
	refused(f, WORDS("--widht=5m"), "option \"--widht\" is not known, did you mean --width?");
	refused(f, WORDS("-r", "a", "--colour"), "option \"--colour\" is not known");
	refused(f, WORDS("--\x1b[2J"), "option \"--\\x1b[2J\" is not known");
	refused(f, WORDS("-\x1b"), "option \"-\\x1b\" is not known");
}

static void
a_missing_or_unwanted_value_is_named(void **state)
{
	struct fixture *f = *state;

	refused(f, WORDS("-r"), "option \"-r\" needs a value");
	refused(f, WORDS("-vw"), "option \"-w\" needs a value");
	refused(f, WORDS("--read"), "option \"--read\" needs a value");
	refused(f, WORDS("-r", "a", "--json=yes"), "option \"--json\" takes no value");
	refused(f, WORDS("--help=me"), "option \"--help\" takes no value");
	refused(f, WORDS("-r", ""), "option --read (-r): the name is empty");
	refused(f, WORDS("-c", ""), "option --config (-c): the name is empty");
}

static void
levels_and_kinds_are_those_there_are(void **state)
{
	static const char *const levels[] = { "info", "low", "medium", "high", "critical" };
	static const char *const kinds[] = { "pcap", "zeek", "eve", "argus", "nfdump" };
	struct fixture *f = *state;

	for (unsigned i = 0; i < 5; i++) {
		taken(f, WORDS("-r", "a", "--fail-on", levels[i], "--input-type", kinds[i]));
		assert_int_equal(f->options.fail_on, i);
		assert_int_equal(f->options.input_type, OPTIONS_INPUT_PCAP + i);
		assert_string_equal(options_input_name(f->options.input_type), kinds[i]);
	}
	assert_string_equal(options_input_name(OPTIONS_INPUT_ANY), "any");
	refused(f, WORDS("-r", "a", "--fail-on", "loud"),
		"option --fail-on: \"loud\" is not one of info, low, medium, high, critical");
	refused(f, WORDS("-r", "a", "--fail-on", "critcal"),
		"option --fail-on: \"critcal\" is not one of info, low, medium, high, critical, did you "
		"mean critical?");
	refused(f, WORDS("-r", "a", "--input-type", "any"),
		"option --input-type: \"any\" is not one of pcap, zeek, eve, argus, nfdump");
	refused(f, WORDS("--print-config=json"),
		"option --print-config: \"json\" is not one of yaml, markdown");
}

static void
words_that_are_no_options_are_told(void **state)
{
	struct fixture *f = *state;

	refused(f, WORDS("-r", "a.pcap", "b.pcap", "-o", "out"),
		"\"b.pcap\": unexpected; each input needs its own -r");
	refused(f, WORDS("a.pcap"), "\"a.pcap\": unexpected; each input needs its own -r");
	refused(f, WORDS("-r", "a", "--", "-x"), "\"-x\": unexpected; each input needs its own -r");
}

static void
what_does_not_go_together_is_told(void **state)
{
	struct fixture *f = *state;

	refused(f, WORDS("-i", "eth0", "-r", "a"),
		"options -i and -r: either live or over files, not both");
	refused(f, WORDS("-i", "eth0", "--input-type", "pcap"),
		"option --input-type is for runs over files (-r)");
}

/* `count` times the same option and value. */
static int
repeat(struct fixture *f, const char *option, size_t count)
{
	static char name[] = "naiad";
	char word[64] = "";
	char **argv = calloc(count + 2, sizeof(*argv));

	assert_non_null(argv);
	assert_true(strlen(option) < sizeof(word));
	memcpy(word, option, strlen(option) + 1);
	argv[0] = name;
	for (size_t i = 1; i <= count; i++)
		argv[i] = word;
	strbuf_init(&f->error, f->memory, sizeof(f->memory));
	int r = options_parse((int)count + 1, argv, &f->options, &f->error);
	free(argv);
	return r;
}

static void
what_may_be_repeated_has_a_bound(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(repeat(f, "-ra", OPTIONS_INPUTS_MAX), 0);
	assert_int_equal(f->options.input_count, OPTIONS_INPUTS_MAX);
	assert_int_equal(repeat(f, "-ra", OPTIONS_INPUTS_MAX + 1), -EINVAL);
	assert_string_equal(f->memory, "option --read (-r): more than 1024 of them");
	assert_int_equal(repeat(f, "-ia", OPTIONS_INTERFACES_MAX), 0);
	assert_int_equal(repeat(f, "-ia", OPTIONS_INTERFACES_MAX + 1), -EINVAL);
	assert_int_equal(repeat(f, "-H::/0", OPTIONS_SETTINGS_MAX), 0);
	assert_int_equal(repeat(f, "-H::/0", OPTIONS_SETTINGS_MAX + 1), -EINVAL);
	assert_string_equal(f->memory, "option --home-network (-H): too often, separate by commas");
}

static void
the_last_of_several_holds(void **state)
{
	struct fixture *f = *state;

	taken(f, WORDS("-r", "a", "-o", "x", "-o", "y", "--fail-on", "low", "--fail-on", "high"));
	assert_string_equal(f->options.output_dir, "y");
	assert_int_equal(f->options.fail_on, THREAT_HIGH);
}

static void
a_refused_line_leaves_nothing_behind(void **state)
{
	struct fixture *f = *state;

	/* getopt() remembers where in a word it stopped. */
	refused(f, WORDS("-vxr", "a"), "option \"-x\" is not known");
	taken(f, WORDS("-r", "b"));
	assert_string_equal(f->options.inputs[0], "b");
	assert_int_equal(f->options.verbose, 0);
}

static void
usage_names_every_option_in_a_line_of_a_terminal(void **state)
{
	static const char *const names[] = { "-i, --interface", "-r, --read", "-o, --output-dir",
		"-c, --config", "-T, --test-config", "--print-config", "-w, --width",
		"-H, --home-network", "-d, --direction", "-F, --filter", "--profile", "--json",
		"--fail-on", "--input-type", "-v, --verbose", "-V, --version", "-h, --help" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_non_null(strstr(options_usage(), names[i]));
	for (const char *line = options_usage(); *line != '\0'; line += strcspn(line, "\n") + 1)
		assert_true(strcspn(line, "\n") <= 100);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, fixture_begin)
	const struct CMUnitTest tests[] = {
		TEST(nothing_else_is_on_when_one_file_is_read),
		TEST(every_option_is_taken_short_and_long),
		TEST(what_is_to_be_done_needs_no_input),
		TEST(help_holds_whatever_else_is_said),
		TEST(an_option_that_is_not_known_is_named_with_the_nearest),
		TEST(a_missing_or_unwanted_value_is_named),
		TEST(levels_and_kinds_are_those_there_are),
		TEST(words_that_are_no_options_are_told),
		TEST(what_does_not_go_together_is_told),
		TEST(what_may_be_repeated_has_a_bound),
		TEST(the_last_of_several_holds),
		TEST(a_refused_line_leaves_nothing_behind),
		TEST(usage_names_every_option_in_a_line_of_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
