#include "daemon/loop/feed_files.h"

#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "daemon/knowledge/public_suffix.h"
#include "daemon/loop/feed_tell.h"
#include "daemon/loop/suffix_file.h"
#include "exporters/exporter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A directory of lists, and one beside it. */
struct rig {
	char directory[64];
	char named[96];
	struct feed_settings feed;
	struct intelligence_settings settings;
	struct feed_files *files;
	const struct intel *swapped;
	unsigned swaps;
};

static void
put(const struct rig *r, const char *name, const char *text)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", r->directory, name);
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
drop(const struct rig *r, const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", r->directory, name);
	(void)remove(path);
}

static void
rig_init(struct rig *r)
{
	*r = (struct rig){ .directory = "/tmp/test_feed_files.XXXXXX" };
	assert_non_null(mkdtemp(r->directory));
	(void)snprintf(r->named, sizeof(r->named), "%s/.named", r->directory);
	r->feed = (struct feed_settings){
		.path = r->named, .level = THREAT_HIGH, .kind = LIST_TOR, .use = FEED_USE_INFO
	};
	r->settings = (struct intelligence_settings){ .feeds = { &r->feed, 1 },
		.directory = r->directory,
		.max_file = 1000,
		.check = 60 * NS_PER_S };
	put(r, ".named", "23.1.1.1\n");
	put(r, "a.txt", "23.2.2.2\n23.3.0.0/16\n");
	put(r, "b.txt", "bad.example\n");
	r->files = feed_files_new(
		&(struct feed_files_plan){ .settings = &r->settings, .most_bytes = 1 << 20 });
	assert_non_null(r->files);
}

static void
rig_done(struct rig *r)
{
	feed_files_free(r->files);
	drop(r, ".named");
	drop(r, "a.txt");
	drop(r, "b.txt");
	drop(r, "c");
	assert_int_equal(rmdir(r->directory), 0);
}

static bool
has(const struct rig *r, enum list_category category, const char *text)
{
	struct intel_found room;
	struct addr a;

	assert_true(addr_parse(text, &a));
	return intel_find_addr(feed_files_intel(r->files), category, &a, &room) != NULL;
}

static void
named_lists_and_those_of_a_directory_are_read(void **state)
{
	struct rig r;
	const struct run_list *lists;

	(void)state;
	rig_init(&r);
	assert_null(feed_files_intel(r.files));
	assert_int_equal(feed_files_told(r.files, &lists), 0);
	feed_files_load(r.files);
	assert_true(has(&r, LIST_TOR, "23.1.1.1"));
	assert_false(has(&r, LIST_MALICIOUS, "23.1.1.1"));
	assert_true(has(&r, LIST_MALICIOUS, "23.2.2.2"));
	assert_int_equal(feed_files_told(r.files, &lists), 3);
	assert_string_equal(lists[0].file, r.named);
	assert_string_equal(lists[0].kind, "tor");
	assert_string_equal(lists[1].kind, "malicious");
	assert_int_equal(lists[1].indicators, 2);
	assert_null(lists[1].refused);
	const struct feed_numbers *n = feed_files_numbers(r.files);
	assert_int_equal(n->loaded, 3);
	assert_int_equal(n->types[INTEL_NETWORK], 3);
	assert_int_equal(n->types[INTEL_NAME], 1);
	assert_true(n->loaded_ns > 0);
	rig_done(&r);
}

static void
on_swap(void *context, const struct intel *fresh)
{
	struct rig *r = context;

	r->swapped = fresh;
	r->swaps++;
}

static void
a_refused_file_keeps_what_it_said_and_a_removed_one_does_not(void **state)
{
	struct rig r;
	const struct run_list *lists;

	(void)state;
	rig_init(&r);
	feed_files_load(r.files);
	feed_files_on_swap(r.files, on_swap, &r);
	put(&r, "a.txt", "23.4.4.4\n0.0.0.0/0\n");
	drop(&r, "b.txt");
	drop(&r, ".named");
	assert_true(feed_files_begin(r.files));
	assert_int_equal(r.swaps, 0);
	while (feed_files_step(r.files))
		assert_int_equal(r.swaps, 0);
	assert_int_equal(r.swaps, 1);
	assert_ptr_equal(r.swapped, feed_files_intel(r.files));
	assert_true(has(&r, LIST_MALICIOUS, "23.2.2.2"));
	assert_false(has(&r, LIST_MALICIOUS, "23.4.4.4"));
	assert_true(has(&r, LIST_TOR, "23.1.1.1"));
	assert_int_equal(feed_files_told(r.files, &lists), 2);
	assert_string_equal(lists[0].refused, "unopened");
	assert_int_equal(lists[0].line, 0);
	assert_string_equal(lists[1].refused, "too-broad");
	assert_int_equal(lists[1].line, 2);
	const struct feed_numbers *n = feed_files_numbers(r.files);
	assert_int_equal(n->loaded, 0);
	assert_int_equal(n->kept, 2);
	assert_int_equal(n->missing, 0);
	assert_int_equal(n->refused[FEED_TOO_BROAD], 1);
	assert_int_equal(n->refused[FEED_UNOPENED], 1);
	assert_false(feed_files_step(r.files));
	rig_done(&r);
}

