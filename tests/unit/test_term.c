/* A terminal with two ends: a child draws on one, the test sits at the other. */
#include "viewer/term.h"

#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include <cmocka.h>

enum { OUTPUT_MAX = 64 * 1024, WAIT_MS = 30000 };

struct seat {
	int fd, here; /* here: keeps the terminal open when the child is gone */
	int said,
		saying; /* what the child was told: a line a key, since curses sends what is new only */
	pid_t child;
	char output[OUTPUT_MAX];
	size_t length;
	struct termios before;
};

static struct seat t;

/* In the child. */
static void
child_draw(const struct key_event *e)
{
	struct grid g;
	unsigned rows = 0;
	unsigned columns = 0;

	term_size(&rows, &columns);
	if (!grid_init(&g, rows, columns, true))
		_exit(9);
	struct area a = grid_area(&g);
	(void)area_text(&a, 0, 0, GRID_BAD, "bad");
	(void)area_text(&a, 1, 0, GRID_PLAIN, "世界 │");
	area_reverse(&a, 1);
	(void)area_text(&a, rows - 1, columns - 1, GRID_PLAIN, "$");
	term_show(&g);
	grid_done(&g);
	(void)dprintf(t.saying, "%x at %u,%u of %ux%u\n", (unsigned)e->key, e->row, e->column, rows,
		columns);
}

static _Noreturn void
child_run(void)
{
	struct key_event e = { .key = 0 };
	const char *error = term_open();

	if (error != NULL) {
		(void)dprintf(STDOUT_FILENO, "%s", error);
		_exit(3);
	}
	while (e.key != 'q') {
		child_draw(&e);
		if (e.key == 'c')
			term_copy("10.0.0.1");
		if (e.key == 'd')
			term_copy("10.0.0.12");
		if (e.key == 'x')
			abort();
		enum term_event event = TERM_NOTHING;
		while (event == TERM_NOTHING)
			event = term_next(20, &e);
		if (event == TERM_END)
			break;
	}
	int ended = term_close();
	if (ended != 0)
		(void)raise(ended);
	_exit(0); /* curses frees not all */
}

static void
begin_with(const char *term, const char *no_colour)
{
	struct winsize size = { .ws_row = 10, .ws_col = 60 };

	memset(&t, 0, sizeof(t));
	int pipe_ends[2];
	assert_int_equal(pipe(pipe_ends), 0);
	t.said = pipe_ends[0];
	t.saying = pipe_ends[1];
	assert_int_equal(openpty(&t.fd, &t.here, NULL, NULL, &size), 0);
	assert_int_equal(tcgetattr(t.here, &t.before), 0);
	t.child = fork();
	assert_true(t.child >= 0);
	if (t.child == 0) {
		(void)close(t.fd);
		(void)login_tty(t.here);
		(void)setenv("TERM", term, 1);
		(void)setenv("NO_COLOR", no_colour, 1);
		child_run();
	}
}

static void
listen_for(int ms)
{
	struct pollfd p = { .fd = t.fd, .events = POLLIN };

	if (poll(&p, 1, ms) <= 0)
		return;
	ssize_t got = read(t.fd, t.output + t.length, OUTPUT_MAX - 1 - t.length);
	if (got > 0)
		t.length += (size_t)got;
}

/* Until it is there: what a child has written before its end may still be on its way. */
static void
sees(const char *text)
{
	for (int waited = 0; strstr(t.output, text) == NULL; waited += 50) {
		if (waited > WAIT_MS)
			fail_msg("there is no \"%s\"", text);
		listen_for(50);
	}
}

/* The next line that the child says. */
static void
hears(const char *line)
{
	struct pollfd p = { .fd = t.said, .events = POLLIN };
	char text[64] = "";

	for (size_t i = 0; i < sizeof(text) - 1 && (i == 0 || text[i - 1] != '\n'); i++) {
		for (int waited = 0; poll(&p, 1, 10) == 0; waited += 10) {
			listen_for(0);
			if (waited > WAIT_MS)
				fail_msg("nothing is said of: %s", line);
		}
		assert_int_equal(read(t.said, text + i, 1), 1);
	}
	text[strcspn(text, "\n")] = '\0';
	assert_string_equal(text, line);
}

