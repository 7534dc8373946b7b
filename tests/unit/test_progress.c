#define _XOPEN_SOURCE 600 /* pseudo-terminals */
#include "daemon/loop/progress.h"

#include "tests/support/stopwatch.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#define S UINT64_C(1000000000)

static const struct progress_counts counts = { .hosts = 812, .evidence = 164, .alerts = 3 };

static const char *
format(uint64_t read, uint64_t total, uint64_t frames, uint64_t elapsed_ns)
{
	static char line[256];
	struct strbuf b;
	const struct progress_read p = {
		.bytes_read = read,
		.bytes_total = total,
		.count = frames,
		.unit = "pkt",
	};

	strbuf_init(&b, line, sizeof(line));
	progress_format(&b, &p, &counts, elapsed_ns);
	assert_false(b.truncated);
	return line;
}

static void
a_known_total_gives_bar_and_eta(void **state)
{
	(void)state;
	assert_string_equal(format(45, 100, 190000000, 100 * S),
		"  [#########-----------]  45 %  1.9 Mpkt/s  eta 00:02:02"
		"   hosts 812  evidence 164  alerts 3");
	assert_string_equal(format(1, 4, 999, 1200 * S),
		"  [#####---------------]  25 %  1 pkt/s  eta 01:00:00"
		"   hosts 812  evidence 164  alerts 3");
}

static void
nothing_and_everything_read(void **state)
{
	(void)state;
	assert_string_equal(format(0, 100, 0, 0),
		"  [--------------------]   0 %  0 pkt/s  eta --:--:--"
		"   hosts 812  evidence 164  alerts 3");
	assert_string_equal(format(100, 100, 5000, S),
		"  [####################] 100 %  5.0 kpkt/s  eta 00:00:00"
		"   hosts 812  evidence 164  alerts 3");
	/* 100 % is said when everything was read, and not before */
	assert_memory_equal(format(9999, 10000, 1, S), "  [###################-]  99 %", 30);
	/* a file that grew while it was read */
	assert_memory_equal(format(150, 100, 1, S), "  [####################] 100 %", 30);
	assert_non_null(strstr(format(150, 100, 1, S), "eta 00:00:00"));
	/* at the first byte of a large file the rest seems to take for ever */
	assert_non_null(strstr(format(1, UINT64_MAX, 1, S), "eta 99:59:59"));
}

static void
an_unknown_total_gives_bytes_and_time(void **state)
{
	(void)state;
	assert_string_equal(format(1234567890, 0, 190000000, 100 * S),
		"  1.2 GB read  1.9 Mpkt/s  00:01:40   hosts 812  evidence 164  alerts 3");
	assert_memory_equal(format(999, 0, 0, 0), "  999 B read  ", 14);
	assert_memory_equal(format(1000, 0, 0, 0), "  1.0 kB read  ", 15);
	assert_memory_equal(format(999949, 0, 0, 0), "  999.9 kB read  ", 17);
	assert_memory_equal(format(999951, 0, 0, 0), "  1.0 MB read  ", 15);
	assert_memory_equal(format(UINT64_MAX, 0, 0, 0), "  18446.7 PB read  ", 19);
}

static void
a_buffer_that_is_too_small_is_cut(void **state)
{
	char line[20];
	struct strbuf b;

	(void)state;
	strbuf_init(&b, line, sizeof(line));
	progress_format(
		&b, &(struct progress_read){ .bytes_total = 1, .unit = "lines" }, &counts, S);
	assert_true(b.truncated);
}

/* Draw with stderr being `fd`. */
static struct progress
draw_on(int fd, bool wanted)
{
	struct progress p;
	int saved = dup(STDERR_FILENO);

	(void)fflush(stderr);
	assert_true(dup2(fd, STDERR_FILENO) >= 0);
	const struct stopwatch watch = stopwatch_start();
	progress_start(&p, wanted);
	bool is_due = progress_is_due(&p) && stopwatch_ms(&watch) < 250;
	progress_draw(&p,
		&(struct progress_read){ .bytes_total = 2, .bytes_read = 1, .unit = "pkt" },
		&counts);
	bool was_drawn = p.is_drawn;
	struct progress after = p;
	progress_wipe(&p);
	progress_wipe(&p);
	(void)fflush(stderr);
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	(void)close(saved);
	assert_false(is_due); /* not yet a quarter of a second */
	assert_false(p.is_drawn);
	assert_int_equal(was_drawn, p.is_on);
	return after;
}

static void
a_file_gets_no_progress(void **state)
{
	char path[] = "/tmp/test_progress_XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	struct progress p = draw_on(fd, true);
	assert_false(p.is_on);
	assert_int_equal(lseek(fd, 0, SEEK_END), 0);
	(void)close(fd);
	(void)unlink(path);
}

/* What comes out of a terminal, which takes its time: the text, and then no more. */
static void
hear(int terminal, const char *text)
{
	struct pollfd p = { .fd = terminal, .events = POLLIN };
	char said[256] = "";
	size_t n = 0;

	while (n + 1 < sizeof(said) && poll(&p, 1, n < strlen(text) ? 30000 : 100) == 1) {
		ssize_t more = read(terminal, said + n, sizeof(said) - 1 - n);
		assert_true(more > 0);
		n += (size_t)more;
	}
	said[n] = '\0';
	assert_string_equal(said, text);
}

static void
a_terminal_gets_a_line_of_its_width_and_then_none(void **state)
{
	const struct winsize size = { .ws_row = 24, .ws_col = 30 };
	int terminal = posix_openpt(O_RDWR | O_NOCTTY);

	(void)state;
	if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) {
		print_message("skipped: there is no pseudo-terminal here\n");
		skip();
	}
	int fd = open(ptsname(terminal), O_RDWR | O_NOCTTY);
	assert_true(fd >= 0);
	assert_int_equal(ioctl(fd, TIOCSWINSZ, &size), 0);
	struct progress p = draw_on(fd, false);
	assert_false(p.is_on);
	p = draw_on(fd, true);
	assert_true(p.is_on);
	/* 29 of 30 columns, so that the cursor does not wrap; wiped once, though asked twice */
	hear(terminal, "\r  [##########----------]  50 \033[K\r\033[K");

	p.drawn_ns -= 300 * UINT64_C(1000000);
	assert_true(progress_is_due(&p));
	p.is_on = false;
	assert_false(progress_is_due(&p));
	(void)close(fd);
	(void)close(terminal);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_known_total_gives_bar_and_eta),
		cmocka_unit_test(nothing_and_everything_read),
		cmocka_unit_test(an_unknown_total_gives_bytes_and_time),
		cmocka_unit_test(a_buffer_that_is_too_small_is_cut),
		cmocka_unit_test(a_file_gets_no_progress),
		cmocka_unit_test(a_terminal_gets_a_line_of_its_width_and_then_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
