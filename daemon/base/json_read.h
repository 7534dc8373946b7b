/*
 * json_read.h -- the scalars of one JSON document, one after the other, without building it.
 *
 * For lines of somebody else's log: values that nobody asks for cost a scan and no copy, nothing is
 * allocated, and a document that is cut or wrong ends with -EBADMSG, never with a read past its end.
 * Why no library: docs/ARCHITECTURE.md.
 */
#pragma once

#include "daemon/base/text_view.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	JSON_READ_DEPTH_MAX = 16, /* levels of objects and arrays */
	JSON_READ_PATH_MAX = 128, /* bytes of a path; a scalar with a longer one is passed over */
};

enum json_read_type {
	JSON_READ_TEXT,
	JSON_READ_NUMBER,
	JSON_READ_TRUE,
	JSON_READ_FALSE,
	JSON_READ_NULL,
};

/* A scalar. Views into the document, valid as long as that is; the path is valid to the next call. */
struct json_value {
	const char *path; /* "ts", "flow.start", "dns.answers.rdata": arrays add nothing to it */
	size_t path_length;
	unsigned element; /* index in the array that holds it, or its object; 0 if none does */
	enum json_read_type type;
	const char *text; /* as written, without quotes */
	size_t length;
	bool is_escaped; /* `text` has backslashes: see json_read_text() */
};

struct json_level {
	bool is_array;
	bool is_begun;        /* something stood in it: a comma is due */
	uint16_t path_length; /* of what its own is to begin with: "flow." */
	unsigned element;
};

/* All of it the reader's. */
struct json_read {
	const char *at, *end;
	unsigned depth;
	bool is_begun, is_bad;
	struct json_level levels[JSON_READ_DEPTH_MAX];
	char path[JSON_READ_PATH_MAX + 1];
};

/*
 * Begin a document, which is an object.
 *
 * text  `length` bytes, borrowed, need not end in NUL
 */
void json_read_begin(struct json_read *r, const char *text, size_t length);

/*
 * The next scalar. An empty object or array has none.
 *
 * ret      holds one only when it returns 1, but is written to in any case
 * returns  1: there is one; 0: the document is over, and nothing but space stood behind it;
 *          -EBADMSG: it is no JSON from here on, or deeper than JSON_READ_DEPTH_MAX
 * cost     one pass over the bytes up to it, eight at a time
 */
int json_read_next(struct json_read *r, struct json_value *ret);

/* Was the scalar that json_read_next() gave last a member of the document itself, and of nothing in it? */
static inline bool
json_read_is_member(const struct json_read *r)
{
	return r->depth == 1;
}

/*
 * A text's bytes with the escapes undone (json_escape_undo()).
 *
 * v        as json_read_next() gave it, of any type
 * to       `room` bytes, at least 1: for a text that has escapes, cut at a character when there is no room
 * returns  a view of the document, or of `to`
 */
struct text_view json_read_text(const struct json_value *v, char *to, size_t room);
