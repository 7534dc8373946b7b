/* report_page.h -- what the files that write the page share: its parts, and what all of them write alike. */
#pragma once

#include "ctl/report/html.h"
#include "ctl/report/report_model.h"

void report_html_summary(struct html *h, const struct report *r); /* with what was not seen */
void report_html_alerts(struct html *h, const struct report *r);  /* and the table of hosts */
void report_html_host(struct html *h, const struct report *r, size_t number);
void report_html_marks(
	struct html *h, const struct report *r); /* ATT&CK, indicators, map, devices, words */

/* Begin a section with its heading; html_close() ends it. */
void report_html_section(struct html *h, const char *attributes, const char *heading);

/* Begin a table; heads are literals, and one that begins with '#' stands over numbers. */
void report_html_table(struct html *h, const char *const *heads, size_t count);
void report_html_table_end(struct html *h);
void report_html_cell(struct html *h, const char *text);
void report_html_number(struct html *h, const char *text);

/* A threat level, in its colour. */
void report_html_level(struct html *h, const char *threat);

/* How much of a list is not there; nothing when all of it is. */
void report_html_left_out(struct html *h, uint64_t shown, uint64_t total, const char *what);
