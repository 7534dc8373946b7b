/* With it spool_store, which is the spool's part on disk. */
#include "exporters/spool.h"

#include "exporters/spool_segment.h"
#include "exporters/spool_store.h"
#include "tests/support/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SECOND UINT64_C(1000000000)

#define TEXT20 "a record of twenty.."

enum {
	SEGMENT = 256,
	CAP = SPOOL_SEGMENTS_MAX * SEGMENT,
	TEXT = sizeof(TEXT20) - 1,
	IN_SEGMENT = (SEGMENT - SPOOL_HEADER_BYTES) / (SPOOL_FRAME_BYTES + TEXT),
	MODEL_MAX = 20000,
	MODEL_CAP = SPOOL_SEGMENTS_MAX * 2048,
};

static const char text20[] = TEXT20;

struct place {
	struct scratch *scratch;
	struct spool *spool;
	uint64_t cap;
	char path[128];
	char bytes[SPOOL_RECORD_MAX];
	size_t length;
};

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	/* In memory, where there is one: a sync for each of a thousand steps takes its time. */
	p->scratch = scratch_in(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	p->cap = CAP;
	(void)snprintf(p->path, sizeof(p->path), "%s/spool/x", p->scratch->directory);
	(void)signal(SIGXFSZ, SIG_IGN);
	*state = p;
	return 0;
}

static void
disk_size(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int
teardown(void **state)
{
	struct place *p = *state;

	disk_size(RLIM_INFINITY);
	(void)spool_close(p->spool);
	scratch_free(p->scratch);
	free(p);
	return 0;
}

static void
reopen(struct place *p)
{
	(void)spool_close(p->spool);
	p->spool = NULL;
	assert_int_equal(spool_open(p->path, p->cap, &p->spool), 0);
}

static void
append(struct place *p, const char *text)
{
	assert_int_equal(spool_append(p->spool, text, strlen(text)), 0);
}

/* The number of the record that is read from `from` on, 0 for none; its text is at p->bytes. */
static uint64_t
next(struct place *p, uint64_t from)
{
	uint64_t number = from;

	if (!spool_read(p->spool, &number, p->bytes, &p->length))
		return 0;
	assert_true(p->length < sizeof(p->bytes));
	p->bytes[p->length] = '\0';
	return number;
}

static void __attribute__((format(printf, 1, 2))) run(const char *fmt, ...)
{
	char command[512];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(command, sizeof(command), fmt, args);
	va_end(args);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): paths of our own making */
}

static void
records_come_out_in_order_and_again_after_a_restart(void **state)
{
	struct place *p = *state;

	reopen(p);
	assert_int_equal(next(p, 1), 0);
	append(p, "one");
	append(p, "two");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(next(p, 1), 1);
		assert_string_equal(p->bytes, "one");
		assert_int_equal(next(p, 2), 2);
		assert_string_equal(p->bytes, "two");
		assert_int_equal(next(p, 3), 0);
		assert_int_equal(spool_next(p->spool), 3);
		reopen(p);
	}
	assert_int_equal(next(p, 2), 2); /* not only from the start */
	assert_int_equal(next(p, 0), 1);
}

static void
a_record_may_be_as_long_as_it_says_and_not_empty(void **state)
{
	struct place *p = *state;
	static char bytes[SPOOL_RECORD_MAX + 1];

	memset(bytes, 'x', sizeof(bytes));
	reopen(p);
	assert_int_equal(spool_append(p->spool, bytes, SPOOL_RECORD_MAX + 1), -EMSGSIZE);
	assert_int_equal(spool_append(p->spool, bytes, 0), -EMSGSIZE);
	assert_int_equal(spool_append(p->spool, bytes, SPOOL_RECORD_MAX), 0);
	append(p, "next");
	uint64_t number = 1;
	assert_true(spool_read(p->spool, &number, p->bytes, &p->length));
	assert_int_equal(p->length, SPOOL_RECORD_MAX);
	assert_int_equal(next(p, 2), 2);
}

