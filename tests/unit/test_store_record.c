#include "exporters/store/store_record.h"

#include "tests/support/record_sample.h"
#include "tests/support/store_rig.h"
#include "tests/support/timeline_sample.h"

static int
setup(void **state)
{
	struct store_rig *r = store_rig_new();

	assert_int_equal(store_rig_open(r), 0);
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	store_rig_free(*state);
	return 0;
}

static void
put(struct store_rig *r, const struct record *record, const char *line)
{
	assert_true(store_begin(&r->store));
	store_record(&r->windows, record, line, line != NULL ? strlen(line) : 0);
	assert_int_equal(r->store.statements.error, SQLITE_OK);
}

static void
put_evidence(struct store_rig *r, const struct record_evidence *e)
{
	put(r, &(struct record){ .kind = RECORD_EVIDENCE, .ts_ns = SAMPLE_NS, .evidence = e },
		NULL);
}

static void
evidence_has_a_row_in_its_window_and_its_flows(void **state)
{
	struct store_rig *r = *state;
	struct record_evidence e = sample_evidence();

	e.has_about = true;
	e.about = addr_v4(203, 0, 113, 80);
	e.about_country = "NL";
	e.about_asn = 64500;
	e.about_org = "A \x1b[2J";
	e.source = "a.csv";
	e.silenced_by = (struct record_silence){ "cameras", "no-alert" };
	put_evidence(r, &e);
	assert_store(r,
		"SELECT w.number, e.uuid, e.twin, e.ts_ns, e.kind, e.title, e.technique, e.detector, e.role, e.threat,"
		" e.confidence, e.decisive, e.counted, e.sum FROM evidence e JOIN windows w ON w.id = e.window",
		"3|8f14e45f-ceea-867a-9c1d-3f1b2c4d5e6f|-|1795485600123456789|HORIZONTAL_PORT_SCAN|Horizontal port scan"
		"|T1046|horizontal_scan|attacker|high|0.3|0|1|0.24");
	assert_store(r,
		"SELECT about, about_country, about_asn, about_org, port, ip_proto, observed, threshold, unit, object,"
		" text, source, suppressed, silenced_by, silenced_effect FROM evidence",
		"203.0.113.80|NL|64500|A \\x1b[2J|23|6|10|10|hosts|23/tcp|scanned port 23/tcp on 10 hosts|a.csv|0"
		"|cameras|no-alert");
	assert_store(r, "SELECT evidence, n, uid FROM evidence_flows",
		"1|0|CAAAAAAAAAAAAAAAA1\n1|1|CAAAAAAAAAAAAAAAA2");
}

static void
what_evidence_does_not_know_has_no_value(void **state)
{
	struct store_rig *r = *state;
	struct record_evidence e = sample_evidence();

	e.role = EVIDENCE_VICTIM;
	e.text = "";
	e.object = "";
	e.uid_count = 0;
	put_evidence(r, &e);
	assert_store(r,
		"SELECT role, twin, about, about_country, about_asn, about_org, object, text, source, silenced_by,"
		" silenced_effect FROM evidence",
		"victim|-|-|-|-|-|-||-|-|-");
	assert_store(r, "SELECT count(*) FROM evidence_flows", "0");
}

static void
an_alert_has_the_ids_of_its_evidence(void **state)
{
	struct store_rig *r = *state;
	struct record_alert a = sample_alert();
	struct record_evidence e = sample_evidence();

	put_evidence(r, &e);
	put(r, &(struct record){ .kind = RECORD_ALERT, .ts_ns = SAMPLE_NS, .alert = &a }, NULL);
	assert_store(r,
		"SELECT window, uuid, ts_ns, sum, threshold, decisive, reason, strongest, highest, evidence_total"
		" FROM alerts",
		"1|d3d94468-02a4-8259-b55d-38e6d163e820|1795485600123456789|3.04|3.0|0"
		"|scanned port 23/tcp on 1000 hosts|HORIZONTAL_PORT_SCAN|high|2");
	assert_store(r,
		"SELECT a.n, e.kind FROM alert_evidence a LEFT JOIN evidence e ON e.uuid = a.uuid ORDER BY n",
		"0|HORIZONTAL_PORT_SCAN\n1|-");
	assert_store(r, "SELECT windows, evidence, alerts FROM hosts", "1|1|1");
}

