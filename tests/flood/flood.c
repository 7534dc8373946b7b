/*
 * flood [--full] [ID...] -- run the cases of reliability M1 to M5 and M9, each in a process of its own.
 *
 * Prints a line for each: id, size, what the engine was given, the verdict, seconds, figures. The
 * exit status is 0 when all that ran passed. Without --full sizes are such that the sanitizers can
 * bear them; with sanitizers neither time nor memory is judged.
 */
#include "tests/flood/flood.h"

#include "tests/flood/flood_rig.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

static const struct {
	const char *id;
	void (*run)(struct outcome *o);
} cases[] = {
	{ "M1.unanswered", m1_unanswered },
	{ "M1.answered", m1_answered },
	{ "M2.one-scans-many", m2_one_scans_many },
	{ "M2.many-scan-one", m2_many_scan_one },
	{ "M2.host-by-host", m2_host_by_host },
	{ "M2.port-by-port", m2_port_by_port },
	{ "M2.arp", m2_arp },
	{ "M2.ping", m2_ping },
	{ "M3.names", m3_names },
	{ "M3.macs", m3_macs },
	{ "M3.vlans", m3_vlans },
	{ "M3.time-outs", m3_timeouts },
	{ "M3.window-ends", m3_window_ends },
	{ "M4.flows", m4_flows },
	{ "M4.restart", m4_restart },
	{ "M5.reverse-bytes", m5_reverse_bytes },
	{ "M5.fragments", m5_fragments },
	{ "M5.extensions", m5_extensions },
	{ "M5.pointers", m5_pointers },
	{ "M5.tunnels", m5_tunnels },
	{ "M9.holes", m9_holes },
};

static void __attribute__((format(printf, 2, 0)))
say(struct outcome *o, const char *fmt, va_list ap)
{
	size_t used = strlen(o->text);

	if (used > 0 && used + 2 < sizeof(o->text)) {
		memcpy(o->text + used, "; ", sizeof("; "));
		used += 2;
	}
	(void)vsnprintf(o->text + used, sizeof(o->text) - used, fmt, ap);
}

void
outcome_say(struct outcome *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(o, fmt, ap);
	va_end(ap);
}

void
outcome_check(struct outcome *o, bool is_true, const char *fmt, ...)
{
	char missed[200];
	va_list ap;

	va_start(ap, fmt);
	if (is_true) {
		say(o, fmt, ap);
	} else {
		(void)vsnprintf(missed, sizeof(missed), fmt, ap);
		outcome_say(o, "MISSED: %s", missed);
		o->failed = true;
	}
	va_end(ap);
}

void
outcome_measure(struct outcome *o, const struct flood_rig *r, uint64_t limit)
{
	uint64_t rss = flood_peak_rss();
	double stop_ms = (double)r->stop_ns / 1e6;

	o->packets += r->packets;
	outcome_say(o, "%.0f ns a packet", flood_ns_each(r));
	if (!o->measures)
		return;
	outcome_check(o, rss <= limit / 100 * 105, "peak RSS %.1f MiB", (double)rss / FLOOD_MIB);
	outcome_check(o, stop_ms <= 50, "longest stop %.1f ms", stop_ms);
}

/* returns whether the case passed */
static bool
run(size_t i, bool full)
{
	struct timespec from;
	struct timespec to;
	struct outcome o = { .full = full, .measures = SANITIZED == 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	cases[i].run(&o);
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	double seconds =
		(double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	printf("%-18s %-7s %10llu  %-6s %7.1f  %s\n", cases[i].id, full ? "full" : "reduced",
		(unsigned long long)o.packets, o.failed ? "FAILED" : "ok", seconds, o.text);
	(void)fflush(stdout);
	return !o.failed;
}

static bool
run_apart(size_t i, bool full)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		exit(run(i, full) ? EXIT_SUCCESS : EXIT_FAILURE);
	if (child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status))
		return WEXITSTATUS(status) == EXIT_SUCCESS;
	printf("%-18s ended by signal %d\n", cases[i].id, WTERMSIG(status));
	return false;
}

static bool
is_wanted(const char *id, char **wanted, int count)
{
	bool any = count == 0;

	for (int i = 0; i < count; i++)
		any = any || strncmp(id, wanted[i], strlen(wanted[i])) == 0;
	return any;
}

int
main(int argc, char **argv)
{
	bool full = argc > 1 && strcmp(argv[1], "--full") == 0;
	bool ok = true;

	printf("%-18s %-7s %10s  %-6s %7s\n", "id", "size", "packets", "result", "seconds");
	(void)fflush(stdout);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (is_wanted(cases[i].id, argv + 1 + full, argc - 1 - full))
			ok = run_apart(i, full) && ok;
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