static void
over_the_cap_the_oldest_records_go_and_are_counted(void **state)
{
	struct place *p = *state;
	enum { FIT = IN_SEGMENT * SPOOL_SEGMENTS_MAX };

	reopen(p);
	for (int i = 0; i < FIT; i++)
		append(p, text20);
	assert_int_equal(spool_counts(p->spool).overrun, 0);
	assert_int_equal(spool_counts(p->spool).records, FIT);
	append(p, text20);
	assert_int_equal(spool_counts(p->spool).overrun, IN_SEGMENT);
	assert_int_equal(spool_counts(p->spool).records, FIT + 1 - IN_SEGMENT);
	assert_true(spool_counts(p->spool).bytes <= CAP);
	assert_int_equal(next(p, 1), IN_SEGMENT + 1);
}

static void
what_was_released_is_no_loss_and_its_files_go(void **state)
{
	struct place *p = *state;

	reopen(p);
	for (int i = 0; i < 30; i++)
		append(p, text20);
	assert_int_equal(spool_counts(p->spool).records, 30);
	spool_release(p->spool, 29);
	assert_int_equal(spool_counts(p->spool).records, 1);
	assert_int_equal(next(p, 30), 30);
	spool_release(p->spool, 3); /* never back */
	assert_int_equal(spool_counts(p->spool).records, 1);
	for (int i = 0; i < 60; i++) {
		append(p, text20);
		spool_release(p->spool, (uint64_t)i + 31);
	}
	assert_int_equal(spool_counts(p->spool).overrun, 0);
	assert_int_equal(spool_counts(p->spool).records, 0);
	run("test $(ls '%s' | wc -l) -le 2", p->path);
}

static void
numbers_that_were_used_are_not_used_again(void **state)
{
	struct place *p = *state;

	reopen(p);
	append(p, "one");
	spool_next_at_least(p->spool, 2); /* nothing new */
	append(p, "two");
	reopen(p);
	spool_next_at_least(p->spool, 10);
	append(p, "ten");
	reopen(p);
	assert_int_equal(spool_next(p->spool), 11);
	assert_int_equal(next(p, 3), 10);
	assert_string_equal(p->bytes, "ten");
	assert_int_equal(next(p, 2), 2);
}

static void
while_the_disk_takes_nothing_records_wait_in_memory_and_can_be_read(void **state)
{
	struct place *p = *state;
	static char big[10000];
	uint64_t count = 2;

	reopen(p);
	append(p, "one");
	spool_tick(p->spool, 5 * SECOND);
	disk_size(SPOOL_HEADER_BYTES);
	append(p, "two");
	assert_int_equal(next(p, 1), 1);
	assert_int_equal(next(p, 2), 2);
	assert_string_equal(p->bytes, "two");
	memset(big, 'x', sizeof(big));
	while (spool_append(p->spool, big, sizeof(big)) == 0)
		count++;
	assert_int_equal(count - 2, SPOOL_WAITING_MAX / (sizeof(big) + SPOOL_FRAME_BYTES));
	assert_int_equal(spool_counts(p->spool).refused, 1);
	assert_int_equal(spool_counts(p->spool).records, count);
	spool_tick(p->spool, 6 * SECOND);
	disk_size(RLIM_INFINITY);
	spool_tick(p->spool, 7 * SECOND - 1); /* was tried less than a second ago */
	append(p, "last but waiting");
	assert_int_equal(next(p, count + 1), count + 1);
	spool_release(p->spool, count);
	spool_tick(p->spool, 7 * SECOND);
	reopen(p);
	assert_int_equal(next(p, count + 1), count + 1);
	assert_string_equal(p->bytes, "last but waiting");
}

static void
what_is_in_memory_only_at_the_close_is_said_to_be_lost(void **state)
{
	struct place *p = *state;

	reopen(p);
	disk_size(0);
	append(p, "one");
	assert_int_equal(spool_close(p->spool), -EFBIG);
	p->spool = NULL;
	disk_size(RLIM_INFINITY);
	reopen(p);
	assert_int_equal(next(p, 1), 0);

	disk_size(0);
	append(p, "one");
	disk_size(RLIM_INFINITY);
	reopen(p); /* the close tries once more */
	assert_int_equal(next(p, 1), 1);
}

