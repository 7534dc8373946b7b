/*
 * mime.h -- the MIME type of a file by its first bytes.
 *
 * By signatures that the formats' own specifications give, and by what the WHATWG's MIME Sniffing standard
 * knows a page by. Types are written as Zeek writes them ("text/json", "application/x-dosexec"), so that rules
 * made for it hold.
 */
#pragma once

#include "daemon/base/cursor.h"

/*
 * returns  a constant, or NULL when nobody knows it
 * cost     O(bytes), about 1 us for 512
 */
const char *mime_of_content(struct cursor head);
