/*
 * ascii.h -- what a byte of a text is, whatever the locale says.
 *
 * ctype.h asks the locale, and must not be given a negative char: bytes of the wire are both.
 */
#pragma once

#include <stdbool.h>

static inline bool
ascii_is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static inline bool
ascii_is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
