#include "daemon/engine/engine_metrics.h"

#include "daemon/decode/decode.h"
#include "daemon/engine/engine_state.h"
#include "detectors/detector.h"
#include "tests/support/engine_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct evidence_kind told = { .name = "TOLD", .technique = "", .unit = "" };

/* Raises a finding at each flow's end, of the level that is the flow's server port. */
static void
raise_level(struct detect *d, const struct observation *o)
{
	evidence_raise(d,
		&(struct finding){ .kind = &told,
			.threat = (enum threat)o->flow->resp_port,
			.confidence = 1,
			.port = o->flow->resp_port },
		"told");
}

static const struct detector first = {
	.name = "first", .subscribes = OBS_BIT(OBS_FLOW_END), .observe = raise_level
};
static const struct detector silent = { .name = "silent" };

struct fixture {
	struct engine_rig rig;
	struct interface_names names;
	struct engine_metrics *metrics;
	struct metric_source *sources;
	size_t count;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	engine_rig_init(&f->rig);
	engine_rig_detector(&f->rig, &first, NULL);
	engine_rig_detector(&f->rig, &silent, NULL);
	engine_rig_start(&f->rig);
	f->metrics = engine_metrics_new(f->rig.engine);
	assert_non_null(f->metrics);
	f->sources = calloc(engine_metrics_most(f->metrics), sizeof(*f->sources));
	assert_non_null(f->sources);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	engine_metrics_free(f->metrics);
	engine_rig_finish(&f->rig);
	free(f->sources);
	free(f);
	return 0;
}

static void
collect(struct fixture *f)
{
	f->count = engine_metrics_collect(f->metrics, &f->names, f->sources);
	assert_true(f->count <= engine_metrics_most(f->metrics));
}

/* What is looked for, and what was found of it. */
struct search {
	const char *name;
	const char *label; /* all of it, "" for none */
	const char *owner; /* label of the source being walked */
	const struct metric *row;
	uint64_t value;
	unsigned found;
};

static void
look_at(void *context, const struct metric *row, uint64_t value)
{
	struct search *s = context;
	char label[512];

	(void)snprintf(label, sizeof(label), "%s%s%s", s->owner == NULL ? "" : s->owner,
		s->owner != NULL && row->label != NULL ? "," : "",
		row->label == NULL ? "" : row->label);
	if (strcmp(row->name, s->name) != 0 || strcmp(label, s->label) != 0)
		return;
	s->row = row;
	s->value = value;
	s->found++;
}

static struct search
find(const struct fixture *f, const char *name, const char *label)
{
	struct search s = { .name = name, .label = label };

	for (size_t i = 0; i < f->count; i++) {
		s.owner = f->sources[i].label;
		metric_walk(f->sources[i].rows, f->sources[i].owner, look_at, &s);
	}
	return s;
}

/* The one number of that name and label. */
static uint64_t
number(const struct fixture *f, const char *name, const char *label)
{
	struct search s = find(f, name, label);

	if (s.found != 1)
		print_error("%s{%s}: found %u times\n", name, label, s.found);
	assert_int_equal(s.found, 1);
	return s.value;
}

static double
ratio(const struct fixture *f, const char *name, const char *label)
{
	uint64_t bits = number(f, name, label);
	const struct metric *row = find(f, name, label).row;
	double value;

	assert_true(row != NULL && row->unit == METRIC_DOUBLE);
	memcpy(&value, &bits, sizeof(value));
	return value;
}

static void
every_state_of_every_protocol_has_its_row(void **state)
{
	static const char *const protos[] = { "tcp", "udp", "icmp", "other" };
	struct fixture *f = *state;
	char label[64];

	for (unsigned p = 0; p < ENGINE_PROTO_COUNT; p++)
		for (unsigned s = 0; s < CONN_STATE_COUNT; s++)
			f->rig.engine->ends.flows[p][s] = p * 100 + s + 1;
	collect(f);
	for (unsigned p = 0; p < ENGINE_PROTO_COUNT; p++)
		for (unsigned s = 0; s < CONN_STATE_COUNT; s++) {
			(void)snprintf(label, sizeof(label), "proto=\"%s\",state=\"%s\"", protos[p],
				conn_state_name(s));
			assert_int_equal(number(f, "flows_total", label), p * 100 + s + 1);
		}
}

