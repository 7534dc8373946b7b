#include "daemon/config/config.h"

#include "daemon/config/config_check.h"
#include "daemon/config/config_profile.h"
#include "daemon/config/config_text.h"
#include "detectors/detector.h"
#include "exporters/exporter.h"
#include "tests/support/config_sample.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct first_config {
	uint32_t min_targets;
	uint64_t wait;
};

struct sink_config {
	const char *file;
	bool pretty;
};

static const struct config_item first_rows[] = {
	CONFIG_U32(struct first_config, min_targets, 2, 100, 30, "hosts", "Targets."),
	CONFIG_DURATION(struct first_config, wait, 0, 3600 * SAMPLE_S, 5 * SAMPLE_S, "How long."),
	CONFIG_END,
};

static const struct config_item sink_rows[] = {
	CONFIG_STRING(struct sink_config, file, 100, "out.json", "Name of the file."),
	CONFIG_BOOL(struct sink_config, pretty, false, "Indented."),
	CONFIG_END,
};

/* These stand in for the tables of detectors.def and exporters.def. */
static const struct detector first = {
	.name = "first",
	.summary = "Looks for firsts.",
	.config_size = sizeof(struct first_config),
	.config = first_rows,
};
static const struct detector bare = { .name = "bare", .summary = "Has no settings." };
static const struct detector last = {
	.name = "last",
	.summary = "Looks for lasts.",
	.config_size = sizeof(struct first_config),
	.config = first_rows,
};
const struct detector *const detectors[] = { &first, &bare, &last };
const size_t detector_count = 3;

static const struct exporter sink = {
	.name = "sink",
	.summary = "Writes to a file.",
	.config_size = sizeof(struct sink_config),
	.config = sink_rows,
};
static const struct exporter plain = { .name = "plain", .summary = "Has no settings." };
const struct exporter *const exporters[] = { &plain, &sink };
const size_t exporter_count = 2;

/* And these for those of config_profile.c, whose keys are of detectors that are not here. */
static const struct config_setting strict[] = {
	{ "alert.threshold", "0.1", "profile" },
	{ "detectors.last.min_targets", "60", "profile" },
	{ NULL, NULL, NULL },
};
static const struct config_setting as_ever[] = { { NULL, NULL, NULL } };
static const struct config_setting lenient[] = {
	{ "alert.threshold", "0.02", "profile" },
	{ NULL, NULL, NULL },
};
const struct config_setting *const config_profiles[STRICTNESS_COUNT] = { strict, as_ever, lenient };

struct fixture {
	struct config *config;
	struct sample_report told;
	char path[64];
};

static int
fixture_begin(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	(void)snprintf(f.path, sizeof(f.path), "/tmp/test_config.XXXXXX");
	int fd = mkstemp(f.path);
	if (fd < 0)
		return -1;
	(void)close(fd);
	*state = &f;
	return 0;
}

static int
fixture_end(void **state)
{
	struct fixture *f = *state;

	config_free(f->config);
	return unlink(f->path);
}

static int
load(struct fixture *f, const char *yaml, const struct config_overrides *overrides)
{
	FILE *out = fopen(f->path, "w");

	config_free(f->config);
	f->config = NULL;
	assert_non_null(out);
	(void)fputs(yaml, out);
	assert_int_equal(fclose(out), 0);
	return config_load(f->path, overrides, sample_report_init(&f->told), &f->config);
}

static void
taken(struct fixture *f, const char *yaml, const struct config_overrides *overrides)
{
	if (load(f, yaml, overrides) != 0)
		fail_msg("%s", f->told.memory);
	assert_string_equal(f->told.memory, "");
}

static bool
is(double value, double wanted)
{
	return value >= wanted && value <= wanted;
}

static void
without_a_file_everything_has_its_default(void **state)
{
	struct fixture *f = *state;
	const struct first_config *of_first = NULL;
	const struct sink_config *of_sink = NULL;

	assert_int_equal(config_load(NULL, NULL, sample_report_init(&f->told), &f->config), 0);
	assert_true(f->config->settings->windows.width == 3600 * SAMPLE_S);
	assert_int_equal(f->config->settings->home_network.count, 0);
	assert_null(f->config->shell->capture.filter);
	assert_int_equal(f->config->detector_count, 3);
	assert_ptr_equal(f->config->detectors[0], &first);
	assert_ptr_equal(f->config->detectors[1], &bare);
	assert_ptr_equal(f->config->detectors[2], &last);
	of_first = f->config->detector_configs[0];
	assert_int_equal(of_first->min_targets, 30);
	assert_true(of_first->wait == 5 * SAMPLE_S);
	of_sink = f->config->exporter_configs[1];
	assert_string_equal(of_sink->file, "out.json");
	assert_false(of_sink->pretty);
}

