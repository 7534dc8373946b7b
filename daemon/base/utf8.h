/* utf8.h -- tell valid UTF-8 from bytes that somebody sent us. */
#pragma once

#include <stddef.h>

/*
 * Length of the well-formed sequence at `text` (RFC 3629: no overlong forms, no surrogates, nothing
 * past U+10FFFF).
 *
 * left     bytes that may be read, > 0
 * returns  1 .. 4, or 0 when no well-formed sequence starts here
 */
size_t utf8_sequence(const char *text, size_t left);

/*
 * How much of a text is kept where there is room for `most` bytes of it: a well-formed sequence is kept whole or
 * not at all.
 *
 * returns  at most `most`, or `length` if that is less
 */
size_t utf8_cut(const char *text, size_t length, size_t most);