static void
a_flow_has_a_row_when_it_has_ended(void **state)
{
	struct store_rig *r = *state;
	struct obs_flow f = sample_flow();
	struct record record = { .kind = RECORD_FLOW, .ts_ns = SAMPLE_NS, .flow = &f };

	f.ended = FLOW_END_NONE;
	put(r, &record, "{}");
	assert_store(r, "SELECT count(*) FROM flows", "0");
	f.ended = FLOW_END_CLOSED;
	f.ignored_by = "lab";
	put(r, &record, "{}");
	assert_store(r,
		"SELECT run, uid, start_ns, end_ns, orig, orig_port, resp, resp_port, ip_proto, service, state,"
		" established, ended, history FROM flows",
		"1|CHhAvVGS1DHFjwGM9|1795485600123456789|1795485661623456789|192.168.1.10|51234|203.0.113.80|443|6|ssl"
		"|SF|1|closed|ShADadFf");
	assert_store(r,
		"SELECT orig_packets, orig_ip_bytes, orig_payload, resp_packets, resp_ip_bytes, resp_payload, missed,"
		" vlan, label, ignored_by FROM flows",
		"12|1500|860|10|9000|8460|20|7|-|lab");
}

static void
a_transaction_is_its_line_of_eve(void **state)
{
	struct store_rig *r = *state;
	const struct obs_talk talk = { .uid = { "CHhAvVGS1DHFjwGM9" } };
	struct observation o = { .kind = OBS_HTTP, .ts_ns = SAMPLE_NS, .talk = &talk };
	struct record record = {
		.kind = RECORD_TRANSACTION, .ts_ns = SAMPLE_NS, .transaction = &o
	};

	put(r, &record, NULL);
	put(r, &record, "{\"http\":1}");
	o.talk = NULL;
	put(r, &record, "{\"http\":2}");
	o.kind = OBS_ND; /* of which eve.json has none */
	put(r, &record, "{}");
	assert_store(r, "SELECT run, ts_ns, kind, uid, eve FROM transactions",
		"1|1795485600123456789|http|CHhAvVGS1DHFjwGM9|{\"http\":1}\n"
		"1|1795485600123456789|http|-|{\"http\":2}");
}

static void
what_happened_to_the_capture_is_an_event(void **state)
{
	static const enum record_kind kinds[] = { RECORD_TUNNEL, RECORD_CLOCK_JUMP,
		RECORD_CAPTURE_GAP, RECORD_WEIRD };
	static const struct record_clock_jump jump = { 100, 5000 };
	static const struct record_capture_gap gap = { "eth\x1b", 7, 9, "down" };
	struct store_rig *r = *state;

	for (size_t i = 0; i < 4; i++) {
		struct record record = { .kind = kinds[i], .ts_ns = i + 1 };
		if (record.kind == RECORD_CLOCK_JUMP)
			record.clock_jump = &jump;
		else if (record.kind == RECORD_CAPTURE_GAP)
			record.capture_gap = &gap;
		put(r, &record, NULL);
		put(r, &record, "{}");
	}
	assert_store(r, "SELECT ts_ns, kind, eve FROM events",
		"1|tunnel|{}\n2|clock_jump|{}\n3|capture_gap|{}\n4|weird|{}");
	assert_store(r, "SELECT run, reason, interface, from_ns, to_ns, count FROM loss_spans",
		"1|clock_jumps||100|5000|1\n1|capture_down|eth\\x1b|7|9|1");
}

