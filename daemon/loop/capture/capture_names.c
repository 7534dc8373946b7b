#include "daemon/loop/capture/capture_names.h"

#include <string.h>

enum { SHARED = UINT16_MAX }; /* no interface's place */

static void
read_name(struct cursor name, char ret_text[INTERFACE_NAME_MAX])
{
	size_t length = 0;

	memset(ret_text, 0, INTERFACE_NAME_MAX);
	while (length < INTERFACE_NAME_MAX - 1 && cursor_left(&name) > 0) {
		char c = (char)cursor_u8(&name);
		if (c == '\0')
			return;
		ret_text[length++] = c;
	}
}

uint16_t
capture_names_number(struct capture_names *n, struct cursor name, uint32_t place)
{
	char text[INTERFACE_NAME_MAX];

	read_name(name, text);
	uint16_t key = text[0] != '\0'      ? 0
		       : place < SHARED - 1 ? (uint16_t)(place + 1)
					    : SHARED - 1;
	for (uint16_t i = 0; i < n->count; i++)
		if (n->place[i] == key && strcmp(n->names.text[i], text) == 0)
			return i;
	if (n->count == INTERFACES_MAX) {
		n->place[INTERFACES_MAX - 1] = SHARED;
		n->names.text[INTERFACES_MAX - 1][0] = '\0';
		return INTERFACES_MAX - 1;
	}
	n->place[n->count] = key;
	memcpy(n->names.text[n->count], text, sizeof(text));
	return n->count++;
}
