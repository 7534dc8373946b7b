/*
 * engine_memory.c -- one limit, split over everything that the wire can fill.
 *
 * The limit is of the whole process, so what the process needs anyway comes off first: code and
 * libraries, the reader's blocks, the outlets' buffers (measured, with room), and live the rings,
 * which are resident from their first moment, and lists, where there are any. The rest is shared out in fixed parts.
 * Everything is reserved here and touched only as it is used.
 */
#include "daemon/engine/detect.h"
#include "daemon/engine/engine_parse.h"
#include "daemon/engine/engine_state.h"
#include "daemon/engine/engine_timeline.h"
#include "daemon/evidence/evidence_id.h"

#include <stdlib.h>
#include <string.h>

#define MIB (UINT64_C(1024) * 1024)

enum {
	PROCESS_MIB = 14, /* resident without a single packet: about 9 MiB, outlets' buffers in */
	DEFAULT_LIMIT_MIB = 1024,
	FLOW_SHARE = 23,              /* per cent of the rest */
	FLOW_SHARE_BESIDE_LISTS = 20, /* so that windows have what they had without them */
	PROFILE_SHARE = 4,
	NAME_SHARE = 8, /* names, network cards, what they claim, and devices */
	MAC_PART = 55,  /* per cent of it */
	FRAGMENT_SHARE = 3,
	STREAM_SHARE = 6,
	SAID_SHARE = 4,     /* only if somebody reads timelines */
	DEADLINE_SHARE = 3, /* heap and waits; all that is left is for windows */
};

static uint32_t
items(uint64_t bytes, uint64_t each)
{
	uint64_t n = bytes / each;

	return n > UINT32_C(1) << 30 ? UINT32_C(1) << 30 : (uint32_t)n;
}

/* How the limit is split, in bytes. */
struct shares {
	uint64_t flows, profiles, windows, names, fragments, deadlines, streams, said;
};

/* returns false when the limit is less than what is taken anyway */
static bool
share_out(const struct engine *e, struct shares *ret)
{
	uint64_t limit = e->settings->memory.limit;
	if (limit == 0)
		limit = DEFAULT_LIMIT_MIB * MIB;
	uint64_t taken = PROCESS_MIB * MIB + e->plan.ring_bytes + e->plan.intel_bytes;
	if (limit < taken + 2 * MIB)
		return false;
	uint64_t rest = limit - taken;
	uint64_t flow_share = e->plan.intel_bytes > 0 ? FLOW_SHARE_BESIDE_LISTS : FLOW_SHARE;
	struct shares s = {
		.flows = rest * flow_share / 100,
		.profiles = rest * PROFILE_SHARE / 100,
		.names = rest * NAME_SHARE / 100,
		.fragments = rest * FRAGMENT_SHARE / 100,
		.deadlines = rest * DEADLINE_SHARE / 100,
		.streams = rest * STREAM_SHARE / 100,
		.said = engine_tells_timeline(e) ? rest * SAID_SHARE / 100 : 0,
	};
	s.windows = rest - s.flows - s.profiles - s.names - s.fragments - s.deadlines - s.streams -
		    s.said;
	*ret = s;
	return true;
}

static void
area_add(struct engine *e, const char *name, uint64_t bytes)
{
	struct engine_area *a = e->areas;

	while (a->name != NULL)
		a++;
	*a = (struct engine_area){ .name = name, .bytes = bytes };
}

static void
name_areas(struct engine *e, const struct shares *s)
{
	area_add(e, "process", PROCESS_MIB * MIB);
	if (e->plan.ring_bytes > 0)
		area_add(e, "rings", e->plan.ring_bytes);
	if (e->plan.intel_bytes > 0)
		area_add(e, "intelligence", e->plan.intel_bytes);
	area_add(e, "flows", s->flows);
	area_add(e, "profiles", s->profiles);
	area_add(e, "windows", s->windows);
	area_add(e, "names", s->names);
	area_add(e, "fragments", s->fragments);
	area_add(e, "deadlines", s->deadlines);
	area_add(e, "streams", s->streams);
	if (s->said > 0)
		area_add(e, "timeline", s->said);
}

static struct site *
make_site(const struct engine *e, uint64_t names)
{
	uint64_t macs = names * MAC_PART / 100;

	return site_new(&(struct site_plan){ .names = items(names - macs, site_name_bytes()),
				.macs = items(macs, site_mac_bytes()),
				.geo = e->plan.geo,
				.suffixes = e->plan.suffixes,
				.vendors = e->plan.vendors },
		&e->plan.hash_key);
}

bool
engine_reserve(struct engine *e, flow_observe_fn on_flow, flow_ending_fn on_ending)
{
	const uint64_t heap = sizeof(struct deadline *);
	struct shares s;

	if (!share_out(e, &s))
		return false;
	name_areas(e, &s);
	uint32_t wakes = items(s.deadlines / 2, detector_runner_wake_bytes() + heap);
	uint32_t closes = items(s.deadlines / 2, heap);

	e->flows = flow_table_new(&(struct flow_table_plan){
		.capacity = items(s.flows, flow_table_bytes_per_flow()),
		.timeouts = e->settings->flow.timeouts,
		.interim_ns = e->settings->flow.interim,
		.hash_key = e->plan.hash_key,
		.observe = on_flow,
		.ending = on_ending,
		.context = e,
	});
	e->fragments = fragments_new(&(struct fragments_plan){
		.bytes = s.fragments,
		.policy = (enum fragments_policy)e->settings->fragments.policy,
		.timeout_ns = e->settings->fragments.timeout,
		.hash_key = e->plan.hash_key,
	});
	e->detectors = calloc(e->plan.detector_count + 1, sizeof(*e->detectors));
	e->site = make_site(e, s.names);
	e->digest = evidence_digest_new(e->settings->sensor.name);
	e->runner = detector_runner_new(&e->plan, wakes);
	return e->flows != NULL && e->fragments != NULL && e->detectors != NULL &&
	       e->site != NULL && e->digest != NULL && e->runner != NULL &&
	       profile_table_init(&e->profiles,
		       items(s.profiles, table_bytes_per_item(sizeof(struct profile))),
		       &e->plan.hash_key) == 0 &&
	       stream_table_init(&e->streams, &(struct stream_table_plan){ .bytes = s.streams,
						      .evicted = engine_parse_evicted,
						      .keeps = engine_parse_keeps,
						      .context = e }) == 0 &&
	       x509_cache_init(&e->certificates, &e->plan.hash_key) == 0 &&
	       expected_init(&e->expected, &e->plan.hash_key) == 0 &&
	       (s.said == 0 || said_table_init(&e->said, s.said, &e->plan.hash_key) == 0) &&
	       buddy_init(&e->chunks, s.windows) == 0 &&
	       deadline_queue_init(&e->deadlines, wakes + closes) == 0;
}

void
engine_release(struct engine *e)
{
	flow_table_free(e->flows);
	fragments_free(e->fragments);
	free(e->detectors);
	site_free(e->site);
	evidence_digest_free(e->digest);
	detector_runner_free(e->runner);
	profile_table_done(&e->profiles);
	stream_table_done(&e->streams);
	x509_cache_done(&e->certificates);
	expected_done(&e->expected);
	said_table_done(&e->said);
	buddy_done(&e->chunks);
	deadline_queue_done(&e->deadlines);
}
