/* summary_json.h -- the closing summary for programs. */
#pragma once

#include <stdio.h>

struct summary;

/*
 * Print one object on one line, with exactly these keys: version inputs packets bytes flows hosts
 * windows evidence evidence_by_type alerts alerted lost first_ts last_ts elapsed_s.
 *
 * errors  left in `out`, for ferror()
 */
void summary_json_print(const struct summary *s, FILE *out);
