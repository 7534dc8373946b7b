/* feed_text.h -- views of somebody's text: trimmed, compared, cut into columns. */
#pragma once

#include "daemon/intel/intel_build.h"

#include <stdbool.h>
#include <stddef.h>

/* Without blanks and carriage returns around it. */
struct intel_text feed_text_trim(struct intel_text t);

/* Without the first `count` bytes, which it has. */
struct intel_text feed_text_from(struct intel_text t, size_t count);

/* Is it `word`, does it begin with it, does it hold it? In any case of letters. */
bool feed_text_is(struct intel_text t, const char *word);
bool feed_text_begins(struct intel_text t, const char *word);
bool feed_text_holds(struct intel_text t, const char *word);

/* Take what stands before the first of `stops`, which is left out; all, when there is none. */
struct intel_text feed_text_take(struct intel_text *left, const char *stops);

/*
 * Cut a line into its columns, trimmed. Between double quotes a separator is text; the quotes are left out.
 *
 * ret      `room` views into `line`; further columns are left out
 * returns  how many were written, at least 1
 */
size_t feed_text_split(struct intel_text line, char separator, struct intel_text *ret, size_t room);
