#include "daemon/loop/process_metrics.h"

#include "daemon/base/time_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { MIB = 1 << 20, BLOCK_BYTES = 32 * MIB };

static uint64_t
ns_of(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static void
what_the_process_uses_is_told(void **state)
{
	struct process_metrics p;
	struct process_metrics later;
	struct rlimit files;

	(void)state;
	process_metrics_open(&p);
	process_metrics_read(&p);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
	assert_true(p.max_fds == files.rlim_cur);
	assert_in_range(p.open_fds, 3, 64);
	assert_true(p.resident_bytes > MIB && p.virtual_bytes >= p.resident_bytes);

	char *block = malloc(BLOCK_BYTES);
	assert_non_null(block);
	memset(block, 1, BLOCK_BYTES);
	int fd = dup(0);
	while (ns_of(CLOCK_PROCESS_CPUTIME_ID) < 100 * (uint64_t)NS_PER_MS)
		continue;
	later = p;
	process_metrics_read(&later);
	assert_true(later.resident_bytes >= p.resident_bytes + BLOCK_BYTES / 2);
	assert_true(later.virtual_bytes >= p.virtual_bytes + BLOCK_BYTES / 2);
	assert_true(later.open_fds == p.open_fds + 1);
	assert_in_range(later.cpu_ns, 50 * (uint64_t)NS_PER_MS, 10 * NS_PER_S);
	assert_true(later.start_ns == p.start_ns);
	(void)close(fd);
	free(block);
	process_metrics_close(&p);
	process_metrics_close(&p);
}

static void
the_start_is_a_little_before_now(void **state)
{
	struct process_metrics p;
	uint64_t now = ns_of(CLOCK_REALTIME);

	(void)state;
	process_metrics_open(&p);
	assert_true(p.start_ns <= now + NS_PER_S / 10);
	assert_true(p.start_ns + 120 * NS_PER_S > now);
	process_metrics_close(&p);
}

static void
a_name_with_brackets_and_blanks_is_no_trouble(void **state)
{
	struct process_metrics p;
	char name[17];

	(void)state;
	assert_int_equal(prctl(PR_GET_NAME, name), 0);
	assert_int_equal(prctl(PR_SET_NAME, "a) R 1 2 (b"), 0);
	process_metrics_open(&p);
	process_metrics_read(&p);
	(void)prctl(PR_SET_NAME, name);
	assert_true(p.resident_bytes > MIB);
	assert_true(p.start_ns > 0);
	process_metrics_close(&p);
}

static void
without_proc_they_stay_zero(void **state)
{
	struct process_metrics p = { .stat_fd = -1 };

	(void)state;
	process_metrics_read(&p);
	assert_true(p.resident_bytes == 0 && p.cpu_ns == 0 && p.open_fds == 0);
	assert_true(p.max_fds > 0);
	process_metrics_close(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_process_uses_is_told),
		cmocka_unit_test(the_start_is_a_little_before_now),
		cmocka_unit_test(a_name_with_brackets_and_blanks_is_no_trouble),
		cmocka_unit_test(without_proc_they_stay_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
