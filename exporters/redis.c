/*
 * redis -- profiles, windows, timelines and findings in a Redis, as the original Kalipso reads them.
 *
 * A mirror, never the store: what is to be shown is kept in memory (mirror.h), and each target is made equal to it
 * whenever it can be (redis_target.h). A Redis that is away, full, slow or somebody else's costs nothing but what it
 * does not show. Live the outlets' event base carries the connections; over files one of its own does, which
 * turns while records come and, at the end, until all is told.
 */
#include "daemon/base/log.h"
#include "daemon/record/record_wire.h"
#include "exporters/exporter.h"
#include "exporters/kalipso/mirror.h"
#include "exporters/kalipso/reputation.h"
#include "exporters/monotonic.h"
#include "exporters/redis/redis_settings.h"
#include "exporters/redis/redis_target_open.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#define NS_PER_MS UINT64_C(1000000)

enum {
	WINDOW_MEMORY = 4 * 1024 * 1024, /* one window's tuples, unpacked to be written */
	REPUTATIONS_MAX = 65536,
	TURN_MS = 20, /* over files: so often the connections get a turn */
	STUCK_MS =
		5000, /* at the end, over files: when nothing has moved for so long, no more will */
	ABSENT_MS = 1500,    /* the same of one that never was there */
	WAIT_SAID_MS = 1000, /* then who looks on wants to know why it does not end */
	END_LIVE_MS = 1000,  /* all that is waited live: the daemon has promised to be gone soon */
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
	char run[MIRROR_TARGETS_MAX][REDIS_RUN_MAX];
	uint64_t turned_ns;
};

static uint64_t
redis_memory(const void *config, const struct run_info *run)
{
	const struct redis_settings *s = config;

	(void)run;
	const uint64_t reputation =
		s->reputation[0] == '\0' ? 0 : reputation_bytes(REPUTATIONS_MAX);
	return reputation + s->memory + redis_settings_targets_bytes(s) + WINDOW_MEMORY +
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

/* No two runs have the same; of a run's targets they differ in the last letter. returns false when there is no randomness */
static bool
run_make(struct state *s)
{
	uint8_t bytes[(REDIS_RUN_MAX - 1) / 2];

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return false;
	for (size_t t = 0; t < MIRROR_TARGETS_MAX; t++) {
		for (size_t i = 0; i < sizeof(bytes); i++)
			(void)snprintf(&s->run[t][2 * i], 3, "%02x", bytes[i]);
		s->run[t][REDIS_RUN_MAX - 2] = (char)('0' + t);
	}
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
		(void)reputation_look(s->reputation, monotonic_now_ns());
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
	mirror_tick(s->mirror, monotonic_now_ns(), 0);
	reputation_open(s, settings->reputation);
	for (size_t i = 0; i < list.count; i++) {
		const struct redis_target_plan plan = { .base = s->base,
			.outlet = o,
			.settings = settings,
			.target = &targets[i],
			.mirror = s->mirror,
			.reputation = s->reputation,
			.number = (uint32_t)i,
			.run = s->run[i],
			.text = s->text,
			.record = s->record };

		result = redis_target_open(&plan, &s->targets[i]);
		if (result < 0)
			return result;
		s->target_count++;
	}
	return 0;
}

/*
 * Of what each target lacks, the least: what one of them has is not lost. Those for addresses alone, which miss
 * little, do not stand for the others.
 */
static uint64_t
lost_of(const struct outlet *o, const uint64_t lacks[])
{
	const struct redis_targets list = redis_settings_targets(o->config);
	const struct redis_target_settings *targets = list.items;
	uint64_t with_windows = UINT64_MAX;
	uint64_t any = UINT64_MAX;

	for (size_t i = 0; i < list.count; i++) {
		any = lacks[i] < any ? lacks[i] : any;
		if (targets[i].parts != REDIS_ADDRESSES && lacks[i] < with_windows)
			with_windows = lacks[i];
	}
	return with_windows != UINT64_MAX ? with_windows : any;
}

static void
count(struct outlet *o)
{
	const struct state *s = o->state;
	const struct mirror_stats stats = mirror_stats(s->mirror);

	o->dropped[OUTLET_DROP_FULL] = stats.refused + lost_of(o, stats.untold);
	o->dropped[OUTLET_DROP_TOO_LONG] = 0;
	o->queued_records = 0;
	o->queued_bytes = 0;
	o->left_out = 0;
	o->forgotten[OUTLET_FORGOT_WINDOWS] = stats.windows_forgotten;
	o->forgotten[OUTLET_FORGOT_LINES] = stats.lines_forgotten;
	o->forgotten[OUTLET_FORGOT_ADDRESSES] = stats.addresses_forgotten;
	for (size_t i = 0; i < s->target_count; i++) {
		const struct redis_target_stats t = redis_target_stats(s->targets[i]);

		o->dropped[OUTLET_DROP_TOO_LONG] += t.left_out;
		o->forgotten[OUTLET_FORGOT_ADDRESSES] += t.forgotten;
		o->left_out += t.cut;
		o->queued_records += t.flying;
		o->queued_bytes += t.pending;
	}
}

static void
targets_tick(struct outlet *o, uint64_t now_ns)
{
	const struct redis_settings *settings = o->config;
	struct state *s = o->state;

	/* Over files nothing is written while nothing comes: what is due would go unwritten. */
	mirror_tick(s->mirror, now_ns, o->run->live ? settings->ttl : 0);
	if (s->reputation != NULL && reputation_look(s->reputation, now_ns))
		mirror_addresses_due(s->mirror);
	for (size_t i = 0; i < s->target_count; i++)
		redis_target_tick(s->targets[i], now_ns);
	count(o);
}

static void
redis_tick(struct outlet *o)
{
	targets_tick(o, o->now.monotonic_ns);
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
	const uint64_t now_ns = monotonic_now_ns();
	if (now_ns - s->turned_ns < TURN_MS * NS_PER_MS)
		return;
	(void)event_base_loop(s->base, EVLOOP_NONBLOCK);
	targets_tick(o, now_ns);
	s->turned_ns = monotonic_now_ns(); /* however long it took, as long again is the engine's */
}

static uint64_t
moved(const struct state *s)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s->target_count; i++)
		sum += redis_target_stats(s->targets[i]).moved;
	return sum;
}