static void
a_file_of_the_most_bytes_is_read_and_one_more_is_refused(void **state)
{
	struct rig r;
	char text[1002];
	const struct run_list *lists;

	(void)state;
	rig_init(&r);
	memset(text, '\n', sizeof(text));
	memcpy(text, "23.5.5.5", 8);
	text[1000] = '\0';
	put(&r, "a.txt", text);
	feed_files_load(r.files);
	(void)feed_files_told(r.files, &lists);
	assert_null(lists[1].refused);
	text[1000] = '\n';
	text[1001] = '\0';
	put(&r, "a.txt", text);
	feed_files_load(r.files);
	(void)feed_files_told(r.files, &lists);
	assert_string_equal(lists[1].refused, "too-large");
	assert_true(has(&r, LIST_MALICIOUS, "23.5.5.5"));
	rig_done(&r);
}

static void
what_is_no_file_is_refused_and_nobody_waits_for_it(void **state)
{
	struct rig r;
	char path[128];
	const struct run_list *lists;

	(void)state;
	rig_init(&r);
	(void)snprintf(path, sizeof(path), "%s/c", r.directory);
	assert_int_equal(mkfifo(path, 0600), 0);
	feed_files_load(r.files);
	assert_int_equal(feed_files_told(r.files, &lists), 4);
	assert_string_equal(lists[3].refused, "unopened");
	rig_done(&r);
}

static void
a_directory_that_cannot_be_read_takes_nothing_away(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r);
	feed_files_load(r.files);
	r.settings.directory = "/nonexistent/lists";
	assert_false(feed_files_begin(r.files));
	assert_true(has(&r, LIST_MALICIOUS, "23.2.2.2"));
	assert_int_equal(feed_files_numbers(r.files)->failed, 1);
	r.settings.directory = r.directory;
	rig_done(&r);
}

static void
a_change_is_due_after_two_quiet_seconds(void **state)
{
	struct rig r;
	uint64_t at_ns = 1000 * NS_PER_S;

	(void)state;
	rig_init(&r);
	feed_files_load(r.files);
	assert_false(feed_files_are_due(r.files, at_ns));
	put(&r, "a.txt", "23.6.6.6\n");
	/* not looked at before the time has come */
	assert_false(feed_files_are_due(r.files, at_ns + 59 * NS_PER_S));
	assert_false(feed_files_are_due(r.files, at_ns + 60 * NS_PER_S));
	assert_false(feed_files_are_due(r.files, at_ns + 61 * NS_PER_S));
	put(&r, "a.txt", "23.6.6.6\n23.7.7.7\n");
	assert_false(feed_files_are_due(r.files, at_ns + 62 * NS_PER_S));
	assert_false(feed_files_are_due(r.files, at_ns + 63 * NS_PER_S));
	assert_true(feed_files_are_due(r.files, at_ns + 64 * NS_PER_S));
	feed_files_load(r.files);
	assert_false(feed_files_are_due(r.files, at_ns + 200 * NS_PER_S));
	assert_true(has(&r, LIST_MALICIOUS, "23.7.7.7"));
	r.settings.check = 0;
	put(&r, "a.txt", "23.8.8.8\n");
	assert_false(feed_files_are_due(r.files, at_ns + 300 * NS_PER_S));
	assert_false(feed_files_are_due(r.files, at_ns + 310 * NS_PER_S));
	rig_done(&r);
}

static void
public_suffixes_are_passed_over_and_settings_may_move(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r);
	feed_files_free(r.files);
	struct public_suffix *suffixes = suffix_file_load(NULL);
	assert_non_null(suffixes);
	r.files = feed_files_new(&(struct feed_files_plan){
		.settings = &r.settings, .most_bytes = 1 << 20, .suffixes = suffixes });
	assert_non_null(r.files);
	put(&r, "b.txt", "co.uk\nx.co.uk\n");
	feed_files_load(r.files);
	assert_int_equal(feed_files_numbers(r.files)->types[INTEL_NAME], 1);
	assert_int_equal(feed_files_numbers(r.files)->loaded, 3);
	struct intelligence_settings other = r.settings;
	other.directory = NULL;
	feed_files_settings(r.files, &other);
	feed_files_load(r.files);
	assert_int_equal(feed_files_numbers(r.files)->loaded, 1);
	rig_done(&r);
	public_suffix_free(suffixes);
}

static void
their_share_of_memory_is_an_eighth_or_as_set(void **state)
{
	struct feed_settings feed = { .path = "x" };
	struct intelligence_settings s = { 0 };

	(void)state;
	assert_int_equal(feed_files_memory(&s, 800), 0);
	s.directory = "";
	assert_int_equal(feed_files_memory(&s, 800), 0);
	s.feeds = (struct config_list){ &feed, 1 };
	assert_int_equal(feed_files_memory(&s, 800), 100);
	s.memory = 400;
	assert_int_equal(feed_files_memory(&s, 800), 400);
	s.memory = 401;
	assert_int_equal(feed_files_memory(&s, 800), 400);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(named_lists_and_those_of_a_directory_are_read),
		cmocka_unit_test(a_refused_file_keeps_what_it_said_and_a_removed_one_does_not),
		cmocka_unit_test(a_file_of_the_most_bytes_is_read_and_one_more_is_refused),
		cmocka_unit_test(what_is_no_file_is_refused_and_nobody_waits_for_it),
		cmocka_unit_test(a_directory_that_cannot_be_read_takes_nothing_away),
		cmocka_unit_test(a_change_is_due_after_two_quiet_seconds),
		cmocka_unit_test(public_suffixes_are_passed_over_and_settings_may_move),
		cmocka_unit_test(their_share_of_memory_is_an_eighth_or_as_set),
	};

	log_level_set(LOG_LEVEL_ERR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