static void
each_section_is_filled_apart_from_the_others(void **state)
{
	struct fixture *f = *state;
	const struct first_config *of_first = NULL;
	const struct first_config *of_last = NULL;
	const struct sink_config *of_sink = NULL;

	taken(f,
		"windows: {width: 5m}\n"
		"home_network: [10.0.0.0/8]\n"
		"capture: {filter: not port 22}\n"
		"detectors:\n"
		"  first: {min_targets: 2}\n"
		"  last: {min_targets: 3, wait: 1h}\n"
		"sink: {file: other.json, pretty: true}\n",
		NULL);
	assert_true(f->config->settings->windows.width == 300 * SAMPLE_S);
	assert_int_equal(f->config->settings->home_network.count, 1);
	assert_string_equal(f->config->shell->capture.filter, "not port 22");
	of_first = f->config->detector_configs[0];
	of_last = f->config->detector_configs[2];
	assert_int_equal(of_first->min_targets, 2);
	assert_true(of_first->wait == 5 * SAMPLE_S);
	assert_int_equal(of_last->min_targets, 3);
	assert_true(of_last->wait == 3600 * SAMPLE_S);
	of_sink = f->config->exporter_configs[1];
	assert_string_equal(of_sink->file, "other.json");
	assert_true(of_sink->pretty);
}

static void
a_detector_that_is_off_is_left_out_of_the_run(void **state)
{
	struct fixture *f = *state;
	const struct first_config *of_last = NULL;

	taken(f,
		"detectors:\n  first: {enabled: false}\n  bare: {enabled: true}\n"
		"  last: {min_targets: 9}\n",
		NULL);
	assert_int_equal(f->config->detector_count, 2);
	assert_ptr_equal(f->config->detectors[0], &bare);
	assert_ptr_equal(f->config->detectors[1], &last);
	of_last = f->config->detector_configs[1];
	assert_int_equal(of_last->min_targets, 9);
	taken(f,
		"detectors: {first: {enabled: false}, bare: {enabled: false}, last: {enabled: false}}\n",
		NULL);
	assert_int_equal(f->config->detector_count, 0);
}

static void
mistakes_in_sections_are_told_by_their_path(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
		load(f,
			"detectors:\n  frist: {}\n  first: {min_targets: many, enbled: true}\n"
			"  bare: {min_targets: 3}\nsink: {pretty: 1}\n",
			NULL),
		-EINVAL);
	assert_null(f->config);
	assert_int_equal(f->told.report.count, 5);
	assert_non_null(strstr(f->told.memory,
		":2:3: detectors.frist: unknown setting, did you mean \"first\"?\n"));
	assert_non_null(
		strstr(f->told.memory, ":3:24: detectors.first.min_targets: \"many\" is not a "
				       "whole number from 2 to 100 hosts\n"));
	assert_non_null(
		strstr(f->told.memory, "detectors.first.enbled: unknown setting, did you mean "
				       "\"enabled\"?\n"));
	assert_non_null(
		strstr(f->told.memory, ":4:10: detectors.bare.min_targets: unknown setting"));
	assert_non_null(strstr(f->told.memory, "sink.pretty: \"1\" is not true or false\n"));
}

static const struct first_config *
last_config(const struct fixture *f)
{
	return f->config->detector_configs[2];
}

static void
a_profile_changes_defaults_and_the_file_holds_over_it(void **state)
{
	struct fixture *f = *state;
	struct config_overrides o = { .profile = "quiet" };

	taken(f, "", &o);
	assert_int_equal(f->config->settings->profile, STRICTNESS_QUIET);
	assert_true(is(f->config->settings->alert.threshold, 0.1));
	assert_int_equal(last_config(f)->min_targets, 60);
	taken(f, "alert: {threshold: 0.3}\n", &o);
	assert_true(is(f->config->settings->alert.threshold, 0.3));
	assert_int_equal(last_config(f)->min_targets, 60);
	o.profile = "paranoid";
	taken(f, "", &o);
	assert_true(is(f->config->settings->alert.threshold, 0.02));
	o.profile = "balanced";
	taken(f, "", &o);
	assert_true(is(f->config->settings->alert.threshold, 0));
	taken(f, "", NULL);
	assert_int_equal(f->config->settings->profile, STRICTNESS_BALANCED);
	assert_true(is(f->config->settings->alert.threshold, 0));
}

