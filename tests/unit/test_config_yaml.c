#include "daemon/config/config_yaml.h"

#include "daemon/base/arena.h"
#include "daemon/config/config_rows.h"
#include "tests/support/config_sample.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	struct sample sample;
	struct arena arena;
	struct sample_report told;
};

static int
fixture_begin(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	arena_init(&f.arena, 65536, NULL);
	config_rows_default(sample_rows(), &f.sample);
	*state = &f;
	return 0;
}

static int
fixture_end(void **state)
{
	struct fixture *f = *state;

	arena_done(&f->arena);
	return 0;
}

static int
parse_bytes(struct fixture *f, const char *text, size_t length)
{
	return config_yaml_parse("naiad.yaml", text, length, sample_rows(), &f->sample, &f->arena,
		sample_report_init(&f->told));
}

static void
taken(struct fixture *f, const char *text)
{
	if (parse_bytes(f, text, strlen(text)) != 0)
		fail_msg("refused: %s", f->told.memory);
	assert_string_equal(f->told.memory, "");
}

/* Refused with exactly these lines, each ended by '\n'. */
static void
refused(struct fixture *f, const char *text, const char *lines)
{
	assert_int_equal(parse_bytes(f, text, strlen(text)), -EINVAL);
	assert_string_equal(f->told.memory, lines);
}

static void
a_file_of_every_type_is_read(void **state)
{
	struct fixture *f = *state;
	const struct sample_net *nets = NULL;
	const struct sample_server *servers = NULL;
	const struct sample_tag *tags = NULL;
	struct addr gateway = addr_v4(10, 0, 0, 1);

	taken(f, "# a comment\n"
		 "verbose: true\n"
		 "min_targets: 12\n"
		 "ratio: 0.25\n"
		 "memory: 1GiB\n"
		 "label: \"a b\"\n"
		 "note: 'it''s'\n"
		 "direction: out\n"
		 "gateway: 10.0.0.1\n"
		 "inside: 10.1.0.0/16\n"
		 "home_network: [10.0.0.0/8, \"2001:db8::/32\"]\n"
		 "servers:\n"
		 "  - host: one\n"
		 "    tls: {verify: false}\n"
		 "    tags: [a, b]\n"
		 "  - {host: two, port: 6514}\n"
		 "windows:\n"
		 "  width: 5m\n"
		 "  inner:\n"
		 "    depth: 2\n");
	assert_true(f->sample.verbose);
	assert_int_equal(f->sample.min_targets, 12);
	assert_true(f->sample.ratio >= 0.25 && f->sample.ratio <= 0.25);
	assert_true(f->sample.memory == UINT64_C(1) << 30);
	assert_string_equal(f->sample.label, "a b");
	assert_string_equal(f->sample.note, "it's");
	assert_int_equal(f->sample.direction, 0);
	assert_true(addr_equal(&f->sample.gateway, &gateway));
	assert_int_equal(f->sample.inside.prefix_len, 112);
	assert_int_equal(f->sample.home_network.count, 2);
	nets = f->sample.home_network.items;
	assert_int_equal(nets[0].value.prefix_len, 104);
	assert_int_equal(nets[1].value.prefix_len, 32);
	assert_int_equal(f->sample.servers.count, 2);
	servers = f->sample.servers.items;
	assert_string_equal(servers[0].host, "one");
	assert_int_equal(servers[0].port, 514);
	assert_false(servers[0].tls.verify);
	assert_int_equal(servers[0].tags.count, 2);
	tags = servers[0].tags.items;
	assert_string_equal(tags[1].value, "b");
	assert_string_equal(servers[1].host, "two");
	assert_int_equal(servers[1].port, 6514);
	assert_true(servers[1].tls.verify);
	assert_int_equal(servers[1].tags.count, 0);
	assert_true(f->sample.windows.width == 300 * SAMPLE_S);
	assert_int_equal(f->sample.windows.open_max, 3);
	assert_int_equal(f->sample.windows.inner.depth, 2);
}

