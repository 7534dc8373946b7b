/* keymap.h -- which key does what, in the key set of the talk and in that of the last generation. */
#pragma once

#include "viewer/model.h"

#include <stddef.h>

enum hotkey_does {
	HOTKEY_SCREEN, /* shows one; on it, goes back to the main one */
	HOTKEY_AGAIN,  /* asks the source again */
	HOTKEY_FILTER,
	HOTKEY_COPY,
	HOTKEY_MUTE, /* copies the command that does it: a viewer changes nothing */
	HOTKEY_QUIT,
};

struct hotkey {
	int key; /* a character */
	enum hotkey_does does;
	enum screen_id screen;
	const char *name; /* in the bar; NULL: a second name that is not shown */
	const char *help; /* a sentence; NULL as above */
};

/* In the order of the bar. */
const struct hotkey *keymap(bool keys_last, size_t *ret_count);
/* returns NULL when it is none */
const struct hotkey *keymap_find(bool keys_last, int key);
