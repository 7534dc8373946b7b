/* report_md_marks.h -- what was seen of ATT&CK, what to look for elsewhere, where it points, and network cards. */
#pragma once

#include "ctl/report/report_model.h"

#include <stdio.h>

void report_md_marks(FILE *out, const struct report *r);
