/* summary.h -- everything that is told at the end of a run, in words or as JSON. */
#pragma once

#include "exporters/exporter.h"
#include "exporters/summary_hosts.h"

struct summary {
	const struct run_info *run;
	const struct summary_hosts *hosts;
	const struct record_totals *totals;
	const struct summary_host **ranked; /* summary_hosts_rank() */
	size_t alerted;                     /* how many of them have an alert */
	uint32_t most;                      /* hosts shown a section of the table */
	uint64_t elapsed_ns;
};
