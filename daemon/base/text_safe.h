/* text_safe.h -- text that wire strings may have got into, fit for a terminal and a line of a log. */
#pragma once

#include "daemon/base/strbuf.h"

#include <stddef.h>

/*
 * Append `text` with everything as "\xHH" that could end a line, drive a terminal or reorder what is
 * read: control bytes (C0, DEL, C1), invalid UTF-8, U+2028 and U+2029, directional controls.
 *
 * most  bytes of `text` at most; "..." stands for the rest
 */
void text_safe(struct strbuf *out, const char *text, size_t most);

/*
 * The same into room of its own, with "..." where the text does not fit.
 *
 * room     of `size` bytes, more than four
 * text     NULL: ""
 * returns  room
 */
const char *text_safe_in(char *room, size_t size, const char *text);
