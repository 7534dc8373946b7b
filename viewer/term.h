/* term.h -- a terminal: shows pictures, says what was typed, and is left as it was found. The only file with curses. */
#pragma once

#include "viewer/grid.h"
#include "viewer/model.h"

#include <stdbool.h>

enum term_event {
	TERM_KEY,
	TERM_NOTHING, /* for so long */
	TERM_END,     /* a signal asks for the end, or nobody is there */
};

/*
 * Take the terminal of stdin and stdout: alternate screen, colours unless NO_COLOR is set, mouse.
 *
 * returns  NULL, or why not: one line
 */
const char *term_open(void);
/* Leave it as it was. returns the signal that asked for the end; 0: none */
int term_close(void);

void term_size(unsigned *ret_rows, unsigned *ret_columns);
/* Show a picture of the terminal's size: what has changed is sent. */
void term_show(const struct grid *g);
/* Wait for a key, so many milliseconds; PRESS_RESIZE when the size has changed. */
enum term_event term_next(int timeout_ms, struct key_event *ret_key);
/* Into the clipboard of whoever sits there (OSC 52), if the terminal has one. */
void term_copy(const char *text);
