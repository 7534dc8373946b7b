/*
 * term_signals.h -- what ends, stops and resizes a program on a terminal, as flags; and what is done when it dies.
 *
 * Signals arrive only inside term_signals_wait(): nothing else is ever interrupted, and no picture is half drawn.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum term_wait {
	TERM_READY, /* something was typed, */
	TERM_TIMEOUT,
	TERM_SIGNAL, /* see below */
	TERM_GONE,   /* nobody can type any more */
};

struct termios;

/*
 * Take the signals of a terminal, and those of a crash.
 *
 * restore  written to stdout if the program dies; borrowed
 * modes    of stdin, put back then
 */
void term_signals_begin(const char *restore, const struct termios *modes);
void term_signals_end(void);
/* Wait for what is typed. */
enum term_wait term_signals_wait(int input, int timeout_ms);
/* SIGINT, SIGTERM or SIGHUP came; 0: none */
int term_signals_ended(void);
/* Each once: the window has another size; somebody pressed Ctrl-Z. */
bool term_signals_resized(void);
bool term_signals_stopped(void);
/* Stop here, until somebody says go on. */
void term_signals_stop(void);
