/* base64.h -- the digits of base 64 (RFC 4648 section 4). */
#pragma once

#include <stdint.h>

/* The value of a digit; 64 for what is none. */
static inline unsigned
base64_value(uint8_t byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return byte - 'A';
	if (byte >= 'a' && byte <= 'z')
		return byte - 'a' + 26U;
	if (byte >= '0' && byte <= '9')
		return byte - '0' + 52U;
	return byte == '+' ? 62 : byte == '/' ? 63 : 64;
}