static void
types(const char *text)
{
	memset(t.output, 0, t.length);
	t.length = 0;
	assert_int_equal(write(t.fd, text, strlen(text)), strlen(text));
}

/* Its end, and what it left: the modes and the screen that were there. returns its status */
static int
ends(void)
{
	struct termios after;
	int status = 0;
	pid_t gone = 0;

	for (int waited = 0; (gone = waitpid(t.child, &status, WNOHANG)) == 0; waited += 10) {
		if (waited > WAIT_MS)
			fail_msg("it does not end");
		listen_for(10);
	}
	assert_int_equal(gone, t.child);
	assert_int_equal(tcgetattr(t.here, &after), 0);
	assert_int_equal(after.c_lflag, t.before.c_lflag);
	assert_int_equal(after.c_iflag, t.before.c_iflag);
	assert_int_equal(after.c_oflag, t.before.c_oflag);
	return status;
}

static int
end(void **state)
{
	(void)state;
	(void)kill(t.child, SIGKILL); /* when a test has failed before its end */
	(void)waitpid(t.child, NULL, 0);
	(void)close(t.fd);
	(void)close(t.here);
	(void)close(t.said);
	(void)close(t.saying);
	return 0;
}

static void
a_picture_is_shown_and_the_terminal_is_left_as_it_was(void **state)
{
	(void)state;
	begin_with("xterm-256color", "");
	hears("0 at 0,0 of 10x60");
	sees("世界");
	assert_non_null(strstr(t.output, "\x1b[?1049h")); /* another screen, */
	assert_non_null(strstr(t.output, "\x1b[?25l"));   /* no cursor, */
	assert_non_null(strstr(t.output, "38;5;196m"));   /* red */
	types("q");
	assert_int_equal(ends(), 0);
	sees("\x1b[?1049l");
	sees("\x1b[?1006;1000l"); /* the mouse's reports too */
}

static void
colours_are_as_many_as_the_terminal_has(void **state)
{
	(void)state;
	begin_with("xterm", "");
	sees("$");
	assert_non_null(strstr(t.output, "\x1b[31m"));
	(void)end(NULL);
	begin_with("xterm-256color", "1");
	sees("$");
	assert_null(strstr(t.output, "\x1b[31m"));
	assert_null(strstr(t.output, "38;5;"));
	assert_non_null(strstr(t.output, "0;1;4mbad")); /* bold and underlined say it */
	(void)end(NULL);
	begin_with("vt100", "");
	sees("$");
	assert_null(strstr(t.output, "\x1b[31m"));
	types("q");
	assert_int_equal(ends(), 0);
}

static void
keys_arrive_as_they_are_meant(void **state)
{
	static const struct {
		const char *typed, *heard;
	} keys[] = {
		{ "j", "6a at 0,0 of 10x60" },
		{ "\r", "110000 at 0,0 of 10x60" },
		{ "\n", "110000 at 0,0 of 10x60" },
		{ "\x1b", "110001 at 0,0 of 10x60" },
		{ "\t", "110002 at 0,0 of 10x60" },
		{ "\x1b[Z", "110003 at 0,0 of 10x60" },
		{ "\x1bOA", "110004 at 0,0 of 10x60" },
		{ "\x1b[6~", "110009 at 0,0 of 10x60" },
		{ "\x7f", "11000c at 0,0 of 10x60" },
		{ "\x04", "4 at 0,0 of 10x60" },
		{ "é", "e9 at 0,0 of 10x60" },
		{ "\x1bOP\x1b[<0;6;3M", "11000e at 2,5 of 10x60" }, /* F1 is none */
		{ "\x1b[<64;1;1M", "11000f at 0,0 of 10x60" },
		{ "\x1b[<65;2;1M", "110010 at 0,1 of 10x60" },
	};

	(void)state;
	begin_with("xterm", "");
	hears("0 at 0,0 of 10x60");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		types(keys[i].typed);
		hears(keys[i].heard);
	}
	types("q");
	assert_int_equal(ends(), 0);
}

