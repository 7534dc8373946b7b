#include "exporters/exporter.h"
#include "tests/support/record_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

extern const struct encoding encoding_eve;

static const char flow_line[] =
	"{\"timestamp\":\"2026-11-24T02:01:01.623456+0000\",\"host\":\"gw1\","
	"\"flow_id\":4503599627370496,\"event_type\":\"flow\",\"vlan\":[7],"
	"\"src_ip\":\"192.168.1.10\",\"src_port\":51234,\"dest_ip\":\"203.0.113.80\","
	"\"dest_port\":443,\"ip_v\":4,\"proto\":\"TCP\",\"app_proto\":\"tls\","
	"\"community_id\":\"1:cE860HWiqeJV0/m1j7oKlywqUp0=\","
	"\"ether\":{\"src_mac\":\"02:00:00:00:00:0a\","
	"\"dest_mac\":\"02:00:00:00:00:01\"},\"flow\":{\"pkts_toserver\":12,"
	"\"pkts_toclient\":10,\"bytes_toserver\":1500,\"bytes_toclient\":9000,"
	"\"start\":\"2026-11-24T02:00:00.123456+0000\","
	"\"end\":\"2026-11-24T02:01:01.623456+0000\",\"age\":61,\"state\":\"closed\","
	"\"reason\":\"closed\"},\"naiad\":{\"kind\":\"flow\","
	"\"uid\":\"CHhAvVGS1DHFjwGM9\",\"conn_state\":\"SF\",\"history\":\"ShADadFf\","
	"\"payload_toserver\":860,\"payload_toclient\":8460,\"missed_bytes\":20}}";
static const char evidence_line[] =
	"{\"timestamp\":\"2026-11-24T02:00:00.123456+0000\",\"host\":\"gw1\","
	"\"event_type\":\"alert\",\"src_ip\":\"192.168.1.10\",\"dest_port\":23,"
	"\"ip_v\":4,\"proto\":\"TCP\",\"alert\":{\"action\":\"allowed\",\"gid\":5200,"
	"\"signature_id\":5200005,\"rev\":1,\"signature\":\"Horizontal port scan\","
	"\"category\":\"Suspicious behaviour: Discovery\",\"severity\":1,"
	"\"metadata\":{\"evidence_type\":[\"HORIZONTAL_PORT_SCAN\"],"
	"\"evidence_id\":[\"8f14e45f-ceea-867a-9c1d-3f1b2c4d5e6f\"],"
	"\"detector\":[\"horizontal_scan\"],"
	"\"description\":[\"scanned port 23/tcp on 10 hosts\"],"
	"\"profile\":[\"192.168.1.10\"],\"time_window\":[\"3\"],"
	"\"time_window_start\":[\"2026-11-24T02:00:00.000000+0000\"],"
	"\"time_window_end\":[\"2026-11-24T03:00:00.000000+0000\"],"
	"\"role\":[\"attacker\"],\"threat_level\":[\"high\"],"
	"\"confidence\":[\"0.300\"],\"accumulated_threat_level\":[\"0.240\"],"
	"\"observed\":[\"10\"],\"threshold\":[\"10\"],\"unit\":[\"hosts\"],"
	"\"object\":[\"23/tcp\"],\"uids\":[\"CAAAAAAAAAAAAAAAA1\","
	"\"CAAAAAAAAAAAAAAAA2\"],\"mitre_tactic_id\":[\"TA0007\"],"
	"\"mitre_tactic_name\":[\"Discovery\"],\"mitre_technique_id\":[\"T1046\"]}},"
	"\"naiad\":{\"kind\":\"evidence\","
	"\"id\":\"8f14e45f-ceea-867a-9c1d-3f1b2c4d5e6f\","
	"\"type\":\"HORIZONTAL_PORT_SCAN\",\"detector\":\"horizontal_scan\","
	"\"profile\":\"192.168.1.10\",\"role\":\"attacker\","
	"\"text\":\"scanned port 23/tcp on 10 hosts\",\"threat_level\":\"high\","
	"\"confidence\":0.300,\"decisive\":false,\"counted\":true,\"sum\":0.240,"
	"\"observed\":10,\"threshold\":10,\"window\":{\"number\":3,"
	"\"start\":\"2026-11-24T02:00:00.000000+0000\","
	"\"end\":\"2026-11-24T03:00:00.000000+0000\"},"
	"\"attack\":{\"technique\":\"T1046\","
	"\"technique_name\":\"Network Service Discovery\",\"tactic\":\"TA0007\","
	"\"tactic_name\":\"Discovery\"}}}";
