/* plain_text.h -- bytes that hosts call text, as a C string. */
#pragma once

#include "daemon/base/cursor.h"

#include <stddef.h>

/*
 * Copy all of `bytes` as a text. A NUL becomes the four characters \x00, all else stays as it is: who
 * shows it escapes it. What does not fit is left out.
 *
 * ret_text  `capacity` (> 0) bytes, NUL-terminated
 */
void plain_text(struct cursor bytes, char *ret_text, size_t capacity);
