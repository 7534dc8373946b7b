#include "exporters/spool_segment.h"

#include "tests/support/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { FIRST = 7 };

struct place {
	struct scratch *scratch;
	int directory;
	struct spool_segment segment;
	char path[128];
};

static int
setup(void **state)
{
	static struct place p;

	p = (struct place){ .scratch = scratch_new(), .segment.fd = -1 };
	if (p.scratch == NULL)
		return -1;
	p.directory = open(p.scratch->directory, O_RDONLY | O_DIRECTORY);
	(void)snprintf(
		p.path, sizeof(p.path), "%s/00000000000000000007.spool", p.scratch->directory);
	*state = &p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	if (p->segment.fd >= 0)
		spool_segment_close(&p->segment);
	(void)close(p->directory);
	scratch_free(p->scratch);
	return 0;
}

static void
append(struct place *p, const char *text)
{
	char frame[SPOOL_FRAME_BYTES + 64];
	size_t length = strlen(text);

	spool_segment_frame(p->segment.first + p->segment.count, text, length, frame);
	assert_int_equal(spool_segment_append(&p->segment, frame, SPOOL_FRAME_BYTES + length), 0);
}

static int
reopen(struct place *p)
{
	if (p->segment.fd >= 0)
		spool_segment_close(&p->segment);
	return spool_segment_open(p->directory, FIRST, &p->segment);
}

static void
make(struct place *p)
{
	assert_int_equal(spool_segment_create(p->directory, FIRST, &p->segment), 0);
	append(p, "one");
	append(p, "second");
}

static void
a_name_is_twenty_digits_and_nothing_else(void **state)
{
	char name[SPOOL_NAME_MAX];
	uint64_t first = 0;

	(void)state;
	spool_segment_name(FIRST, name);
	assert_string_equal(name, "00000000000000000007.spool");
	assert_true(spool_segment_parse(name, &first));
	assert_int_equal(first, FIRST);
	assert_false(spool_segment_parse("7.spool", &first));
	assert_false(spool_segment_parse("00000000000000000000.spool", &first));
	assert_false(spool_segment_parse("000000000000000000007.spool", &first));
	assert_false(spool_segment_parse("00000000000000000007.spool.bad", &first));
	assert_false(spool_segment_parse("99999999999999999999.spool", &first));
	assert_false(spool_segment_parse("marks", &first));
}

static void
the_form_of_the_file_is_what_the_header_says(void **state)
{
	struct place *p = *state;
	static const char header[] = "naiadspl\0\0\0\1\0\0\0\0\0\0\0\7";
	char file[128];

	make(p);
	ssize_t length = pread(p->segment.fd, file, sizeof(file), 0);
	assert_int_equal(length, SPOOL_HEADER_BYTES + 2 * SPOOL_FRAME_BYTES + 3 + 6);
	assert_int_equal(p->segment.bytes, length);
	assert_memory_equal(file, header, 20);
	assert_memory_equal(file + 24, "\0\0\0\3", 4);
	assert_memory_equal(file + 32, "one\0\0\0\6", 7);
}

static void
records_are_read_back_by_place_and_number(void **state)
{
	struct place *p = *state;
	static char bytes[SPOOL_RECORD_MAX];
	size_t length = 0;
	uint64_t at = SPOOL_HEADER_BYTES;

	make(p);
	assert_int_equal(reopen(p), 0);
	assert_int_equal(p->segment.count, 2);
	assert_int_equal(spool_segment_tail(&p->segment), 0);
	assert_int_equal(spool_segment_read(&p->segment, at, FIRST, bytes, &length), 0);
	assert_int_equal(length, 3);
	assert_memory_equal(bytes, "one", 3);
	at += SPOOL_FRAME_BYTES + 3;
	assert_int_equal(spool_segment_read(&p->segment, at, FIRST, bytes, &length), -EBADMSG);
	assert_int_equal(spool_segment_read(&p->segment, at, FIRST + 1, bytes, &length), 0);
	assert_memory_equal(bytes, "second", 6);
	assert_int_equal(
		spool_segment_read(&p->segment, at + 1, FIRST + 1, bytes, &length), -EBADMSG);
}