static const char alert_line[] =
	"{\"timestamp\":\"2026-11-24T02:00:00.123456+0000\",\"host\":\"gw1\","
	"\"event_type\":\"alert\",\"src_ip\":\"192.168.1.10\",\"ip_v\":4,"
	"\"alert\":{\"action\":\"allowed\",\"gid\":5200,\"signature_id\":5209999,"
	"\"rev\":1,\"signature\":\"Host behaves maliciously\","
	"\"category\":\"Accumulated evidence\",\"severity\":1,"
	"\"metadata\":{\"alert_id\":[\"d3d94468-02a4-8259-b55d-38e6d163e820\"],"
	"\"description\":[\"scanned port 23/tcp on 1000 hosts\"],"
	"\"evidence_type\":[\"HORIZONTAL_PORT_SCAN\"],"
	"\"evidence_id\":[\"8f14e45f-ceea-867a-9c1d-3f1b2c4d5e6f\","
	"\"45c48cce-2e2d-8fbd-aa1a-fc51c7c6ad26\"],\"evidence_count\":[\"2\"],"
	"\"profile\":[\"192.168.1.10\"],\"time_window\":[\"3\"],"
	"\"time_window_start\":[\"2026-11-24T02:00:00.000000+0000\"],"
	"\"time_window_end\":[\"2026-11-24T03:00:00.000000+0000\"],"
	"\"threat_level\":[\"high\"],\"accumulated_threat_level\":[\"3.040\"],"
	"\"accumulated_threshold\":[\"3.000\"],\"mitre_tactic_id\":[\"TA0007\"],"
	"\"mitre_tactic_name\":[\"Discovery\"],\"mitre_technique_id\":[\"T1046\"]}},"
	"\"naiad\":{\"kind\":\"alert\",\"id\":\"d3d94468-02a4-8259-b55d-38e6d163e820\","
	"\"profile\":\"192.168.1.10\",\"reason\":\"scanned port 23/tcp on 1000 hosts\","
	"\"strongest\":\"HORIZONTAL_PORT_SCAN\",\"highest_threat_level\":\"high\","
	"\"sum\":3.040,\"threshold\":3.000,\"decisive\":false,\"evidence_count\":2,"
	"\"window\":{\"number\":3,\"start\":\"2026-11-24T02:00:00.000000+0000\","
	"\"end\":\"2026-11-24T03:00:00.000000+0000\"}}}";
static const char jump_line[] =
	"{\"timestamp\":\"2026-11-24T02:00:00.123456+0000\",\"host\":\"gw1\","
	"\"event_type\":\"anomaly\",\"anomaly\":{\"type\":\"capture\","
	"\"event\":\"clock_jump\"},\"naiad\":{\"kind\":\"clock_jump\","
	"\"from\":\"2026-11-24T02:00:00.123456+0000\","
	"\"to\":\"2026-11-24T04:00:00.123456+0000\"}}";

static const char gap_line[] =
	"{\"timestamp\":\"2026-11-24T02:00:00.123456+0000\",\"host\":\"gw1\","
	"\"in_iface\":\"eth0\",\"event_type\":\"anomaly\",\"anomaly\":{\"type\":\"capture\","
	"\"event\":\"capture_gap\"},\"naiad\":{\"kind\":\"capture_gap\","
	"\"from\":\"2026-11-24T01:58:59.083456+0000\","
	"\"to\":\"2026-11-24T02:00:00.123456+0000\","
	"\"interface\":\"eth0\",\"reason\":\"down\"}}";

static struct interface_names names;
static struct run_info run = { .version = "0.1.0", .sensor = "gw1" };
static char text[16384];
static void *encoding_state;

static int
setup(void **state)
{
	(void)state;
	encoding_state = calloc(1, encoding_eve.state_size);
	return encoding_eve.open(encoding_state, &run);
}

static int
teardown(void **state)
{
	(void)state;
	encoding_eve.close(encoding_state);
	free(encoding_state);
	return 0;
}

static const char *
encoded(const struct record *r)
{
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	encoding_eve.encode(encoding_state, &run, r, &b);
	assert_false(b.truncated);
	assert_int_equal(strlen(text), b.length);
	return text;
}

