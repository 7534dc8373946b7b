/* engine_totals.c -- what an engine counted, and the totals that end a run. */
#include "daemon/base/time_text.h"
#include "daemon/decode/decode.h"
#include "daemon/engine/engine_state.h"
#include "daemon/whitelist/whitelist.h"

#include <stddef.h>

enum { RULES_MAX = 64 };

struct engine_stats
engine_stats(const struct engine *e)
{
	struct engine_stats s = e->stats;
	struct flow_stats flows = flow_stats(e->flows);
	struct site_stats site = site_stats(e->site);

	for (unsigned i = 0; i < INTERFACES_MAX; i++) {
		s.packets += e->interfaces[i].packets;
		s.bytes += e->interfaces[i].bytes;
		s.duplicates += e->interfaces[i].duplicates;
	}
	s.flows_started += flows.started;
	s.flows_ended += flows.ended;
	s.flows_active = flows.active;
	s.flows_evicted = flows.evicted;
	s.outsides_refused = flows.outsides_refused;
	s.fragments = fragments_stats(e->fragments);
	s.profiles_made = e->profiles.made;
	s.profiles_active = table_count(&e->profiles.table);
	s.profiles_evicted = e->profiles.evicted;
	s.names_evicted = site.names_evicted;
	s.macs_evicted = site.macs_evicted;
	s.said_evicted = e->said.evicted + e->said.refused;
	s.expected_evicted = e->expected.evicted;
	s.streams_evicted = e->streams.evicted;
	s.streams_refused = e->streams.refused;
	return s;
}

/* What made the sensor see less than there was. Closed list: the reasons are these and the anomalies. */
static size_t
fill_lost(const struct engine_stats *s, struct record_loss lost[ENGINE_LOSSES_MAX])
{
	const struct record_loss own[] = {
		{ "flows_evicted", s->flows_evicted },
		{ "outsides_refused", s->outsides_refused },
		{ "fragments_refused", s->fragments.refused },
		{ "datagrams_incomplete", s->fragments.incomplete },
		{ "datagrams_broken", s->fragments.broken },
		{ "datagrams_evicted", s->fragments.evicted },
		{ "profiles_evicted", s->profiles_evicted },
		{ "windows_truncated", s->windows_truncated },
		{ "windows_refused", s->windows_refused },
		{ "observations_late", s->observations_late },
		{ "evidence_suppressed", s->evidence_suppressed },
		{ "evidence_lost", s->evidence_lost },
		{ "deadlines_refused", s->deadlines_refused },
		{ "peers_refused", s->peers_refused },
		{ "names_evicted", s->names_evicted },
		{ "macs_evicted", s->macs_evicted },
		{ "said_evicted", s->said_evicted },
		{ "expected_evicted", s->expected_evicted },
		{ "streams_evicted", s->streams_evicted },
		{ "streams_refused", s->streams_refused },
		{ "stream_gap_bytes", s->stream_gap_bytes },
		{ "clock_jumps", s->clock_jumps },
	};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		lost[count++] = own[i];
	for (enum packet_anomaly a = 0; a < ANOMALY_COUNT; a++)
		lost[count++] = (struct record_loss){ anomaly_name(a), s->anomalies[a] };
	return count;
}

/* The clock's jumps are told by themselves, with both their ends. */
static size_t
fill_looked(const struct engine *e, struct record_loss lost[ENGINE_LOSSES_MAX])
{
	struct engine_stats s = engine_stats(e);

	s.clock_jumps = 0;
	return fill_lost(&s, lost);
}

void
engine_look_losses(struct engine *e, uint64_t now_ns)
{
	struct record_loss lost[ENGINE_LOSSES_MAX];

	if ((e->plan.sink.wanted & RECORD_BIT(RECORD_LOSS_SPAN)) == 0 ||
		now_ns / NS_PER_S == e->losses_ns / NS_PER_S)
		return;
	/* What a restored state had no room for was lost when the first packet came. */
	loss_spans_look(e->losses, lost, fill_looked(e, lost), "", e->losses_ns,
		e->clock_ns != 0 ? e->clock_ns : now_ns, &e->plan.sink);
	e->losses_ns = now_ns;
}

static void
end_losses(struct engine *e)
{
	struct record_loss lost[ENGINE_LOSSES_MAX];
	size_t count = fill_looked(e, lost);

	loss_spans_look(e->losses, lost, count, "", e->losses_ns, e->clock_ns, &e->plan.sink);
	loss_spans_end(e->losses, lost, count, "", &e->plan.sink);
}

/* returns how many kinds were seen */
static size_t
fill_weird(const struct engine_stats *s, struct record_loss weird[WEIRD_COUNT])
{
	size_t count = 0;

	for (enum weird w = 0; w < WEIRD_COUNT; w++)
		if (s->weird[w] > 0)
			weird[count++] = (struct record_loss){ weird_name(w), s->weird[w] };
	return count;
}

/* The first rules that hit. returns how many */
static size_t
fill_whitelist(const struct engine *e, struct record_loss rules[RULES_MAX])
{
	const struct whitelist *w = e->settings->whitelist.built;
	size_t count = 0;

	for (uint32_t i = 0; w != NULL && i < w->count && count < RULES_MAX; i++)
		if (e->whitelist_hits[i] > 0)
			rules[count++] =
				(struct record_loss){ w->rules[i].name, e->whitelist_hits[i] };
	return count;
}

void
engine_tell_totals(struct engine *e, const struct record_loss *extra_lost, size_t extra_count)
{
	end_losses(e);
	struct engine_stats s = engine_stats(e);
	struct record_loss lost[ENGINE_LOSSES_MAX];
	struct record_loss weird[WEIRD_COUNT];
	size_t count = fill_lost(&s, lost);
	struct record_loss rules[RULES_MAX];
	size_t weird_count = fill_weird(&s, weird);
	size_t rule_count = fill_whitelist(e, rules);

	for (size_t i = 0; i < extra_count && count < ENGINE_LOSSES_MAX; i++)
		lost[count++] = extra_lost[i];
	struct record_totals totals = {
		.packets = s.packets,
		.bytes = s.bytes,
		.flows = s.flows_ended,
		.hosts = s.profiles_made,
		.windows = s.windows_opened,
		.evidence = s.evidence,
		.alerts = s.alerts,
		.first_ns = s.first_ns,
		.last_ns = s.last_ns,
		.lost = lost,
		.lost_count = count,
		.weird = weird,
		.weird_count = weird_count,
		.whitelist = rules,
		.whitelist_count = rule_count,
	};
	engine_write(e, RECORD_TOTALS,
		&(struct record){ .kind = RECORD_TOTALS, .ts_ns = e->clock_ns, .totals = &totals });
}
