/* config_check.h -- find the row that was written wrongly. For the tests, over every row there is. */
#pragma once

#include "daemon/settings/config_item.h"

#include <stdbool.h>

struct strbuf;

/*
 * Check that rows make sense: names, bounds, defaults within them, sentences.
 *
 * returns  true, or false after appending the first that does not to `why`
 */
bool config_rows_check(const struct config_item *rows, struct strbuf *why);