static void
a_profile_in_the_file_comes_before_all_of_the_file(void **state)
{
	struct fixture *f = *state;

	taken(f, "detectors: {last: {min_targets: 70}}\nprofile: quiet\n", NULL);
	assert_int_equal(f->config->settings->profile, STRICTNESS_QUIET);
	assert_true(is(f->config->settings->alert.threshold, 0.1));
	assert_int_equal(last_config(f)->min_targets, 70);
}

static void
a_profile_of_the_command_line_holds_over_that_of_the_file(void **state)
{
	struct fixture *f = *state;
	const struct config_overrides o = { .profile = "paranoid" };

	taken(f, "profile: quiet\n", &o);
	assert_int_equal(f->config->settings->profile, STRICTNESS_PARANOID);
	assert_true(is(f->config->settings->alert.threshold, 0.02));
	assert_int_equal(last_config(f)->min_targets, 30);
}

static void
a_profile_that_there_is_not_is_told_once(void **state)
{
	struct fixture *f = *state;
	struct config_overrides o = { .profile = "loud" };

	assert_int_equal(load(f, "", &o), -EINVAL);
	assert_string_equal(f->told.memory,
		"option --profile: profile: \"loud\" is not one of quiet, balanced, paranoid\n");
	o.profile = "quite";
	assert_int_equal(load(f, "", &o), -EINVAL);
	assert_non_null(strstr(f->told.memory, ", did you mean \"quiet\"?\n"));
	assert_int_equal(load(f, "colour: red\nprofile: loud\n", NULL), -EINVAL);
	assert_int_equal(f->told.report.count, 2);
	assert_non_null(strstr(f->told.memory, ":2:10: profile: \"loud\" is not one of quiet"));
}

static void
the_command_line_holds_over_the_file(void **state)
{
	static const struct config_setting settings[] = {
		{ "windows.width", "2m", "option -w" },
		{ "home_network", "192.168.1.0/24", "option -H" },
		{ "windows.width", "3m", "option -w" },
		{ "home_network", "192.168.2.0/24,192.168.3.0/24", "option -H" },
		{ "capture.filter", "tcp", "option -F" },
	};
	const struct config_overrides o = { .settings = settings, .setting_count = 5 };
	struct fixture *f = *state;

	taken(f, "windows: {width: 5m}\nhome_network: [10.0.0.0/8]\ncapture: {filter: udp}\n", &o);
	assert_true(f->config->settings->windows.width == 180 * SAMPLE_S);
	assert_string_equal(f->config->shell->capture.filter, "tcp");
	assert_int_equal(f->config->settings->home_network.count, 3);
	const struct setting_cidr *nets = f->config->settings->home_network.items;
	for (uint8_t i = 0; i < 3; i++) {
		struct addr base = addr_v4(192, 168, (uint8_t)(i + 1), 0);

		assert_true(addr_equal(&nets[i].value.base, &base));
	}
}

static void
mistakes_of_file_and_command_line_are_told_together(void **state)
{
	static const struct config_setting settings[] = {
		{ "windows.width", "5x", "option --width (-w)" },
		{ "direction", "al", "option --direction (-d)" },
	};
	const struct config_overrides o = {
		.profile = "x", .settings = settings, .setting_count = 2
	};
	struct fixture *f = *state;

	assert_int_equal(load(f, "colour: red\n", &o), -EINVAL);
	assert_int_equal(f->told.report.count, 4);
	assert_non_null(
		strstr(f->told.memory, "option --width (-w): windows.width: \"5x\" is not a "
				       "duration from 1s to 366d (written"));
	assert_non_null(
		strstr(f->told.memory, "option --direction (-d): direction: \"al\" is not one "
				       "of auto, out, all, did you mean \"all\"?\n"));
	assert_non_null(strstr(f->told.memory, ":1:1: colour: unknown setting"));
}

