/* zeek_log.h -- which of Zeek's logs are followed, and how a file is known to be one of them. */
#pragma once

#include "daemon/input/zeek_state.h"

/* By its name: "conn", "dns", ... returns false when it is not followed. */
bool zeek_log_find(const char *name, size_t length, struct zeek_log *ret_log);

/*
 * By its columns: the one that knows most of them.
 *
 * returns  false when none knows two, or half of those that are not common to all logs
 */
bool zeek_log_guess(const struct zeek_columns *columns, struct zeek_log *ret_log);

/* The field of a column in the log or in what all logs have; FIELD_NEVER and NULL: nobody wants it. */
const struct transaction_field *zeek_log_field(
	const struct zeek_log *log, const char *name, size_t length, bool *ret_is_common);