static void
every_anomaly_has_its_row(void **state)
{
	struct fixture *f = *state;
	char label[96];

	for (unsigned a = 0; a < ANOMALY_COUNT; a++)
		f->rig.engine->stats.anomalies[a] = a + 1;
	collect(f);
	for (unsigned a = 0; a < ANOMALY_COUNT; a++) {
		(void)snprintf(label, sizeof(label), "layer=\"%s\",reason=\"%s\"", anomaly_layer(a),
			anomaly_name(a));
		assert_int_equal(number(f, "decode_errors_total", label), a + 1);
	}
}

static void
every_level_has_its_row_for_alerts_and_each_detector(void **state)
{
	struct fixture *f = *state;
	char label[96];

	for (unsigned t = 0; t < THREAT_COUNT; t++) {
		f->rig.engine->stats.alerts_by[t] = t + 1;
		f->rig.engine->detectors[0].evidence[t] = t + 10;
		f->rig.engine->detectors[1].evidence[t] = t + 20;
	}
	collect(f);
	for (unsigned t = 0; t < THREAT_COUNT; t++) {
		(void)snprintf(label, sizeof(label), "threat_level=\"%s\"", threat_name(t));
		assert_int_equal(number(f, "alerts_total", label), t + 1);
		(void)snprintf(label, sizeof(label), "detector=\"first\",threat_level=\"%s\"",
			threat_name(t));
		assert_int_equal(number(f, "evidence_total", label), t + 10);
		(void)snprintf(label, sizeof(label), "detector=\"silent\",threat_level=\"%s\"",
			threat_name(t));
		assert_int_equal(number(f, "evidence_total", label), t + 20);
	}
}

static void
datagram(struct fixture *f, const char *src, uint16_t port, uint16_t interface)
{
	struct build b = build_between(src, 1000, "10.0.0.9", port);
	uint8_t bytes[256];

	b.payload_bytes = 10;
	struct frame frame = build_frame(&b, bytes, build_udp(bytes, &b), rig_ns(0));
	frame.interface = interface;
	engine_packets(f->rig.engine, &frame, 1);
}

static void
what_happens_is_counted_where_it_belongs(void **state)
{
	struct fixture *f = *state;

	f->rig.settings.evidence.max_per_detector = 2;
	for (uint16_t i = 0; i < 4; i++)
		datagram(f, "10.0.0.1", THREAT_CRITICAL, 0); /* one flow */
	datagram(f, "10.0.0.2", THREAT_LOW, 0);
	engine_observe(f->rig.engine, &(struct observation){ .kind = OBS_FLOW_END,
					      .ts_ns = rig_ns(0),
					      .flow = &(struct obs_flow){ .ip_proto = IPPROTO_SCTP,
						      .state = CONN_OTH,
						      .start_ns = rig_ns(0),
						      .history = "",
						      .service = "",
						      .orig = rig_addr("10.0.0.3"),
						      .resp = rig_addr("10.0.0.4") } });
	collect(f);
	assert_int_equal(number(f, "flows_active", ""), 2);
	assert_int_equal(number(f, "table_entries", "table=\"flows\""), 2);
	assert_int_equal(number(f, "flows_total", "proto=\"udp\",state=\"S0\""), 0);
	assert_int_equal(number(f, "flows_total", "proto=\"other\",state=\"OTH\""), 1);
	engine_tick(f->rig.engine, rig_ns(100));
	datagram(f, "10.0.0.1", THREAT_CRITICAL, 0);
	engine_tick(f->rig.engine, rig_ns(200));
	for (unsigned i = 0; i < 3; i++) {
		datagram(f, "10.0.0.1", THREAT_MEDIUM, 0);
		engine_tick(f->rig.engine, rig_ns(300 + 100 * i));
	}
	collect(f);
	assert_int_equal(number(f, "flows_active", ""), 0);
	assert_int_equal(number(f, "flows_total", "proto=\"udp\",state=\"S0\""), 6);
	/* Two of a window are kept, and the rest is counted while the window is still open. */
	struct engine_stats s = engine_stats(f->rig.engine);
	assert_int_equal(s.evidence_suppressed, 3);
	assert_int_equal(
		number(f, "evidence_suppressed_total", "reason=\"cap\""), s.evidence_suppressed);
	assert_int_equal(number(f, "evidence_suppressed_total", "reason=\"memory\""), 0);
	uint64_t critical =
		number(f, "evidence_total", "detector=\"first\",threat_level=\"critical\"");
	uint64_t low = number(f, "evidence_total", "detector=\"first\",threat_level=\"low\"");
	uint64_t info = number(f, "evidence_total", "detector=\"first\",threat_level=\"info\"");
	assert_int_equal(critical, 2);
	assert_int_equal(low, 1);
	assert_int_equal(info, 1); /* the flow of the other engine */
	assert_int_equal(critical + low + info, s.evidence);
	assert_int_equal(number(f, "timewindows_open", ""), s.windows_open);
	assert_int_equal(number(f, "profiles_active", ""), s.profiles_active);
	assert_int_equal(number(f, "table_entries", "table=\"profiles\""), s.profiles_active);
	assert_true(number(f, "table_entries", "table=\"window_chunks\"") > 0);
	assert_int_equal(number(f, "table_entries", "table=\"deadlines\""), s.windows_open);
	engine_tick(f->rig.engine, rig_ns(20000));
	collect(f);
	assert_int_equal(number(f, "evidence_suppressed_total", "reason=\"cap\""),
		s.evidence_suppressed); /* closing does not count them again */
}

