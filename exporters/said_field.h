/* said_field.h -- one value of a transaction, looked up by the name of its column in Zeek's log. */
#pragma once

#include "daemon/base/strbuf.h"
#include "daemon/observation.h"

#include <stdbool.h>

/* Has it a field of that name whose value is known? False for NULL. */
bool said_has(const struct observation *o, const char *column);

/*
 * Append the value as people read it: texts made harmless for terminals, truths as True and False, lists
 * with ", " between their entries. Nothing when it is not known.
 */
void said_put(struct strbuf *out, const struct observation *o, const char *column);

/*
 * Append a list of texts, each in `quote`s, with ", " between; a single text as a list of one.
 */
void said_put_list(struct strbuf *out, const struct observation *o, const char *column, char quote);

/* Is its value known, and what said_put() writes `text`? */
bool said_is(const struct observation *o, const char *column, const char *text);
