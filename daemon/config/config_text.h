/* config_text.h -- numbers, durations and sizes as a person writes them in a settings file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct strbuf;

/* True when the `length` bytes at `text` are exactly `word`. */
bool config_text_is(const char *text, size_t length, const char *word);

/* Decimal digits only, no leading zero. returns false otherwise, and past 2^64 - 1. */
bool config_number_parse(const char *text, size_t length, uint64_t *ret_number);

/* "250ms", "90s", "5m", "1h", "2d" (also ns, us), and "0". returns false otherwise. */
bool config_duration_parse(const char *text, size_t length, uint64_t *ret_ns);
/* Append in the largest unit that is exact. */
void config_duration_format(uint64_t ns, struct strbuf *out);

/* "512KiB", "64MiB", "1GiB" (also TiB), and plain bytes. returns false otherwise. */
bool config_size_parse(const char *text, size_t length, uint64_t *ret_bytes);
/* Append in the largest unit that is exact. */
void config_size_format(uint64_t bytes, struct strbuf *out);

/* A decimal fraction with or without exponent; no "inf", "nan" or hexadecimal. */
bool config_double_parse(const char *text, size_t length, double *ret_double);
/* Append in the fewest digits that read back the same. */
void config_double_format(double value, struct strbuf *out);

/* True when a text can be a setting: UTF-8 without control characters, line ends or byte order marks. */
bool config_text_is_clean(const char *text, size_t length);

enum { CONFIG_NAME_MAX = 64 }; /* bytes of a key */

/*
 * How far `name` is from `known`: letters too many, missing, wrong, or swapped with a neighbour.
 *
 * returns  the distance, or SIZE_MAX when more than a third of the letters are wrong: no slip of the
 *          finger; the same past CONFIG_NAME_MAX bytes
 * cost     O(length^2)
 * source   restricted Damerau-Levenshtein distance: Boytsov 2011, "Indexing methods for approximate
 *          dictionary searching", 2.1
 */
size_t config_slip_distance(const char *known, const char *name, size_t length);

/* The one of `texts` (NULL at the end) that was probably meant, the first of equals; or NULL. */
const char *config_nearest(const char *const *texts, const char *name, size_t length);

/* Shorten a buffer to `length` bytes, if it is longer; what was truncated is forgotten. */
void config_cut(struct strbuf *b, size_t length);