static void
a_file_that_says_nothing_changes_nothing(void **state)
{
	static const char *const texts[] = { "", "\n\n", "# nothing\n", "---\n", "---\n...\n",
		"~\n", "null\n", "{}\n", "windows:\n", "windows: {}\n", "windows:\n  inner:\n",
		"\xef\xbb\xbf# with a byte order mark\n" };
	struct fixture *f = *state;
	struct sample before = f->sample;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		taken(f, texts[i]);
		assert_memory_equal(&before, &f->sample, sizeof(before));
	}
}

static void
an_unknown_setting_is_told_with_the_nearest_one(void **state)
{
	struct fixture *f = *state;

	refused(f, "windows:\n  width: 5m\n  widht: 5m\n",
		"naiad.yaml:3:3: windows.widht: unknown setting, did you mean \"width\"?\n");
	refused(f, "min-targets: 3\n",
		"naiad.yaml:1:1: min-targets: unknown setting, did you mean \"min_targets\"?\n");
	refused(f, "{ratoi: 1}\n",
		"naiad.yaml:1:2: ratoi: unknown setting, did you mean \"ratio\"?\n");
}

static void
a_setting_in_the_wrong_section_is_told_where_it_goes(void **state)
{
	struct fixture *f = *state;

	refused(f, "depth: 3\n",
		"naiad.yaml:1:1: depth: unknown setting, did you mean \"windows.inner.depth\"?\n");
	refused(f, "colour: red\n",
		"naiad.yaml:1:1: colour: unknown setting, --print-config shows those there are\n");
}

static void
the_value_of_an_unknown_setting_is_passed_over_whole(void **state)
{
	struct fixture *f = *state;

	refused(f,
		"colour:\n"
		"  - {red: [1, 2, {verbose: maybe}], green: 2}\n"
		"  - [[]]\n"
		"min_targets: 5\n",
		"naiad.yaml:1:1: colour: unknown setting, --print-config shows those there are\n");
	assert_int_equal(f->sample.min_targets, 5);
}

static void
a_bad_value_is_told_with_what_was_expected(void **state)
{
	struct fixture *f = *state;

	refused(f, "min_targets: \"many\"\n",
		"naiad.yaml:1:14: min_targets: \"many\" is not a whole number from 2 to 1024 hosts\n");
	refused(f, "min_targets: 1\n",
		"naiad.yaml:1:14: min_targets: \"1\" is not a whole number from 2 to 1024 hosts\n");
	refused(f, "min_targets:\nratio: 1\n",
		"naiad.yaml:1:13: min_targets: nothing is given, expected a whole number from 2 to 1024 "
		"hosts\n");
	refused(f, "direction: inwards\n",
		"naiad.yaml:1:12: direction: \"inwards\" is not one of out, all, inward, did you mean "
		"\"inward\"?\n");
	assert_int_equal(f->sample.min_targets, 30);
}

static void
a_value_of_another_kind_is_told(void **state)
{
	struct fixture *f = *state;

	refused(f,
		"ratio: [0.5]\n"
		"verbose: {a: true}\n"
		"windows: 5m\n"
		"servers: one\n"
		"home_network: {a: b}\n"
		"min_targets: 7\n",
		"naiad.yaml:1:8: ratio: expected a number from 0 to 1, found a list\n"
		"naiad.yaml:2:10: verbose: expected true or false, found a mapping\n"
		"naiad.yaml:3:10: windows: expected a section of settings, found \"5m\"\n"
		"naiad.yaml:4:10: servers: expected a list of at most 3 items, found \"one\"\n"
		"naiad.yaml:5:15: home_network: expected a list of at most 4 items, found a mapping\n");
	assert_int_equal(f->sample.min_targets, 7);
}

static void
the_root_is_a_mapping(void **state)
{
	struct fixture *f = *state;

	refused(f, "- a\n- b\n", "naiad.yaml:1:1: expected a section of settings, found a list\n");
	refused(f, "windows\n",
		"naiad.yaml:1:1: expected a section of settings, found \"windows\"\n");
	refused(f, "\"\"\n", "naiad.yaml:1:1: expected a section of settings, found \"\"\n");
}

