/* json_escape.h -- escapes in texts of JSON (RFC 8259 section 7), told from what is none, and undone. */
#pragma once

#include "daemon/base/strbuf.h"

#include <stddef.h>

/* returns the length of the escape whose backslash is at `at`, before `end`; 0 when it is none */
size_t json_escape_length(const char *at, const char *end);

/*
 * Append a text with its escapes undone: surrogates become UTF-8, a lone one U+FFFD, a NUL the four characters
 * \x00. Bytes that are no UTF-8 stay as they are. What does not fit is cut at a character, and `b` truncated.
 *
 * text  all its escapes are such by json_escape_length()
 */
void json_escape_undo(struct strbuf *b, const char *text, size_t length);