/* The last write of a crash, cut at every byte: what was whole is there, and the spool goes on. */
static void
a_crash_at_any_byte_costs_the_record_that_was_being_written(void **state)
{
	struct place *p = *state;
	const uint64_t last_first = 2 * IN_SEGMENT + 1;
	char last[256];
	char kept[160];
	struct stat status;

	(void)snprintf(kept, sizeof(kept), "%s/kept", p->scratch->directory);
	(void)snprintf(
		last, sizeof(last), "%s/%020llu.spool", p->path, (unsigned long long)last_first);
	reopen(p);
	for (char text[] = TEXT20; spool_next(p->spool) < last_first + 3;) {
		text[18] = (char)('A' + spool_next(p->spool));
		append(p, text);
	}
	(void)spool_close(p->spool);
	p->spool = NULL;
	assert_int_equal(stat(last, &status), 0);
	run("cp -r '%s' '%s'", p->path, kept);
	for (off_t size = 0; size <= status.st_size; size++) {
		uint64_t whole = size < SPOOL_HEADER_BYTES ? 0
							   : (uint64_t)(size - SPOOL_HEADER_BYTES) /
								     (SPOOL_FRAME_BYTES + TEXT);

		(void)spool_close(p->spool);
		p->spool = NULL;
		assert_int_equal(truncate(last, size), 0);
		reopen(p);
		assert_int_equal(spool_next(p->spool), last_first + whole);
		for (uint64_t n = 1; n < last_first + whole; n++) {
			assert_int_equal(next(p, n), n);
			assert_int_equal(p->bytes[18], 'A' + n);
		}
		append(p, "after the crash");
		reopen(p);
		assert_int_equal(next(p, last_first + whole), last_first + whole);
		assert_string_equal(p->bytes, "after the crash");
		assert_int_equal(spool_counts(p->spool).set_aside, 0);
		run("cp '%s'/*.spool '%s'", kept, p->path);
	}
}

static void
what_makes_no_sense_is_set_aside_and_the_rest_is_used(void **state)
{
	struct place *p = *state;
	char name[256];

	reopen(p);
	for (int i = 0; i < 30; i++)
		append(p, text20);
	(void)spool_close(p->spool);
	p->spool = NULL;
	run("cd '%s' && echo foreign > 00000000000000000100.spool && echo mine > notes", p->path);
	(void)snprintf(name, sizeof(name), "%s/00000000000000000001.spool", p->path);
	int fd = open(name, O_RDWR); /* in the text of the second record */
	assert_int_equal(
		pwrite(fd, "?", 1, SPOOL_HEADER_BYTES + 2 * SPOOL_FRAME_BYTES + TEXT + 1), 1);
	(void)close(fd);
	reopen(p);
	assert_int_equal(next(p, 1), 1);
	uint64_t third = next(p, 2);
	assert_true(third > 2); /* the rest of that segment is gone */
	spool_release(p->spool, 1);
	spool_release(p->spool, third);
	run("cd '%s' && test -f 00000000000000000001.spool.bad -a -f notes", p->path);
	run("cd '%s' && test \"$(cat notes)\" = mine", p->path);
	reopen(p);
	assert_int_equal(spool_next(p->spool), 31);
}

static void
damage_that_comes_while_it_runs_costs_the_rest_of_that_segment(void **state)
{
	struct place *p = *state;
	char name[256];

	reopen(p);
	append(p, "one");
	append(p, "two");
	append(p, "three");
	(void)snprintf(name, sizeof(name), "%s/00000000000000000001.spool", p->path);
	int fd = open(name, O_RDWR);
	assert_int_equal(pwrite(fd, "?", 1, SPOOL_HEADER_BYTES + 2 * SPOOL_FRAME_BYTES + 4), 1);
	(void)close(fd);
	assert_int_equal(next(p, 1), 1);
	assert_int_equal(next(p, 2), 0);
	assert_int_equal(spool_counts(p->spool).lost, 2);
	append(p, "four");
	assert_int_equal(next(p, 2), 4);
	assert_string_equal(p->bytes, "four");
	assert_int_equal(spool_counts(p->spool).lost, 2);
}

