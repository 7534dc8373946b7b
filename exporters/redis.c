/*
 * redis -- profiles, windows, timelines and findings in a Redis, as the original Kalipso reads them.
 *
 * A mirror, never the store: what is to be shown is kept in memory (mirror.h), and each target is made equal to it
 * whenever it can be (redis_target.h). A Redis that is away, full, slow or somebody else's costs nothing but what it
 * does not show. Live the outlets' event base carries the connections; over files one of its own does, which
 * turns while records come and, at the end, until all is told.
 */
#include "daemon/base/log.h"
#include "daemon/record_wire.h"
#include "exporters/exporter.h"
#include "exporters/kalipso/mirror.h"
#include "exporters/kalipso/reputation.h"
#include "exporters/redis/redis_settings.h"
#include "exporters/redis/redis_target_open.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#define NS_PER_MS UINT64_C(1000000)

enum {
	WINDOW_MEMORY = 4 * 1024 * 1024, /* one window's tuples, unpacked to be written */
	REPUTATIONS_MAX = 65536,
	TURN_MS = 20, /* over files: so often the connections get a turn */
	STUCK_MS =
		5000, /* at the end, over files: when nothing has moved for so long, no more will */
	END_LIVE_MS = 1000, /* all that is waited live: the daemon has promised to be gone soon */
	WAIT_MS = 10,
};

struct state {
	struct event_base *base; /* the outlet's, or our own */
	bool owns_base;
	struct mirror *mirror;
	struct reputation *reputation;
	struct redis_target *targets[MIRROR_TARGETS_MAX];
	size_t target_count;
	struct record_unpacked *record;
	char *text;
	char run[REDIS_RUN_MAX];
	uint64_t turned_ns;
};

static uint64_t
redis_memory(const void *config, const struct run_info *run)
{
	const struct redis_settings *s = config;

	(void)run;
	return s->memory + redis_settings_targets(s).count * REDIS_PENDING_MAX + WINDOW_MEMORY +
	       REDIS_TEXT_MAX;
}

static uint32_t
accepts(const void *config, const struct run_info *run)
{
	const struct redis_settings *s = config;

	(void)run;
	return s->enabled ? MIRROR_RECORDS : 0;
}

static size_t
redis_reads(const void *config, const char **ret_paths)
{
	const struct redis_settings *s = config;
	const struct redis_targets list = redis_settings_targets(s);
	const struct redis_target_settings *targets = list.items;
	size_t count = 0;

	if (!s->enabled)
		return 0;
	if (s->reputation[0] != '\0')
		ret_paths[count++] = s->reputation;
	for (size_t i = 0; i < list.count; i++)
		if (targets[i].password_file[0] != '\0')
			ret_paths[count++] = targets[i].password_file;
	return count;
}

static uint64_t
clock_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 * NS_PER_MS + (uint64_t)now.tv_nsec;
}

/* No two runs have the same. returns false when there is no randomness */
static bool
run_make(struct state *s)
{
	uint8_t bytes[(REDIS_RUN_MAX - 1) / 2];

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return false;
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(&s->run[2 * i], 3, "%02x", bytes[i]);
	return true;
}

static int
rooms_open(struct state *s, const struct outlet *o, const struct redis_settings *settings)
{
	const struct mirror_plan plan = {
		.bytes = settings->memory,
		.windows = settings->windows_max,
		.timeline_lines = settings->timeline_max,
		.addresses = settings->addresses_max,
		.targets = (uint32_t)redis_settings_targets(settings).count,
		.window_memory = WINDOW_MEMORY,
	};

	s->owns_base = o->base == NULL;
	s->base = s->owns_base ? event_base_new() : o->base;
	s->mirror = mirror_new(&plan);
	s->record = malloc(sizeof(*s->record));
	s->text = malloc(REDIS_TEXT_MAX);
	return s->base != NULL && s->mirror != NULL && s->record != NULL && s->text != NULL &&
			       run_make(s)
		       ? 0
		       : -ENOMEM;
}

static void
reputation_open(struct state *s, const char *directory)
{
	if (directory[0] == '\0')
		return;
	s->reputation = reputation_new(directory, REPUTATIONS_MAX);
	if (s->reputation == NULL)
		log_warnx("output", "redis: no reputation is read from %s, going on without",
			directory);
	else
		(void)reputation_look(s->reputation, clock_ns());
}

static int
redis_open(struct outlet *o, const char *header)
{
	const struct redis_settings *settings = o->config;
	const struct redis_targets list = redis_settings_targets(settings);
	const struct redis_target_settings *targets = list.items;
	struct state *s = o->state;

	(void)header;
	int result = redis_settings_check(settings);
	if (result < 0)
		return result;
	result = rooms_open(s, o, settings);
	if (result < 0)
		return result;
	reputation_open(s, settings->reputation);
	for (size_t i = 0; i < list.count; i++) {
		const struct redis_target_plan plan = { .base = s->base,
			.outlet = o,
			.settings = settings,
			.target = &targets[i],
			.mirror = s->mirror,
			.reputation = s->reputation,
			.number = (uint32_t)i,
			.run = s->run,
			.text = s->text,
			.record = s->record };

		result = redis_target_open(&plan, &s->targets[i]);
		if (result < 0)
			return result;
		s->target_count++;
	}
	return 0;
}