static void
items_of_a_list_are_told_by_their_number(void **state)
{
	struct fixture *f = *state;

	refused(f,
		"home_network: [10.0.0.0/8, ~, [1], home]\n"
		"servers:\n"
		"  - host: a\n"
		"  - prot: 5\n"
		"    port: 0\n"
		"  - name\n",
		"naiad.yaml:1:28: home_network[2]: nothing is given, expected a network without host "
		"bits (written 10.0.0.0/8, 2001:db8::/32)\n"
		"naiad.yaml:1:31: home_network[3]: expected a network without host bits, found a list\n"
		"naiad.yaml:1:36: home_network[4]: \"home\" is not a network without host bits (written "
		"10.0.0.0/8, 2001:db8::/32)\n"
		"naiad.yaml:4:5: servers[2].prot: unknown setting, did you mean \"port\"?\n"
		"naiad.yaml:5:11: servers[2].port: \"0\" is not a whole number from 1 to 65535\n"
		"naiad.yaml:6:5: servers[3]: expected a section of settings, found \"name\"\n");
}

static void
a_list_that_is_mentioned_starts_empty(void **state)
{
	struct fixture *f = *state;

	taken(f, "home_network: [10.0.0.0/8, 172.16.0.0/12]\n");
	taken(f, "verbose: true\n");
	assert_int_equal(f->sample.home_network.count, 2);
	taken(f, "home_network: [192.168.0.0/16]\n");
	assert_int_equal(f->sample.home_network.count, 1);
	taken(f, "home_network: []\n");
	assert_int_equal(f->sample.home_network.count, 0);
	taken(f, "home_network: 10.0.0.0/8\n"); /* one value may stand for a list of one */
	assert_int_equal(f->sample.home_network.count, 1);
	taken(f, "home_network:\nservers: ~\n");
	assert_int_equal(f->sample.home_network.count, 0);
}

static void
a_list_is_as_long_as_its_row_says_and_no_longer(void **state)
{
	struct fixture *f = *state;

	taken(f, "servers: [{}, {}, {}]\n");
	assert_int_equal(f->sample.servers.count, SAMPLE_SERVERS_MAX);
	refused(f, "servers: [{}, {}, {}, [1], {}, {}]\nverbose: true\n",
		"naiad.yaml:1:23: servers[4]: no room for more than 3 items\n");
	assert_true(f->sample.verbose);
}

static void
a_setting_given_twice_is_told_with_the_first_line(void **state)
{
	struct fixture *f = *state;

	refused(f, "verbose: true\nratio: 1\nverbose: false\nwindows: {}\nwindows: {width: 9m}\n",
		"naiad.yaml:3:1: verbose: given twice, first on line 1\n"
		"naiad.yaml:5:1: windows: given twice, first on line 4\n");
	assert_true(f->sample.verbose);
	assert_true(f->sample.windows.width == 3600 * SAMPLE_S);
	taken(f, "servers: [{port: 1}, {port: 2}]\n"); /* in another item it is not the same */
}

static void
references_and_tags_are_refused(void **state)
{
	struct fixture *f = *state;

	refused(f, "label: &x a\nnote: *x\n",
		"naiad.yaml:1:8: label: anchors and aliases (&, *) are not read here, write the value "
		"out\n"
		"naiad.yaml:2:7: note: anchors and aliases (&, *) are not read here, write the value "
		"out\n");
	refused(f, "windows: &w {}\nservers: &s []\n",
		"naiad.yaml:1:10: windows: anchors and aliases (&, *) are not read here, write the value "
		"out\n"
		"naiad.yaml:2:10: servers: anchors and aliases (&, *) are not read here, write the value "
		"out\n");
	refused(f, "label: !!str a\nwindows: !w {}\nservers: !s []\n",
		"naiad.yaml:1:8: label: tags (!) are not read here, leave it out\n"
		"naiad.yaml:2:10: windows: tags (!) are not read here, leave it out\n"
		"naiad.yaml:3:10: servers: tags (!) are not read here, leave it out\n");
	assert_int_equal(parse_bytes(f, "<<: *a\n", 7), -EINVAL);
	assert_int_equal(parse_bytes(f, "*a : 1\n", 7), -EINVAL);
	assert_int_equal(parse_bytes(f, "home_network: [*a]\n", 19), -EINVAL);
	assert_int_equal(parse_bytes(f, "windows: *a\n", 12), -EINVAL);
}

