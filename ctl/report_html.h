/* report_html.h -- a report as one page that needs nothing else: no script, no network, screen or paper. */
#pragma once

#include "ctl/html.h"
#include "ctl/report_model.h"

/* Write the whole page. Whether all of it went out is for ferror() to say. */
void report_html(const struct report *r, FILE *out);

/* The parts of it, by the file that writes them. */
void report_html_summary(struct html *h, const struct report *r);
void report_html_alerts(struct html *h, const struct report *r);
void report_html_host(struct html *h, const struct report *r, size_t number);
void report_html_marks(
	struct html *h, const struct report *r); /* ATT&CK, indicators, countries, devices, words */

/* What all parts write alike. */
void report_html_section(struct html *h, const char *attributes, const char *heading);
void report_html_table(struct html *h, const char *const *heads,
	size_t count); /* a head that begins with '#': numbers */
void report_html_table_end(struct html *h);
void report_html_cell(struct html *h, const char *text);
void report_html_number(struct html *h, const char *text);
void report_html_level(struct html *h, const char *threat); /* a chip */
void report_html_left_out(struct html *h, uint64_t shown, uint64_t total, const char *what);
