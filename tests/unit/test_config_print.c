#include "daemon/config/config_print.h"

#include "daemon/base/arena.h"
#include "daemon/config/config_rows.h"
#include "daemon/config/config_scalar.h"
#include "daemon/config/config_yaml.h"
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
	struct sample back;
	struct arena arena;
	struct sample_report told;
	char *text; /* the last that was printed */
	size_t length;
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
	free(f->text);
	return 0;
}

static const char *
printed(struct fixture *f, const struct config_item *rows, const void *section)
{
	free(f->text);
	f->text = NULL;
	FILE *out = open_memstream(&f->text, &f->length);
	assert_non_null(out);
	int r = section != NULL ? config_print_yaml(out, rows, section)
				: config_print_markdown(out, rows);
	assert_int_equal(r, 0);
	assert_int_equal(fclose(out), 0);
	return f->text;
}

static void
parse(struct fixture *f, const char *text, struct sample *s)
{
	if (config_yaml_parse("t", text, strlen(text), sample_rows(), s, &f->arena,
		    sample_report_init(&f->told)) != 0)
		fail_msg("%s", f->told.memory);
}

/* What is printed loads, and what was loaded prints the same. */
static void
comes_back(struct fixture *f)
{
	char *first = strdup(printed(f, sample_rows(), &f->sample));

	assert_non_null(first);
	memset(&f->back, 0xa5, sizeof(f->back));
	config_rows_default(sample_rows(), &f->back);
	parse(f, first, &f->back);
	assert_string_equal(printed(f, sample_rows(), &f->back), first);
	free(first);
}

static void
defaults_load_back(void **state)
{
	struct fixture *f = *state;

	comes_back(f);
	assert_string_equal(f->back.label, "naiad");
	assert_null(f->back.note);
	assert_true(addr_equal(&f->back.gateway, &f->sample.gateway));
	assert_true(addr_equal(&f->back.relay, &f->sample.relay));
	assert_true(f->back.windows.width == f->sample.windows.width);
}

static void
values_of_every_type_load_back(void **state)
{
	struct fixture *f = *state;

	parse(f,
		"verbose: true\n"
		"min_targets: 12\n"
		"ratio: 0.1\n"
		"memory: 1025\n"
		"label: 'a\"b\\ '\n"
		"note: 'null'\n"
		"direction: out\n"
		"gateway: '::1'\n"
		"relay: 'fe80::1'\n"
		"inside: '::/0'\n"
		"outside: 0.0.0.0/0\n"
		"home_network: ['::1/128', 10.0.0.0/8]\n"
		"servers: [{host: '# - : {', tags: ['~', '', \"true\"], tls: {verify: false}}, {port: 5}]\n"
		"windows: {width: 1001ms, inner: {depth: 9}}\n",
		&f->sample);
	comes_back(f);
	assert_true(f->back.verbose);
	assert_int_equal(f->back.min_targets, 12);
	assert_true(f->back.memory == 1025);
	assert_string_equal(f->back.label, "a\"b\\ ");
	assert_string_equal(f->back.note, "null");
	assert_int_equal(f->back.inside.prefix_len, 0);
	assert_int_equal(f->back.outside.prefix_len, 96);
	assert_int_equal(f->back.home_network.count, 2);
	assert_int_equal(f->back.servers.count, 2);
	const struct sample_server *servers = f->back.servers.items;
	assert_string_equal(servers[0].host, "# - : {");
	assert_int_equal(servers[0].tags.count, 3);
	const struct sample_tag *tags = servers[0].tags.items;
	assert_string_equal(tags[0].value, "~");
	assert_string_equal(tags[1].value, "");
	assert_null(servers[1].host);
	assert_int_equal(servers[1].port, 5);
	assert_true(f->back.windows.width == 1001 * (SAMPLE_S / 1000));
	assert_int_equal(f->back.windows.inner.depth, 9);
}

