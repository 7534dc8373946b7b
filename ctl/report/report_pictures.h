/*
 * report_pictures.h -- the pictures of a report, drawn into the page: no script, no image.
 *
 * Colours are classes of report_style.h. Each picture says in words what it shows, for who cannot see it.
 */
#pragma once

#include "ctl/report/html.h"
#include "ctl/report/report_model.h"

/* Bytes sent and received, conversations, and evidence, over the time that is known of a host. */
void report_svg_traffic(struct html *h, const struct report_host *host);
/* Who was knocked at: targets from left to right, ports from top to bottom. */
void report_svg_scan(struct html *h, const struct report_scan *scan);
/* How long it was between one conversation and the next. */
void report_svg_beacon(struct html *h, const struct report_beacon *beacon);
/* The world, and in it a dot for each country of the other parties. */
void report_svg_map(struct html *h, const struct report *r);
/* Beside a number: how it stands to the largest. */
void report_svg_bar(struct html *h, double part);
