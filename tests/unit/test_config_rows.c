#include "daemon/config/config_rows.h"

#include "daemon/base/arena.h"
#include "daemon/base/strbuf.h"
#include "daemon/config/config_text.h"
#include "tests/support/config_sample.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	struct sample sample;
	struct arena arena;
	struct sample_report told;
	struct config_report *report;
};

static int
fixture_begin(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	arena_init(&f.arena, 65536, NULL);
	f.report = sample_report_init(&f.told);
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
set(struct fixture *f, const char *key, const char *value, bool append)
{
	const struct config_setting s = { .key = key, .value = value, .given_by = "-x" };

	return config_rows_set(sample_rows(), &f->sample, &f->arena, &s, append, f->report);
}

static void
every_row_has_its_default(void **state)
{
	struct fixture *f = *state;
	struct addr gateway = addr_v4(192, 0, 2, 1);
	struct addr ten = addr_v4(10, 0, 0, 0);

	memset(&f->sample, 0xa5, sizeof(f->sample));
	config_rows_default(sample_rows(), &f->sample);
	assert_false(f->sample.verbose);
	assert_int_equal(f->sample.min_targets, 30);
	assert_true(f->sample.ratio >= 0.05 && f->sample.ratio <= 0.05);
	assert_true(f->sample.memory == UINT64_C(64) << 20);
	assert_string_equal(f->sample.label, "naiad");
	assert_null(f->sample.note);
	assert_int_equal(f->sample.direction, 1);
	assert_true(addr_equal(&f->sample.gateway, &gateway));
	assert_true(addr_is_unspecified(&f->sample.relay));
	assert_true(addr_equal(&f->sample.inside.base, &ten));
	assert_int_equal(f->sample.inside.prefix_len, 104);
	assert_int_equal(f->sample.outside.prefix_len, 0);
	assert_int_equal(f->sample.home_network.count, 0);
	assert_null(f->sample.home_network.items);
	assert_true(f->sample.windows.width == 3600 * SAMPLE_S);
	assert_int_equal(f->sample.windows.open_max, 3);
	assert_int_equal(f->sample.windows.inner.depth, 7);
}

static void
a_row_is_found_by_its_whole_name(void **state)
{
	(void)state;
	assert_ptr_equal(config_rows_find(sample_rows(), "ratio", 5), sample_row("ratio"));
	assert_ptr_equal(config_rows_find(sample_rows(), "ratio: 3", 5), sample_row("ratio"));
	assert_null(config_rows_find(sample_rows(), "rati", 4));
	assert_null(config_rows_find(sample_rows(), "ratios", 6));
	assert_null(config_rows_find(sample_rows(), "width", 5));
}

static void
the_nearest_row_is_what_was_meant(void **state)
{
	(void)state;
	assert_ptr_equal(
		config_rows_nearest(sample_rows(), "min_target", 10), sample_row("min_targets"));
	assert_ptr_equal(config_rows_nearest(sample_rows(), "window", 6), sample_row("windows"));
	assert_null(config_rows_nearest(sample_rows(), "threshold", 9));
}

static void
a_setting_in_another_section_is_located(void **state)
{
	char memory[64];
	struct strbuf b;

	(void)state;
	strbuf_init(&b, memory, sizeof(memory));
	strbuf_text(&b, ">");
	assert_true(config_rows_locate(sample_rows(), "depth", 5, &b));
	assert_string_equal(b.text, ">windows.inner.depth");
	config_cut(&b, 1);
	assert_true(config_rows_locate(sample_rows(), "width", 5, &b));
	assert_string_equal(b.text, ">windows.width");
	config_cut(&b, 1);
	assert_false(config_rows_locate(sample_rows(), "port", 4, &b)); /* only in a list */
	assert_string_equal(b.text, ">");
}

static void
a_list_of_one_unnamed_value_is_plain(void **state)
{
	(void)state;
	assert_true(config_list_is_plain(sample_row("home_network")));
	assert_false(config_list_is_plain(sample_row("servers")));
}

static void
a_list_takes_as_many_items_as_its_row_says(void **state)
{
	struct fixture *f = *state;
	const struct config_item *row = sample_row("servers");
	struct sample_server *item = NULL;

	for (uint32_t i = 0; i < SAMPLE_SERVERS_MAX; i++) {
		item = config_list_add(row, &f->sample, &f->arena);
		assert_non_null(item);
		assert_int_equal(item->port, 514);
		assert_true(item->tls.verify);
		item->port = 1000 + i;
		assert_int_equal(f->sample.servers.count, i + 1);
	}
	assert_null(config_list_add(row, &f->sample, &f->arena));
	assert_int_equal(f->sample.servers.count, SAMPLE_SERVERS_MAX);
	item = f->sample.servers.items;
	for (uint32_t i = 0; i < SAMPLE_SERVERS_MAX; i++)
		assert_int_equal(item[i].port, 1000 + i);
}

static void
a_list_that_the_arena_cannot_hold_keeps_what_it_has(void **state)
{
	struct fixture *f = *state;
	struct arena small;

	arena_init(&small, sizeof(struct sample_server) + 16, NULL);
	assert_non_null(config_list_add(sample_row("servers"), &f->sample, &small));
	assert_null(config_list_add(sample_row("servers"), &f->sample, &small));
	assert_int_equal(f->sample.servers.count, 1);
	arena_done(&small);
}

static void
a_key_with_dots_goes_down_into_sections(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(set(f, "windows.width", "5m", false), 0);
	assert_true(f->sample.windows.width == 300 * SAMPLE_S);
	assert_int_equal(set(f, "windows.inner.depth", "9", false), 0);
	assert_int_equal(f->sample.windows.inner.depth, 9);
	assert_int_equal(set(f, "direction", "out", false), 0);
	assert_int_equal(f->sample.direction, 0);
	assert_int_equal(f->report->count, 0);
}

static void
a_bad_value_is_told_with_who_gave_it(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(set(f, "min_targets", "many", false), -EINVAL);
	assert_int_equal(set(f, "direction", "al", false), -EINVAL);
	assert_int_equal(f->sample.min_targets, 30);
	assert_string_equal(f->told.memory,
		"-x: min_targets: \"many\" is not a whole number from 2 to 1024 hosts\n"
		"-x: direction: \"al\" is not one of out, all, inward, did you mean \"all\"?\n");
}

static void
what_is_no_setting_of_one_value_cannot_be_set(void **state)
{
	static const char *const wrong[] = { "", "nothing", "windows", "windows.",
		"windows.nothing", "ratio.width", "servers", "servers.port", ".ratio" };
	struct fixture *f = *state;

	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(set(f, wrong[i], "1", false), -EINVAL);
		assert_int_equal(f->report->count, i + 1);
	}
	assert_non_null(strstr(f->told.memory, "-x: windows is not a setting of one value\n"));
}

