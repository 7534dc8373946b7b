/*
 * process_metrics.h -- what this process takes of the machine, under the names that all exporters use.
 *
 * process_cpu_seconds_total, process_open_fds, process_resident_memory_bytes and their kin.
 */
#pragma once

#include "daemon/base/metric.h"

#include <dirent.h>
#include <stdint.h>

struct process_metrics {
	uint64_t cpu_ns;
	uint64_t open_fds, max_fds;
	uint64_t virtual_bytes, resident_bytes;
	uint64_t
		start_ns; /* since the epoch; by the clocks as they were at process_metrics_open() */
	int stat_fd;      /* /proc/self/stat; -1: there is none, and nothing is told */
	DIR *fds;         /* /proc/self/fd; NULL likewise */
};

extern const struct metric process_metrics_rows[];

/*
 * Open what they are read from, in the process that they are about and before the sandbox closes.
 * Without /proc the metrics stay zero.
 */
void process_metrics_open(struct process_metrics *p);

/* Read them as they are now. About 30 us and one more for each descriptor. */
void process_metrics_read(struct process_metrics *p);

void process_metrics_close(struct process_metrics *p);
