/* report_json.h -- a report for programs: one JSON document (docs/REPORT.md). */
#pragma once

#include "ctl/report/report_model.h"

#include <stdio.h>

enum { REPORT_JSON_VERSION = 1 }; /* counts up when a key goes or means something else */

/* returns false when a part did not fit its room, which no text of a bounded report can cause */
bool report_json(const struct report *r, FILE *out);
