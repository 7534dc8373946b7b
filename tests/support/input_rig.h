/*
 * input_rig.h -- a format fed by hand: lines as text, and what it makes of each.
 *
 * Each line lies in memory of exactly its size, so that the sanitizer sees a read past it.
 *
 *	struct input_rig *r = input_rig_new(&input_zeek);
 *	assert_int_equal(input_rig_line(r, "#fields\tts\tuid"), 0);
 *	assert_int_equal(input_rig_line(r, "1.5\tC1..."), 1);
 *	assert_int_equal(r->s.items[0].flow.orig_port, 1234);
 *	input_rig_free(r);
 */
#pragma once

#include "daemon/input/input_format.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct input_rig {
	struct input_plan plan; /* change before the first line */
	struct input_stream
		s; /* s.items: what the last call told; s.complaint: why a line is bad */
	uint64_t lines;
	char *line; /* the last one */
};

/* Another file of the same stream begins. first: of its bytes; NULL: none are at hand. */
static inline void
input_rig_begin(struct input_rig *r, const char *first)
{
	r->lines = 0;
	input_format_begin(
		&r->s, "test.log", first == NULL ? "" : first, first == NULL ? 0 : strlen(first));
}

static inline struct input_rig *
input_rig_new(const struct input_format *format)
{
	struct input_rig *r = calloc(1, sizeof(*r));

	assert(r != NULL);
	assert(input_format_start(&r->s, format, &r->plan, "test.log") == 0);
	input_rig_begin(r, NULL);
	return r;
}

static inline int
input_rig_bytes(struct input_rig *r, const char *bytes, size_t length)
{
	free(r->line);
	r->line = malloc(length + 1);
	assert(r->line != NULL);
	memcpy(r->line, bytes, length);
	r->line[length] = '\0';
	return input_format_line(&r->s, r->line, length, ++r->lines);
}

/* returns as input_format.line() */
static inline int
input_rig_line(struct input_rig *r, const char *text)
{
	return input_rig_bytes(r, text, strlen(text));
}

/* returns as input_format.held(): call until it gives 0 */
static inline int
input_rig_held(struct input_rig *r, uint64_t now_ns)
{
	return input_format_held(&r->s, now_ns);
}

static inline void
input_rig_free(struct input_rig *r)
{
	input_format_end(&r->s);
	free(r->line);
	free(r);
}
