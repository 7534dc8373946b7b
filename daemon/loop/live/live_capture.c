/*
 * live_capture.c -- packets in: from the interfaces to the engine, and packet time when none come.
 *
 * All interfaces feed one engine, each with its own ring, descriptor and clock. A turn of the loop
 * takes a bounded number of frames, so that signals, scrapes and timers get their turn too.
 */
#include "daemon/base/log.h"
#include "daemon/loop/capture/capture_home.h"
#include "daemon/loop/capture/capture_set.h"
#include "daemon/loop/capture/link_watch.h"
#include "daemon/loop/exit_code.h"
#include "daemon/loop/live/live.h"
#include "daemon/loop/now.h"
#include "daemon/loop/privilege/privilege.h"
#include "daemon/loop/writer/writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FRAMES_A_TURN = 512, WINDOWS_A_TICK = 1024, ERROR_MAX = 512 };

/* One interface on the loop. */
struct live_feed {
	struct live *live;
	size_t place;
	struct event *readable; /* NULL while it is not open */
	uint64_t opened;        /* capture_set_opened() when `readable` was made */
};

static void
take(void *context, const struct frame *frame)
{
	struct live *l = context;

	if (++l->frames % LIVE_SAMPLE_EVERY != 0) {
		engine_packets(l->engine, frame, 1);
		return;
	}
	uint64_t before_ns = now_monotonic_ns();
	engine_packets(l->engine, frame, 1);
	metric_histogram_add(&l->packet_cost, now_monotonic_ns() - before_ns);
}

/* The role that the settings give an interface; without one our hosts are behind it. */
static uint32_t
role_of(const struct config_list *known, const char *name)
{
	const struct capture_interface_settings *items = known->items;

	for (size_t i = 0; i < known->count; i++)
		if (strcmp(items[i].name, name) == 0)
			return items[i].role;
	return CAPTURE_ROLE_LAN;
}

/* Those of the command line, else those of the settings. returns how many there are, fitting or not */
static size_t
interfaces_of(const struct live *l, struct capture_interface_settings ret[CAPTURE_SET_MAX])
{
	const struct config_list *known = &l->config->shell->capture.interfaces;
	const struct capture_interface_settings *items = known->items;
	size_t count = l->plan->interface_count;

	for (size_t i = 0; i < count && i < CAPTURE_SET_MAX; i++)
		ret[i] = (struct capture_interface_settings){
			.name = l->plan->interfaces[i],
			.role = role_of(known, l->plan->interfaces[i]),
		};
	if (count > 0)
		return count;
	for (size_t i = 0; i < known->count && i < CAPTURE_SET_MAX; i++)
		ret[i] = items[i];
	return known->count;
}

static int
nothing(void *context)
{
	(void)context;
	return 0;
}

int
live_capture_check(struct live *l)
{
	struct capture_interface_settings interfaces[CAPTURE_SET_MAX];
	char error[ERROR_MAX] = "";
	size_t count = interfaces_of(l, interfaces);

	l->interface_count = count;
	if (count == 0)
		return EXIT_OK; /* there are inputs */
	if (capture_set_check(interfaces, count, error, sizeof(error)) != 0) {
		log_err("capture", "%s", error);
		return EXIT_USAGE;
	}
	/* Asked now, before a directory that this user cannot have is what is complained about. */
	if (privilege_with_net_raw(nothing, NULL) == -EPERM) {
		log_err("capture",
			"no right to capture (CAP_NET_RAW): start naiad as root, and it becomes the user %s by itself; files (-r) take no right",
			l->config->shell->service.user);
		return EXIT_NO_PERMISSION;
	}
	for (size_t i = 0; i < count; i++) {
		l->roles[i] = interfaces[i].role;
		(void)snprintf(l->names.text[i], INTERFACE_NAME_MAX, "%s", interfaces[i].name);
		l->listened[i] = l->names.text[i];
		l->info.own_count = capture_home_own(
			interfaces[i].name, l->own, l->info.own_count, LIVE_OWN_MAX);
	}
	l->info.own = l->own;
	l->info.inputs = l->listened;
	l->info.input_count = count;
	return EXIT_OK;
}

/* What capture_set_open() wants, through privilege_with_net_raw(). */
struct opening {
	struct capture_set_plan plan;
	struct capture_set **ret_set;
	char error[ERROR_MAX];
};

static int
open_set(void *context)
{
	struct opening *o = context;

	return capture_set_open(&o->plan, o->ret_set, o->error, sizeof(o->error));
}

