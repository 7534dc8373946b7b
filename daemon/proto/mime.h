/*
 * mime.h -- the MIME type of a file by its first bytes.
 *
 * By signatures that the formats' own specifications give, and by what the WHATWG's MIME Sniffing standard
 * knows a page by. Types are written as Zeek writes them ("text/json", "application/x-dosexec"), so that rules
 * made for it hold.
 */
#pragma once

#include "daemon/base/cursor.h"

#include <stdbool.h>

enum { MIME_MEDIA_BYTES = 40 }; /* of a file's beginning: all that mime_is_media() looks at */

/*
 * returns  a constant, or NULL when nobody knows it
 * cost     O(bytes), about 1 us for 512
 */
const char *mime_of_content(struct cursor head);

/*
 * Is that a picture, a sound, a film or a font? A signature is needed, which a text never has: what is drawn by
 * its text (SVG) can carry a script.
 */
bool mime_is_media(struct cursor head);