static void
a_setting_comes_after_its_sentence_its_bounds_and_its_default(void **state)
{
	struct fixture *f = *state;
	const char *text = NULL;

	f->sample.min_targets = 12;
	text = printed(f, sample_rows(), &f->sample);
	assert_non_null(strstr(text, "\n# Distinct targets that make a scan.\n"
				     "# A whole number from 2 to 1024 hosts; default 30.\n"
				     "min_targets: 12\n\n"));
	assert_non_null(
		strstr(text, "# Text of at most 8 bytes without control characters; default "
			     "\"naiad\".\nlabel: \"naiad\"\n"));
	assert_non_null(
		strstr(text, "bytes without control characters; default none.\nnote: null\n"));
	assert_non_null(strstr(text, "# One of out, all, inward; default all.\ndirection: all\n"));
	assert_non_null(strstr(text, "default 192.0.2.1.\ngateway: 192.0.2.1\n"));
	assert_non_null(
		strstr(text, "# A list of at most 4 items, each a network without host bits; "
			     "default empty.\n"
			     "home_network: []\n"));
	assert_non_null(strstr(text, "\n# Windows of time.\nwindows:\n"
				     "  # Width of a window.\n"
				     "  # A duration from 1s to 1d; default "
				     "1h.\n"
				     "  width: 1h\n\n"));
	assert_non_null(strstr(text, "  # A section in a section.\n  inner:\n    # How deep"));
	assert_non_null(
		strstr(text, "# tls.verify: Whether the certificate is checked. True or false; "
			     "default true.\n"));
	assert_null(strstr(text, " \n"));
	assert_non_null(strstr(text, "# port: Port of the server. A whole number from 1 to 65535; "
				     "default 514.\n"));
	assert_int_equal(text[0], '#');
}

static void
items_of_lists_are_printed_without_comments(void **state)
{
	struct fixture *f = *state;

	parse(f, "home_network: [10.0.0.0/8, '::/0']\nservers: [{host: a, tags: [b]}]\n",
		&f->sample);
	const char *text = printed(f, sample_rows(), &f->sample);
	assert_non_null(strstr(text, "\nhome_network:\n  - 10.0.0.0/8\n  - \"::/0\"\n\n# Servers"));
	assert_non_null(strstr(text, "\nservers:\n"
				     "  -\n"
				     "    host: \"a\"\n"
				     "    port: 514\n"
				     "    tls:\n"
				     "      verify: true\n"
				     "    tags:\n"
				     "      - \"b\"\n"
				     "\n"
				     "# Windows"));
}

static void
comments_are_folded_at_words(void **state)
{
	static const char words[] = "Aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff "
				    "ggggggggg hhhhhhhhh iiiiiiiii jjjjjj";
	struct fixture *f = *state;
	char help[512];
	struct config_item rows[] = { *sample_row("verbose"), CONFIG_END };

	/* "# " and 96 letters are a line; with one more the last word goes to the next. */
	assert_int_equal(strlen(words), 96);
	rows[0].help = help;
	(void)snprintf(help, sizeof(help), "%s k.", words);
	assert_non_null(strstr(printed(f, rows, &f->sample), "iiiiiiiii jjjjjj\n# k.\n# True"));
	(void)snprintf(help, sizeof(help), "%sj k.", words);
	assert_non_null(strstr(printed(f, rows, &f->sample), "iiiiiiiii\n# jjjjjjj k.\n# True"));
	memset(help, 'a', 300);
	memcpy(help + 300, " b.", sizeof(" b."));
	const char *text = printed(f, rows, &f->sample);
	assert_int_equal(strcspn(text, "\n"), 302);
	assert_non_null(strstr(text, "a\n# b.\n# True"));
}

static void
sections_without_rows_are_left_out(void **state)
{
	static const struct config_item nothing[] = { CONFIG_END };
	struct fixture *f = *state;
	struct config_item rows[] = { *sample_row("windows"), *sample_row("verbose"), CONFIG_END };

	rows[0].rows = nothing;
	assert_null(strstr(printed(f, rows, &f->sample), "windows"));
	assert_null(strstr(printed(f, rows, NULL), "windows"));
	rows[0].rows = NULL;
	assert_null(strstr(printed(f, rows, &f->sample), "windows"));
}

static void
the_page_has_a_heading_a_section_and_a_table_row_a_setting(void **state)
{
	struct fixture *f = *state;
	const char *text = printed(f, sample_rows(), NULL);

	assert_int_equal(strncmp(text,
				 "\n| Setting | Takes | Default | Changed by | Meaning |\n"
				 "|---|---|---|---|---|\n"
				 "| `verbose` | true or false | `false` | reload | Say more. |\n",
				 120),
		0);
	assert_non_null(
		strstr(text, "\n| `min_targets` | a whole number from 2 to 1024 hosts | `30` | "
			     "reload | Distinct targets that make a scan. |\n"));
	assert_non_null(strstr(text, "| `servers` | a list of at most 3 items | empty |"));
	assert_non_null(
		strstr(text, "\n| `servers[].port` | a whole number from 1 to 65535 | `514` |"));
	assert_non_null(strstr(text, "\n| `servers[].tls.verify` | true or false | `true` |"));
	assert_non_null(
		strstr(text, "\n| `servers[].tags` | a list of at most 8 items, each text of"));
	assert_non_null(strstr(text, "\n\n## windows\n\nWindows of time.\n\n| Setting |"));
	assert_non_null(
		strstr(text, "\n\n### windows.inner\n\nA section in a section.\n\n| Setting |"));
	assert_non_null(strstr(
		text, "\n| `depth` | a whole number | `7` | reload | How deep it goes. |\n"));
}

