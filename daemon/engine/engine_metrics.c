#include "daemon/engine/engine_metrics.h"

#include "daemon/engine/detect.h"
#include "daemon/engine/engine_state.h"

#include <stdlib.h>

enum { LABEL_MAX = 256 }; /* `interface="` and 63 bytes, each of them U+FFFD at worst */

struct table_numbers {
	uint64_t entries, capacity, evictions;
};

struct numbers {
	struct engine_stats stats;
	struct engine_end_stats ends;
	struct table_numbers flows, datagrams, pages, profiles, names, macs, deadlines, chunks;
	struct table_numbers streams, stream_units, expected;
};

struct interface_numbers {
	struct engine_interface_stats stats;
	double oneway_ratio, gap_ratio;
};

struct engine_metrics {
	const struct engine *engine;
	struct numbers numbers;
	struct interface_numbers interfaces[INTERFACES_MAX];
	char interface_labels[INTERFACES_MAX][LABEL_MAX];
	char area_labels[ENGINE_AREAS][LABEL_MAX];
	char (*detector_labels)[LABEL_MAX];
};

/* ---- the rows ---- */

#define COUNTER(name_, label_, member_, help_) \
	METRIC_ROW(name_, METRIC_COUNTER, label_, struct numbers, member_, help_)
#define GAUGE(name_, label_, member_, help_) \
	METRIC_ROW(name_, METRIC_GAUGE, label_, struct numbers, member_, help_)

