/*
 * json_oracle.h -- what json_read.h tells of a document, beside what jansson makes of it.
 *
 * jansson refuses what we are to read: bytes that are no UTF-8, lone surrogates, numbers that it cannot hold.
 * Of a key that comes twice it keeps one value.
 */
#pragma once

#include "daemon/base/json_read.h"
#include "daemon/base/strbuf.h"

#include <assert.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JSON_ORACLE_MAX = 1 << 16 }; /* bytes of what is told; more is cut on both sides */

enum json_agreement { JSON_READ_BY_BOTH, JSON_READ_BY_ONE, JSON_REFUSED, JSON_DISAGREED };

struct json_oracle {
	char path[JSON_READ_PATH_MAX + 1];
	char text[JSON_ORACLE_MAX];
	char theirs_text[JSON_ORACLE_MAX], ours_text[JSON_ORACLE_MAX];
	struct strbuf theirs, ours; /* "path[element]value" of each scalar, a line each */
	json_error_t error;
};

/* A NUL of a text is told as we tell it. */
static inline void
json_oracle_bytes(struct strbuf *b, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i] == '\0')
			strbuf_text(b, "\\x00");
		else
			strbuf_char(b, bytes[i]);
}

static inline void
json_oracle_scalar(struct json_oracle *o, const json_t *value, size_t path_length, unsigned element)
{
	struct strbuf *b = &o->theirs;

	strbuf_bytes(b, o->path, path_length);
	strbuf_printf(b, "[%u]", element);
	if (json_is_string(value))
		json_oracle_bytes(b, json_string_value(value), json_string_length(value));
	else if (json_is_integer(value))
		strbuf_i64(b, json_integer_value(value));
	else if (json_is_real(value))
		strbuf_printf(b, "%.17g", json_real_value(value));
	else
		strbuf_text(b, json_is_null(value)   ? "null"
			       : json_is_true(value) ? "true"
						     : "false");
	strbuf_char(b, '\n');
}

/* Tell all of a value whose path is the first `path_length` bytes. */
static inline void
json_oracle_theirs(struct json_oracle *o, json_t *value, size_t path_length, unsigned element)
{
	const char *key;
	json_t *item;
	size_t i;

	json_array_foreach(value, i, item) json_oracle_theirs(o, item, path_length, (unsigned)i);
	if (!json_is_object(value)) {
		if (!json_is_array(value))
			json_oracle_scalar(o, value, path_length, element);
		return;
	}
	if (path_length > 0)
		o->path[path_length++] = '.';
	json_object_foreach(value, key, item)
	{
		size_t length = strlen(key);
		if (path_length + length > JSON_READ_PATH_MAX)
			continue;
		memcpy(o->path + path_length, key, length);
		json_oracle_theirs(o, item, path_length + length, element);
	}
}

static inline void
json_oracle_number(struct json_oracle *o, struct text_view number)
{
	(void)snprintf(o->text, sizeof(o->text), "%.*s", (int)number.length, number.at);
	if (strpbrk(o->text, ".eE") != NULL)
		strbuf_printf(&o->ours, "%.17g", strtod(o->text, NULL));
	else
		strbuf_i64(&o->ours, strtoll(o->text, NULL, 10));
}

/* returns as json_read_next() did at last */
static inline int
json_oracle_ours(struct json_oracle *o, const char *document, size_t length)
{
	struct strbuf *b = &o->ours;
	struct json_read r;
	struct json_value v;
	int result;

	json_read_begin(&r, document, length);
	while ((result = json_read_next(&r, &v)) == 1) {
		struct text_view plain = json_read_text(&v, o->text, sizeof(o->text));

		strbuf_bytes(b, v.path, v.path_length);
		strbuf_printf(b, "[%u]", v.element);
		if (v.type == JSON_READ_NUMBER)
			json_oracle_number(o, plain);
		else
			strbuf_bytes(b, plain.at, plain.length);
		strbuf_char(b, '\n');
	}
	return result;
}

/* May we read what it refused? */
static inline bool
json_oracle_may_refuse(const json_error_t *error)
{
	switch (json_error_code(error)) {
	case json_error_invalid_utf8:
	case json_error_numeric_overflow:
	case json_error_duplicate_key:
	case json_error_null_byte_in_key:
		return true;
	default:
		return strstr(error->text, "invalid Unicode") != NULL;
	}
}

/* How many levels a value is. */
static inline unsigned
json_oracle_depth(json_t *value)
{
	unsigned deepest = 0;
	const char *key;
	json_t *item;
	size_t i;

	if (!json_is_array(value) && !json_is_object(value))
		return 0;
	json_array_foreach(value, i, item)
	{
		unsigned depth = json_oracle_depth(item);
		deepest = depth > deepest ? depth : deepest;
	}
	json_object_foreach(value, key, item)
	{
		unsigned depth = json_oracle_depth(item);
		deepest = depth > deepest ? depth : deepest;
	}
	return deepest + 1;
}

/* Read a document both ways. What is too deep for us counts as refused by both. */
static inline enum json_agreement
json_oracle_compare(struct json_oracle *o, const char *document, size_t length)
{
	json_t *root =
		json_loadb(document, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &o->error);
	bool read_by_it = root != NULL && json_is_object(root) &&
			  json_oracle_depth(root) <= JSON_READ_DEPTH_MAX;

	strbuf_init(&o->theirs, o->theirs_text, sizeof(o->theirs_text));
	strbuf_init(&o->ours, o->ours_text, sizeof(o->ours_text));
	bool read_by_us = json_oracle_ours(o, document, length) == 0;
	if (read_by_it)
		json_oracle_theirs(o, root, 0, 0);
	bool may_refuse = root == NULL && json_oracle_may_refuse(&o->error);
	json_decref(root);
	if (!read_by_us)
		return read_by_it ? JSON_DISAGREED : JSON_REFUSED;
	if (!read_by_it)
		return may_refuse ? JSON_READ_BY_ONE : JSON_DISAGREED;
	return strcmp(o->ours_text, o->theirs_text) == 0 ? JSON_READ_BY_BOTH : JSON_DISAGREED;
}