static void
a_billion_laughs_are_not_laughed(void **state)
{
	struct fixture *f = *state;

	refused(f,
		"a: &a [x, x]\n"
		"b: &b [*a, *a]\n",
		"naiad.yaml:1:1: a: unknown setting, --print-config shows those there are\n"
		"naiad.yaml:1:4: a: anchors and aliases (&, *) are not read here, write the value out\n"
		"naiad.yaml:2:1: b: unknown setting, --print-config shows those there are\n"
		"naiad.yaml:2:4: b: anchors and aliases (&, *) are not read here, write the value out\n"
		"naiad.yaml:2:8: b: anchors and aliases (&, *) are not read here, write the value out\n"
		"naiad.yaml:2:12: b: anchors and aliases (&, *) are not read here, write the value "
		"out\n");
}

static void
a_second_document_is_refused(void **state)
{
	struct fixture *f = *state;

	refused(f, "verbose: true\n---\nratio: 1\n",
		"naiad.yaml:2:1: a second document (---), but a settings file is one\n");
	assert_true(f->sample.ratio < 1);
}

static void
a_key_that_is_no_word_is_told(void **state)
{
	struct fixture *f = *state;

	refused(f, "[a, b]: 1\n? {c: d}\n: 2\nratio: 1\n",
		"naiad.yaml:1:1: expected the name of a setting, found a mapping or a list\n"
		"naiad.yaml:2:3: expected the name of a setting, found a mapping or a list\n");
	assert_true(f->sample.ratio >= 1);
	refused(f, "\"a\\eb\": 1\n",
		"naiad.yaml:1:1: \"a\\x1bb\": unknown setting, --print-config shows those there are\n");
	refused(f, "\"\": 1\n",
		"naiad.yaml:1:1: \"\": unknown setting, --print-config shows those there are\n");
}

static void
bad_yaml_is_one_line_with_its_place(void **state)
{
	struct fixture *f = *state;

	refused(f, "windows:\n\twidth: 5m\n",
		"naiad.yaml:2:1: a tab, but YAML is indented by spaces\n");
	refused(f, "windows:\n  width: 5m\n  \topen_max: 2\n",
		"naiad.yaml:3:3: a tab, but YAML is indented by spaces\n");
	refused(f, "home_network: [10.0.0.0/8}\nratio: 1\n",
		"naiad.yaml:1:26: not valid YAML: did not find expected ',' or ']' while parsing a flow "
		"sequence that began on line 1\n");
	refused(f, "ratio: 1: 2\n",
		"naiad.yaml:1:9: not valid YAML: mapping values are not allowed in this context\n");
	refused(f, "ratio: 1\nlabel: \"a\n",
		"naiad.yaml:3:1: not valid YAML: found unexpected end of stream while scanning a quoted "
		"scalar that began on line 2\n");
}

static void
bytes_that_are_no_text_are_told_with_their_line(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(parse_bytes(f, "ratio: 1\nlabel: \xff\n", 18), -EINVAL);
	assert_string_equal(
		f->told.memory, "naiad.yaml:2:1: not valid YAML: invalid leading UTF-8 octet\n");
	assert_int_equal(parse_bytes(f, "ratio: 1\n\nlabel: a\0b\n", 21), -EINVAL);
	assert_string_equal(f->told.memory,
		"naiad.yaml:3:1: not valid YAML: control characters are not allowed\n");
}

