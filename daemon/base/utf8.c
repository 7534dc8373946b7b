#include "daemon/base/utf8.h"

#include <stdbool.h>
#include <stdint.h>

enum { SEQUENCE_MAX = 4 };

static bool
is_tail(uint8_t byte)
{
	return (byte & 0xc0) == 0x80;
}

/*
 * The table of RFC 3629, section 4: only the second byte has a range of its own, and it is what
 * rules out overlong forms (e0, f0), surrogates (ed) and what lies past U+10FFFF (f4).
 */
static bool
second_byte_fits(uint8_t first, uint8_t second)
{
	switch (first) {
	case 0xe0:
		return second >= 0xa0 && second <= 0xbf;
	case 0xed:
		return second >= 0x80 && second <= 0x9f;
	case 0xf0:
		return second >= 0x90 && second <= 0xbf;
	case 0xf4:
		return second >= 0x80 && second <= 0x8f;
	default:
		return is_tail(second);
	}
}

size_t
utf8_sequence(const char *text, size_t left)
{
	uint8_t first = (uint8_t)text[0];
	size_t length = 4;

	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	if (first < 0xe0)
		length = 2;
	else if (first < 0xf0)
		length = 3;
	if (left < length || !second_byte_fits(first, (uint8_t)text[1]))
		return 0;
	for (size_t i = 2; i < length; i++)
		if (!is_tail((uint8_t)text[i]))
			return 0;
	return length;
}

size_t
utf8_cut(const char *text, size_t length, size_t most)
{
	if (length <= most)
		return length;
	for (size_t back = 1; back <= most && back < SEQUENCE_MAX; back++)
		if (utf8_sequence(text + most - back, length - most + back) > back)
			return most - back;
	return most;
}
