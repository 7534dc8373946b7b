/*
 * input_format.h -- a format at work: its state is made, it is handed lines, it is asked what it holds.
 *
 * The only way in which the rig and the tests call a format. Between two calls the stream's texts are free
 * again, so what a call told is valid to the next one.
 */
#pragma once

#include "daemon/input/input_stream.h"

/* Every format, by input_formats.def; ends in NULL. */
extern const struct input_format *const input_formats[];

/* returns the format that reads a kind, or NULL */
const struct input_format *input_format_of(enum input_kind kind);

/*
 * Make the format's state, and room for its texts.
 *
 * plan, path  borrowed for the stream's life
 * returns     0 or -ENOMEM
 * owns        `s` is to be ended, after a failure too
 */
int input_format_start(struct input_stream *s, const struct input_format *format,
	const struct input_plan *plan, const char *path);

/*
 * A file begins, or another one of the same series goes on (rotation).
 *
 * first  of its bytes, as many as are at hand; the lines that it is handed begin with them
 */
void input_format_begin(struct input_stream *s, const char *path, const char *first, size_t length);

/*
 * Hand over a line.
 *
 * line     `length` bytes and a NUL; is written to
 * number   of the line in its file, from 1
 * returns  as input_format.line()
 */
int input_format_line(struct input_stream *s, char *line, size_t length, uint64_t number);

/* What it held back: as input_format.held(). */
int input_format_held(struct input_stream *s, uint64_t now_ns);

/* Free what it has. Accepts a zeroed struct. */
void input_format_end(struct input_stream *s);
