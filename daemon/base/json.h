/*
 * json.h -- write one JSON document in one pass, whatever bytes the wire sent.
 *
 * Strings come from hostile hosts: invalid UTF-8 becomes U+FFFD, one for each byte that belongs to
 * no well-formed sequence; control characters (C0, DEL, C1), quotes, backslashes, U+2028 and U+2029
 * are escaped. The writer keeps only the nesting, so a comma is never forgotten or doubled; a value
 * where a key is due is a programmer's error and asserts. Our own because the libraries refuse or
 * pass on invalid UTF-8 and cost ten times as much (docs/ARCHITECTURE.md).
 */
#pragma once

#include "daemon/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct addr;

enum { JSON_DEPTH_MAX = 16 };

struct json {
	struct strbuf *out; /* borrowed; out->truncated tells that the document did not fit */
	unsigned depth;
	bool started[JSON_DEPTH_MAX + 1]; /* something was written at this depth: a comma is due */
	bool object[JSON_DEPTH_MAX + 1];  /* what is open at this depth wants keys */
	bool key_given;
};

/* Begin a document: one value, which is appended to `out`. At most JSON_DEPTH_MAX levels may be open. */
void json_init(struct json *j, struct strbuf *out);
void json_object_begin(struct json *j);
void json_object_end(struct json *j);
void json_array_begin(struct json *j);
void json_array_end(struct json *j);

/* Name the next value. `key` is ours: [a-zA-Z0-9_.]+, not escaped. */
void json_key(struct json *j, const char *key);

/* A string. (jansson, which some of us read with, has taken the name json_string.) */
void json_bytes(struct json *j, const char *text, size_t length);
void json_text(struct json *j, const char *text); /* NUL-terminated; NULL writes null */
void json_u64(struct json *j, uint64_t value);
void json_i64(struct json *j, int64_t value);
/* Fixed point with `decimals` (0 .. 9) digits. NaN and infinities are written as null. */
void json_double(struct json *j, double value, unsigned decimals);
void json_bool(struct json *j, bool value);
/* A value that is JSON already, from this writer: copied as it is. */
void json_raw(struct json *j, const char *text, size_t length);

/* A key and its value in one call. */
void json_key_text(struct json *j, const char *key, const char *text);
void json_key_u64(struct json *j, const char *key, uint64_t value);
void json_key_bool(struct json *j, const char *key, bool value);
void json_key_double(struct json *j, const char *key, double value, unsigned decimals);
/* As addr_format() writes it. */
void json_key_addr(struct json *j, const char *key, const struct addr *a);
