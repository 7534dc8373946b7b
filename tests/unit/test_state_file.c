#include "daemon/loop/state_file.h"

#include "daemon/base/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { PAYLOAD = 5000, HEADER = 8 + 2 + 8 + (2 + 4 + 1) + 8, FILE_SIZE = HEADER + PAYLOAD + 32 };

struct place {
	char path[64];
	int directory;
	uint8_t payload[PAYLOAD];
	uint8_t bytes[FILE_SIZE + 1]; /* of the file */
	char said[2048];              /* what was logged last */
};

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	(void)snprintf(p->path, sizeof(p->path), "/tmp/test_state_file.XXXXXX");
	assert_non_null(mkdtemp(p->path));
	p->directory = open(p->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(p->directory >= 0);
	for (size_t i = 0; i < PAYLOAD; i++)
		p->payload[i] = (uint8_t)(i * 7 + i / 256);
	(void)signal(SIGXFSZ, SIG_IGN);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	static const char *const names[] = { "state", "state.bad", "state.new", "said", "other" };
	struct place *p = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (unlinkat(p->directory, names[i], 0) != 0)
			(void)unlinkat(p->directory, names[i], AT_REMOVEDIR);
	(void)close(p->directory);
	assert_int_equal(rmdir(p->path), 0);
	free(p);
	return 0;
}

