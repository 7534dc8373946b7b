/* text_view.h -- some bytes of somebody else's text: no NUL ends them, and whoever lends the text owns them. */
#pragma once

#include <stddef.h>

struct text_view {
	const char *at; /* NULL, or anything, when `length` is 0 */
	size_t length;
};