static void
the_longest_record_is_read_back_and_a_longer_one_makes_no_sense(void **state)
{
	struct place *p = *state;
	static char frame[SPOOL_FRAME_BYTES + SPOOL_RECORD_MAX + 1];
	static char bytes[SPOOL_RECORD_MAX + 1];

	memset(bytes, 'x', sizeof(bytes));
	assert_int_equal(spool_segment_create(p->directory, FIRST, &p->segment), 0);
	spool_segment_frame(FIRST, bytes, SPOOL_RECORD_MAX, frame);
	assert_int_equal(spool_segment_append(&p->segment, frame, sizeof(frame) - 1), 0);
	spool_segment_frame(FIRST + 1, bytes, SPOOL_RECORD_MAX + 1, frame);
	assert_int_equal(spool_segment_append(&p->segment, frame, sizeof(frame)), 0);
	assert_int_equal(reopen(p), 0);
	assert_int_equal(p->segment.count, 1);
	assert_int_equal(spool_segment_tail(&p->segment), sizeof(frame));
}

static void
a_file_that_is_there_already_is_left_alone(void **state)
{
	struct place *p = *state;
	struct spool_segment other;

	make(p);
	assert_int_equal(spool_segment_create(p->directory, FIRST, &other), -EEXIST);
	assert_int_equal(reopen(p), 0);
	assert_int_equal(p->segment.count, 2);
}

/* Each bit of the file turned: what is before the record it belongs to is still read. */
static void
one_wrong_bit_costs_its_record_and_those_behind_it(void **state)
{
	struct place *p = *state;
	struct stat status;
	const off_t second = SPOOL_HEADER_BYTES + SPOOL_FRAME_BYTES + 3;

	make(p);
	assert_int_equal(fstat(p->segment.fd, &status), 0);
	for (off_t at = 0; at < status.st_size; at++)
		for (int bit = 0; bit < 8; bit++) {
			char byte;
			int fd = open(p->path, O_RDWR);

			assert_int_equal(pread(fd, &byte, 1, at), 1);
			byte = (char)(byte ^ (1 << bit));
			assert_int_equal(pwrite(fd, &byte, 1, at), 1);
			int result = reopen(p);
			if (at < SPOOL_HEADER_BYTES) {
				assert_int_equal(result, -EBADMSG);
				p->segment.fd = -1;
			} else {
				assert_int_equal(result, 0);
				assert_int_equal(p->segment.count, at < second ? 0 : 1);
				assert_true(spool_segment_tail(&p->segment) > 0);
			}
			byte = (char)(byte ^ (1 << bit));
			assert_int_equal(pwrite(fd, &byte, 1, at), 1);
			(void)close(fd);
		}
}

static void
what_is_no_file_of_ours_is_no_segment(void **state)
{
	struct place *p = *state;
	char other[128];

	assert_int_equal(reopen(p), -ENOENT);
	assert_int_equal(mkfifo(p->path, 0600), 0);
	assert_int_equal(reopen(p), -EBADMSG);
	assert_int_equal(unlink(p->path), 0);
	assert_int_equal(mkdir(p->path, 0700), 0);
	assert_int_equal(reopen(p), -EBADMSG);
	assert_int_equal(rmdir(p->path), 0);
	assert_int_equal(symlink("/dev/null", p->path), 0);
	assert_int_equal(reopen(p), -EBADMSG);
	assert_int_equal(unlink(p->path), 0);
	(void)snprintf(other, sizeof(other), "%s/other", p->scratch->directory);
	make(p);
	assert_int_equal(link(p->path, other), 0);
	assert_int_equal(reopen(p), -EBADMSG);
	p->segment.fd = -1;
	assert_int_equal(unlink(other), 0);
	assert_int_equal(truncate(p->path, SPOOL_HEADER_BYTES - 1), 0);
	assert_int_equal(reopen(p), -ENODATA);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(a_name_is_twenty_digits_and_nothing_else),
		IN_PLACE(the_form_of_the_file_is_what_the_header_says),
		IN_PLACE(records_are_read_back_by_place_and_number),
		IN_PLACE(the_longest_record_is_read_back_and_a_longer_one_makes_no_sense),
		IN_PLACE(a_file_that_is_there_already_is_left_alone),
		IN_PLACE(one_wrong_bit_costs_its_record_and_those_behind_it),
		IN_PLACE(what_is_no_file_of_ours_is_no_segment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