static void
another_size_is_another_picture(void **state)
{
	struct winsize size = { .ws_row = 12, .ws_col = 70 };

	(void)state;
	begin_with("xterm", "");
	hears("0 at 0,0 of 10x60");
	assert_int_equal(ioctl(t.fd, TIOCSWINSZ, &size), 0);
	hears("11000d at 0,0 of 12x70");
	sees("\x1b[12;70H");
	sees("$");
	types("q");
	assert_int_equal(ends(), 0);
}

static void
signals_that_end_it_leave_the_terminal_as_it_was(void **state)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGINT };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		begin_with("xterm", "");
		hears("0 at 0,0 of 10x60");
		assert_int_equal(kill(t.child, signals[i]), 0);
		int status = ends();
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == signals[i]);
		sees("\x1b[?1049l");
		(void)end(NULL);
	}
	begin_with("xterm", "");
	hears("0 at 0,0 of 10x60");
	types("\x03");
	int status = ends();
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
}

static void
a_crash_leaves_the_terminal_as_it_was(void **state)
{
	(void)state;
	begin_with("xterm", "");
	hears("0 at 0,0 of 10x60");
	types("x");
	int status = ends();
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	sees("\x1b[?1049l");
	sees("\x1b[?1000l");
}

static void
it_stops_and_goes_on(void **state)
{
	struct termios stopped;
	int status = 0;

	(void)state;
	begin_with("xterm", "");
	hears("0 at 0,0 of 10x60");
	types("\x1a");
	sees("\x1b[?1049l");
	assert_int_equal(waitpid(t.child, &status, WUNTRACED), t.child);
	assert_true(WIFSTOPPED(status));
	assert_int_equal(tcgetattr(t.here, &stopped), 0);
	assert_int_equal(stopped.c_lflag, t.before.c_lflag);
	memset(t.output, 0, t.length);
	t.length = 0;
	assert_int_equal(kill(t.child, SIGCONT), 0);
	hears("11000d at 0,0 of 10x60");
	sees("\x1b[?1049h");
	types("q");
	assert_int_equal(ends(), 0);
}

static void
the_clipboard_gets_what_is_copied(void **state)
{
	(void)state;
	begin_with("xterm", "");
	hears("0 at 0,0 of 10x60");
	types("c");
	sees("\x1b]52;c;MTAuMC4wLjE=\a");
	types("d");
	sees("\x1b]52;c;MTAuMC4wLjEy\a");
	types("q");
	assert_int_equal(ends(), 0);
	(void)end(NULL);
	begin_with("linux", "");
	hears("0 at 0,0 of 10x60");
	types("cq");
	assert_int_equal(ends(), 0);
	sees("\x1b[?1000l"); /* all that it wrote, then */
	assert_null(strstr(t.output, "]52;"));
}

static void
a_terminal_that_nobody_knows_is_refused(void **state)
{
	(void)state;
	begin_with("no-such-terminal", "");
	int status = ends();
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 3);
	sees("this terminal is not known here");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, end)
	const struct CMUnitTest tests[] = {
		TEST(a_picture_is_shown_and_the_terminal_is_left_as_it_was),
		TEST(colours_are_as_many_as_the_terminal_has),
		TEST(keys_arrive_as_they_are_meant),
		TEST(another_size_is_another_picture),
		TEST(signals_that_end_it_leave_the_terminal_as_it_was),
		TEST(a_crash_leaves_the_terminal_as_it_was),
		TEST(it_stops_and_goes_on),
		TEST(the_clipboard_gets_what_is_copied),
		TEST(a_terminal_that_nobody_knows_is_refused),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8"); /* for wcwidth() and curses */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
