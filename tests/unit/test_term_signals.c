#include "viewer/term_signals.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static int typed, typist; /* the two ends of a pipe */

static int
begin(void **state)
{
	static const struct termios modes;
	int ends[2];

	(void)state;
	if (pipe(ends) < 0)
		return -1;
	typed = ends[0];
	typist = ends[1];
	term_signals_begin("", &modes);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	term_signals_end();
	(void)close(typed);
	(void)close(typist);
	return 0;
}

static void
it_waits_so_long_and_no_longer(void **state)
{
	struct timespec from;
	struct timespec to;

	(void)state;
	errno = EBADF;
	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	assert_int_equal(term_signals_wait(typed, 50), TERM_TIMEOUT);
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	double ms =
		(double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
	assert_true(ms >= 49);
	errno = EINTR;
	assert_int_equal(term_signals_wait(typed, 0), TERM_TIMEOUT);
}

static void
what_is_typed_ends_the_wait(void **state)
{
	(void)state;
	assert_int_equal(write(typist, "x", 1), 1);
	assert_int_equal(term_signals_wait(typed, 10000), TERM_READY);
	assert_int_equal(term_signals_wait(typed, 10000), TERM_READY); /* nobody read it */
}

static void
where_nobody_can_type_it_is_gone(void **state)
{
	(void)state;
	(void)close(typist);
	assert_int_equal(term_signals_wait(typed, 10000), TERM_GONE);
	(void)close(typed);
	assert_int_equal(term_signals_wait(typed, 10000), TERM_GONE);
	assert_int_equal(term_signals_wait(-1, 0), TERM_TIMEOUT);
}

static void
signals_arrive_while_it_waits_and_only_then(void **state)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		int before = term_signals_ended();

		(void)raise(ends[i]);
		assert_int_equal(term_signals_ended(), before);
		assert_int_equal(term_signals_wait(typed, 10000), TERM_SIGNAL);
		assert_int_equal(term_signals_ended(), ends[i]);
	}
}

static void
a_change_of_size_and_a_stop_are_told_once(void **state)
{
	(void)state;
	(void)raise(SIGWINCH);
	assert_int_equal(term_signals_wait(typed, 10000), TERM_SIGNAL);
	assert_false(term_signals_stopped());
	assert_true(term_signals_resized());
	assert_false(term_signals_resized());
	(void)raise(SIGTSTP);
	assert_int_equal(term_signals_wait(typed, 10000), TERM_SIGNAL);
	assert_false(term_signals_resized());
	assert_true(term_signals_stopped());
	assert_false(term_signals_stopped());
	assert_int_equal(term_signals_ended(), 0);
}

static void
after_it_signals_are_what_they_were(void **state)
{
	struct sigaction now;
	sigset_t blocked;

	(void)state;
	(void)sigaction(SIGABRT, NULL, &now);
	assert_true(now.sa_handler != SIG_DFL);
	term_signals_end();
	static const int all[] = { SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGABRT, SIGQUIT };
	(void)sigprocmask(SIG_BLOCK, NULL, &blocked);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		(void)sigaction(all[i], NULL, &now);
		if (all[i] != SIGABRT) /* which the harness has */
			assert_true(now.sa_handler == SIG_DFL);
		assert_int_equal(sigismember(&blocked, all[i]), 0);
	}
	(void)begin(NULL);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(it_waits_so_long_and_no_longer),
		TEST(what_is_typed_ends_the_wait),
		TEST(where_nobody_can_type_it_is_gone),
		TEST(signals_arrive_while_it_waits_and_only_then),
		TEST(a_change_of_size_and_a_stop_are_told_once),
		TEST(after_it_signals_are_what_they_were),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