static const char *
flow(const struct obs_flow *f)
{
	return encoded(&(struct record){ .kind = RECORD_FLOW, .ts_ns = f->last_ns, .flow = f });
}

static const char *
evidence(const struct record_evidence *e)
{
	return encoded(
		&(struct record){ .kind = RECORD_EVIDENCE, .ts_ns = SAMPLE_NS, .evidence = e });
}

static const char *
alert(const struct record_alert *a)
{
	return encoded(&(struct record){ .kind = RECORD_ALERT, .ts_ns = SAMPLE_NS, .alert = a });
}

static void
has(const char *line, const char *part)
{
	if (strstr(line, part) == NULL)
		fail_msg("%s\nis not in\n%s", part, line);
}

static void
has_not(const char *line, const char *part)
{
	if (strstr(line, part) != NULL)
		fail_msg("%s\nis in\n%s", part, line);
}

static void
a_flow_is_told_as_suricata_tells_it(void **state)
{
	struct obs_flow f = sample_flow();

	(void)state;
	assert_string_equal(flow(&f), flow_line);
}

static void
a_flow_that_goes_on_is_not_told(void **state)
{
	struct obs_flow f = sample_flow();

	(void)state;
	f.ended = FLOW_END_NONE;
	assert_string_equal(flow(&f), "");
}

static void
what_a_flow_does_not_know_is_left_out(void **state)
{
	struct obs_flow f = sample_flow();

	(void)state;
	f.vlan = 0;
	f.has_macs = false;
	f.service = "";
	f.last_ns = f.start_ns - 1; /* a foreign log may say so */
	flow(&f);
	has_not(text, "vlan");
	has_not(text, "ether");
	has_not(text, "app_proto");
	has(text, "\"age\":0,");
	f.vlan = 7;
	f.inner_vlan = 8;
	has(flow(&f), "\"vlan\":[7,8],");
}

static void
what_somebody_called_a_flow_is_told(void **state)
{
	struct obs_flow f = sample_flow();

	(void)state;
	flow(&f);
	has_not(text, "label");
	f.label = "From-\"Botnet\"-V1";
	has(flow(&f), "\"missed_bytes\":20,\"label\":\"From-\\\"Botnet\\\"-V1\"}}");
	f.ignored_by = "cam\"eras";
	has(flow(&f), "V1\",\"ignored_by\":\"cam\\\"eras\"}}");
}

static void
icmp_has_types_instead_of_ports(void **state)
{
	struct obs_flow f = sample_flow();

	(void)state;
	f.ip_proto = IPPROTO_ICMP;
	f.orig_port = 8;
	f.resp_port = 0;
	flow(&f);
	has(text, "\"ip_v\":4,\"proto\":\"ICMP\",\"icmp_type\":8,\"response_icmp_type\":0,");
	has_not(text, "_port");
	f.resp_total.packets = 1;
	has(flow(&f), "response_icmp_type");
	f.resp_total.packets = 0;
	has_not(flow(&f), "response_icmp");
	f.orig_port = 3; /* unreachable: no answer, so the second is the code */
	f.resp_port = 13;
	has(flow(&f), "\"icmp_type\":3,\"icmp_code\":13,");
	assert_true(addr_parse("fe80::1", &f.orig));
	assert_true(addr_parse("ff02::1", &f.resp));
	f.ip_proto = IPPROTO_ICMPV6;
	f.orig_port = 128;
	f.resp_port = 129;
	has(flow(&f), "\"src_ip\":\"fe80::1\",\"dest_ip\":\"ff02::1\",\"ip_v\":6,"
		      "\"proto\":\"IPv6-ICMP\",\"icmp_type\":128,\"app_proto\"");
}

static void
protocols_have_suricatas_names_or_numbers(void **state)
{
	static const struct {
		uint8_t ip_proto;
		const char *name;
	} expected[] = { { 2, "IGMP" }, { 6, "TCP" }, { 17, "UDP" }, { 47, "GRE" }, { 50, "ESP" },
		{ 51, "AH" }, { 132, "SCTP" }, { 0, "000" }, { 89, "089" }, { 255, "255" } };
	struct obs_flow f = sample_flow();
	char part[64];

	(void)state;
	f.orig_port = 0;
	f.resp_port = 0;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		f.ip_proto = expected[i].ip_proto;
		(void)snprintf(part, sizeof(part), "\"ip_v\":4,\"proto\":\"%s\",\"app_proto\"",
			expected[i].name);
		has(flow(&f), part);
		has_not(text, "_port"); /* what has no ports says none */
	}
	f.resp_port = 53; /* port 0 is a port when the other side has one */
	has(flow(&f), "\"src_port\":0,");
}

