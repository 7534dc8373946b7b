#include "daemon/loop/input_exporter.h"

#include "daemon/base/time_text.h"
#include "daemon/input/flow_pair.h"
#include "daemon/input/netflow.h"
#include "daemon/input/sflow.h"

#include <stdlib.h>

/* One that goes on is told each minute, or a little later. */
#define LINGER_NS (120 * NS_PER_S)

struct input_exporter {
	struct netflow *netflow; /* one of both */
	struct sflow *sflow;
	struct flow_pair *pairs;
	struct obs_flow flow; /* what was told last */
	struct observation o;
	struct input_exporter_counters counters;
};

#define COUNTER(name_, label_, member_, help_) \
	METRIC_ROW(name_, METRIC_COUNTER, label_, struct input_exporter_counters, member_, help_)

static const char dropped[] = "Records and datagrams of routers that told us nothing, by reason.";

const struct metric input_exporter_metrics[] = {
	COUNTER("input_exported_records_total", NULL, records,
		"Records of routers that were taken."),
	COUNTER("input_exported_lost_total", NULL, lost,
		"Records (NetFlow v5, IPFIX) or datagrams (v9, sFlow) that never came, by gaps in their numbers."),
	COUNTER("input_exported_dropped_total", "reason=\"bad\"", bad, dropped),
	COUNTER("input_exported_dropped_total", "reason=\"no_template\"", without_template,
		dropped),
	COUNTER("input_exported_dropped_total", "reason=\"no_flow\"", skipped, dropped),
	COUNTER("input_exported_dropped_total", "reason=\"exporters\"", refused_exporters, dropped),
	COUNTER("input_exported_dropped_total", "reason=\"templates\"", refused_templates, dropped),
	COUNTER("input_exported_dropped_total", "reason=\"copy\"", copies, dropped),
	COUNTER("input_exported_dropped_total", "reason=\"full\"", refused, dropped),
	COUNTER("input_exported_sampled_total", NULL, sampled,
		"Records of routers that look at one packet in some only."),
	COUNTER("input_exporter_restarts_total", NULL, restarts, "Routers that started anew."),
	COUNTER("input_exporter_wrong_clocks_total", NULL, wrong_clocks,
		"Datagrams of routers whose clock is more than a minute off; they are read by ours."),
	COUNTER("input_exporter_templates_evicted_total", NULL, evicted_templates,
		"Templates that newer ones pushed out."),
	COUNTER("input_conversations_total", NULL, told,
		"Conversations, or parts of them, that were made of records."),
	COUNTER("input_conversations_paired_total", NULL, paired,
		"Conversations of which both directions came."),
	COUNTER("input_conversations_early_total", NULL, evicted,
		"Conversations that were told before the other direction could come, to make room."),
	METRIC_END,
};

struct input_exporter *
input_exporter_new(enum live_input_type type, uint64_t wait_ns, const struct hash_key *hash_key)
{
	struct input_exporter *x = calloc(1, sizeof(*x));
	const struct flow_pair_plan pairs = {
		.capacity = INPUT_EXPORTER_CONVERSATIONS,
		.wait_ns = wait_ns,
		.linger_ns = wait_ns > LINGER_NS ? wait_ns : LINGER_NS,
		.hash_key = *hash_key,
	};

	if (x == NULL)
		return NULL;
	/* Who may export is asked before, where the datagrams come in. */
	if (type == LIVE_INPUT_NETFLOW)
		x->netflow = netflow_new(&(struct netflow_plan){ .hash_key = *hash_key });
	else
		x->sflow = sflow_new(&(struct sflow_plan){ 0 });
	x->pairs = flow_pair_new(&pairs);
	if ((x->netflow != NULL || x->sflow != NULL) && x->pairs != NULL)
		return x;
	input_exporter_free(x);
	return NULL;
}

void
input_exporter_take(
	struct input_exporter *x, const struct addr *from, struct cursor bytes, uint64_t now_ns)
{
	/* What is bad is counted by who reads it. */
	if (x->netflow != NULL)
		(void)netflow_packet(x->netflow, from, bytes, now_ns, x->pairs);
	else
		(void)sflow_packet(x->sflow, from, bytes, now_ns, x->pairs);
}

bool
input_exporter_next(struct input_exporter *x, uint64_t now_ns, const struct observation **ret_o)
{
	if (!flow_pair_next(x->pairs, now_ns, &x->flow))
		return false;
	x->o = (struct observation){
		.kind = x->flow.ended == FLOW_END_NONE ? OBS_FLOW_INTERIM : OBS_FLOW_END,
		.ts_ns = x->flow.last_ns,
		.flow = &x->flow,
	};
	*ret_o = &x->o;
	return true;
}

static void
count_netflow(const struct netflow *n, struct input_exporter_counters *ret)
{
	struct netflow_counters c = netflow_counters(n);

	ret->records = c.records;
	ret->bad = c.bad;
	ret->lost = c.lost;
	ret->without_template = c.without_template;
	ret->skipped = c.skipped;
	ret->sampled = c.sampled;
	ret->restarts = c.restarts;
	ret->wrong_clocks = c.wrong_clocks;
	ret->refused_exporters = c.refused_exporters;
	ret->refused_templates = c.refused_templates;
	ret->evicted_templates = c.evicted_templates;
}

static void
count_sflow(const struct sflow *s, struct input_exporter_counters *ret)
{
	struct sflow_counters c = sflow_counters(s);

	ret->records = c.samples;
	ret->bad = c.bad;
	ret->lost = c.lost;
	ret->skipped = c.skipped;
	ret->sampled = c.sampled;
	ret->restarts = c.restarts;
	ret->refused_exporters = c.refused_exporters;
}

const struct input_exporter_counters *
input_exporter_counters(struct input_exporter *x)
{
	struct flow_pair_counters c = flow_pair_counters(x->pairs);

	if (x->netflow != NULL)
		count_netflow(x->netflow, &x->counters);
	else
		count_sflow(x->sflow, &x->counters);
	x->counters.told = c.told;
	x->counters.paired = c.paired;
	x->counters.copies = c.copies;
	x->counters.evicted = c.evicted;
	x->counters.refused = c.refused;
	return &x->counters;
}

void
input_exporter_free(struct input_exporter *x)
{
	if (x == NULL)
		return;
	netflow_free(x->netflow);
	sflow_free(x->sflow);
	flow_pair_free(x->pairs);
	free(x);
}