static void
tables_have_room_and_say_what_had_to_go(void **state)
{
	static const char *const tables[] = { "flows", "profiles", "names", "deadlines",
		"window_chunks" };
	static const char *const of_fragments[] = { "datagrams", "datagram_pages" };
	struct fixture *f = *state;
	char label[64];

	collect(f);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		(void)snprintf(label, sizeof(label), "table=\"%s\"", tables[i]);
		uint64_t capacity = number(f, "table_capacity", label);
		assert_in_range(capacity, 1000, UINT32_C(1) << 30);
		assert_int_equal(number(f, "table_entries", label), 0);
		(void)snprintf(label, sizeof(label), "table=\"%s\",reason=\"%s\"", tables[i],
			i < 3 ? "full" : "refused");
		assert_int_equal(number(f, "table_evictions_total", label), 0);
	}
	for (size_t i = 0; i < sizeof(of_fragments) / sizeof(of_fragments[0]); i++) {
		(void)snprintf(label, sizeof(label), "table=\"%s\"", of_fragments[i]);
		assert_in_range(number(f, "table_capacity", label), 500, UINT16_MAX);
		assert_int_equal(number(f, "table_entries", label), 0);
	}
	f->rig.engine->profiles.evicted = 3;
	f->rig.engine->stats.deadlines_refused = 4;
	f->rig.engine->stats.windows_refused = 5;
	f->rig.engine->stats.windows_truncated = 6;
	f->rig.engine->stats.observations_late = 7;
	f->rig.engine->stats.clock_jumps = 8;
	collect(f);
	assert_int_equal(
		number(f, "table_evictions_total", "table=\"profiles\",reason=\"full\""), 3);
	assert_int_equal(
		number(f, "table_evictions_total", "table=\"deadlines\",reason=\"refused\""), 4);
	assert_int_equal(
		number(f, "table_evictions_total", "table=\"window_chunks\",reason=\"refused\""),
		5);
	assert_int_equal(number(f, "timewindows_truncated_total", ""), 6);
	assert_int_equal(number(f, "observations_late_total", ""), 7);
	assert_int_equal(number(f, "clock_jumps_total", ""), 8);
}

static void
fragments_are_counted_by_what_became_of_them(void **state)
{
	struct fixture *f = *state;
	struct build b = build_between("10.0.0.1", 1, "10.0.0.2", 2);
	uint8_t bytes[256];

	b.ip_proto = 99;
	b.payload_bytes = 16;
	for (unsigned i = 0; i < 4; i++) { /* 0, 1: whole; 1: again, broken; 2: waits */
		b.ip_id = (uint16_t)(i + 1) / 2;
		b.fragment_offset = i % 2 == 0 && i > 0 ? 2 : 0;
		b.more_fragments = b.fragment_offset == 0;
		struct frame frame = build_frame(&b, bytes, build_ip(bytes, &b), rig_ns(0));
		engine_packets(f->rig.engine, &frame, 1);
	}
	collect(f);
	assert_int_equal(number(f, "fragments_total", ""), 4);
	assert_int_equal(number(f, "datagrams_total", "result=\"whole\""), 1);
	assert_int_equal(number(f, "datagrams_total", "result=\"incomplete\""), 0);
	assert_int_equal(number(f, "table_entries", "table=\"datagrams\""), 2);
	assert_int_equal(number(f, "table_entries", "table=\"datagram_pages\""), 4);
	b.payload_bytes = 15;
	b.more_fragments = true;
	struct frame frame = build_frame(&b, bytes, build_ip(bytes, &b), rig_ns(0));
	engine_packets(f->rig.engine, &frame, 1);
	engine_tick(f->rig.engine, rig_ns(31));
	collect(f);
	assert_int_equal(number(f, "datagrams_total", "result=\"broken\""), 1);
	assert_int_equal(number(f, "datagrams_total", "result=\"incomplete\""), 1);
	assert_int_equal(number(f, "datagrams_total", "result=\"evicted\""), 0);
	assert_int_equal(number(f, "weird_total", "kind=\"fragment_length\""), 1);
	assert_int_equal(number(f, "table_entries", "table=\"datagrams\""), 0);
}