static void
states_are_suricatas_three_words(void **state)
{
	static const char *const words[CONN_STATE_COUNT] = {
		[CONN_S0] = "new",
		[CONN_S1] = "established",
		[CONN_SF] = "closed",
		[CONN_REJ] = "closed",
		[CONN_S2] = "established",
		[CONN_S3] = "established",
		[CONN_RSTO] = "closed",
		[CONN_RSTR] = "closed",
		[CONN_RSTOS0] = "closed",
		[CONN_RSTRH] = "closed",
		[CONN_SH] = "closed",
		[CONN_SHR] = "closed",
		[CONN_OTH] = "established",
	};
	struct obs_flow f = sample_flow();
	char part[64];

	(void)state;
	for (unsigned i = 0; i < CONN_STATE_COUNT; i++) {
		f.state = (enum conn_state)i;
		(void)snprintf(part, sizeof(part), "\"state\":\"%s\",", words[i]);
		has(flow(&f), part);
	}
	f.state = CONN_OTH; /* only one side was ever seen */
	f.resp_total.packets = 0;
	has(flow(&f), "\"state\":\"new\",");
	f.orig_total.packets = 0;
	f.resp_total.packets = 1;
	has(flow(&f), "\"state\":\"new\",");
	f.orig_total.packets = 1;
	has(flow(&f), "\"state\":\"established\",");
	f.state = CONN_SF; /* UDP never closes */
	f.ip_proto = IPPROTO_UDP;
	has(flow(&f), "\"state\":\"established\",");
}

static void
evidence_is_an_alert_event(void **state)
{
	struct record_evidence e = sample_evidence();

	(void)state;
	assert_string_equal(evidence(&e), evidence_line);
}

static void
severity_runs_backwards(void **state)
{
	static const char *const severities[THREAT_COUNT] = {
		[THREAT_INFO] = "\"severity\":3,",
		[THREAT_LOW] = "\"severity\":3,",
		[THREAT_MEDIUM] = "\"severity\":2,",
		[THREAT_HIGH] = "\"severity\":1,",
		[THREAT_CRITICAL] = "\"severity\":1,",
	};
	struct record_evidence e = sample_evidence();

	(void)state;
	for (unsigned t = 0; t < THREAT_COUNT; t++) {
		e.threat = (enum threat)t;
		has(evidence(&e), severities[t]);
	}
}

static void
the_attacker_is_the_source_whoever_is_charged(void **state)
{
	struct record_evidence e = sample_evidence();

	(void)state;
	e.has_about = true;
	e.about = addr_v4(10, 0, 0, 9);
	has(evidence(&e), "\"src_ip\":\"192.168.1.10\",\"dest_ip\":\"10.0.0.9\",\"dest_port\":23,");
	has(text, "\"role\":[\"attacker\"]");
	e.role = EVIDENCE_VICTIM;
	has(evidence(&e), "\"src_ip\":\"10.0.0.9\",\"dest_ip\":\"192.168.1.10\",\"dest_port\":23,");
	has(text, "\"role\":[\"victim\"]");
	has(text, "\"role\":\"victim\"");
	e.has_about = false;
	has(evidence(&e), "\"dest_ip\":\"192.168.1.10\"");
	has_not(text, "src_ip");
}

static void
what_evidence_does_not_know_is_left_out(void **state)
{
	static const struct evidence_kind plain = {
		.name = "PLAIN", .signature_id = 1, .technique = "", .unit = "", .title = "Plain"
	};
	struct record_evidence e = sample_evidence();

	(void)state;
	e.kind = &plain;
	e.port = 0;
	e.ip_proto = 0;
	e.object = "";
	e.uid_count = 0;
	evidence(&e);
	has_not(text, "mitre");
	has_not(text, "attack\":");
	has_not(text, "_port");
	has_not(text, "proto");
	has_not(text, "object");
	has_not(text, "uids");
	has_not(text, "unit");
	has_not(text, "related");
	has_not(text, "suppressed");
	has_not(text, "silenced_by");
	has(text, "\"category\":\"Suspicious behaviour\",");
}

