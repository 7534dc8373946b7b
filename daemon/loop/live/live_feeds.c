/*
 * live_feeds.c -- threat intelligence of the running sensor: the lists are read at the start, and again when they have
 * changed or somebody asks, a slice a turn of the loop, so that packets come in between.
 */
#include "daemon/engine/engine_retro.h"
#include "daemon/loop/exit_code.h"
#include "daemon/loop/feed_files.h"
#include "daemon/loop/feed_ours.h"
#include "daemon/loop/feed_tell.h"
#include "daemon/loop/live/live.h"
#include "daemon/loop/now.h"

#include <string.h>

void
live_feeds_open(struct live *l, struct engine_plan *plan)
{
	static const struct feed_ours_files files = { "/proc/net/route", "/etc/resolv.conf" };
	const struct intelligence_settings *s = &l->config->shell->intelligence;
	struct cidr ours[FEED_OURS_MAX];

	plan->intel_bytes = feed_files_memory(s, plan->settings->memory.limit);
	if (plan->intel_bytes == 0)
		return;
	l->intelligence = feed_files_new(&(struct feed_files_plan){
		.settings = s,
		.most_bytes = plan->intel_bytes / 2,
		.ours = ours,
		.ours_count =
			feed_ours(l->config->settings, l->prefixes, l->prefix_count, &files, ours),
		.suffixes = plan->suffixes,
		.live = true,
	});
	if (l->intelligence == NULL)
		return;
	feed_files_load(l->intelligence);
	plan->intel = feed_files_intel(l->intelligence);
}

static void
swap(void *context, const struct intel *fresh)
{
	struct live *l = context;

	engine_set_intel(l->engine, fresh);
}

/* In a turn of its own: whoever waits for packets is asked between two of them. */
static void
on_turn(evutil_socket_t fd, short what, void *context)
{
	static const struct timeval at_once;
	struct live *l = context;

	(void)fd;
	(void)what;
	if (feed_files_step(l->intelligence))
		(void)event_add(l->events[LIVE_EVENT_FEEDS], &at_once);
}

static void
begin(struct live *l)
{
	if (feed_files_begin(l->intelligence))
		on_turn(-1, 0, l);
}

bool
live_feeds_start(struct live *l)
{
	if (l->intelligence == NULL)
		return true;
	feed_files_on_swap(l->intelligence, swap, l);
	l->events[LIVE_EVENT_FEEDS] = evtimer_new(l->base, on_turn, l);
	return l->events[LIVE_EVENT_FEEDS] != NULL;
}

void
live_feeds_second(struct live *l)
{
	if (l->intelligence != NULL && feed_files_are_due(l->intelligence, now_monotonic_ns()))
		begin(l);
}

void
live_feeds_reload(struct live *l)
{
	if (l->intelligence == NULL)
		return;
	feed_files_settings(l->intelligence, &l->config->shell->intelligence);
	begin(l);
}

bool
live_feeds_metrics(const struct live *l, struct metric_source *ret)
{
	if (l->intelligence == NULL)
		return false;
	*ret = (struct metric_source){ .rows = feed_metric_rows,
		.owner = feed_files_numbers(l->intelligence) };
	return true;
}

void
live_feeds_close(struct live *l)
{
	feed_files_free(l->intelligence);
	l->intelligence = NULL;
}
