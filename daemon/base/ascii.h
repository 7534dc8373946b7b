/*
 * ascii.h -- what a byte of a text is, whatever the locale says.
 *
 * ctype.h asks the locale, and must not be given a negative char: bytes of the wire are both.
 */
#pragma once

#include <stdbool.h>
#include <string.h>
#include <strings.h>

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

/* A letter's small form; any other byte as it is. */
static inline char
ascii_lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* Does `text` hold `part` anywhere, in any case? "" is in every text. */
static inline bool
ascii_holds(const char *text, const char *part)
{
	size_t length = strlen(part);

	for (size_t left = strlen(text); left >= length; left--, text++)
		if (strncasecmp(text, part, length) == 0)
			return true;
	return false;
}