static void
what_evidence_knows_is_told(void **state)
{
	struct record_evidence e = sample_evidence();

	(void)state;
	(void)snprintf(e.twin, sizeof(e.twin), "11111111-2222-8333-8444-555555555555");
	e.suppressed = 12;
	e.silenced_by = (struct record_silence){ "our \"scanner\"", "no-alert" };
	e.decisive = true;
	e.counted = false;
	e.ip_proto = IPPROTO_ICMP;
	e.port = 13;
	e.window.number = -2;
	evidence(&e);
	has(text, "\"related_evidence_id\":[\"11111111-2222-8333-8444-555555555555\"],");
	has(text,
		"\"suppressed\":12,\"silenced_by\":{\"rule\":\"our \\\"scanner\\\"\",\"effect\":\"no-alert\"},");
	has(text, "\"decisive\":true,\"counted\":false,");
	has(text, "\"proto\":\"ICMP\",\"icmp_type\":13,");
	has_not(text, "dest_port");
	has(text, "\"time_window\":[\"-2\"]");
	has(text, "\"number\":-2,");
	has_not(text, "\"about\"");
	has_not(text, "\"source\"");
	e.source = "a.csv";
	has(evidence(&e), "\"source\":[\"a.csv\"],\"uids\"");
	has(text, "\"suppressed\":12,\"source\":\"a.csv\",");
	e.has_about = true;
	e.about = addr_v4(203, 0, 113, 9);
	e.about_asn = 64496;
	has(evidence(&e), "\"about\":{\"ip\":\"203.0.113.9\",\"asn\":64496},");
	e.about_org = "Example \"Ltd\"";
	e.about_country = "NL";
	has(evidence(&e), "\"about\":{\"ip\":\"203.0.113.9\",\"country\":\"NL\",\"asn\":64496,"
			  "\"as_org\":\"Example \\\"Ltd\\\"\"},");
}

static void
an_alert_lists_its_evidence_and_the_sum(void **state)
{
	struct record_alert a = sample_alert();

	(void)state;
	assert_string_equal(alert(&a), alert_line);
	a.evidence_total = 700; /* more than are listed */
	has(alert(&a), "\"evidence_count\":[\"700\"]");
	has(text, "\"evidence_count\":700");
}

static void
a_jump_of_the_clock_is_an_anomaly(void **state)
{
	struct record_clock_jump jump = { SAMPLE_NS, SAMPLE_NS + 7200 * NS_PER_S };

	(void)state;
	assert_string_equal(
		encoded(&(struct record){
			.kind = RECORD_CLOCK_JUMP, .ts_ns = SAMPLE_NS, .clock_jump = &jump }),
		jump_line);
}

static void
a_flow_says_where_it_was_seen_as_far_as_there_are_names(void **state)
{
	struct obs_flow f = sample_flow();

	(void)state;
	memset(&names, 0, sizeof(names));
	(void)snprintf(names.text[1], INTERFACE_NAME_MAX, "lan0");
	(void)snprintf(names.text[INTERFACES_MAX - 1], INTERFACE_NAME_MAX, "w\"an\n");
	f.interface = 1;
	f.observed_on = 1U << 1;
	assert_string_equal(flow(&f), flow_line); /* nobody has a name */
	run.interfaces = &names;
	has(flow(&f), "\"flow_id\":4503599627370496,\"in_iface\":\"lan0\",\"event_type\":\"flow\"");
	assert_null(strstr(text, "observed_on")); /* on one only */
	f.observed_on |= 1U << (INTERFACES_MAX - 1);
	has(flow(&f), ",\"missed_bytes\":20,\"observed_on\":[\"lan0\",\"w\\\"an\\n\"]}}");
	f.observed_on |= 1U << 2; /* one without a name: no list rather than half of one */
	has(flow(&f), "\"in_iface\":\"lan0\"");
	assert_null(strstr(text, "observed_on"));
	f.interface = 2;
	assert_null(strstr(flow(&f), "in_iface"));
	run.interfaces = NULL;
}

