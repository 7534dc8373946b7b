/*
 * resp.h -- messages of Redis value by value (RESP2 and RESP3, redis.io/docs/reference/protocol-spec),
 * however the stream was cut.
 */
#pragma once

#include "daemon/base/cursor.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	RESP_TEXT_MAX = 128,      /* of a value so many bytes are kept */
	RESP_COUNT_MAX = 1 << 20, /* Redis' own limit of elements */
	RESP_BYTES_MAX = 1 << 29, /* and of bytes of a string */
};

/* One side's message that is coming. Zeroed is the beginning of one. */
struct resp {
	uint64_t values_left; /* of the message; 0: between two */
	uint64_t bytes_left;  /* of a string that is coming, with the end of its line */
	uint32_t index;       /* of the next value in its message */
	uint16_t length;      /* bytes kept of the value */
	char type;            /* of a string that is coming, else 0 */
	char text[RESP_TEXT_MAX];
};

struct resp_value {
	char type;      /* its first byte: '*' '$' '+' '-' ... or a letter: a command in a line */
	uint32_t index; /* in its message: that of an array of strings has its array first */
	bool is_last;   /* the message ends with it */
	struct cursor
		text; /* view of the state, of a line without its type; valid until the next call */
};

enum resp_verdict {
	RESP_MORE, /* all bytes were taken */
	RESP_VALUE,
	RESP_BROKEN,
};

enum resp_verdict resp_next(struct resp *r, struct cursor *bytes, struct resp_value *ret_value);