static void
a_directory_that_others_can_write_is_refused(void **state)
{
	struct place *p = *state;

	reopen(p);
	(void)spool_close(p->spool);
	p->spool = NULL;
	assert_int_equal(chmod(p->path, 0777), 0);
	assert_int_equal(spool_open(p->path, CAP, &p->spool), -EPERM);
	assert_int_equal(chmod(p->path, 0750), 0);
	char file[160];
	(void)snprintf(file, sizeof(file), "%s/marks", p->path);
	(void)close(open(file, O_CREAT | O_WRONLY, 0600));
	assert_int_equal(spool_open(file, CAP, &p->spool), -ENOTDIR);
	assert_int_equal(spool_close(NULL), 0);
}

/* Splitmix64: the same numbers everywhere. */
static uint64_t
chance(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static size_t
model_text(uint64_t number, char text[400])
{
	size_t length = (size_t)(number * 7919 % 300) + 12;

	memset(text, (int)('a' + number % 26), length);
	(void)snprintf(text, 12, "%010llu", (unsigned long long)number);
	return length;
}

static void
model_check(struct place *p, uint64_t from, uint64_t first, uint64_t end)
{
	char expected[400];
	uint64_t number = from;
	bool there = spool_read(p->spool, &number, p->bytes, &p->length);

	if (from >= end) {
		assert_false(there);
		return;
	}
	assert_true(there);
	assert_int_equal(number, from > first ? from : first);
	assert_int_equal(p->length, model_text(number, expected));
	assert_memory_equal(p->bytes, expected, p->length);
}

/* The model: the records first .. end - 1 are there; what went over the cap is asked of the spool. */
static void
it_behaves_as_a_plain_list_does(void **state)
{
	struct place *p = *state;
	uint64_t seed = 1;
	uint64_t end = 1;
	uint64_t released = 0;
	uint64_t overrun = 0; /* of those that are not released */
	char text[400];

	p->cap = MODEL_CAP;
	reopen(p);
	while (end < MODEL_MAX) {
		uint64_t what = chance(&seed) % 1000;
		struct spool_counts c;

		if (what < 800) {
			assert_int_equal(spool_append(p->spool, text, model_text(end, text)), 0);
			end++;
		} else if (what < 803) {
			released += chance(&seed) % (end - released);
			spool_release(p->spool, released);
		} else if (what < 810) {
			reopen(p);
			spool_release(p->spool, released);
			overrun = 0;
		}
		c = spool_counts(p->spool);
		uint64_t first = end - c.records;
		assert_true(first > released);
		if (c.overrun == overrun && released + 1 == first)
			model_check(p, released + 1 + chance(&seed) % (end - released), first, end);
		else
			model_check(p, first + chance(&seed) % (end - first + 1), first, end);
		overrun = c.overrun;
		assert_true(c.bytes <= MODEL_CAP);
		assert_int_equal(c.lost + c.set_aside + c.refused, 0);
	}
	assert_true(overrun > 0);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(records_come_out_in_order_and_again_after_a_restart),
		IN_PLACE(a_record_may_be_as_long_as_it_says_and_not_empty),
		IN_PLACE(over_the_cap_the_oldest_records_go_and_are_counted),
		IN_PLACE(what_was_released_is_no_loss_and_its_files_go),
		IN_PLACE(numbers_that_were_used_are_not_used_again),
		IN_PLACE(while_the_disk_takes_nothing_records_wait_in_memory_and_can_be_read),
		IN_PLACE(what_is_in_memory_only_at_the_close_is_said_to_be_lost),
		IN_PLACE(a_crash_at_any_byte_costs_the_record_that_was_being_written),
		IN_PLACE(what_makes_no_sense_is_set_aside_and_the_rest_is_used),
		IN_PLACE(damage_that_comes_while_it_runs_costs_the_rest_of_that_segment),
		IN_PLACE(a_directory_that_others_can_write_is_refused),
		IN_PLACE(it_behaves_as_a_plain_list_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
