/*
 * timeline_said.h -- what was said in a conversation, in the words of a timeline.
 *
 * DNS, HTTP and TLS have the sentences of behaviour §7.1. All others have "Label: value" for what is known of
 * them, in an order that tells first what somebody who reads a timeline asks first. What has no words here has
 * no line of its own: it says nothing that another transaction of the same conversation does not say.
 */
#pragma once

#include "daemon/base/json.h"
#include "daemon/base/strbuf.h"
#include "daemon/observation.h"

#include <stdbool.h>

/* Has it words? False for NULL. */
bool timeline_said_tells(const struct observation *o);

/* Append its words, without a line end. Hostile text is made harmless. */
void timeline_said(struct strbuf *out, const struct observation *o);

/* "Yes", "No", or `unknown` if the certificate was not seen, as in a session that was resumed. */
const char *timeline_said_trusted(const struct observation *o, const char *unknown);

/* How a log-in ended: "Successful", "Not Successful", "Unknown". */
const char *timeline_said_login(const struct observation *o, const char *column);

/*
 * Write a member for each value that is known of a transaction which has labels: its key is the column of
 * Zeek's log.
 */
void timeline_said_members(struct json *j, const struct observation *o);