static void
lists_start_empty_or_add_up(void **state)
{
	struct fixture *f = *state;
	const struct sample_net *nets = NULL;
	struct addr last = addr_v4(192, 168, 0, 0);

	assert_int_equal(set(f, "home_network", "10.0.0.0/8,172.16.0.0/12", false), 0);
	assert_int_equal(f->sample.home_network.count, 2);
	assert_int_equal(set(f, "home_network", "192.168.0.0/16", true), 0);
	assert_int_equal(f->sample.home_network.count, 3);
	nets = f->sample.home_network.items;
	assert_true(addr_equal(&nets[2].value.base, &last));
	assert_int_equal(set(f, "home_network", "192.168.0.0/16", false), 0);
	assert_int_equal(f->sample.home_network.count, 1);
	nets = f->sample.home_network.items;
	assert_true(addr_equal(&nets[0].value.base, &last));
	assert_int_equal(set(f, "home_network", "", false), 0);
	assert_int_equal(f->sample.home_network.count, 0);
}

static void
a_list_with_a_bad_item_or_too_many_is_told(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(set(f, "home_network", "10.0.0.0/8,home", false), -EINVAL);
	assert_int_equal(
		set(f, "home_network", "1.0.0.0/8,2.0.0.0/8,3.0.0.0/8,4.0.0.0/8", false), 0);
	assert_int_equal(set(f, "home_network", "5.0.0.0/8", true), -EINVAL);
	assert_int_equal(set(f, "home_network", "1.0.0.0/8,,2.0.0.0/8", false), -EINVAL);
	assert_string_equal(f->told.memory,
		"-x: home_network: \"home\" is not a network without host bits (written 10.0.0.0/8, "
		"2001:db8::/32)\n"
		"-x: home_network: more than 4 items\n"
		"-x: home_network: \"\" is not a network without host bits (written 10.0.0.0/8, "
		"2001:db8::/32)\n");
}

static void
no_memory_is_told(void **state)
{
	struct fixture *f = *state;
	const struct config_setting s = { .key = "note", .value = "a note", .given_by = "-x" };
	struct arena small;

	arena_init(&small, 1, NULL);
	assert_int_equal(
		config_rows_set(sample_rows(), &f->sample, &small, &s, false, f->report), -ENOMEM);
	assert_string_equal(f->told.memory, "-x: note: no memory left\n");
	arena_done(&small);
}

static void
hostile_values_are_quoted_and_cut(void **state)
{
	struct fixture *f = *state;
	char value[400];

	memset(value, 'a', sizeof(value));
	memcpy(value, "\x1b[2J", 4);
	value[sizeof(value) - 1] = '\0';
	assert_int_equal(set(f, "min_targets", value, false), -EINVAL);
	assert_null(strchr(f->told.memory, '\x1b'));
	assert_true(strlen(f->told.memory) < 200);
}

static void
after_twenty_complaints_one_says_that_there_are_more(void **state)
{
	struct fixture *f = *state;
	unsigned lines = 0;

	for (unsigned i = 1; i <= CONFIG_COMPLAINTS_MAX + 5; i++) {
		config_complain(f->report, "complaint %u", i);
		assert_int_equal(f->report->count, i);
	}
	for (const char *at = strchr(f->told.memory, '\n'); at != NULL; at = strchr(at + 1, '\n'))
		lines++;
	assert_int_equal(lines, CONFIG_COMPLAINTS_MAX + 1);
	assert_non_null(strstr(f->told.memory, "complaint 20\nmore is wrong"));
	assert_null(strstr(f->told.memory, "complaint 21"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
	const struct CMUnitTest tests[] = {
		TEST(every_row_has_its_default),
		TEST(a_row_is_found_by_its_whole_name),
		TEST(the_nearest_row_is_what_was_meant),
		TEST(a_setting_in_another_section_is_located),
		TEST(a_list_of_one_unnamed_value_is_plain),
		TEST(a_list_takes_as_many_items_as_its_row_says),
		TEST(a_list_that_the_arena_cannot_hold_keeps_what_it_has),
		TEST(a_key_with_dots_goes_down_into_sections),
		TEST(a_bad_value_is_told_with_who_gave_it),
		TEST(what_is_no_setting_of_one_value_cannot_be_set),
		TEST(lists_start_empty_or_add_up),
		TEST(a_list_with_a_bad_item_or_too_many_is_told),
		TEST(no_memory_is_told),
		TEST(hostile_values_are_quoted_and_cut),
		TEST(after_twenty_complaints_one_says_that_there_are_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
