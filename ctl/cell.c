#define _XOPEN_SOURCE 700 /* NOLINT(bugprone-reserved-identifier): wcwidth() */
#include "ctl/cell.h"

#include "daemon/base/text_safe.h"

#include <string.h>
#include <wchar.h>

enum { CELL_BYTES = 8 * 1024 };

/* Read a character. returns its bytes, > 0 before the end; `ret_width` is < 0 if it has no place */
static size_t
character(const char *text, bool utf8, int *ret_width)
{
	wchar_t wide = 0;
	mbstate_t state;

	if ((unsigned char)*text < 0x80 || !utf8) {
		*ret_width = (unsigned char)*text < 0x80 ? 1 : -1;
		return 1;
	}
	memset(&state, 0, sizeof(state));
	size_t length = mbrtowc(&wide, text, strlen(text), &state);
	if (length == 0 || length > 4) {
		*ret_width = -1;
		return 1;
	}
	*ret_width = wcwidth(wide) > 0 ? wcwidth(wide) : -1;
	return length;
}

void
cell_append(struct strbuf *out, const char *text, size_t most, bool utf8)
{
	static const char hex[] = "0123456789abcdef";
	char memory[CELL_BYTES];
	struct strbuf safe;

	strbuf_init(&safe, memory, sizeof(memory));
	text_safe(&safe, text, most);
	for (const char *at = memory; *at != '\0';) {
		int width = 0;
		size_t length = character(at, utf8, &width);

		if (width > 0)
			strbuf_bytes(out, at, length);
		for (size_t i = 0; width < 0 && i < length; i++) {
			unsigned char byte = (unsigned char)at[i];
			const char code[] = { '\\', 'x', hex[byte >> 4], hex[byte & 15] };

			strbuf_bytes(out, code, sizeof(code));
		}
		at += length;
	}
}

size_t
cell_width(const char *text, bool utf8)
{
	size_t columns = 0;

	while (*text != '\0') {
		int width = 0;

		text += character(text, utf8, &width);
		columns += width > 0 ? (size_t)width : 1;
	}
	return columns;
}

size_t
cell_fold(const char *text, size_t room, bool utf8, size_t *ret_skip)
{
	const char *at = text;
	const char *blank = NULL;
	size_t columns = 0;

	while (*at != '\0') {
		int width = 0;
		size_t length = character(at, utf8, &width);

		columns += width > 0 ? (size_t)width : 1;
		if (*at == ' ' && columns <= room + 1)
			blank = at;
		if (columns > room && at > text)
			break;
		at += length;
	}
	if (*at != '\0' && blank != NULL && blank > text) {
		*ret_skip = (size_t)(blank - text) + 1;
		return (size_t)(blank - text);
	}
	*ret_skip = (size_t)(at - text);
	return *ret_skip;
}