static void
what_stands_before_bad_yaml_is_told_as_well(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(parse_bytes(f, "ratio: 7\nservers: [\n", 20), -EINVAL);
	assert_int_equal(strncmp(f->told.memory, "naiad.yaml:1:8: ratio: \"7\" is not", 33), 0);
	assert_int_equal(f->told.report.count, 2);
}

/* `levels` lists inside each other as the value of an unknown setting, the root not counted. */
static int
nested(struct fixture *f, int levels)
{
	char text[256];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	strbuf_text(&b, "x: ");
	for (int i = 0; i < levels; i++)
		strbuf_char(&b, '[');
	for (int i = 0; i < levels; i++)
		strbuf_char(&b, ']');
	return parse_bytes(f, b.text, b.length);
}

static void
depth_is_bounded(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(nested(f, CONFIG_DEPTH_MAX - 1), -EINVAL);
	assert_null(strstr(f->told.memory, "too many"));
	assert_int_equal(nested(f, CONFIG_DEPTH_MAX), -EINVAL);
	assert_non_null(strstr(f->told.memory, "too many lists and mappings inside each other"));
	assert_int_equal(f->told.report.count, 2);
}

/* A megabyte of one byte between two texts. */
static void
megabyte_parse(struct fixture *f, const char *before, char byte, const char *after)
{
	size_t capacity = (size_t)1024 * 1024 + 16;
	char *memory = malloc(capacity);
	struct strbuf b;

	assert_non_null(memory);
	strbuf_init(&b, memory, capacity);
	strbuf_text(&b, before);
	while (b.length < capacity - 16)
		strbuf_char(&b, byte);
	strbuf_text(&b, after);
	assert_false(b.truncated);
	assert_int_equal(parse_bytes(f, b.text, b.length), -EINVAL);
	free(memory);
}

static void
a_megabyte_of_brackets_or_letters_is_no_trouble(void **state)
{
	struct fixture *f = *state;

	megabyte_parse(f, "", '[', "");
	assert_non_null(strstr(f->told.memory, "too many lists"));
	megabyte_parse(f, "note: ", 'a', "");
	assert_non_null(strstr(f->told.memory, "is not text of at most 1024 bytes"));
	assert_true(strlen(f->told.memory) < 200);
	megabyte_parse(f, "", 'a', ": ");
	assert_true(strlen(f->told.memory) < 300);
}

static void
all_mistakes_are_told_up_to_twenty(void **state)
{
	struct fixture *f = *state;
	char text[1024];
	struct strbuf b;
	unsigned lines = 0;

	strbuf_init(&b, text, sizeof(text));
	for (unsigned i = 0; i < 25; i++)
		strbuf_printf(&b, "x%u: 1\n", i);
	assert_int_equal(parse_bytes(f, b.text, b.length), -EINVAL);
	assert_int_equal(f->told.report.count, 25);
	for (const char *at = strchr(f->told.memory, '\n'); at != NULL; at = strchr(at + 1, '\n'))
		lines++;
	assert_int_equal(lines, CONFIG_COMPLAINTS_MAX + 1);
}

static void
no_memory_for_a_text_is_told(void **state)
{
	struct fixture *f = *state;

	arena_done(&f->arena);
	arena_init(&f->arena, 16, NULL);
	refused(f, "note: longer than sixteen bytes\nservers: [{}]\n",
		"naiad.yaml:1:7: note: the settings take too much memory\n"
		"naiad.yaml:2:11: servers[1]: no room for more than 3 items\n");
}

static void
a_long_file_name_keeps_its_end(void **state)
{
	struct fixture *f = *state;
	char name[3000];

	memset(name, 'd', sizeof(name));
	memcpy(name + sizeof(name) - 12, "/naiad.yaml", 12);
	assert_int_equal(config_yaml_parse(name, "x: 1\n", 5, sample_rows(), &f->sample, &f->arena,
				 sample_report_init(&f->told)),
		-EINVAL);
	assert_non_null(strstr(f->told.memory, "dd/naiad.yaml:1:1: x: unknown setting"));
}