static void
a_flow_says_what_carried_it(void **state)
{
	struct obs_outside o = sample_outside();
	struct obs_flow f = sample_flow();

	(void)state;
	assert_null(strstr(flow(&f), "tunnel"));
	f.outside = &o;
	has(flow(&f), "},\"tunnel\":{\"src_ip\":\"10.0.0.1\",\"dest_ip\":\"10.0.0.2\","
		      "\"proto\":\"UDP\",\"depth\":2},\"flow\":{");
	has(text, ",\"missed_bytes\":20,\"tunnel\":{\"kind\":\"geneve\",\"id\":4275878552,"
		  "\"uids\":[\"CUM0KZ3MLUfNB0cl11\",\"C4J4Th3PJpwUYZZ6gc\"]}}}");
	o.id = 0;
	o.uids[1].text[0] = '\0';
	has(flow(&f), "\"tunnel\":{\"kind\":\"geneve\",\"uids\":[\"CUM0KZ3MLUfNB0cl11\"]}}}");
}

static void
a_tunnel_is_told_with_the_ends_outside(void **state)
{
	struct obs_outside o = sample_outside();
	struct obs_flow f = sample_flow();
	struct obs_tunnel t = { .kind = TUNNEL_VXLAN, .id = 77, .flow = &f };
	struct record r = { .kind = RECORD_TUNNEL, .ts_ns = SAMPLE_NS, .tunnel = &t };

	(void)state;
	assert_string_equal(encoded(&r),
		"{\"timestamp\":\"2026-11-24T02:00:00.123456+0000\",\"host\":\"gw1\","
		"\"flow_id\":4503599627370496,\"event_type\":\"tunnel\","
		"\"src_ip\":\"192.168.1.10\",\"src_port\":51234,\"dest_ip\":\"203.0.113.80\","
		"\"dest_port\":443,\"ip_v\":4,\"proto\":\"TCP\","
		"\"naiad\":{\"kind\":\"tunnel\",\"action\":\"discover\",\"tunnel_kind\":\"vxlan\","
		"\"id\":77,\"uid\":\"CHhAvVGS1DHFjwGM9\"}}");
	t.closed = true;
	t.id = 0;
	f.outside = &o;
	has(encoded(&r), "\"depth\":2},\"naiad\":{\"kind\":\"tunnel\",\"action\":\"close\","
			 "\"tunnel_kind\":\"vxlan\",\"uid\":");
}

static const char *
gap(const struct record_capture_gap *g)
{
	return encoded(&(struct record){
		.kind = RECORD_CAPTURE_GAP, .ts_ns = SAMPLE_NS, .capture_gap = g });
}

static void
a_gap_in_the_capture_is_an_anomaly(void **state)
{
	struct record_capture_gap g = sample_gap();

	(void)state;
	assert_string_equal(gap(&g), gap_line);
	g.interface = "\",\"\n\xff";
	has(gap(&g), "\"in_iface\":\"\\\",\\\"\\n\xef\xbf\xbd\",");
	has(text, "\"interface\":\"\\\",\\\"\\n\xef\xbf\xbd\",");
}

static const char *
weird(const struct record_weird *w)
{
	return encoded(&(struct record){ .kind = RECORD_WEIRD, .ts_ns = SAMPLE_NS, .weird = w });
}

static void
an_oddity_of_the_traffic_is_an_anomaly_as_suricata_tells_it(void **state)
{
	struct record_weird w = sample_weird();

	(void)state;
	assert_string_equal(weird(&w),
		"{\"timestamp\":\"2026-11-24T02:00:00.123456+0000\",\"host\":\"gw1\",\"flow_id\":4711,"
		"\"event_type\":\"anomaly\",\"src_ip\":\"192.168.1.10\",\"src_port\":4000,"
		"\"dest_ip\":\"203.0.113.80\",\"dest_port\":53,\"ip_v\":4,\"proto\":\"UDP\","
		"\"anomaly\":{\"type\":\"decode\",\"event\":\"fragment_different\"},"
		"\"naiad\":{\"kind\":\"weird\",\"text\":\"Two fragments bring other bytes for the same "
		"place of a datagram: hosts will differ on which they take.\",\"swallowed\":7,\"uid\":\"CHhAvVGS1DHFjwGM9x\"}}");
	w.weird.kind = WEIRD_STREAM_DIFFERENT;
	w.weird.id = 0;
	w.weird.uid.text[0] = '\0';
	w.weird.src_port = 0;
	has(weird(&w), "\"type\":\"stream\",\"event\":\"stream_different\"");
	assert_null(strstr(text, "flow_id"));
	assert_null(strstr(text, "uid"));
	has(text, "\"src_port\":0,");
	w.weird.dst_port = 0;
	assert_null(strstr(weird(&w), "_port"));
}