static void
count(struct outlet *o)
{
	const struct state *s = o->state;
	const struct mirror_stats stats = mirror_stats(s->mirror);

	o->dropped[OUTLET_DROP_FULL] = stats.refused + stats.untold;
	o->dropped[OUTLET_DROP_TOO_LONG] = 0;
	o->queued_records = 0;
	o->queued_bytes = 0;
	for (size_t i = 0; i < s->target_count; i++) {
		const struct redis_target_stats t = redis_target_stats(s->targets[i]);

		o->dropped[OUTLET_DROP_TOO_LONG] += t.left_out;
		o->queued_records += t.flying;
		o->queued_bytes += t.pending;
	}
}

static void
targets_tick(struct outlet *o, uint64_t now_ns, bool hurry)
{
	struct state *s = o->state;

	if (s->reputation != NULL && reputation_look(s->reputation, now_ns))
		mirror_addresses_due(s->mirror);
	for (size_t i = 0; i < s->target_count; i++)
		redis_target_tick(s->targets[i], now_ns, hurry);
	count(o);
}

static void
redis_tick(struct outlet *o)
{
	targets_tick(o, o->now.monotonic_ns, false);
}

static void
redis_write(struct outlet *o, const struct record *r, const char *line, size_t length)
{
	struct state *s = o->state;

	(void)line;
	(void)length;
	mirror_take(s->mirror, r);
	if (!s->owns_base)
		return;
	const uint64_t now_ns = clock_ns();
	if (now_ns - s->turned_ns < TURN_MS * NS_PER_MS)
		return;
	(void)event_base_loop(s->base, EVLOOP_NONBLOCK);
	targets_tick(o, now_ns, false);
	s->turned_ns = clock_ns(); /* however long it took, as long again is the engine's */
}

static bool
all_done(const struct state *s)
{
	for (size_t i = 0; i < s->target_count; i++)
		if (!redis_target_is_done(s->targets[i]))
			return false;
	return true;
}

static uint64_t
moved(const struct state *s)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s->target_count; i++)
		sum += redis_target_stats(s->targets[i]).moved;
	return sum;
}

/* Turn until all is told, or nothing moves any more; live not for long. */
static void
finish(struct outlet *o)
{
	const struct timeval wait = { .tv_usec = WAIT_MS * 1000L };
	struct state *s = o->state;
	uint64_t end_ns = clock_ns() + (s->owns_base ? STUCK_MS : END_LIVE_MS) * NS_PER_MS;
	uint64_t last = moved(s);

	for (uint64_t now_ns = clock_ns(); !all_done(s) && now_ns < end_ns; now_ns = clock_ns()) {
		/* Whatever comes first: an answer, or the time to look again. */
		(void)event_base_loopexit(s->base, &wait);
		(void)event_base_loop(s->base, EVLOOP_ONCE);
		targets_tick(o, now_ns, true);
		if (moved(s) != last && s->owns_base)
			end_ns = now_ns + STUCK_MS * NS_PER_MS;
		last = moved(s);
	}
}

static void
count_untold(struct outlet *o)
{
	struct state *s = o->state;

	for (uint32_t i = 0; i < s->target_count; i++) {
		uint64_t n = redis_target_stats(s->targets[i]).flying;

		while (mirror_next_window(s->mirror, i) != NULL)
			n++;
		while (mirror_next_address(s->mirror, i) != NULL)
			n++;
		while (mirror_next_finding(s->mirror, i) != NULL)
			n++;
		o->dropped[OUTLET_DROP_FAILED] += n;
	}
}

static int
redis_close(struct outlet *o, const char *footer)
{
	struct state *s = o->state;

	(void)footer;
	if (s->mirror != NULL && s->target_count > 0) {
		finish(o);
		count(o);
		count_untold(o);
	}
	for (size_t i = 0; i < s->target_count; i++)
		redis_target_close(s->targets[i]);
	mirror_free(s->mirror);
	reputation_free(s->reputation);
	free(s->record);
	free(s->text);
	if (s->owns_base && s->base != NULL)
		event_base_free(s->base);
	return 0;
}

const struct exporter exporter_redis = {
	.name = "redis",
	.summary = "Profiles, windows and findings in a Redis, as Kalipso reads them.",
	.reads = redis_reads,
	.config_size = sizeof(struct redis_settings),
	.config = redis_settings_items,
	.state_size = sizeof(struct state),
	.memory = redis_memory,
	.accepts = accepts,
	.open = redis_open,
	.write = redis_write,
	.tick = redis_tick,
	.close = redis_close,
};
