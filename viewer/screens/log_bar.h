/*
 * log_bar.h -- flows, packets and bytes of a row as pieces of one bar, each as wide as its natural logarithm.
 *
 * So a row of one flow and a row of a million are both seen, and what a row has much of stands out.
 */
#pragma once

#include "viewer/grid.h"

enum { LOG_BAR_PIECES = 3 };

/* The whole area is for e to the 50th: bars of all windows can be compared, and few reach the end. */
void log_bar(const struct area *a, unsigned row, const uint64_t *values, size_t count);
/* What the pieces are, in their colours. */
void log_bar_legend(const struct area *a, unsigned row, const char *const *names, size_t count);