static bool
is_there(const struct place *p, const char *name)
{
	struct stat status;

	return fstatat(p->directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

static void
write_state(const struct place *p)
{
	assert_int_equal(state_file_write(p->directory, "east", 77, p->payload, PAYLOAD), 0);
}

/* Read what lies there, and keep what was logged meanwhile. */
static bool
read_state(struct place *p, struct state_file *ret_file)
{
	int log = openat(p->directory, "said", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int kept = dup(STDERR_FILENO);

	assert_true(log >= 0 && kept >= 0);
	assert_true(dup2(log, STDERR_FILENO) >= 0);
	bool ok = state_file_read(p->directory, "east", ret_file);
	assert_true(dup2(kept, STDERR_FILENO) >= 0);
	ssize_t n = pread(log, p->said, sizeof(p->said) - 1, 0);
	p->said[n < 0 ? 0 : n] = '\0';
	(void)close(log);
	(void)close(kept);
	return ok;
}

static void
put(const struct place *p, const char *name, const void *bytes, size_t size)
{
	int fd = openat(p->directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	(void)close(fd);
}

static size_t
get(struct place *p, const char *name)
{
	int fd = openat(p->directory, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, p->bytes, sizeof(p->bytes));

	assert_true(n >= 0);
	if (fd >= 0)
		(void)close(fd);
	return (size_t)n;
}

static void
is_set_aside(struct place *p, const char *because)
{
	struct state_file f;

	(void)unlinkat(p->directory, "state.bad", 0);
	assert_false(read_state(p, &f));
	assert_null(f.memory);
	assert_false(is_there(p, "state"));
	assert_true(is_there(p, "state.bad"));
	assert_non_null(strstr(p->said, because));
	assert_non_null(strstr(p->said, "it is now state.bad, open windows, "));
	assert_ptr_equal(strchr(p->said, '\n'), p->said + strlen(p->said) - 1); /* one line */
}

static void
what_was_written_is_read(void **state)
{
	struct place *p = *state;
	struct state_file f;
	struct stat status;

	(void)umask(0);
	write_state(p);
	assert_int_equal(fstatat(p->directory, "state", &status, 0), 0);
	assert_int_equal(status.st_mode & 07777, 0640);
	assert_int_equal(status.st_size, FILE_SIZE);
	assert_false(is_there(p, "state.new"));
	assert_true(read_state(p, &f));
	assert_int_equal(f.saved_ns, 77);
	assert_int_equal(f.size, PAYLOAD);
	assert_memory_equal(f.payload, p->payload, PAYLOAD);
	assert_string_equal(p->said, "");
	state_file_done(&f);
	assert_null(f.memory);
	assert_true(is_there(p, "state")); /* it stays: the next run may not come to save one */
}

static void
the_first_start_finds_none_and_says_nothing(void **state)
{
	struct place *p = *state;
	struct state_file f;

	assert_false(read_state(p, &f));
	assert_string_equal(p->said, "");
	assert_false(is_there(p, "state.bad"));
	state_file_done(&f);
}

static void
an_empty_state_is_one(void **state)
{
	struct place *p = *state;
	struct state_file f;

	assert_int_equal(state_file_write(p->directory, "east", 1, NULL, 0), 0);
	assert_true(read_state(p, &f));
	assert_int_equal(f.size, 0);
	state_file_done(&f);
}

static void
a_file_cut_short_anywhere_is_refused(void **state)
{
	struct place *p = *state;
	char reason[STATE_FILE_REASON_MAX];
	struct state_file f;

	write_state(p);
	assert_int_equal(get(p, "state"), FILE_SIZE);
	for (size_t size = 0; size <= FILE_SIZE; size++) {
		uint8_t *exact = malloc(size + (size == 0)); /* so that a sanitizer sees its end */
		assert_non_null(exact);
		memcpy(exact, p->bytes, size);
		assert_int_equal(
			state_file_check(exact, size, "east", &f, reason), size == FILE_SIZE);
		free(exact);
	}
	for (size_t size = 0; size < FILE_SIZE; size += size < HEADER ? 1 : 500) {
		put(p, "state", p->bytes, size);
		is_set_aside(p, size < 10 ? "it is no state file" : "it is not whole");
	}
}

static void
a_byte_too_many_is_refused(void **state)
{
	struct place *p = *state;

	write_state(p);
	assert_int_equal(get(p, "state"), FILE_SIZE);
	put(p, "state", p->bytes, FILE_SIZE + 1);
	is_set_aside(p, "it is not whole");
}

static void
a_byte_turned_anywhere_is_refused(void **state)
{
	struct place *p = *state;
	char reason[STATE_FILE_REASON_MAX];
	struct state_file f;

	write_state(p);
	assert_int_equal(get(p, "state"), FILE_SIZE);
	for (size_t i = 0; i < FILE_SIZE; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			p->bytes[i] ^= (uint8_t)(1U << bit);
			assert_false(state_file_check(p->bytes, FILE_SIZE, "east", &f, reason));
			p->bytes[i] ^= (uint8_t)(1U << bit);
		}
	/* On the disk: each byte of the header, then one in each hundredth. */
	for (size_t i = 0; i < FILE_SIZE; i += i < HEADER ? 1 : FILE_SIZE / 100) {
		p->bytes[i] ^= 0xff;
		put(p, "state", p->bytes, FILE_SIZE);
		is_set_aside(p, i < 8                   ? "it is no state file"
				: i < 10                ? "a later version wrote it"
				: i < 18 || i >= HEADER ? "its checksum is wrong"
							: ""); /* lengths and name: either reason */
		p->bytes[i] ^= 0xff;
	}
}

static void
the_state_of_another_sensor_is_refused(void **state)
{
	struct place *p = *state;

	assert_int_equal(state_file_write(p->directory, "we\nst", 77, p->payload, PAYLOAD), 0);
	is_set_aside(p, "it is of sensor \"we\\x0ast\"");
}

static void
other_formats_are_refused(void **state)
{
	struct place *p = *state;

	write_state(p);
	assert_int_equal(get(p, "state"), FILE_SIZE);
	p->bytes[8] = 2;
	put(p, "state", p->bytes, FILE_SIZE);
	is_set_aside(p, "a later version wrote it (format 2, this one reads 1)");
	p->bytes[8] = 0;
	put(p, "state", p->bytes, FILE_SIZE);
	is_set_aside(p, "its format 0 is too old (this version reads 1)");
}

static void
an_older_one_that_was_bad_is_replaced(void **state)
{
	struct place *p = *state;
	struct state_file f;

	put(p, "state.bad", "older", 5);
	put(p, "state", "newer", 5);
	assert_false(read_state(p, &f));
	assert_int_equal(get(p, "state.bad"), 5);
	assert_memory_equal(p->bytes, "newer", 5);
}

static void
what_cannot_be_set_aside_is_not_used_either(void **state)
{
	struct place *p = *state;
	struct state_file f;

	assert_int_equal(mkdirat(p->directory, "state.bad", 0700), 0);
	put(p, "state", "newer", 5);
	assert_false(read_state(p, &f));
	assert_non_null(strstr(p->said, "the next save replaces it"));
	write_state(p);
	assert_true(read_state(p, &f));
	state_file_done(&f);
}

static void
what_is_no_regular_file_is_set_aside_and_never_waited_for(void **state)
{
	struct place *p = *state;

	assert_int_equal(mkfifoat(p->directory, "state", 0600), 0);
	is_set_aside(p, "it is no regular file");
	put(p, "other", "x", 1);
	assert_int_equal(symlinkat("other", p->directory, "state"), 0);
	is_set_aside(p, "it cannot be opened");
	assert_true(is_there(p, "other"));
}

static void
a_file_beyond_the_bound_is_set_aside_unread(void **state)
{
	struct place *p = *state;
	char said[64];

	write_state(p);
	int fd = openat(p->directory, "state", O_WRONLY | O_CLOEXEC);
	assert_int_equal(ftruncate(fd, (off_t)STATE_FILE_SIZE_MAX + 1), 0);
	(void)snprintf(said, sizeof(said), "it is larger than %d bytes", STATE_FILE_SIZE_MAX);
	is_set_aside(p, said);
	write_state(p);
	(void)close(fd);
	fd = openat(p->directory, "state", O_WRONLY | O_CLOEXEC);
	assert_int_equal(ftruncate(fd, (off_t)STATE_FILE_SIZE_MAX), 0);
	(void)close(fd);
	is_set_aside(p, "it is not whole");
}

static void
what_would_not_be_read_is_not_written(void **state)
{
	struct place *p = *state;
	char long_name[300];

	write_state(p);
	memset(long_name, 'a', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	assert_int_equal(state_file_write(p->directory, long_name, 1, p->payload, PAYLOAD), -EFBIG);
	size_t most = STATE_FILE_SIZE_MAX - HEADER - 32;
	uint8_t *large = calloc(1, most + 1);
	assert_non_null(large);
	assert_int_equal(state_file_write(p->directory, "east", 1, large, most + 1), -EFBIG);
	assert_int_equal(get(p, "state"), FILE_SIZE);
	assert_int_equal(state_file_write(p->directory, "east", 1, large, most), 0);
	struct state_file f;
	assert_true(read_state(p, &f));
	assert_int_equal(f.size, most);
	state_file_done(&f);
	free(large);
}

static void
disk_size(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
a_full_disk_leaves_the_old_one_whole(void **state)
{
	struct place *p = *state;
	struct state_file f;
	uint8_t other[PAYLOAD] = { 1 };

	write_state(p);
	for (rlim_t room = 0; room < FILE_SIZE; room += room < HEADER + 2 ? 1 : 97) {
		disk_size(room);
		int r = state_file_write(p->directory, "east", 78, other, PAYLOAD);
		disk_size(RLIM_INFINITY);
		assert_int_equal(r, -EFBIG);
		assert_false(is_there(p, "state.new"));
		assert_true(read_state(p, &f));
		assert_int_equal(f.saved_ns, 77);
		assert_memory_equal(f.payload, p->payload, PAYLOAD);
		state_file_done(&f);
	}
	assert_int_equal(state_file_write(p->directory, "east", 78, other, PAYLOAD), 0);
	assert_true(read_state(p, &f));
	assert_int_equal(f.saved_ns, 78);
	state_file_done(&f);
}

static void
a_killed_writer_is_in_nobodys_way(void **state)
{
	struct place *p = *state;
	struct state_file f;

	put(p, "state.new", "half", 4);
	write_state(p);
	assert_false(is_there(p, "state.new"));
	put(p, "other", "mine", 4);
	assert_int_equal(symlinkat("other", p->directory, "state.new"), 0);
	write_state(p); /* not through the link */
	assert_int_equal(get(p, "other"), 4);
	assert_memory_equal(p->bytes, "mine", 4);
	assert_true(read_state(p, &f));
	state_file_done(&f);
}

static void
a_directory_that_is_gone_is_an_error_and_no_more(void **state)
{
	struct place *p = *state;

	assert_int_equal(state_file_write(-1, "east", 1, p->payload, PAYLOAD), -EBADF);
	assert_int_equal(mkdirat(p->directory, "state.new", 0700), 0);
	assert_int_equal(state_file_write(p->directory, "east", 1, p->payload, PAYLOAD), -EISDIR);
	assert_int_equal(unlinkat(p->directory, "state.new", AT_REMOVEDIR), 0);
	assert_int_equal(mkdirat(p->directory, "state", 0700), 0);
	assert_int_equal(state_file_write(p->directory, "east", 1, p->payload, PAYLOAD), -EISDIR);
	assert_false(is_there(p, "state.new"));
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		A_TEST(what_was_written_is_read),
		A_TEST(the_first_start_finds_none_and_says_nothing),
		A_TEST(an_empty_state_is_one),
		A_TEST(a_file_cut_short_anywhere_is_refused),
		A_TEST(a_byte_too_many_is_refused),
		A_TEST(a_byte_turned_anywhere_is_refused),
		A_TEST(the_state_of_another_sensor_is_refused),
		A_TEST(other_formats_are_refused),
		A_TEST(an_older_one_that_was_bad_is_replaced),
		A_TEST(what_cannot_be_set_aside_is_not_used_either),
		A_TEST(what_is_no_regular_file_is_set_aside_and_never_waited_for),
		A_TEST(a_file_beyond_the_bound_is_set_aside_unread),
		A_TEST(what_would_not_be_read_is_not_written),
		A_TEST(a_full_disk_leaves_the_old_one_whole),
		A_TEST(a_killed_writer_is_in_nobodys_way),
		A_TEST(a_directory_that_is_gone_is_an_error_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
