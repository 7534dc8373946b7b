/* exact_text.h -- a text in memory that ends with it, so that a sanitizer sees who reads one byte more. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* returns a copy of `length` bytes, without a NUL; free() it */
static inline char *
exact_text(const char *text, size_t length)
{
	char *copy = malloc(length > 0 ? length : 1);

	assert_non_null(copy);
	memcpy(copy, text, length);
	return copy;
}