/* Is one not done that may still be? moved_ns: when any of them got on; begun_ns: when the end began */
static bool
is_worth_waiting(const struct state *s, uint64_t now_ns, uint64_t begun_ns, uint64_t moved_ns)
{
	for (size_t i = 0; i < s->target_count; i++) {
		const bool was_there = redis_target_stats(s->targets[i]).moved > 0;
		const uint64_t end_ns = !s->owns_base ? begun_ns + END_LIVE_MS * NS_PER_MS
					: was_there   ? moved_ns + STUCK_MS * NS_PER_MS
						      : begun_ns + ABSENT_MS * NS_PER_MS;

		if (!redis_target_is_done(s->targets[i]) && now_ns < end_ns)
			return true;
	}
	return false;
}

/* returns whether it was said */
static bool
wait_tell(const struct state *s, uint64_t now_ns, uint64_t begun_ns)
{
	if (!s->owns_base || now_ns - begun_ns < WAIT_SAID_MS * NS_PER_MS)
		return false;
	log_info("output",
		"redis: the run is over, waiting as long as the rest is being taken; Ctrl-C twice ends it");
	return true;
}

/* Turn until all is told, or nothing moves any more; live not for long. */
static void
finish(struct outlet *o)
{
	const struct timeval wait = { .tv_usec = WAIT_MS * 1000L };
	struct state *s = o->state;
	const uint64_t begun_ns = monotonic_now_ns();
	uint64_t moved_ns = begun_ns;
	uint64_t last = moved(s);
	bool is_said = false;

	for (size_t i = 0; i < s->target_count; i++)
		redis_target_end_by(s->targets[i],
			s->owns_base ? UINT64_MAX : begun_ns + END_LIVE_MS * NS_PER_MS);
	for (uint64_t now_ns = begun_ns; is_worth_waiting(s, now_ns, begun_ns, moved_ns);
		now_ns = monotonic_now_ns()) {
		/* Whatever comes first: an answer, or the time to look again. */
		(void)event_base_loopexit(s->base, &wait);
		(void)event_base_loop(s->base, EVLOOP_ONCE);
		targets_tick(o, now_ns);
		is_said = is_said || wait_tell(s, now_ns, begun_ns);
		if (moved(s) != last)
			moved_ns = now_ns;
		last = moved(s);
	}
}

/* What a target was to be told, and was not, or has not answered. */
static uint64_t
rest_of(const struct state *s, uint32_t target)
{
	uint64_t count = redis_target_stats(s->targets[target]).flying;

	while (mirror_next_window(s->mirror, target) != NULL)
		count++;
	while (mirror_next_address(s->mirror, target) != NULL)
		count++;
	while (mirror_next_finding(s->mirror, target) != NULL)
		count++;
	return count;
}

static void
untold_tell(struct outlet *o)
{
	struct state *s = o->state;
	const struct mirror_stats stats = mirror_stats(s->mirror);
	uint64_t rest[MIRROR_TARGETS_MAX] = { 0 };

	for (uint32_t i = 0; i < s->target_count; i++) {
		rest[i] = rest_of(s, i);
		if (rest[i] + stats.untold[i] > 0)
			log_warnx("output",
				"%s: %llu windows, addresses and findings were not told when it ended, "
				"%llu were forgotten before",
				redis_target_name(s->targets[i]), (unsigned long long)rest[i],
				(unsigned long long)stats.untold[i]);
	}
	o->dropped[OUTLET_DROP_FAILED] += lost_of(o, rest);
}

/* Over files nobody asks for metrics. */
static void
bounds_tell(const struct outlet *o)
{
	const uint64_t *forgotten = o->forgotten;

	if (o->run->live || forgotten[OUTLET_FORGOT_WINDOWS] + forgotten[OUTLET_FORGOT_LINES] +
					    forgotten[OUTLET_FORGOT_ADDRESSES] + o->left_out ==
				    0)
		return;
	log_info("output",
		"redis: it shows the latest only: %llu windows, %llu lines and %llu addresses were "
		"forgotten (memory, windows_max, timeline_max, addresses_max), %s left out of the others "
		"(tuples_max)",
		(unsigned long long)forgotten[OUTLET_FORGOT_WINDOWS],
		(unsigned long long)forgotten[OUTLET_FORGOT_LINES],
		(unsigned long long)forgotten[OUTLET_FORGOT_ADDRESSES],
		o->left_out > 0 ? "rows were" : "nothing was");
}

static int
redis_close(struct outlet *o, const char *footer)
{
	struct state *s = o->state;

	(void)footer;
	if (s->mirror != NULL && s->target_count > 0) {
		finish(o);
		count(o);
		untold_tell(o);
		bounds_tell(o);
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