/* Cut anywhere, a file is either a shorter file or bad YAML; the walk never goes past its end. */
static void
a_file_cut_short_anywhere_is_survived(void **state)
{
	static const char whole[] = "verbose: true\nhome_network: [10.0.0.0/8]\nservers:\n"
				    "  - {host: \"one\", tls: {verify: false}}\n  - port: 3\n"
				    "windows:\n  width: 5m\n";
	struct fixture *f = *state;

	for (size_t length = 0; length < sizeof(whole); length++) {
		char *exact = malloc(length + 1);

		assert_non_null(exact);
		memcpy(exact, whole, length);
		int r = parse_bytes(f, exact, length);
		assert_true(r == 0 || (r == -EINVAL && f->told.report.count > 0));
		free(exact);
	}
}

static void
none_is_read_where_none_may_be(void **state)
{
	struct fixture *f = *state;

	taken(f, "note: a\nrelay: 10.0.0.1\n");
	assert_non_null(f->sample.note);
	taken(f, "note:\nrelay: ~\noutside: null\n");
	assert_null(f->sample.note);
	assert_true(addr_is_unspecified(&f->sample.relay));
	taken(f, "note: \"~\"\n");
	assert_string_equal(f->sample.note, "~");
	taken(f, "note: ''\n");
	assert_string_equal(f->sample.note, "");
}

static void
a_key_is_shown_plain_up_to_its_longest(void **state)
{
	struct fixture *f = *state;
	char text[128];

	for (int length = 63; length <= 65; length++) {
		(void)snprintf(text, sizeof(text), "%0*d: 1\n", length, 0);
		assert_int_equal(parse_bytes(f, text, strlen(text)), -EINVAL);
		assert_int_equal(strchr(f->told.memory, '"') == NULL, length <= 64);
	}
}

/* The line that libyaml points at may be the end of a text that nothing ends. */
static void
bad_yaml_at_the_very_end_is_survived(void **state)
{
	static const char text[] = "note: \"a\n   ";
	struct fixture *f = *state;
	char *exact = malloc(sizeof(text) - 1);

	assert_non_null(exact);
	memcpy(exact, text, sizeof(text) - 1);
	assert_int_equal(parse_bytes(f, exact, sizeof(text) - 1), -EINVAL);
	assert_null(strstr(f->told.memory, "a tab"));
	free(exact);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
	const struct CMUnitTest tests[] = {
		TEST(a_file_of_every_type_is_read),
		TEST(a_file_that_says_nothing_changes_nothing),
		TEST(none_is_read_where_none_may_be),
		TEST(an_unknown_setting_is_told_with_the_nearest_one),
		TEST(a_setting_in_the_wrong_section_is_told_where_it_goes),
		TEST(the_value_of_an_unknown_setting_is_passed_over_whole),
		TEST(a_bad_value_is_told_with_what_was_expected),
		TEST(a_value_of_another_kind_is_told),
		TEST(the_root_is_a_mapping),
		TEST(items_of_a_list_are_told_by_their_number),
		TEST(a_list_that_is_mentioned_starts_empty),
		TEST(a_list_is_as_long_as_its_row_says_and_no_longer),
		TEST(a_setting_given_twice_is_told_with_the_first_line),
		TEST(references_and_tags_are_refused),
		TEST(a_billion_laughs_are_not_laughed),
		TEST(a_second_document_is_refused),
		TEST(a_key_that_is_no_word_is_told),
		TEST(a_key_is_shown_plain_up_to_its_longest),
		TEST(bad_yaml_is_one_line_with_its_place),
		TEST(bad_yaml_at_the_very_end_is_survived),
		TEST(bytes_that_are_no_text_are_told_with_their_line),
		TEST(what_stands_before_bad_yaml_is_told_as_well),
		TEST(depth_is_bounded),
		TEST(a_megabyte_of_brackets_or_letters_is_no_trouble),
		TEST(all_mistakes_are_told_up_to_twenty),
		TEST(no_memory_for_a_text_is_told),
		TEST(a_long_file_name_keeps_its_end),
		TEST(a_file_cut_short_anywhere_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
