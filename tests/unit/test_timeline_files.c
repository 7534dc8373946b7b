/* test_timeline_files.c -- a file for each host, in order of time. */
#include "exporters/exporter.h"
#include "exporters/timeline_files.h"
#include "tests/support/scratch.h"
#include "tests/support/timeline_sample.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

struct place {
	struct scratch *scratch;
	struct run_info run;
};

enum { HOSTS = 128 };

static int
set_up(void **state)
{
	static struct place p;

	p = (struct place){ .scratch = scratch_new() };
	p.run.output_dir = p.scratch->directory;
	*state = &p;
	return 0;
}

static int
tear_down(void **state)
{
	struct place *p = *state;

	scratch_free(p->scratch);
	return 0;
}

static void
write_at(struct timeline_files *f, uint64_t offset_s, uint8_t host)
{
	struct timeline_sample s;

	timeline_sample_init(&s);
	s.record.host = addr_from_v4((const uint8_t[]){ 10, 0, 0, host });
	s.flow.start_ns += offset_s * NS_PER_S;
	s.flow.service = "";
	assert_true(timeline_files_write(f, &s.record));
}

static void
entries_are_in_order_of_time_with_their_second_lines(void **state)
{
	struct place *p = *state;
	struct timeline_files *f = timeline_files_new(&p->run, HOSTS);

	assert_non_null(f);
	write_at(f, 7, 5);
	write_at(f, 0, 5);
	write_at(f, 7, 5);
	assert_int_equal(timeline_files_free(f), 0);
	const char *at = scratch_read(p->scratch, "timeline/10.0.0.5.log");
	static const char *const begins[] = { "2019/10/22 22:45:16.123456 - ",
		"2019/10/22 22:45:16.123456 \t", "2019/10/22 22:45:23.123456 - ",
		"2019/10/22 22:45:23.123456 \t", "2019/10/22 22:45:23.123456 - ",
		"2019/10/22 22:45:23.123456 \t" };
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(strncmp(at, begins[i], strlen(begins[i])), 0);
		at = strchr(at, '\n') + 1;
	}
	assert_string_equal(at, "");
}

/* More hosts than files may be open at a time, in turns. */
static void
any_number_of_hosts_have_their_files(void **state)
{
	struct place *p = *state;
	struct timeline_files *f = timeline_files_new(&p->run, HOSTS);

	for (uint64_t round = 0; round < 3; round++)
		for (unsigned host = 1; host <= 100; host++)
			write_at(f, round, (uint8_t)host);
	assert_int_equal(timeline_files_free(f), 0);
	for (unsigned host = 1; host <= 100; host++) {
		char name[64];
		(void)snprintf(name, sizeof(name), "timeline/10.0.0.%u.log", host);
		const char *text = scratch_read(p->scratch, name);
		assert_non_null(text);
		unsigned lines = 0;
		for (; *text != '\0'; text++)
			lines += *text == '\n';
		assert_int_equal(lines, 6);
	}
}

/* Whoever invents addresses fills no disk. */
static void
so_many_hosts_have_a_file_and_no_more(void **state)
{
	struct place *p = *state;
	struct timeline_files *f = timeline_files_new(&p->run, HOSTS);
	struct timeline_sample s;

	timeline_sample_init(&s);
	for (unsigned host = 0; host <= HOSTS; host++) {
		s.record.host = addr_v4(10, 1, 0, (uint8_t)host);
		assert_int_equal(timeline_files_write(f, &s.record), host < HOSTS);
	}
	assert_false(timeline_files_write(f, &s.record));
	s.record.host = addr_v4(10, 1, 0, 0); /* has one, which is not open any more */
	assert_true(timeline_files_write(f, &s.record));
	assert_int_equal(timeline_files_free(f), 0);
	assert_null(scratch_read(p->scratch, "timeline/10.1.0.128.log"));
	assert_non_null(scratch_read(p->scratch, "timeline/10.1.0.127.log"));
}

static void
files_of_an_earlier_run_go_and_others_stay(void **state)
{
	struct place *p = *state;
	struct timeline_files *f = timeline_files_new(&p->run, HOSTS);
	char other[128];

	write_at(f, 0, 5);
	write_at(f, 0, 6);
	assert_int_equal(timeline_files_free(f), 0);
	(void)snprintf(other, sizeof(other), "%s/timeline/notes.log", p->scratch->directory);
	FILE *notes = fopen(other, "w");
	assert_non_null(notes);
	(void)fclose(notes);
	f = timeline_files_new(&p->run, HOSTS);
	write_at(f, 0, 6);
	assert_int_equal(timeline_files_free(f), 0);
	assert_null(scratch_read(p->scratch, "timeline/10.0.0.5.log"));
	assert_non_null(scratch_read(p->scratch, "timeline/10.0.0.6.log"));
	assert_non_null(scratch_read(p->scratch, "timeline/notes.log"));
}

static void
a_place_that_cannot_be_made_is_refused(void **state)
{
	struct place *p = *state;

	p->run.output_dir = "/proc/none";
	assert_null(timeline_files_new(&p->run, HOSTS));
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(entries_are_in_order_of_time_with_their_second_lines),
		IN_PLACE(any_number_of_hosts_have_their_files),
		IN_PLACE(so_many_hosts_have_a_file_and_no_more),
		IN_PLACE(files_of_an_earlier_run_go_and_others_stay),
		IN_PLACE(a_place_that_cannot_be_made_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
