/* cell.h -- a text of the sensor's, fit for a terminal, and how wide it stands there. */
#pragma once

#include "daemon/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Append a text so that it stays in its place: what could drive a terminal, end a line or reorder
 * text as \xHH (text_safe()); so is everything that is not ASCII where the terminal has no UTF-8, and
 * what has no width of its own to stand in.
 *
 * most  bytes of `text` at most; "..." stands for the rest
 * utf8  the terminal shows UTF-8, and setlocale(LC_CTYPE) was told so
 */
void cell_append(struct strbuf *out, const char *text, size_t most, bool utf8);

/* Columns that a clean text takes. */
size_t cell_width(const char *text, bool utf8);

/*
 * Bytes of a clean text that stand in `room` columns, > 0 columns: up to the last blank within them,
 * or as many characters as there is room for, at least one.
 *
 * ret_skip  bytes to go on after them: the blank is left out
 */
size_t cell_fold(const char *text, size_t room, bool utf8, size_t *ret_skip);