int
live_capture_open(struct live *l)
{
	struct capture_interface_settings interfaces[CAPTURE_SET_MAX];
	const struct shell_settings *s = l->config->shell;
	struct opening o = {
		.plan = {
			.interfaces = interfaces,
			.count = interfaces_of(l, interfaces),
			.ring_bytes = s->capture.ring,
			.snaplen = s->capture.snaplen,
			.promiscuous = s->capture.promiscuous,
			/* A name that was typed just now and is not there is a slip of the pen. */
			.wait = s->capture.reopen && l->plan->interface_count == 0,
			.filter = s->capture.filter,
			.take = take,
			.context = l,
		},
		.ret_set = &l->captures,
	};

	/* Who reads inputs alone needs no right to capture. */
	int result = o.plan.count > 0 ? privilege_with_net_raw(open_set, &o) : open_set(&o);
	if (result == 0) {
		l->prefix_count = capture_set_home(l->captures, l->prefixes, SETTINGS_PREFIXES_MAX);
		return EXIT_OK;
	}
	log_err("capture", "%s", o.error);
	if (result == -EPERM || result == -EACCES)
		return EXIT_NO_PERMISSION;
	return result == -EINVAL ? EXIT_USAGE : EXIT_RUNTIME;
}

static void
tell_gaps(struct live *l)
{
	struct capture_set_gap gap;

	while (capture_set_gap(l->captures, &gap)) {
		const struct record_capture_gap told = { .interface = gap.interface,
			.from_ns = gap.from_ns,
			.to_ns = gap.to_ns,
			.reason = gap.reason };

		l->sink.write(l->sink.context, &(struct record){ .kind = RECORD_CAPTURE_GAP,
						       .ts_ns = gap.to_ns,
						       .capture_gap = &told });
	}
}

static void on_readable(evutil_socket_t fd, short what, void *context);

/* The descriptor of an interface may have changed: wait on the one that it has now. */
static void
feed_watch(struct live *l, struct live_feed *c)
{
	int fd = capture_set_fd(l->captures, c->place);
	uint64_t opened = capture_set_opened(l->captures, c->place);

	if (c->readable != NULL && (fd < 0 || opened != c->opened)) {
		event_free(c->readable);
		c->readable = NULL;
	}
	if (c->readable != NULL || fd < 0)
		return;
	c->opened = opened;
	c->readable = event_new(l->base, fd, EV_READ | EV_PERSIST, on_readable, c);
	if (c->readable == NULL || event_add(c->readable, NULL) != 0)
		log_warnx("capture", "no memory to wait for %s, trying again in a second",
			capture_set_name(l->captures, c->place));
}

/* After anything that may have opened or closed an interface. */
static void
look_after(struct live *l)
{
	for (size_t i = 0; i < capture_set_count(l->captures); i++)
		feed_watch(l, &l->feeds[i]);
	tell_gaps(l);
	writer_flush(l->writer);
}

static void
on_readable(evutil_socket_t fd, short what, void *context)
{
	const struct live_feed *c = context;
	struct live *l = c->live;

	(void)fd;
	(void)what;
	if (capture_set_dispatch(l->captures, c->place, FRAMES_A_TURN) < 0)
		look_after(l);
	else
		writer_flush(l->writer);
}

/* A bounded number of messages; should there be more, the loop comes again. */
static void
on_links(evutil_socket_t fd, short what, void *context)
{
	struct live *l = context;

	(void)what;
	(void)link_watch_dispatch(fd, capture_set_hear, l->captures);
	live_capture_second(l);
}

static int
reopen(void *context)
{
	capture_set_reopen(context);
	return 0;
}

void
live_capture_second(struct live *l)
{
	if (capture_set_tick(l->captures))
		(void)privilege_with_net_raw(reopen, l->captures);
	look_after(l);
	live_losses_look(l);
}

/* Time goes on without packets. */
static void
on_tick(evutil_socket_t fd, short what, void *context)
{
	struct live *l = context;

	(void)fd;
	(void)what;
	uint64_t packets_ns = capture_set_idle_ns(l->captures);
	uint64_t inputs_ns = live_input_idle_ns(l);
	live_input_tick(l);
	engine_tick(l->engine, packets_ns < inputs_ns ? packets_ns : inputs_ns);
	(void)engine_tell_windows(l->engine, WINDOWS_A_TICK);
	writer_flush(l->writer);
}

bool
live_capture_start(struct live *l)
{
	size_t count = capture_set_count(l->captures);

	l->feeds = calloc(count, sizeof(*l->feeds));
	if (l->feeds == NULL && count > 0)
		return false;
	for (size_t i = 0; i < count; i++)
		l->feeds[i] = (struct live_feed){ .live = l, .place = i };
	live_losses_start(l);
	look_after(l);
	if (!live_event_add(l, LIVE_EVENT_TICK, -1, 0, LIVE_TICK_MS, on_tick))
		return false;
	/* Without it interfaces are found again all the same, only later. */
	return l->links < 0 || live_event_add(l, LIVE_EVENT_LINKS, l->links, EV_READ, 0, on_links);
}

void
live_capture_finish(struct live *l, uint64_t most_ns)
{
	capture_set_finish(l->captures, most_ns);
	tell_gaps(l);
}

void
live_capture_close(struct live *l)
{
	for (size_t i = 0; l->feeds != NULL && i < capture_set_count(l->captures); i++)
		if (l->feeds[i].readable != NULL)
			event_free(l->feeds[i].readable);
	free(l->feeds);
	l->feeds = NULL;
	if (l->links >= 0)
		(void)close(l->links);
	l->links = -1;
	capture_set_close(l->captures);
	l->captures = NULL;
}
