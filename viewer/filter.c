#include "viewer/filter.h"

#include "daemon/base/ascii.h"

#include <stdarg.h>
#include <string.h>

enum { CTRL = 0x1f, DELETE = 0x7f, ASCII_END = 0x80, C1_END = 0xa0 };

bool
passes(const struct model *m, const char *first, ...)
{
	va_list texts;
	bool found = m->filter[0] == '\0';

	va_start(texts, first);
	for (const char *text = first; text != NULL && !found; text = va_arg(texts, const char *))
		found = ascii_holds(text, m->filter);
	va_end(texts);
	return found;
}

/* UTF-8 of a character; RFC 3629, section 3. returns its bytes */
static size_t
encode(unsigned code, char ret[4])
{
	static const unsigned lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t length = code < 0x800 ? 2 : 3;

	if (code < ASCII_END) {
		ret[0] = (char)code;
		return 1;
	}
	if (code >= 0x10000)
		length = 4;
	for (size_t i = length - 1; i > 0; i--, code >>= 6)
		ret[i] = (char)(0x80 | (code & 0x3f));
	ret[0] = (char)(lead[length] | code);
	return length;
}

static void
append(char *filter, int key)
{
	size_t length = strlen(filter);
	char character[4];
	size_t bytes = encode((unsigned)key, character);

	if (length + bytes >= MODEL_TEXT_MAX)
		return;
	memcpy(filter + length, character, bytes);
	filter[length + bytes] = '\0';
}

/* A whole character: tails of a sequence go with their head. */
static void
last_take(char *filter)
{
	size_t length = strlen(filter);
	bool is_tail = true;

	while (length > 0 && is_tail)
		is_tail = ((unsigned char)filter[--length] & 0xc0) == 0x80;
	filter[length] = '\0';
}

bool
filter_key(struct model *m, const struct key_event *e)
{
	switch (e->key) {
	case PRESS_ESCAPE:
		m->filter[0] = '\0';
		m->filtering = false;
		return true;
	case PRESS_ENTER:
		m->filtering = false;
		return true;
	case PRESS_BACKSPACE:
		last_take(m->filter);
		return true;
	case 'U' & CTRL:
		m->filter[0] = '\0';
		return true;
	default:
		break;
	}
	if (e->key < ' ' || e->key >= PRESS_ENTER || (e->key >= DELETE && e->key < C1_END))
		return false;
	append(m->filter, e->key);
	return true;
}