#define ENDED(proto_, index_, state_)                                        \
	COUNTER("flows_total", "proto=\"" proto_ "\",state=\"" #state_ "\"", \
		ends.flows[index_][CONN_##state_], "Conversations that ended, by Zeek's state.")
#define ENDED_OF(proto_, index_)                                                                  \
	ENDED(proto_, index_, S0), ENDED(proto_, index_, S1), ENDED(proto_, index_, SF),          \
		ENDED(proto_, index_, REJ), ENDED(proto_, index_, S2), ENDED(proto_, index_, S3), \
		ENDED(proto_, index_, RSTO), ENDED(proto_, index_, RSTR),                         \
		ENDED(proto_, index_, RSTOS0), ENDED(proto_, index_, RSTRH),                      \
		ENDED(proto_, index_, SH), ENDED(proto_, index_, SHR), ENDED(proto_, index_, OTH)

#define ALERTS(level_, index_)                                                          \
	COUNTER("alerts_total", "threat_level=\"" level_ "\"", stats.alerts_by[index_], \
		"Alerts, by the highest level among their evidence.")
#define SUPPRESSED(reason_, member_)                                                  \
	COUNTER("evidence_suppressed_total", "reason=\"" reason_ "\"", stats.member_, \
		"Findings that were not kept.")

#define WHITELIST(effect_, index_)                                                              \
	COUNTER("whitelist_hits_total", "effect=\"" effect_ "\"", stats.whitelist_hits[index_], \
		"Conversations and findings that a rule of the whitelist was about, by its effect.")

#define DECODE(layer_, reason_, index_)                                               \
	COUNTER("decode_errors_total", "layer=\"" layer_ "\",reason=\"" reason_ "\"", \
		stats.anomalies[index_],                                              \
		"Frames that were malformed or odd, by layer and reason.")

#define WEIRD(symbol_, name_, sentence_)                                   \
	COUNTER("weird_total", "kind=\"" name_ "\"", stats.weird[symbol_], \
		"Oddities that somebody may have meant, by kind."),

#define DATAGRAMS(result_, member_)                                                   \
	COUNTER("datagrams_total", "result=\"" result_ "\"", stats.fragments.member_, \
		"Datagrams that came in fragments, by what became of them.")

#define ENTRIES(table_, member_) \
	GAUGE("table_entries", "table=\"" table_ "\"", member_, "Entries in use.")
#define CAPACITY(table_, member_) \
	GAUGE("table_capacity", "table=\"" table_ "\"", member_, "Entries that there is room for.")
/* Full: something made room. Refused: what came was turned away. */
#define EVICTIONS(table_, reason_, member_)                                                      \
	COUNTER("table_evictions_total", "table=\"" table_ "\",reason=\"" reason_ "\"", member_, \
		"Entries that had to go, or were refused, because a table was full.")

const struct metric engine_metric_rows[] = {
	GAUGE("flows_active", NULL, stats.flows_active, "Conversations that go on."),
	ENDED_OF("tcp", ENGINE_PROTO_TCP),
	ENDED_OF("udp", ENGINE_PROTO_UDP),
	ENDED_OF("icmp", ENGINE_PROTO_ICMP),
	ENDED_OF("other", ENGINE_PROTO_OTHER),
	GAUGE("profiles_active", NULL, stats.profiles_active, "Hosts that are remembered."),
	GAUGE("timewindows_open", NULL, stats.windows_open, "Time windows of hosts that are open."),
	SUPPRESSED("cap", evidence_suppressed),
	SUPPRESSED("memory", evidence_lost),
	WHITELIST("no-alert", WHITELIST_NO_ALERT),
	WHITELIST("no-evidence", WHITELIST_NO_EVIDENCE),
	WHITELIST("ignore-traffic", WHITELIST_IGNORE_TRAFFIC),
	ALERTS("info", THREAT_INFO),
	ALERTS("low", THREAT_LOW),
	ALERTS("medium", THREAT_MEDIUM),
	ALERTS("high", THREAT_HIGH),
	ALERTS("critical", THREAT_CRITICAL),
	DECODE("link", "link_short", ANOMALY_LINK_SHORT),
	DECODE("link", "link_unknown", ANOMALY_LINK_UNKNOWN),
	DECODE("link", "vlan_depth", ANOMALY_VLAN_DEPTH),
	DECODE("link", "link_depth", ANOMALY_LINK_DEPTH),
	DECODE("link", "link_aggregate", ANOMALY_LINK_AGGREGATE),
	DECODE("arp", "arp_short", ANOMALY_ARP_SHORT),
	DECODE("arp", "arp_form", ANOMALY_ARP_FORM),
	DECODE("ip", "ip_short", ANOMALY_IP_SHORT),
	DECODE("ip", "ip_version", ANOMALY_IP_VERSION),
	DECODE("ip", "ip_header", ANOMALY_IP_HEADER),
	DECODE("ip", "ip_length", ANOMALY_IP_LENGTH),
	DECODE("ip", "ip_checksum", ANOMALY_IP_CHECKSUM),
	DECODE("ip", "ip_extensions", ANOMALY_IP_EXTENSIONS),
	DECODE("ip", "ip_rerouted", ANOMALY_IP_REROUTED),
	DECODE("ip", "fragment", ANOMALY_FRAGMENT),
	DECODE("ip", "fragment_later", ANOMALY_FRAGMENT_LATER),
	DECODE("transport", "transport_short", ANOMALY_TRANSPORT_SHORT),
	DECODE("transport", "tcp_offset", ANOMALY_TCP_OFFSET),
	DECODE("transport", "udp_length", ANOMALY_UDP_LENGTH),
	DECODE("transport", "transport_checksum", ANOMALY_TRANSPORT_CHECKSUM),
	DECODE("tunnel", "tunnel_header", ANOMALY_TUNNEL_HEADER),
	DECODE("tunnel", "tunnel_depth", ANOMALY_TUNNEL_DEPTH),
#include "daemon/weird.def"
	COUNTER("fragments_total", NULL, stats.fragments.fragments,
		"IP fragments that were taken."),
	DATAGRAMS("whole", whole),
	DATAGRAMS("incomplete", incomplete),
	DATAGRAMS("broken", broken),
	DATAGRAMS("evicted", evicted),
	ENTRIES("flows", flows.entries),
	ENTRIES("datagrams", datagrams.entries),
	ENTRIES("datagram_pages", pages.entries),
	ENTRIES("profiles", profiles.entries),
	ENTRIES("names", names.entries),
	ENTRIES("macs", macs.entries),
	ENTRIES("deadlines", deadlines.entries),
	ENTRIES("window_chunks", chunks.entries),
	ENTRIES("streams", streams.entries),
	ENTRIES("stream_units", stream_units.entries),
	ENTRIES("expected", expected.entries),
	CAPACITY("flows", flows.capacity),
	CAPACITY("datagrams", datagrams.capacity),
	CAPACITY("datagram_pages", pages.capacity),
	CAPACITY("profiles", profiles.capacity),
	CAPACITY("names", names.capacity),
	CAPACITY("macs", macs.capacity),
	CAPACITY("deadlines", deadlines.capacity),
	CAPACITY("window_chunks", chunks.capacity),
	CAPACITY("streams", streams.capacity),
	CAPACITY("stream_units", stream_units.capacity),
	CAPACITY("expected", expected.capacity),
	EVICTIONS("flows", "full", flows.evictions),
	EVICTIONS("outsides", "refused", stats.outsides_refused),
	EVICTIONS("datagrams", "full", datagrams.evictions),
	EVICTIONS("profiles", "full", profiles.evictions),
	EVICTIONS("names", "full", names.evictions),
	EVICTIONS("macs", "full", macs.evictions),
	EVICTIONS("deadlines", "refused", deadlines.evictions),
	EVICTIONS("window_chunks", "refused", chunks.evictions),
	EVICTIONS("streams", "full", streams.evictions),
	EVICTIONS("stream_units", "refused", stream_units.evictions),
	EVICTIONS("expected", "full", expected.evictions),
	COUNTER("stream_gap_bytes_total", NULL, stats.stream_gap_bytes,
		"Bytes that were missing in what protocol parsers were handed."),
	COUNTER("timewindows_truncated_total", NULL, stats.windows_truncated,
		"Time windows whose memory was full: they know less than there was."),
	COUNTER("observations_late_total", NULL, stats.observations_late,
		"Observations that came after their time window had closed."),
	COUNTER("clock_jumps_total", NULL, stats.clock_jumps,
		"Times that packet time jumped forward by more than an hour."),
	METRIC_END,
};

#define INTERFACE(unit_, name_, type_, member_, help_) \
	METRIC_ROW_IN(unit_, name_, type_, NULL, struct interface_numbers, member_, help_)

const struct metric engine_metric_interface_rows[] = {
	INTERFACE(METRIC_PLAIN, "duplicate_packets_total", METRIC_COUNTER, stats.duplicates,
		"Packets that were counted on another interface as well."),
	INTERFACE(METRIC_PLAIN, "tcp_payload_bytes_total", METRIC_COUNTER, stats.tcp_bytes,
		"TCP payload that was seen, each byte once."),
	INTERFACE(METRIC_PLAIN, "tcp_gap_bytes_total", METRIC_COUNTER, stats.tcp_gap_bytes,
		"TCP payload that was acknowledged and never seen: lost on the way to the sensor."),
	INTERFACE(METRIC_DOUBLE, "tcp_gap_ratio", METRIC_GAUGE, gap_ratio,
		"Share of TCP payload that was never seen, of late."),
	INTERFACE(METRIC_PLAIN, "tcp_conversations_total", METRIC_COUNTER, stats.flows_talked,
		"TCP conversations that ended after data or acknowledgements."),
	INTERFACE(METRIC_PLAIN, "oneway_flows_total", METRIC_COUNTER, stats.flows_oneway,
		"TCP conversations of which one direction only was seen."),
	INTERFACE(METRIC_DOUBLE, "oneway_flows_ratio", METRIC_GAUGE, oneway_ratio,
		"Share of TCP conversations with one direction only, of late."),
	METRIC_END,
};

#define EVIDENCE(level_, index_)                                                    \
	METRIC_ROW("evidence_total", METRIC_COUNTER, "threat_level=\"" level_ "\"", \
		struct engine_detector_stats, evidence[index_],                     \
		"Findings that were told, by detector and level.")

const struct metric engine_metric_detector_rows[] = {
	EVIDENCE("info", THREAT_INFO),
	EVIDENCE("low", THREAT_LOW),
	EVIDENCE("medium", THREAT_MEDIUM),
	EVIDENCE("high", THREAT_HIGH),
	EVIDENCE("critical", THREAT_CRITICAL),
	METRIC_END,
};

const struct metric engine_metric_area_rows[] = {
	METRIC_ROW("memory_bytes", METRIC_GAUGE, NULL, struct engine_area, bytes,
		"Memory that an area may take; together they are memory.limit."),
	METRIC_END,
};

/* ---- reading ---- */

static void
label(char text[LABEL_MAX], const char *key, const char *value)
{
	struct strbuf b;

	strbuf_init(&b, text, LABEL_MAX);
	(void)metric_label_append(&b, key, value);
}

struct engine_metrics *
engine_metrics_new(const struct engine *e)
{
	struct engine_metrics *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->engine = e;
	m->detector_labels = calloc(e->plan.detector_count + 1, sizeof(*m->detector_labels));
	if (m->detector_labels == NULL) {
		engine_metrics_free(m);
		return NULL;
	}
	for (uint32_t i = 0; i < e->plan.detector_count; i++)
		label(m->detector_labels[i], "detector", detect_detector_name(e, i));
	for (unsigned i = 0; i < ENGINE_AREAS && e->areas[i].name != NULL; i++)
		label(m->area_labels[i], "area", e->areas[i].name);
	return m;
}

void
engine_metrics_free(struct engine_metrics *m)
{
	if (m == NULL)
		return;
	free(m->detector_labels);
	free(m);
}

size_t
engine_metrics_most(const struct engine_metrics *m)
{
	return 1 + INTERFACES_MAX + m->engine->plan.detector_count + ENGINE_AREAS;
}

static struct table_numbers
table_numbers_of(const struct table *t, uint64_t evictions)
{
	return (struct table_numbers){ table_count(t), table_capacity(t), evictions };
}

static void
read_numbers(const struct engine *e, struct numbers *n)
{
	struct site_stats site = site_stats(e->site);

	n->stats = engine_stats(e);
	n->ends = e->ends;
	n->flows = (struct table_numbers){ n->stats.flows_active, flow_table_capacity(e->flows),
		n->stats.flows_evicted };
	const struct fragments_stats *fragments = &n->stats.fragments;
	n->datagrams = (struct table_numbers){ fragments->waiting, fragments->capacity,
		fragments->evicted };
	n->pages = (struct table_numbers){ fragments->pages, fragments->pages_capacity, 0 };
	n->profiles = table_numbers_of(&e->profiles.table, n->stats.profiles_evicted);
	n->names = (struct table_numbers){ site.names, site.names_capacity, site.names_evicted };
	n->macs = (struct table_numbers){ site.macs, site.macs_capacity, site.macs_evicted };
	n->deadlines = (struct table_numbers){ e->deadlines.count, e->deadlines.capacity,
		n->stats.deadlines_refused };
	n->chunks = (struct table_numbers){ e->chunks.used_units, e->chunks.units,
		n->stats.windows_refused };
	n->streams = (struct table_numbers){ e->streams.streams.used, e->streams.streams.capacity,
		n->stats.streams_evicted };
	n->stream_units = (struct table_numbers){ e->streams.memory.used_units,
		e->streams.memory.units, n->stats.streams_refused };
	n->expected = table_numbers_of(&e->expected.table, n->stats.expected_evicted);
}

/* returns false for an interface that is none: it has no name and brought nothing */
static bool
read_interface(struct engine_metrics *m, const struct interface_names *names, unsigned i)
{
	struct interface_numbers *n = &m->interfaces[i];
	const char *name = names == NULL ? "" : names->text[i];

	n->stats = m->engine->interfaces[i];
	n->oneway_ratio = engine_oneway_ratio(&n->stats);
	n->gap_ratio = engine_gap_ratio(&n->stats);
	label(m->interface_labels[i], "interface", name[0] != '\0' ? name : "other");
	return name[0] != '\0' || n->stats.packets > 0;
}

size_t
engine_metrics_collect(struct engine_metrics *m, const struct interface_names *names,
	struct metric_source *ret_sources)
{
	const struct engine *e = m->engine;
	size_t count = 0;

	read_numbers(e, &m->numbers);
	ret_sources[count++] = (struct metric_source){ engine_metric_rows, &m->numbers, NULL };
	for (unsigned i = 0; i < INTERFACES_MAX; i++)
		if (read_interface(m, names, i))
			ret_sources[count++] = (struct metric_source){ engine_metric_interface_rows,
				&m->interfaces[i], m->interface_labels[i] };
	for (uint32_t i = 0; i < e->plan.detector_count; i++)
		ret_sources[count++] = (struct metric_source){ engine_metric_detector_rows,
			&e->detectors[i], m->detector_labels[i] };
	for (unsigned i = 0; i < ENGINE_AREAS && e->areas[i].name != NULL; i++)
		ret_sources[count++] = (struct metric_source){ engine_metric_area_rows,
			&e->areas[i], m->area_labels[i] };
	return count;
}
