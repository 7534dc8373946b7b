/*
 * input_lines.h -- one line at a time out of a log.
 *
 * A line ends in '\n', or "\r\n". Empty lines are passed over, and NUL bytes in front of one, which are what
 * a log has in place of what was cut off while its writer went on (copytruncate).
 */
#pragma once

#include "daemon/input/capture_input.h"
#include "daemon/input/input_stream.h"

enum { INPUT_LINES_BLOCK = 128 << 10 };

struct input_lines {
	struct capture_input in; /* open; end and end_cause say how it ended */
	bool follows; /* the end is none: more may come, and a last line without '\n' is withheld */
	uint64_t number;   /* of the line that was given last, from 1 */
	uint64_t too_long; /* lines over INPUT_LINE_MAX, which were skipped */
	size_t searched;   /* of in.bytes, without a '\n' */
	bool is_skipping;  /* inside such a line */
};

/* What an input has to be opened with to be read by lines. */
struct capture_how input_lines_how(void);

/*
 * The next line.
 *
 * ret_line  NUL-terminated in place, without its end; may be written to; valid to the next call
 * returns   INPUT_ITEM; INPUT_WAIT: following, and nothing is there now; INPUT_END
 */
enum input_step input_lines_next(struct input_lines *l, char **ret_line, size_t *ret_length);
