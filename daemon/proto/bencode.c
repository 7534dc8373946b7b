#include "daemon/proto/bencode.h"

enum { DIGITS_MAX = 5, INTEGER_MAX = 24 };

bool
bencode_string(struct cursor *c, struct cursor *ret_string)
{
	struct cursor at = *c;
	size_t size = 0;
	unsigned digits = 0;
	uint8_t b;

	for (b = cursor_u8(&at); b >= '0' && b <= '9' && digits < DIGITS_MAX; b = cursor_u8(&at)) {
		size = size * 10 + (b - '0');
		digits++;
	}
	if (digits == 0 || b != ':')
		return false;
	struct cursor string = cursor_sub(&at, size);
	if (string.short_read)
		return false;
	*ret_string = string;
	*c = at;
	return true;
}

/* Move past "i...e". */
static bool
integer_skip(struct cursor *c)
{
	(void)cursor_u8(c);
	for (unsigned i = 0; i < INTEGER_MAX; i++) {
		uint8_t b = cursor_u8(c);
		if (b == 'e')
			return true;
		if (b != '-' && (b < '0' || b > '9'))
			return false;
	}
	return false;
}

bool
bencode_skip(struct cursor *c)
{
	unsigned depth = 0;

	do {
		struct cursor at = *c;
		struct cursor string;
		uint8_t b = cursor_u8(&at);
		if (b == 'd' || b == 'l') {
			if (++depth > BENCODE_DEPTH_MAX)
				return false;
			*c = at;
		} else if (b == 'e' && depth > 0) {
			depth--;
			*c = at;
		} else if (b == 'i' ? !integer_skip(c) : !bencode_string(c, &string)) {
			return false;
		}
	} while (depth > 0);
	return true;
}

bool
bencode_find(struct cursor c, const char *key, struct cursor *ret_value)
{
	struct cursor name;
	size_t length = strlen(key);

	if (cursor_u8(&c) != 'd')
		return false;
	while (bencode_string(&c, &name)) {
		if (cursor_left(&name) == length && memcmp(name.at, key, length) == 0) {
			*ret_value = c;
			return true;
		}
		if (!bencode_skip(&c))
			return false;
	}
	return false;
}
