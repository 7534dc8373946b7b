/* key_text.h -- keys as text, for --send. */
#pragma once

#include "viewer/model.h"

/*
 * Read one key: a character, "<Enter>", "<Esc>", "<Tab>", "<BackTab>", "<Up>" ..., "<C-d>", "<lt>" for "<", "<Click 3 10>"
 * with row and column from 0.
 *
 * text     moved behind it, when there is one; at its end there is none left
 * returns  false when it is none
 */
bool key_text_read(const char **text, struct key_event *ret_key);