static void
a_file_that_is_not_there_is_told(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
		config_load("/nowhere/naiad.yaml", NULL, sample_report_init(&f->told), &f->config),
		-ENOENT);
	assert_int_equal(f->told.report.count, 1);
	assert_null(f->config);
}

static char *
printed(const struct config *c, int (*print)(const struct config *, FILE *))
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	assert_int_equal(print(c, out), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
a_memory_limit_below_64_mib_is_refused(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(load(f, "memory: {limit: 67108863}\n", NULL), -EINVAL);
	assert_non_null(strstr(f->told.memory, "memory.limit: 67108863 bytes are less than 64MiB"));
	taken(f, "memory: {limit: 64MiB}\n", NULL);
	assert_int_equal(f->config->settings->memory.limit, 67108864);
}

static void
the_level_of_a_type_that_there_is_not_is_refused(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
		load(f, "evidence: {levels: [{type: NOBODY, level: low}]}\n", NULL), -EINVAL);
	assert_non_null(strstr(f->told.memory, "there is no type of evidence \"NOBODY\""));
	taken(f, "evidence: {levels: [{type: CONVERGING_EVIDENCE, level: low}]}\n", NULL);
	const struct setting_level *l = f->config->settings->evidence.levels.items;
	assert_string_equal(l->type, "CONVERGING_EVIDENCE");
	assert_int_equal(l->level, THREAT_LOW);
}

static void
what_is_printed_loads_back_to_the_same(void **state)
{
	static const char *const texts[] = { "",
		"home_network: [10.0.0.0/8, 'fd00::/8']\nwindows: {width: 90s}\n"
		"detectors: {first: {enabled: false, wait: 0s}}\nsink: {file: 'a\"b'}\n" };
	struct fixture *f = *state;

	for (size_t i = 0; i < 2; i++) {
		taken(f, texts[i], NULL);
		char *text = printed(f->config, config_print);
		taken(f, text, NULL);
		char *again = printed(f->config, config_print);
		assert_string_equal(text, again);
		free(text);
		free(again);
	}
	assert_int_equal(f->config->detector_count, 2);
}

static void
every_section_is_on_the_page(void **state)
{
	struct fixture *f = *state;

	taken(f, "", NULL);
	char *text = printed(f->config, config_print_page);
	assert_int_equal(strncmp(text, "# Settings\n", 11), 0);
	assert_non_null(strstr(text, "\n## windows\n"));
	assert_non_null(strstr(text, "\n### detectors.first\n\nLooks for firsts.\n\n"));
	assert_non_null(strstr(text,
		"\n| `enabled` | true or false | `true` | restart | Whether this detector "
		"runs. |\n| `min_targets` |"));
	assert_non_null(strstr(text, "\n## sink\n"));
	assert_null(strstr(text, "## plain"));
	free(text);
}

static void
all_rows_make_sense(void **state)
{
	char memory[128];
	struct strbuf why;
	struct fixture *f = *state;

	taken(f, "", NULL);
	strbuf_init(&why, memory, sizeof(memory));
	if (!config_rows_check(f->config->rows, &why))
		fail_msg("%s", why.text);
}

static void
nothing_may_be_freed(void **state)
{
	(void)state;
	config_free(NULL);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
	const struct CMUnitTest tests[] = {
		TEST(without_a_file_everything_has_its_default),
		TEST(each_section_is_filled_apart_from_the_others),
		TEST(a_detector_that_is_off_is_left_out_of_the_run),
		TEST(mistakes_in_sections_are_told_by_their_path),
		TEST(a_profile_changes_defaults_and_the_file_holds_over_it),
		TEST(a_profile_in_the_file_comes_before_all_of_the_file),
		TEST(a_profile_of_the_command_line_holds_over_that_of_the_file),
		TEST(a_profile_that_there_is_not_is_told_once),
		TEST(the_command_line_holds_over_the_file),
		TEST(mistakes_of_file_and_command_line_are_told_together),
		TEST(a_file_that_is_not_there_is_told),
		TEST(a_memory_limit_below_64_mib_is_refused),
		TEST(the_level_of_a_type_that_there_is_not_is_refused),
		TEST(what_is_printed_loads_back_to_the_same),
		TEST(every_section_is_on_the_page),
		TEST(all_rows_make_sense),
		cmocka_unit_test(nothing_may_be_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
