#include "daemon/loop/process_metrics.h"

#include "daemon/base/time_text.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* Fields of /proc/self/stat as proc(5) numbers them; the third comes after the name in brackets. */
enum {
	FIELD_AFTER_NAME = 3,
	FIELD_UTIME = 14,
	FIELD_STIME = 15,
	FIELD_START = 22,
	FIELD_VSIZE = 23,
	FIELD_RSS = 24,
	FIELD_COUNT,
	STAT_MAX_BYTES = 1024,
};

const struct metric process_metrics_rows[] = {
	METRIC_ROW_IN(METRIC_NS, "process_cpu_seconds_total", METRIC_COUNTER, NULL,
		struct process_metrics, cpu_ns, "Processor time, of the user and of the system."),
	METRIC_ROW("process_open_fds", METRIC_GAUGE, NULL, struct process_metrics, open_fds,
		"Open file descriptors."),
	METRIC_ROW("process_max_fds", METRIC_GAUGE, NULL, struct process_metrics, max_fds,
		"File descriptors that may be open."),
	METRIC_ROW("process_virtual_memory_bytes", METRIC_GAUGE, NULL, struct process_metrics,
		virtual_bytes, "Address space in use."),
	METRIC_ROW("process_resident_memory_bytes", METRIC_GAUGE, NULL, struct process_metrics,
		resident_bytes, "Memory that is really there."),
	METRIC_ROW_IN(METRIC_NS, "process_start_time_seconds", METRIC_GAUGE, NULL,
		struct process_metrics, start_ns, "When the process began, since the epoch."),
	METRIC_END,
};

/* returns false when there is no such file, or it is not as expected */
static bool
stat_read(int fd, uint64_t ret_field[FIELD_COUNT])
{
	char text[STAT_MAX_BYTES];
	ssize_t length = fd < 0 ? -1 : pread(fd, text, sizeof(text) - 1, 0);
	char *at;

	if (length <= 0)
		return false;
	text[length] = '\0';
	at = strrchr(text, ')'); /* the name may hold anything, brackets too */
	if (at == NULL)
		return false;
	at++;
	for (unsigned field = FIELD_AFTER_NAME; field < FIELD_COUNT; field++) {
		at += *at == ' ';
		if (*at == '\0')
			return false;
		ret_field[field] = strtoull(at, NULL, 10); /* the state is a letter: 0 */
		at += strcspn(at, " ");
	}
	return true;
}

static uint64_t
ns_of(clockid_t clock)
{
	struct timespec t = { 0 };

	(void)clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static uint64_t
ticks_to_ns(uint64_t ticks)
{
	return ticks * (NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK));
}

static uint64_t
entries_count(DIR *directory)
{
	uint64_t count = 0;

	rewinddir(directory);
	for (const struct dirent *e; (e = readdir(directory)) != NULL;)
		count += e->d_name[0] != '.';
	return count;
}

void
process_metrics_open(struct process_metrics *p)
{
	uint64_t field[FIELD_COUNT];

	*p = (struct process_metrics){
		.stat_fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC),
		.fds = opendir("/proc/self/fd"),
	};
	/* The start counts from boot. When that was is in /proc/stat, which a service may not see. */
	if (stat_read(p->stat_fd, field))
		p->start_ns = ns_of(CLOCK_REALTIME) - ns_of(CLOCK_BOOTTIME) +
			      ticks_to_ns(field[FIELD_START]);
}

void
process_metrics_read(struct process_metrics *p)
{
	uint64_t field[FIELD_COUNT];
	struct rlimit files;

	if (stat_read(p->stat_fd, field)) {
		p->cpu_ns = ticks_to_ns(field[FIELD_UTIME] + field[FIELD_STIME]);
		p->virtual_bytes = field[FIELD_VSIZE];
		p->resident_bytes = field[FIELD_RSS] * (uint64_t)sysconf(_SC_PAGESIZE);
	}
	if (p->fds != NULL)
		p->open_fds = entries_count(p->fds);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0)
		p->max_fds = files.rlim_cur;
}

void
process_metrics_close(struct process_metrics *p)
{
	if (p->stat_fd >= 0)
		(void)close(p->stat_fd);
	if (p->fds != NULL)
		(void)closedir(p->fds);
	p->stat_fd = -1;
	p->fds = NULL;
}
