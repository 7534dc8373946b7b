/*
 * lines.h -- what one side says, as lines: put together however the stream was cut.
 *
 * A line ends with LF; one CR before that goes with it. Of a line LINE_TEXT_MAX bytes are kept, of what
 * is missing in the stream it is said so: whoever reads decides what such a line is worth.
 */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/proto/proto.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	LINE_TEXT_MAX = 1000, /* bytes of a line's text (RFC 5321 section 4.5.3.1.6) */
};

/* One side's line that is coming. All zero is the beginning of a stream. */
struct lines {
	uint16_t length;
	bool is_ended; /* the line was handed out: the next one begins afresh */
	bool has_cr;   /* a CR came last: it is text unless a LF follows */
	bool is_cut;   /* the line is longer than what was kept */
	bool is_torn;  /* bytes before it or within it are missing */
	char text[LINE_TEXT_MAX + 1];
};

/*
 * Take the next line out of `bytes`; what is there of one that is not complete is remembered.
 *
 * returns  true when l->text is a line, NUL-terminated, valid until the next call: a NUL of the wire is
 *          written as \x00, other bytes are as they came
 */
bool lines_next(struct lines *l, struct cursor *bytes);

/* Has anything of the next line come? Else all zero says as much. */
static inline bool
lines_hold(const struct lines *l)
{
	return !l->is_ended && (l->length > 0 || l->has_cr || l->is_cut || l->is_torn);
}

/* Bytes of this side are missing here. */
void lines_gap(struct lines *l);

/* Does the line begin with these letters, whatever their case? `word` is in upper case. */
bool line_begins(const char *line, const char *word);

/*
 * Is the first word of the line this one, whatever its case?
 *
 * returns  what follows it and the spaces behind it, "" if that is nothing; NULL: it is another word
 */
const char *line_after(const char *line, const char *word);

/*
 * Does a text contain these letters, whatever their case? `part` is in upper case.
 *
 * cost  O(length of both): texts are lines
 */
bool line_contains(const char *line, const char *part);

/* Is the beginning of a stream, which may be cut anywhere, this word in whatever case? */
enum proto_guess line_word_guess(struct cursor first_bytes, const char *word);

/* The same of several words: PROTO_YES when it is one of them. */
enum proto_guess line_words_guess(
	struct cursor first_bytes, const char *const *words, size_t count);

/* Copy at most `size` - 1 bytes of a text, and end it. */
void line_copy(char *ret_text, size_t size, const char *line);