static void
an_oddity_says_where_it_was_seen_if_that_has_a_name(void **state)
{
	struct record_weird w = sample_weird();

	(void)state;
	memset(&names, 0, sizeof(names));
	(void)snprintf(names.text[1], INTERFACE_NAME_MAX, "w\"an\n");
	run.interfaces = &names;
	has(weird(&w),
		"\"host\":\"gw1\",\"flow_id\":4711,\"in_iface\":\"w\\\"an\\n\",\"event_type\"");
	w.interface = 2;
	assert_null(strstr(weird(&w), "in_iface"));
	w.interface = INTERFACES_MAX;
	assert_null(strstr(weird(&w), "in_iface"));
	run.interfaces = NULL;
}

/* A host name in a sentence may hold anything: quotes, line ends, escape codes, broken UTF-8. */
static void
hostile_strings_stay_strings(void **state)
{
	struct record_evidence e = sample_evidence();
	struct record_alert a = sample_alert();

	(void)state;
	e.object = "\"},{\"x\":\"\n\x1b[2J\xff";
	e.text = "asked for \"\\\"";
	a.reason = "\x9b\xe2\x80\xa8\t";
	evidence(&e);
	has(text, "\"object\":[\"\\\"},{\\\"x\\\":\\\"\\n\\u001b[2J\xef\xbf\xbd\"]");
	has(text, "\"description\":[\"asked for \\\"\\\\\\\"\"]");
	has(text, "\"text\":\"asked for \\\"\\\\\\\"\"");
	assert_null(strchr(text, '\n'));
	alert(&a);
	has(text, "\"description\":[\"\xef\xbf\xbd\\u2028\\t\"]");
	has(text, "\"reason\":\"\xef\xbf\xbd\\u2028\\t\"");
}

static void
a_line_without_room_says_so_and_writes_nothing_else(void **state)
{
	struct record_evidence e = sample_evidence();
	struct record r = { .kind = RECORD_EVIDENCE, .ts_ns = SAMPLE_NS, .evidence = &e };
	struct strbuf b;

	(void)state;
	for (size_t room = 1; room < sizeof(evidence_line); room++) {
		memset(text, 'z', sizeof(text));
		strbuf_init(&b, text, room);
		encoding_eve.encode(encoding_state, &run, &r, &b);
		assert_true(b.truncated);
		assert_int_equal(text[room], 'z');
	}
	strbuf_init(&b, text, sizeof(evidence_line));
	encoding_eve.encode(encoding_state, &run, &r, &b);
	assert_false(b.truncated);
}

#define ENCODED(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ENCODED(a_flow_is_told_as_suricata_tells_it),
		ENCODED(a_flow_that_goes_on_is_not_told),
		ENCODED(what_a_flow_does_not_know_is_left_out),
		ENCODED(what_somebody_called_a_flow_is_told),
		ENCODED(icmp_has_types_instead_of_ports),
		ENCODED(protocols_have_suricatas_names_or_numbers),
		ENCODED(states_are_suricatas_three_words),
		ENCODED(evidence_is_an_alert_event),
		ENCODED(severity_runs_backwards),
		ENCODED(the_attacker_is_the_source_whoever_is_charged),
		ENCODED(what_evidence_does_not_know_is_left_out),
		ENCODED(what_evidence_knows_is_told),
		ENCODED(an_alert_lists_its_evidence_and_the_sum),
		ENCODED(a_jump_of_the_clock_is_an_anomaly),
		ENCODED(a_flow_says_where_it_was_seen_as_far_as_there_are_names),
		ENCODED(a_flow_says_what_carried_it),
		ENCODED(a_tunnel_is_told_with_the_ends_outside),
		ENCODED(a_gap_in_the_capture_is_an_anomaly),
		ENCODED(an_oddity_of_the_traffic_is_an_anomaly_as_suricata_tells_it),
		ENCODED(an_oddity_says_where_it_was_seen_if_that_has_a_name),
		ENCODED(hostile_strings_stay_strings),
		ENCODED(a_line_without_room_says_so_and_writes_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
