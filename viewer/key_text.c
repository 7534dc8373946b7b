#include "viewer/key_text.h"

#include "daemon/base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { CTRL = 0x1f, NAME_MAX_BYTES = 24 };

static const struct {
	const char *name;
	int key;
} names[] = {
	{ "Enter", PRESS_ENTER },
	{ "Esc", PRESS_ESCAPE },
	{ "Tab", PRESS_TAB },
	{ "BackTab", PRESS_BACK_TAB },
	{ "Up", PRESS_UP },
	{ "Down", PRESS_DOWN },
	{ "Left", PRESS_LEFT },
	{ "Right", PRESS_RIGHT },
	{ "PgUp", PRESS_PAGE_UP },
	{ "PgDn", PRESS_PAGE_DOWN },
	{ "Home", PRESS_HOME },
	{ "End", PRESS_END },
	{ "BS", PRESS_BACKSPACE },
	{ "WheelUp", PRESS_WHEEL_UP },
	{ "WheelDown", PRESS_WHEEL_DOWN },
	{ "lt", '<' },
};

/* "Click 3 10"; a number that is too large is nowhere. */
static bool
click_read(const char *name, struct key_event *ret)
{
	char *row_end = NULL;
	char *end = NULL;

	if (strncmp(name, "Click ", strlen("Click ")) != 0)
		return false;
	ret->key = PRESS_CLICK;
	ret->row = (unsigned)strtoul(name + strlen("Click "), &row_end, 10);
	ret->column = (unsigned)strtoul(row_end, &end, 10);
	return *row_end == ' ' && end > row_end + 1 && *end == '\0';
}

static bool
name_read(const char *name, struct key_event *ret)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].name, name) == 0) {
			ret->key = names[i].key;
			return true;
		}
	if (strncmp(name, "C-", 2) == 0 && name[2] >= 'a' && name[2] <= 'z' && name[3] == '\0') {
		ret->key = name[2] & CTRL;
		return true;
	}
	return click_read(name, ret);
}

static int
character_read(const char **text)
{
	static const unsigned char lead[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	const char *at = *text;
	size_t length = utf8_sequence(at, strlen(at));

	if (length == 0)
		return -1;
	int code = (unsigned char)at[0] & lead[length];
	for (size_t i = 1; i < length; i++)
		code = code << 6 | ((unsigned char)at[i] & 0x3f);
	*text += length;
	return code;
}

bool
key_text_read(const char **text, struct key_event *ret_key)
{
	const char *at = *text;
	char name[NAME_MAX_BYTES];

	*ret_key = (struct key_event){ .key = 0 };
	if (*at == '\0')
		return false;
	if (*at != '<') {
		ret_key->key = character_read(text);
		return ret_key->key >= 0;
	}
	size_t length = strcspn(at + 1, ">");
	if (at[1 + length] != '>' || length >= sizeof(name))
		return false;
	memcpy(name, at + 1, length);
	name[length] = '\0';
	if (!name_read(name, ret_key))
		return false;
	*text += length + 2;
	return true;
}
