#include "daemon/base/json_escape.h"

#include "daemon/base/number_text.h"
#include "daemon/base/utf8.h"

#include <stdbool.h>
#include <string.h>

/* The four digits of \uXXXX. returns false when they are not there */
static bool
unit_at(const char *at, const char *end, unsigned *ret_unit)
{
	unsigned unit = 0;

	if (end - at < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		unsigned digit = number_text_hex_digit(at[i]);
		if (digit == 16)
			return false;
		unit = unit << 4 | digit;
	}
	*ret_unit = unit;
	return true;
}

size_t
json_escape_length(const char *at, const char *end)
{
	unsigned unit;

	if (end - at < 2)
		return 0;
	if (at[1] == 'u')
		return unit_at(at + 2, end, &unit) ? 6 : 0;
	return at[1] != '\0' && strchr("\"\\/bfnrt", at[1]) != NULL ? 2 : 0;
}

/* Append what fits of bytes that are no escapes; what does not marks `b` as truncated. */
static void
put_plain(struct strbuf *b, const char *text, size_t length)
{
	size_t fits = utf8_cut(text, length, b->capacity - b->length - 1);

	strbuf_bytes(b, text, fits);
	b->truncated |= fits < length;
}

/* A code point as UTF-8; of a surrogate that has no partner U+FFFD. */
static void
put_code(struct strbuf *b, unsigned code)
{
	char text[4];
	size_t length = 0;

	if (code == 0) {
		strbuf_bytes(b, "\\x00", 4);
		return;
	}
	if (code >= 0xd800 && code < 0xe000)
		code = 0xfffd;
	if (code < 0x80) {
		text[length++] = (char)code;
	} else if (code < 0x800) {
		text[length++] = (char)(0xc0 | code >> 6);
	} else if (code < 0x10000) {
		text[length++] = (char)(0xe0 | code >> 12);
		text[length++] = (char)(0x80 | (code >> 6 & 0x3f));
	} else {
		text[length++] = (char)(0xf0 | code >> 18);
		text[length++] = (char)(0x80 | (code >> 12 & 0x3f));
		text[length++] = (char)(0x80 | (code >> 6 & 0x3f));
	}
	if (code >= 0x80)
		text[length++] = (char)(0x80 | (code & 0x3f));
	strbuf_bytes(b, text, length);
}

/* \uXXXX, and the second half of a pair if it follows. returns how much of the text that is */
static size_t
put_unit(struct strbuf *b, const char *at, const char *end)
{
	unsigned unit = 0;
	unsigned low = 0;

	(void)unit_at(at + 2, end, &unit);
	if (unit >= 0xd800 && unit < 0xdc00 && end - at >= 12 && at[6] == '\\' && at[7] == 'u' &&
		unit_at(at + 8, end, &low) && low >= 0xdc00 && low < 0xe000) {
		put_code(b, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
		return 12;
	}
	put_code(b, unit);
	return 6;
}

/* returns how much of the text the escape at `at` is */
static size_t
put_escape(struct strbuf *b, const char *at, const char *end)
{
	static const char from[] = "bfnrt";
	static const char to[] = "\b\f\n\r\t";

	if (at[1] == 'u')
		return put_unit(b, at, end);
	const char *letter = strchr(from, at[1]);
	strbuf_bytes(b, letter != NULL ? &to[letter - from] : &at[1], 1);
	return 2;
}

void
json_escape_undo(struct strbuf *b, const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end && !b->truncated) {
		const char *backslash = memchr(text, '\\', (size_t)(end - text));
		const char *plain_end = backslash != NULL ? backslash : end;

		put_plain(b, text, (size_t)(plain_end - text));
		text = plain_end;
		if (backslash != NULL)
			text += put_escape(b, text, end);
	}
}