/* Of a setting, of a list with all that is in it, of a section with all that is below it. */
static void
what_needs_a_restart_says_so(void **state)
{
	struct fixture *f = *state;
	struct config_item rows[] = { *sample_row("verbose"), *sample_row("label"),
		*sample_row("servers"), *sample_row("windows"), CONFIG_END };

	rows[1].at_start = rows[2].at_start = rows[3].at_start = true;
	const char *text = printed(f, rows, &f->sample);
	assert_non_null(strstr(text, "default false.\nverbose"));
	assert_non_null(strstr(text, "default \"naiad\". Needs a restart.\nlabel"));
	assert_non_null(strstr(text, "default empty. Needs a restart.\n"));
	assert_non_null(strstr(text, "\n# Windows of time.\nwindows:"));
	assert_non_null(strstr(text, "default 3. Needs a restart.\n  open_max"));
	assert_non_null(strstr(text, "default 7. Needs a restart.\n    depth"));
	text = printed(f, rows, NULL);
	assert_non_null(strstr(text, "`false` | reload | Say more. |\n"));
	assert_non_null(strstr(text, "| restart | Name of this one. |\n"));
	assert_non_null(strstr(text, "| restart | Port of the server. |\n"));
	assert_non_null(strstr(text, "| restart | How deep it goes. |\n"));
}

static void
a_section_of_sections_has_no_table_of_its_own(void **state)
{
	struct fixture *f = *state;
	struct config_item below[] = { *sample_row("windows"), CONFIG_END };
	struct config_item rows[] = { *sample_row("windows"), CONFIG_END };

	rows[0].rows = below;
	const char *text = printed(f, rows, NULL);
	assert_int_equal(strncmp(text,
				 "\n## windows\n\nWindows of time.\n\n### windows.windows\n\n"
				 "Windows of time.\n\n| Setting |",
				 70),
		0);
}

static void
a_bar_does_not_end_a_cell(void **state)
{
	struct fixture *f = *state;
	struct config_item rows[] = { *sample_row("verbose"), CONFIG_END };

	rows[0].help = "This | that.";
	assert_non_null(strstr(printed(f, rows, NULL), " This \\| that. |\n"));
}

static void
what_could_not_be_written_is_told(void **state)
{
	struct fixture *f = *state;
	FILE *full = fopen("/dev/full", "w");

	if (full == NULL)
		skip();
	(void)setvbuf(full, NULL, _IONBF, 0);
	assert_int_equal(config_print_yaml(full, sample_rows(), &f->sample), -EIO);
	clearerr(full);
	assert_int_equal(config_print_markdown(full, sample_rows()), -EIO);
	(void)fclose(full);
}

/* run.json has the settings, the store too, and who reads them need not know what opens another server. */
static void
a_secret_is_not_shown(void **state)
{
	struct doors {
		const char *key, *name;
	} doors = { .key = "swordfish", .name = "front" };
	static const struct config_item rows[] = {
		CONFIG_SECRET(struct doors, key, 64, "What opens it."),
		CONFIG_STRING(struct doors, name, 64, "", "Which it is."),
		CONFIG_END,
	};
	struct fixture *f = *state;

	const char *text = printed(f, rows, &doors);
	assert_non_null(strstr(text, "key: \"(not shown)\"\n"));
	assert_non_null(strstr(text, "name: \"front\"\n"));
	assert_null(strstr(text, "swordfish"));
	doors.key = "";
	assert_non_null(strstr(printed(f, rows, &doors), "key: \"\"\n"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
	const struct CMUnitTest tests[] = {
		TEST(defaults_load_back),
		TEST(values_of_every_type_load_back),
		TEST(a_setting_comes_after_its_sentence_its_bounds_and_its_default),
		TEST(items_of_lists_are_printed_without_comments),
		TEST(comments_are_folded_at_words),
		TEST(sections_without_rows_are_left_out),
		TEST(the_page_has_a_heading_a_section_and_a_table_row_a_setting),
		TEST(what_needs_a_restart_says_so),
		TEST(a_section_of_sections_has_no_table_of_its_own),
		TEST(a_bar_does_not_end_a_cell),
		TEST(what_could_not_be_written_is_told),
		TEST(a_secret_is_not_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
