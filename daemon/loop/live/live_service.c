/*
 * live_service.c -- the sensor as a service: signals in; READY, STATUS and WATCHDOG out.
 *
 * The watchdog is told only while packets progress or the wire is idle: a loop that turns and looks
 * at nothing is as dead as one that stands.
 */
#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "daemon/loop/capture/capture_set.h"
#include "daemon/loop/exit_code.h"
#include "daemon/loop/live/live.h"
#include "daemon/loop/writer/writer.h"

#include <inttypes.h>
#include <signal.h>

enum { STATUS_MAX = 512, STATUS_EVERY_S = 60, STATE_EVERY_S = 60, ONE_SECOND_MS = 1000 };

static uint64_t
dropped(const struct live *l)
{
	struct capture_counters c = { 0 };

	capture_set_totals(l->captures, &c);
	return c.dropped_kernel + c.dropped_interface + c.dropped_here;
}

/* How it goes, in one line: for STATUS= and SIGUSR2. */
static void
say_counts(const struct live *l, struct strbuf *out)
{
	struct engine_stats s = engine_stats(l->engine);

	strbuf_printf(out,
		"%" PRIu64 " packets, %" PRIu64 " dropped, %" PRIu64 " flows, %" PRIu64
		" hosts, %" PRIu64 " windows open, %" PRIu64 " evidence, %" PRIu64 " alerts",
		s.packets, dropped(l), s.flows_active, s.profiles_active, s.windows_open,
		s.evidence, s.alerts);
}

static void
notify_status(const struct live *l)
{
	char memory[STATUS_MAX];
	struct strbuf text;

	strbuf_init(&text, memory, sizeof(memory));
	strbuf_text(&text, "STATUS=");
	say_counts(l, &text);
	notify_send(&l->notify, text.text);
}

/* Packets were looked at since the last time, or none had come. */
static bool
is_progressing(struct live *l)
{
	struct capture_counters c = { 0 };

	capture_set_totals(l->captures, &c);
	bool progress = c.analysed + c.filtered > l->handled || c.waiting == 0;
	l->handled = c.analysed + c.filtered;
	return progress;
}

static void
on_second(evutil_socket_t fd, short what, void *context)
{
	struct live *l = context;

	(void)fd;
	(void)what;
	l->seconds++;
	live_capture_second(l);
	live_input_second(l);
	live_feeds_second(l);
	if (l->notify.watchdog_ns > 0 && is_progressing(l))
		notify_send(&l->notify, "WATCHDOG=1");
	if (l->seconds % STATUS_EVERY_S == 1)
		notify_status(l);
	if (l->seconds % STATE_EVERY_S == 0)
		live_state_save(l);
}

static void
on_hangup(evutil_socket_t fd, short what, void *context)
{
	struct live *l = context;

	(void)fd;
	(void)what;
	notify_send(&l->notify, "RELOADING=1");
	(void)live_reload(l);
	writer_reopen(l->writer);
	notify_send(&l->notify, "READY=1");
}

static void
on_reopen(evutil_socket_t fd, short what, void *context)
{
	struct live *l = context;

	(void)fd;
	(void)what;
	log_info("service", "SIGUSR1: opening the outputs' files again");
	writer_reopen(l->writer);
}

/* What goes on is over by now: totals. */
void
live_service_say_end(const struct live *l)
{
	struct engine_stats s = engine_stats(l->engine);

	log_info("run",
		"stopped after %" PRIu64 " packets, %" PRIu64 " dropped, %" PRIu64
		" flows, %" PRIu64 " hosts, %" PRIu64 " windows, %" PRIu64 " evidence, %" PRIu64
		" alerts; %" PRIu64 " records did not reach the writer",
		s.packets, dropped(l), s.flows_ended, s.profiles_made, s.windows_opened, s.evidence,
		s.alerts, writer_dropped(l->writer));
}

static void
on_summary(evutil_socket_t fd, short what, void *context)
{
	const struct live *l = context;
	char memory[STATUS_MAX];
	struct strbuf text;

	(void)fd;
	(void)what;
	strbuf_init(&text, memory, sizeof(memory));
	say_counts(l, &text);
	log_info("run", "so far %s", text.text);
	for (const struct engine_area *a = engine_areas(l->engine); a->name != NULL; a++)
		log_info("service", "memory: %s %" PRIu64 " KiB", a->name, a->bytes / 1024);
}

/* From now on a second one ends the process at once; the writer keeps what it was given. */
static void
on_terminate(evutil_socket_t fd, short what, void *context)
{
	struct live *l = context;

	(void)what;
	(void)event_del(l->events[LIVE_EVENT_INT]);
	(void)event_del(l->events[LIVE_EVENT_TERM]);
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGTERM, SIG_DFL);
	log_info("service", "signal %d: writing out what is known, then stopping", (int)fd);
	live_stop(l, EXIT_OK);
}

bool
live_event_add(struct live *l, enum live_event which, evutil_socket_t fd, short what,
	unsigned every_ms, event_callback_fn act)
{
	const struct timeval every = { .tv_sec = every_ms / ONE_SECOND_MS,
		.tv_usec = (suseconds_t)(every_ms % ONE_SECOND_MS) * 1000 };

	l->events[which] = event_new(l->base, fd, (short)(what | EV_PERSIST), act, l);
	return l->events[which] != NULL &&
	       event_add(l->events[which], every_ms > 0 ? &every : NULL) == 0;
}

bool
live_service_start(struct live *l)
{
	return live_event_add(l, LIVE_EVENT_SECOND, -1, 0, ONE_SECOND_MS, on_second) &&
	       live_event_add(l, LIVE_EVENT_HUP, SIGHUP, EV_SIGNAL, 0, on_hangup) &&
	       live_event_add(l, LIVE_EVENT_USR1, SIGUSR1, EV_SIGNAL, 0, on_reopen) &&
	       live_event_add(l, LIVE_EVENT_USR2, SIGUSR2, EV_SIGNAL, 0, on_summary) &&
	       live_event_add(l, LIVE_EVENT_INT, SIGINT, EV_SIGNAL, 0, on_terminate) &&
	       live_event_add(l, LIVE_EVENT_TERM, SIGTERM, EV_SIGNAL, 0, on_terminate);
}