static void
a_loss_that_goes_on_keeps_its_row(void **state)
{
	struct store_rig *r = *state;
	struct record_loss_span span = { "dropped", "eth0", 100, 200, 7 };
	const struct record record = { .kind = RECORD_LOSS_SPAN, .loss_span = &span };

	put(r, &record, NULL);
	span.to_ns = 300;
	span.count = 9;
	put(r, &record, NULL);
	span.interface = "eth1";
	put(r, &record, NULL);
	span.from_ns = 300;
	put(r, &record, NULL);
	assert_store(r, "SELECT id, run, reason, interface, from_ns, to_ns, count FROM loss_spans",
		"1|1|dropped|eth0|100|300|9\n2|1|dropped|eth1|100|300|9\n3|1|dropped|eth1|300|300|9");
}

static void
a_timeline_tells_what_its_host_did(void **state)
{
	struct store_rig *r = *state;
	struct timeline_sample t;

	timeline_sample_init(&t);
	t.record.window = sample_window();
	put(r, &(struct record){ .kind = RECORD_TIMELINE, .timeline = &t.record }, NULL);
	timeline_sample_turn(&t);
	t.flow.service = "";
	put(r, &(struct record){ .kind = RECORD_TIMELINE, .timeline = &t.record }, NULL);
	t.flow.ip_proto = 47; /* which timelines do not tell */
	put(r, &(struct record){ .kind = RECORD_TIMELINE, .timeline = &t.record }, NULL);
	assert_store(r,
		"SELECT window, ts_ns, role, peer, port, ip_proto, service, sent, received, established, uid,"
		" entry ->> 'daddr', entry ->> 'sent' FROM timeline",
		"1|1571784316123456000|0|216.58.201.106|443|6|ssl|966|957|1|Cabc|216.58.201.106|966\n"
		"2|1571784316123456000|1|10.0.0.5|443|6|-|957|966|1|Cabc|216.58.201.106|957\n"
		"2|1571784316123456000|1|10.0.0.5|443|47|-|957|966|1|Cabc|-|-");
}

static void
the_totals_end_a_run(void **state)
{
	static const struct record_loss lost[] = { { "ip_short", 0 }, { "flows_evicted", 8 } };
	struct store_rig *r = *state;
	const struct record_totals t = { .packets = 1,
		.bytes = 2,
		.flows = 3,
		.hosts = 4,
		.windows = 5,
		.evidence = 6,
		.alerts = 7,
		.first_ns = 8,
		.last_ns = UINT64_MAX, /* of a capture that lies */
		.lost = lost,
		.lost_count = 2 };

	put(r, &(struct record){ .kind = RECORD_TOTALS, .totals = &t }, NULL);
	store_loss_write(&r->store, "store_dropped", 1);
	store_loss_write(&r->store, "store_dropped", 9);
	assert_store(r,
		"SELECT ended, packets, bytes, flows, hosts, windows, evidence, alerts, first_ns, last_ns FROM runs",
		"1|1|2|3|4|5|6|7|8|9223372036854775807");
	assert_store(r, "SELECT run, reason, count FROM losses ORDER BY reason",
		"1|flows_evicted|8\n1|ip_short|0\n1|store_dropped|9");
}

static void
a_kind_that_has_no_place_is_left_out(void **state)
{
	struct store_rig *r = *state;

	put(r, &(struct record){ .kind = RECORD_ARP }, "{}");
	assert_store(r, "SELECT count(*) FROM events", "0");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(evidence_has_a_row_in_its_window_and_its_flows),
		T(what_evidence_does_not_know_has_no_value),
		T(an_alert_has_the_ids_of_its_evidence),
		T(a_flow_has_a_row_when_it_has_ended),
		T(a_transaction_is_its_line_of_eve),
		T(what_happened_to_the_capture_is_an_event),
		T(a_loss_that_goes_on_keeps_its_row),
		T(a_timeline_tells_what_its_host_did),
		T(the_totals_end_a_run),
		T(a_kind_that_has_no_place_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
