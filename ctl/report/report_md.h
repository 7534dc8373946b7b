/* report_md.h -- a report as Markdown (CommonMark with tables): for a ticket, a mail, a wiki. */
#pragma once

#include "ctl/report/report_model.h"

#include <stdio.h>

/*
 * Write the whole document. Texts of the wire make no markup: what could stands behind a backslash, and a text is one
 * line.
 */
void report_md(const struct report *r, FILE *out);
