/* summary_text.h -- the closing summary for people. */
#pragma once

#include <stdio.h>

struct summary;

/* Print it, at most 80 columns wide but for what is one long word. errors: left in `out`, for ferror() */
void summary_text_print(const struct summary *s, FILE *out);