static void
areas_of_memory_add_up_to_the_limit(void **state)
{
	static const char *const areas[] = { "process", "flows", "profiles", "windows", "names",
		"fragments", "deadlines", "streams", "timeline" };
	struct fixture *f = *state;
	char label[64];
	uint64_t sum = 0;

	collect(f);
	for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++) {
		(void)snprintf(label, sizeof(label), "area=\"%s\"", areas[i]);
		sum += number(f, "memory_bytes", label);
	}
	assert_int_equal(sum, f->rig.settings.memory.limit);
}

static void
interfaces_have_their_names_and_those_that_are_none_are_left_out(void **state)
{
	struct fixture *f = *state;
	struct engine_interface_stats *s = f->rig.engine->interfaces;

	(void)snprintf(f->names.text[0], INTERFACE_NAME_MAX, "eth0");
	(void)snprintf(f->names.text[1], INTERFACE_NAME_MAX, "w\"an\n\xff");
	s[0] = (struct engine_interface_stats){ .duplicates = 1,
		.tcp_bytes = 2,
		.tcp_gap_bytes = 3,
		.flows_talked = 4,
		.flows_oneway = 5,
		.recent_gap = { 1 << 20, 4 << 20 },
		.recent_oneway = { 15, 20 } };
	s[INTERFACES_MAX - 1].packets = 1;
	collect(f);
	assert_int_equal(number(f, "duplicate_packets_total", "interface=\"eth0\""), 1);
	assert_int_equal(number(f, "tcp_payload_bytes_total", "interface=\"eth0\""), 2);
	assert_int_equal(number(f, "tcp_gap_bytes_total", "interface=\"eth0\""), 3);
	assert_int_equal(number(f, "tcp_conversations_total", "interface=\"eth0\""), 4);
	assert_int_equal(number(f, "oneway_flows_total", "interface=\"eth0\""), 5);
	assert_true(ratio(f, "tcp_gap_ratio", "interface=\"eth0\"") == 0.25);
	assert_true(ratio(f, "oneway_flows_ratio", "interface=\"eth0\"") == 0.75);
	assert_int_equal(number(f, "duplicate_packets_total",
				 "interface=\"w\\\"an\xef\xbf\xbd\xef\xbf\xbd\""),
		0);
	assert_int_equal(number(f, "duplicate_packets_total", "interface=\"other\""), 0);
	size_t with_three = f->count;
	f->names.text[1][0] = '\0';
	collect(f);
	assert_int_equal(f->count, with_three - 1);
	/* without any names: what brought something is still there */
	f->count = engine_metrics_collect(f->metrics, NULL, f->sources);
	assert_int_equal(f->count, with_three - 2);
}

static void
the_longest_name_fits_and_so_do_the_most_sources(void **state)
{
	struct fixture *f = *state;
	char label[512];
	char *end = label + sprintf(label, "interface=\"");

	for (unsigned i = 0; i < INTERFACES_MAX; i++)
		memset(f->names.text[i], i == 0 ? 1 : 'a' + (int)i % 26, INTERFACE_NAME_MAX - 1);
	collect(f);
	assert_int_equal(f->count, 1 + INTERFACES_MAX + 2 + 9);
	for (unsigned i = 0; i < INTERFACE_NAME_MAX - 1; i++)
		end += sprintf(end, "\xef\xbf\xbd");
	(void)sprintf(end, "\"");
	assert_int_equal(number(f, "duplicate_packets_total", label), 0);
}

#define WITH_ENGINE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_ENGINE(every_state_of_every_protocol_has_its_row),
		WITH_ENGINE(every_anomaly_has_its_row),
		WITH_ENGINE(every_level_has_its_row_for_alerts_and_each_detector),
		WITH_ENGINE(what_happens_is_counted_where_it_belongs),
		WITH_ENGINE(tables_have_room_and_say_what_had_to_go),
		WITH_ENGINE(fragments_are_counted_by_what_became_of_them),
		WITH_ENGINE(areas_of_memory_add_up_to_the_limit),
		WITH_ENGINE(interfaces_have_their_names_and_those_that_are_none_are_left_out),
		WITH_ENGINE(the_longest_name_fits_and_so_do_the_most_sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
