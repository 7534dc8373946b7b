#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): ppoll() */
#include "viewer/term_signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* The one terminal of the program, for handlers. */
static volatile sig_atomic_t ended, resized, stopped;
static const char *restore_text;
static size_t restore_length;
static struct termios restore_modes;
static sigset_t outside; /* what was blocked before */

static const int taken[] = { SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP };
/* What ends a program without asking it, unless somebody sends it SIGKILL. */
static const int fatal[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT };

enum { TAKEN = sizeof(taken) / sizeof(taken[0]), FATAL = sizeof(fatal) / sizeof(fatal[0]) };

static struct sigaction before[FATAL];

static void
take(int signal_number)
{
	if (signal_number == SIGWINCH)
		resized = 1;
	else if (signal_number == SIGTSTP)
		stopped = 1;
	else
		ended = signal_number;
}

/* Then it dies as it would have died: with a core, or with what a sanitizer says. */
static void
die(int signal_number)
{
	for (size_t i = 0; i < FATAL; i++)
		(void)sigaction(fatal[i], &before[i], NULL);
	(void)!write(STDOUT_FILENO, restore_text, restore_length);
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &restore_modes);
	(void)raise(signal_number);
}

void
term_signals_begin(const char *restore, const struct termios *modes)
{
	struct sigaction action = { .sa_handler = take };
	sigset_t blocked;

	restore_text = restore;
	restore_length = strlen(restore);
	restore_modes = *modes;
	ended = resized = stopped = 0;
	(void)sigemptyset(&blocked);
	for (size_t i = 0; i < TAKEN; i++)
		(void)sigaddset(&blocked, taken[i]);
	(void)sigprocmask(SIG_BLOCK, &blocked, &outside);
	for (size_t i = 0; i < TAKEN; i++)
		(void)sigaction(taken[i], &action, NULL);
	action.sa_handler = die;
	for (size_t i = 0; i < FATAL; i++)
		(void)sigaction(fatal[i], &action, &before[i]);
}

void
term_signals_end(void)
{
	for (size_t i = 0; i < FATAL; i++)
		(void)sigaction(fatal[i], &before[i], NULL);
	for (size_t i = 0; i < TAKEN; i++)
		(void)signal(taken[i], SIG_DFL);
	(void)sigprocmask(SIG_SETMASK, &outside, NULL);
}

enum term_wait
term_signals_wait(int input, int timeout_ms)
{
	struct pollfd typed = { .fd = input, .events = POLLIN };
	const struct timespec most = {
		.tv_sec = timeout_ms / 1000,
		.tv_nsec = (long)(timeout_ms % 1000) * 1000000,
	};

	int r = ppoll(&typed, 1, &most, &outside);
	if (r < 0)
		return errno == EINTR ? TERM_SIGNAL : TERM_GONE;
	if (r == 0)
		return TERM_TIMEOUT;
	return typed.revents == POLLIN ? TERM_READY : TERM_GONE;
}

int
term_signals_ended(void)
{
	return ended;
}

static bool
once(volatile sig_atomic_t *flag)
{
	bool was = *flag != 0;

	*flag = 0;
	return was;
}

bool
term_signals_resized(void)
{
	return once(&resized);
}

bool
term_signals_stopped(void)
{
	return once(&stopped);
}

void
term_signals_stop(void)
{
	(void)raise(SIGSTOP);
}
