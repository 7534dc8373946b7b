/* report_html.h -- a report as one page that needs nothing else: no script, no network, screen or paper. */
#pragma once

#include "ctl/report/report_model.h"

#include <stdio.h>

/* Write the whole page. Whether all of it went out is for ferror() to say. */
void report_html(const struct report *r, FILE *out);
