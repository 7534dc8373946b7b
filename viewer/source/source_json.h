/*
 * source_json.h -- members of a JSON object that somebody else wrote: of whatever type they are, something sensible.
 *
 * `object` may be NULL or no object, then nothing is known. Texts are in the arena, never NULL.
 */
#pragma once

#include "daemon/base/arena.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SOURCE_JSON_MAX = 16 * 1024 * 1024 }; /* bytes of one document */

/* returns NULL when it is none, or too long; to be given to json_decref() */
json_t *source_json_read(const char *bytes, size_t length);

/* A text, or a number as text; "" for what is neither. */
const char *source_json_text(const json_t *object, const char *key, struct arena *m);
/* The first of these members that says something; NULL at the end. */
const char *source_json_text_of(const json_t *object, struct arena *m, const char *key, ...)
	__attribute__((sentinel));
/* A value by itself, likewise. */
const char *source_json_value(const json_t *value, struct arena *m);

/* A number, or a text that is one; `otherwise` for what is neither. */
double source_json_number(const json_t *object, const char *key, double otherwise);
/* No less than 0. */
uint64_t source_json_count(const json_t *object, const char *key);
int64_t source_json_integer(const json_t *object, const char *key);

/* Texts of a list, or the one that stands there alone. returns how many lie at *ret */
size_t source_json_texts(const json_t *value, struct arena *m, const char *const **ret);

/* A time: seconds, a date of Kalipso's, or one of ISO 8601. 0: none */
uint64_t source_json_time(const json_t *value);
