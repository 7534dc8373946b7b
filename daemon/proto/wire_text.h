/* wire_text.h -- bytes that hosts sent, as texts of C. */
#pragma once

#include "daemon/base/cursor.h"

#include <stddef.h>

/*
 * Write bytes as a text; a NUL becomes the four characters \x00, other bytes stay as they are.
 *
 * bytes    read to their end; short ones are empty
 * room     bytes at `ret_text`, its NUL included, at least 1; what does not fit is left out
 * returns  the text's length
 */
size_t wire_text(char *ret_text, size_t room, struct cursor bytes);

/* The same for UTF-16 in little-endian order, written as UTF-8; U+FFFD stands for half a pair. */
size_t wire_text_utf16(char *ret_text, size_t room, struct cursor bytes);

/* A text, or NULL for an empty one: what was not said is not there in what is told. */
static inline const char *
wire_text_or_null(const char *text)
{
	return text[0] == '\0' ? NULL : text;
}
