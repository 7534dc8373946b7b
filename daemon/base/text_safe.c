#include "daemon/base/text_safe.h"

#include "daemon/base/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/*
 * Of well-formed sequences, those that show as something else than themselves: C1 controls, the line
 * ends of JavaScript, and what turns the direction of text around (Boucher, Anderson 2021; U+061C
 * has two bytes).
 */
static bool
is_harmless(const uint8_t *at, size_t length)
{
	if (length == 1)
		return at[0] >= 0x20 && at[0] != 0x7f;
	if (length == 2)
		return (at[0] != 0xc2 || at[1] >= 0xa0) && (at[0] != 0xd8 || at[1] != 0x9c);
	if (length != 3 || at[0] != 0xe2)
		return true;
	if (at[1] == 0x80) /* U+200E, U+200F, U+2028 .. U+202E */
		return (at[2] < 0x8e || at[2] > 0x8f) && (at[2] < 0xa8 || at[2] > 0xae);
	return at[1] != 0x81 || at[2] < 0xa6 || at[2] > 0xa9; /* U+2066 .. U+2069 */
}

void
text_safe(struct strbuf *out, const char *text, size_t most)
{
	static const char hex[] = "0123456789abcdef";
	size_t whole = strlen(text);
	size_t left = whole > most ? most : whole;

	while (left > 0) {
		const uint8_t *at = (const uint8_t *)text;
		size_t length = utf8_sequence(text, left);

		if (length > 0 && is_harmless(at, length)) {
			strbuf_bytes(out, text, length);
		} else {
			length = length > 0 ? length : 1;
			for (size_t i = 0; i < length; i++) {
				const char code[] = { '\\', 'x', hex[at[i] >> 4], hex[at[i] & 15] };

				strbuf_bytes(out, code, sizeof(code));
			}
		}
		text += length;
		left -= length;
	}
	if (whole > most)
		strbuf_text(out, "...");
}

const char *
text_safe_in(char *room, size_t size, const char *text)
{
	struct strbuf b;

	strbuf_init(&b, room, size);
	if (text != NULL)
		text_safe(&b, text, size - sizeof("..."));
	return room;
}
