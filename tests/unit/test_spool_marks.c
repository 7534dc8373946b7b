#include "exporters/spool_marks.h"

#include "tests/support/scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
	struct scratch *scratch;
	int directory;
	struct spool_marks marks;
	char path[128];
};

static int
setup(void **state)
{
	static struct place p;

	p = (struct place){ .scratch = scratch_new(), .marks.fd = -1 };
	if (p.scratch == NULL)
		return -1;
	p.directory = open(p.scratch->directory, O_RDONLY | O_DIRECTORY);
	(void)snprintf(p.path, sizeof(p.path), "%s/marks", p.scratch->directory);
	*state = &p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	spool_marks_close(&p->marks);
	(void)close(p->directory);
	scratch_free(p->scratch);
	return 0;
}

static bool
reopen(struct place *p)
{
	spool_marks_close(&p->marks);
	return spool_marks_open(&p->marks, p->directory);
}

static void
save(struct place *p, uint64_t settled, uint64_t delivered, uint64_t attempted, uint64_t peer)
{
	p->marks.settled = settled;
	p->marks.delivered = delivered;
	p->marks.attempted = attempted;
	p->marks.peer = peer;
	spool_marks_save(&p->marks);
}

static void
the_marks_that_were_saved_last_are_found(void **state)
{
	struct place *p = *state;

	assert_true(reopen(p));
	assert_int_equal(p->marks.attempted, 0);
	for (uint64_t i = 1; i < 6; i++) {
		save(p, i, i + 1, i + 2, UINT64_MAX - i);
		assert_true(reopen(p));
		assert_int_equal(p->marks.settled, i);
		assert_int_equal(p->marks.delivered, i + 1);
		assert_int_equal(p->marks.attempted, i + 2);
		assert_true(p->marks.peer == UINT64_MAX - i);
	}
}

/* The write of the last save, cut short at every byte over what was there before. */
static void
a_torn_save_leaves_the_one_before(void **state)
{
	struct place *p = *state;
	char older[600];
	char newer[600];

	assert_true(reopen(p));
	save(p, 1, 1, 1, 1);
	save(p, 2, 2, 2, 2);
	ssize_t length = pread(p->marks.fd, older, sizeof(older), 0);
	save(p, 3, 3, 3, 3);
	assert_int_equal(pread(p->marks.fd, newer, sizeof(newer), 0), length);
	size_t end = (size_t)length;
	while (older[end - 1] == newer[end - 1])
		end--;
	for (size_t cut = 0; cut <= end; cut++) {
		assert_int_equal(pwrite(p->marks.fd, older, (size_t)length, 0), length);
		assert_int_equal(pwrite(p->marks.fd, newer, cut, 0), cut);
		size_t same = cut; /* bytes that do not differ need not be written */
		while (same < end && older[same] == newer[same])
			same++;
		assert_true(reopen(p));
		assert_int_equal(p->marks.settled, same == end ? 3 : 2);
	}
}

static void
marks_that_make_no_sense_are_said_to(void **state)
{
	struct place *p = *state;

	assert_true(reopen(p));
	save(p, 3, 2, 4, 0); /* settled before it was delivered */
	assert_false(reopen(p));
	assert_int_equal(p->marks.settled, 0);
	save(p, 3, 5, 4, 0);
	assert_false(reopen(p));
	save(p, 1, 1, UINT64_MAX, 0);
	assert_false(reopen(p));
	save(p, 4, 4, 4, 0);
	assert_true(reopen(p));
}

static void
what_is_no_file_of_ours_is_not_touched(void **state)
{
	struct place *p = *state;
	char other[128];

	(void)snprintf(other, sizeof(other), "%s/other", p->scratch->directory);
	assert_int_equal(symlink(other, p->path), 0);
	assert_false(reopen(p));
	save(p, 1, 1, 1, 1);
	assert_null(scratch_read(p->scratch, "other"));
	assert_int_equal(unlink(p->path), 0);
	save(p, 2, 2, 2, 2); /* tried again */
	assert_true(reopen(p));
	assert_int_equal(p->marks.settled, 2);
	assert_int_equal(link(p->path, other), 0);
	assert_false(reopen(p));
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(the_marks_that_were_saved_last_are_found),
		IN_PLACE(a_torn_save_leaves_the_one_before),
		IN_PLACE(marks_that_make_no_sense_are_said_to),
		IN_PLACE(what_is_no_file_of_ours_is_not_touched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
