/* test_source_store_answers.c -- what a store says of timelines, findings, tables, tuples, hosts and its run. */
#include "viewer/source/source_store_part.h"

#include "tests/support/source_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- timeline and flows ---- */

static void
entries_are_of_json_or_else_of_the_columns(void **state)
{
	const struct source_entry *e = NULL;
	struct source_window_id id = window("10.0.0.5", 1);

	(void)state;
	open_with(ONE_WINDOW
		"INSERT INTO timeline VALUES"
		" (1, 7, 103, 1, '1.2.3.4', 0, 47, NULL, 10, 20, 0, 'u3', NULL),"
		" (2, 7, 101, 0, '1.2.3.4', 80, 6, 'http', 10, 20, 1, 'u1',"
		"  '{\"dport_name\":\"HTTP\",\"preposition\":\"to\",\"daddr\":\"1.2.3.4\",\"sent\":1}'),"
		" (3, 7, 102, 0, '1.2.3.4', 80, 6, 'http', 10, 20, 1, 'u2', '{\"dport_name\":'),"
		" (4, 7, 104, 0, x'310032', 80, 6, x'00', 10, 20, 1, 'u4', x'00');");
	assert_int_equal(source_entries(source, &id, 0, 10, &memory, &e), 4);
	assert_string_equal(e[0].uid, "u1");
	assert_string_equal(e[0].service, "HTTP");
	assert_int_equal(e[0].ts_ns, 101);
	assert_int_equal(e[0].sent, 1);
	assert_string_equal(e[1].uid, "u2");
	assert_string_equal(e[1].service, "http");
	assert_string_equal(e[1].port, "80/TCP");
	assert_int_equal(e[1].sent, 10);
	assert_int_equal(e[1].received, 20);
	assert_true(e[1].has_state && e[1].established && e[1].has_sizes && !e[1].is_from);
	assert_string_equal(e[2].service, "????");
	assert_string_equal(e[2].port, "0/IP47");
	assert_true(e[2].is_from);
	assert_false(e[2].established);
	assert_string_equal(e[3].peer, "1\\x002");
	assert_string_equal(e[3].service, "\\x00");
	assert_no_trouble();
}

static void
pages_meet_within_one_moment(void **state)
{
	const struct source_entry *e = NULL;
	struct source_window_id id = window("10.0.0.5", 1);

	(void)state;
	/* Five entries of three moments; of one moment they are in the order of what they say. */
	open_with(ONE_WINDOW "INSERT INTO timeline VALUES"
			     "(1, 7, 102, 0, 'x', 1, 6, NULL, 0, 0, 1, 'c', '{\"a\":3}'),"
			     "(2, 7, 102, 0, 'x', 1, 6, NULL, 0, 0, 1, 'b', '{\"a\":2}'),"
			     "(3, 7, 102, 0, 'x', 1, 6, NULL, 0, 0, 1, 'd', '{\"a\":4}'),"
			     "(4, 7, 103, 0, 'x', 1, 6, NULL, 0, 0, 1, 'e', '{\"a\":0}'),"
			     "(5, 7, 101, 0, 'x', 1, 6, NULL, 0, 0, 1, 'a', '{\"a\":9}');");
	for (size_t from = 0; from < 5; from++)
		for (size_t most = 1; most <= 5; most++) {
			size_t count = source_entries(source, &id, from, most, &memory, &e);
			assert_int_equal(count, most < 5 - from ? most : 5 - from);
			for (size_t i = 0; i < count; i++)
				assert_int_equal(e[i].uid[0], "abcde"[from + i]);
		}
	assert_int_equal(source_entries(source, &id, 5, 1, &memory, &e), 0);
	assert_no_trouble();
}

static void
flows_are_those_of_a_window_or_of_names(void **state)
{
	static const char *const uids[] = { "u2", "none", "u1" };
	const struct source_flow *f = NULL;
	struct source_window_id id = window("10.0.0.5", 1);

	(void)state;
	open_with(ONE_WINDOW
		"INSERT INTO timeline VALUES(1, 7, 102, 0, 'x', 1, 6, NULL, 0, 0, 1, 'u2', NULL),"
		" (2, 7, 101, 0, 'y', 1, 6, NULL, 0, 0, 1, 'u1', NULL),"
		" (3, 7, 103, 0, 'x', 1, 6, NULL, 0, 0, 1, 'gone', NULL);"
		"INSERT INTO flows(run, uid, start_ns, end_ns, orig, orig_port, resp, resp_port, ip_proto, service,"
		" state, established, ended, orig_packets, orig_ip_bytes, orig_payload, resp_packets, resp_ip_bytes,"
		" resp_payload, missed) VALUES(1, 'u1', 1000000000, 3500000000, '10.0.0.5', 1024, '1.2.3.4', 80, 6,"
		" 'http', 'SF', 1, 'closed', 1, 2, 3, 4, 5, 6, 0),"
		" (1, 'u2', 9, 8, '10.0.0.5', 1024, '1.2.3.4', 53, 17, NULL, 'S0', 0, 'timeout', 0, 0, 0, 0, 0, 0, 0),"
		" (1, 'u9', 9, 8, '10.0.0.9', 1024, '1.2.3.4', 53, 17, NULL, 'S0', 0, 'timeout', 0, 0, 0, 0, 0, 0, 0);");
	assert_int_equal(source_flows(source, &id, NULL, 0, 10, &memory, &f), 2);
	assert_string_equal(f[0].uid, "u1");
	assert_int_equal(f[0].start_ns, 1000000000);
	assert_true(f[0].duration_s == 2.5);
	assert_string_equal(f[0].orig, "10.0.0.5");
	assert_string_equal(f[0].orig_port, "1024");
	assert_string_equal(f[0].resp, "1.2.3.4");
	assert_string_equal(f[0].resp_port, "80");
	assert_string_equal(f[0].proto, "tcp");
	assert_string_equal(f[0].service, "http");
	assert_string_equal(f[0].state, "SF");
	assert_true(f[0].established);
	assert_int_equal(f[0].orig_packets, 1);
	assert_int_equal(f[0].orig_bytes, 3);
	assert_int_equal(f[0].resp_packets, 4);
	assert_int_equal(f[0].resp_bytes, 6);
	assert_string_equal(f[1].uid, "u2");
	assert_true(f[1].duration_s == 0);
	assert_string_equal(f[1].proto, "udp");
	assert_int_equal(source_flows(source, &id, NULL, 0, 1, &memory, &f), 1);
	assert_int_equal(source_flows_with(source, &id, "y", 10, &memory, &f), 1);
	assert_string_equal(f[0].uid, "u1");
	assert_int_equal(source_flows_with(source, &id, "x", 0, &memory, &f), 0);
	assert_int_equal(source_flows_with(source, &id, "z", 10, &memory, &f), 0);
	assert_int_equal(source_flows(source, NULL, uids, 3, 10, &memory, &f), 2);
	assert_string_equal(f[0].uid, "u2");
	assert_int_equal(source_flows(source, NULL, uids, 3, 1, &memory, &f), 1);
	assert_no_trouble();
}

/* ---- findings ---- */

#define EVIDENCE_COLUMNS                                                                        \
	"INSERT INTO evidence(id, window, uuid, twin, ts_ns, kind, title, technique, detector," \
	" role, threat, confidence, decisive, counted, sum, about, about_country, about_asn,"   \
	" about_org, port, ip_proto, observed, threshold, unit, text, source, suppressed,"      \
	" silenced_by) VALUES"

static void
evidence_is_of_a_window_of_a_host_or_of_all(void **state)
{
	const struct source_evidence *e = NULL;
	struct source_window_id id = window("10.0.0.5", 1);

	(void)state;
	open_with(ONE_WINDOW
		"INSERT INTO profiles VALUES(2, '10.0.0.6');"
		"INSERT INTO windows(id, profile, run, number, start_ns, end_ns) VALUES(8, 1, 1, 2, 200, 300),"
		" (9, 2, 1, 1, 100, 200);" EVIDENCE_COLUMNS
		"(1, 7, 'e1', 't1', 150, 'HORIZONTAL_PORT_SCAN', 'scan', 'T1046', 'scans', 'attacker', 'high', 0.5, 1,"
		" 0, 3.5, '1.2.3.4', 'NL', 64496, 'Example BV', 23, 6, 10, 5, 'hosts', 'text', 'list', 0, 'rule'),"
		"(2, 7, 'e2', NULL, 120, 'K', '', NULL, 'd', 'victim', 'low', 1, 0, 1, 1, NULL, NULL, NULL, 'Org', 0, 0,"
		" 0, 0, NULL, 'x', NULL, 0, NULL),"
		"(3, 8, 'e3', NULL, 250, 'K', '', NULL, 'd', 'victim', 'low', 1, 0, 1, 1, NULL, NULL, 7, NULL, 53, 17,"
		" 0, 0, NULL, 'x', NULL, 0, NULL),"
		"(4, 9, 'e4', NULL, 110, 'K', '', NULL, 'd', 'victim', 'low', 1, 0, 1, 1, NULL, NULL, NULL, NULL, 0, 0,"
		" 0, 0, NULL, 'x', NULL, 0, NULL);"
		"INSERT INTO evidence_flows VALUES(1, 1, 'second'), (1, 0, 'first');");
	assert_int_equal(source_evidences(source, &id, true, &memory, &e), 2);
	assert_string_equal(e[0].id, "e2");
	assert_string_equal(e[0].about, "");
	assert_string_equal(e[0].about_place, "Org");
	assert_string_equal(e[0].port, "");
	assert_string_equal(e[0].silenced_by, "");
	assert_int_equal(e[0].uid_count, 0);
	assert_true(e[0].counted && !e[0].decisive);
	assert_string_equal(e[1].id, "e1");
	assert_string_equal(e[1].window.host, "10.0.0.5");
	assert_int_equal(e[1].window.number, 1);
	assert_int_equal(e[1].ts_ns, 150);
	assert_string_equal(e[1].kind, "HORIZONTAL_PORT_SCAN");
	assert_string_equal(e[1].title, "scan");
	assert_string_equal(e[1].threat, "high");
	assert_true(e[1].confidence == 0.5);
	assert_string_equal(e[1].text, "text");
	assert_string_equal(e[1].about, "1.2.3.4");
	assert_string_equal(e[1].about_place, "NL, AS64496 Example BV");
	assert_string_equal(e[1].port, "23/TCP");
	assert_string_equal(e[1].technique, "T1046");
	assert_string_equal(e[1].detector, "scans");
	assert_string_equal(e[1].role, "attacker");
	assert_string_equal(e[1].source, "list");
	assert_string_equal(e[1].twin, "t1");
	assert_string_equal(e[1].silenced_by, "rule");
	assert_int_equal(e[1].observed, 10);
	assert_int_equal(e[1].threshold, 5);
	assert_string_equal(e[1].unit, "hosts");
	assert_true(e[1].decisive && !e[1].counted);
	assert_true(e[1].sum == 3.5);
	assert_int_equal(e[1].uid_count, 2);
	assert_string_equal(e[1].uids[0], "first");
	assert_string_equal(e[1].uids[1], "second");

	assert_int_equal(source_evidences(source, &id, false, &memory, &e), 3);
	assert_string_equal(e[2].id, "e3");
	assert_string_equal(e[2].about_place, "AS7");
	assert_string_equal(e[2].port, "53/UDP");
	assert_int_equal(e[2].window.number, 2);
	id.host = NULL;
	assert_int_equal(source_evidences(source, &id, false, &memory, &e), 4);
	assert_string_equal(e[0].id, "e4");
	assert_string_equal(e[0].window.host, "10.0.0.6");
	assert_no_trouble();
}

static void
alerts_have_their_evidence_in_order(void **state)
{
	const struct source_alert *a = NULL;

	(void)state;
	open_with(ONE_WINDOW
		"INSERT INTO alerts VALUES(1, 7, 'late', 180, 3.5, 1.5, 1, 'because', 'SCAN', 'critical', 70),"
		" (2, 7, 'early', 170, 1, 1, 0, '', '', 'low', 0);"
		"INSERT INTO alert_evidence VALUES(1, 1, 'e2'), (1, 0, 'e1');");
	assert_int_equal(source_alerts(source, &memory, &a), 2);
	assert_string_equal(a[0].id, "early");
	assert_string_equal(a[1].id, "late");
	assert_int_equal(a[1].ts_ns, 180);
	assert_true(a[1].sum == 3.5 && a[1].threshold == 1.5 && a[1].decisive);
	assert_string_equal(a[1].reason, "because");
	assert_string_equal(a[1].strongest, "SCAN");
	assert_string_equal(a[1].highest, "critical");
	assert_int_equal(a[1].evidence_total, 70);
	assert_int_equal(a[1].evidence_count, 2);
	assert_string_equal(a[1].evidence[0], "e1");
	assert_string_equal(a[1].evidence[1], "e2");
	assert_int_equal(a[0].evidence_count, 0);
}

/* ---- tables and tuples ---- */

#define TUPLES                                                                       \
	"INSERT INTO tuples VALUES"                                                  \
	"(7, 0, 0, '1.2.3.4', 80, 6, 1, 'a.b', 2, 2, 1, 10, 100, 5, 2, 20, 200, 6)," \
	"(7, 1, 0, '1.2.3.5', 80, 6, 1, '', 0, 0, 3, 30, 300, 7, 0, 0, 0, 0),"       \
	"(7, 2, 0, '1.2.3.4', 443, 6, 1, '', 0, 0, 1, 1, 9000, 1, 0, 0, 0, 0),"      \
	"(7, 3, 0, '1.2.3.4', 53, 17, 1, '', 0, 0, 1, 1, 99999, 1, 0, 0, 0, 0),"     \
	"(7, 4, 0, '1.2.3.4', 8, 1, 1, '', 0, 0, 1, 1, 99999, 1, 0, 0, 0, 0),"       \
	"(7, 6, 0, '1.2.3.9', 53, 17, 1, '', 0, 0, 1, 5, 1, 1, 0, 0, 0, 0),"         \
	"(7, 5, 1, '5.6.7.8', 22, 6, 1, 'z', 1, 1, 0, 0, 0, 0, 4, 40, 400, 1);"

static size_t
ask_rows(enum source_table table, bool established, const struct source_row **ret)
{
	struct source_window_id id = window("10.0.0.5", 1);
	size_t count = source_rows(source, &id, table, established, &memory, ret);

	assert_no_trouble();
	return count;
}

static void
assert_row(const struct source_row *r, const char *proto, const char *key, uint64_t flows,
	uint64_t packets, uint64_t bytes)
{
	assert_string_equal(r->proto, proto);
	assert_string_equal(r->key, key);
	assert_int_equal(r->flows, flows);
	assert_int_equal(r->packets, packets);
	assert_int_equal(r->bytes, bytes);
}

static void
tables_are_sums_over_tuples(void **state)
{
	const struct source_row *r = NULL;

	(void)state;
	open_with(ONE_WINDOW TUPLES
		"INSERT INTO source_ports VALUES(7, 0, 0, 1024, 6, 1, 2, 3, 4), (7, 1, 0, 1025, 6, 0, 5, 6, 7),"
		" (7, 2, 1, 1026, 6, 1, 2, 3, 4);");
	assert_int_equal(ask_rows(SOURCE_PEERS_OF_CLIENT, true, &r), 4);
	assert_row(&r[0], "TCP", "1.2.3.4", 2, 11, 9100);
	assert_row(&r[1], "TCP", "1.2.3.5", 3, 30, 300);
	assert_row(&r[2], "UDP", "1.2.3.4", 1, 1, 99999);
	assert_int_equal(ask_rows(SOURCE_PEERS_OF_CLIENT, false, &r), 1);
	assert_row(&r[0], "TCP", "1.2.3.4", 2, 20, 200);

	assert_int_equal(ask_rows(SOURCE_PORTS_CONTACTED, true, &r), 3);
	assert_row(&r[0], "TCP", "443", 1, 1, 9000);
	assert_row(&r[1], "TCP", "80", 4, 40, 400);
	assert_int_equal(r[1].part_count, 2);
	assert_string_equal(r[1].parts[0].key, "1.2.3.5");
	assert_int_equal(r[1].parts[0].packets, 30);
	assert_string_equal(r[1].parts[1].key, "1.2.3.4");
	assert_int_equal(r[1].parts[1].packets, 10);
	assert_row(&r[2], "UDP", "53", 2, 6, 100000);
	assert_int_equal(r[2].part_count, 2);
	assert_string_equal(r[2].parts[0].key, "1.2.3.9");

	assert_int_equal(ask_rows(SOURCE_PORTS_AS_SERVER, true, &r), 0);
	assert_int_equal(ask_rows(SOURCE_PORTS_AS_SERVER, false, &r), 1);
	assert_row(&r[0], "TCP", "22", 4, 40, 400);

	assert_int_equal(ask_rows(SOURCE_PORTS_OF_CLIENT, true, &r), 1);
	assert_row(&r[0], "TCP", "1024", 2, 3, 4);
	assert_int_equal(ask_rows(SOURCE_PORTS_OF_CLIENT, false, &r), 1);
	assert_row(&r[0], "TCP", "1025", 5, 6, 7);
}

static void
tuples_are_in_order_of_first_sight_with_what_is_known_of_the_peer(void **state)
{
	const struct source_tuple *t = NULL;
	struct source_window_id id = window("10.0.0.5", 1);

	(void)state;
	open_with(ONE_WINDOW TUPLES
		"INSERT INTO addresses VALUES(1, '1.2.3.4', 0, 0, 'NL', 64496, 'Example BV');"
		"INSERT INTO address_names VALUES('1.2.3.4', 0, 'c.example', 'http', '', 0, 0),"
		" ('1.2.3.4', 1, 'a.example', 'dns', '', 0, 1), ('1.2.3.4', 2, 'b.example', 'dns', '', 0, 1);"
		"INSERT INTO timeline VALUES"
		"(1, 7, 1, 0, '1.2.3.4', 443, 6, 'ssl', 0, 0, 1, 'u', '{\"info\":{\"dns_resolution\":\"one\"}}'),"
		"(2, 7, 2, 0, '1.2.3.4', 443, 6, 'ssl', 0, 0, 1, 'u', '{\"info\":{\"dns_resolution\":\"two\"}}'),"
		"(3, 7, 3, 0, '1.2.3.4', 444, 6, 'ssl', 0, 0, 1, 'u', '{\"info\":{\"dns_resolution\":\"three\"}}'),"
		"(4, 7, 4, 0, '1.2.3.4', 443, 6, 'ssl', 0, 0, 1, 'u', '{\"info\":{\"dns_resolution\":\"two\"}}'),"
		"(5, 7, 5, 0, '1.2.3.4', 443, 6, 'ssl', 0, 0, 1, 'u', '{\"info\":{\"dns_resolution\":\"four\"}}'),"
		"(6, 7, 6, 0, '1.2.3.4', 443, 6, 'ssl', 0, 0, 1, 'u', '{\"info\":'),"
		"(7, 7, 7, 0, '1.2.3.4', 443, 6, 'ssl', 0, 0, 1, 'u', '{\"info\":\"\"}'),"
		"(8, 7, 8, 0, '9.9.9.9', 443, 6, 'ssl', 0, 0, 1, 'u', '{\"info\":{\"dns_resolution\":\"five\"}}');");
	assert_int_equal(source_tuples(source, &id, true, &memory, &t), 6);
	assert_no_trouble();
	assert_string_equal(t[0].peer, "1.2.3.4");
	assert_string_equal(t[0].port, "80");
	assert_string_equal(t[0].proto, "tcp");
	assert_string_equal(t[0].letters, "a.b");
	assert_string_equal(t[3].proto, "udp");
	assert_string_equal(t[4].proto, "icmp");
	const struct source_address *a = &t[0].address;
	assert_string_equal(a->org, "Example BV");
	assert_int_equal(a->asn, 64496);
	assert_string_equal(a->country, "NL");
	assert_string_equal(a->reverse, "a.example");
	assert_int_equal(a->name_count, 2);
	assert_string_equal(a->names[1], "b.example");
	assert_int_equal(a->server_name_count, 3);
	assert_string_equal(a->server_names[0], "three:444");
	assert_string_equal(a->server_names[1], "two:443");
	assert_string_equal(a->server_names[2], "four:443");
	assert_false(a->reputation.known);
	assert_string_equal(t[1].address.address, "1.2.3.5");
	assert_int_equal(t[1].address.server_name_count, 0);

	assert_int_equal(source_tuples(source, &id, false, &memory, &t), 1);
	assert_string_equal(t[0].letters, "z");
}

/* ---- hosts and the run ---- */

static void
an_address_is_known_by_its_network_or_by_a_name(void **state)
{
	struct source_address a;

	(void)state;
	open_with("INSERT INTO addresses VALUES(1, '10.0.0.1', 0, 1, NULL, 99999999999, NULL);"
		  "INSERT INTO address_names VALUES('10.0.0.2', 0, 'n', 'mdns', '', 0, 0);");
	assert_true(source_address(source, "10.0.0.1", &memory, &a));
	assert_true(a.is_private);
	assert_string_equal(a.country, "");
	assert_int_equal(a.asn, 0);
	assert_true(source_address(source, "10.0.0.2", &memory, &a));
	assert_int_equal(a.name_count, 0);
	assert_string_equal(a.reverse, "");
	assert_false(source_address(source, "10.0.0.3", &memory, &a));
	assert_string_equal(a.address, "10.0.0.3");
	assert_no_trouble();
}

static void
devices_and_losses_are_told(void **state)
{
	const struct source_device *d = NULL;
	const struct source_loss *l = NULL;

	(void)state;
	open_with(
		"INSERT INTO devices VALUES(1, 'bb', NULL, 0, 3, 4, 0), (2, 'aa', 'Maker', 1, 1, 2, 0);"
		"INSERT INTO device_addresses VALUES('aa', 0, '10.0.0.1', 0), ('aa', 1, 'fe80::1', 0);"
		"INSERT INTO device_names VALUES('aa', 0, 'router', '', '', 0);"
		"INSERT INTO losses VALUES(1, 'b', 2), (1, 'a', 1), (1, 'c', 0), (2, 'b', 3);");
	assert_int_equal(source_devices(source, &memory, &d), 2);
	assert_string_equal(d[0].mac, "aa");
	assert_string_equal(d[0].vendor, "Maker");
	assert_true(d[0].is_router);
	assert_int_equal(d[0].first_ns, 1);
	assert_int_equal(d[0].last_ns, 2);
	assert_string_equal(d[0].addresses, "10.0.0.1, fe80::1");
	assert_string_equal(d[0].names, "router");
	assert_string_equal(d[1].vendor, "");
	assert_false(d[1].is_router);
	assert_int_equal(source_losses(source, &memory, &l), 2);
	assert_string_equal(l[0].reason, "a");
	assert_int_equal(l[0].count, 1);
	assert_int_equal(l[1].count, 5);
	assert_false(source_run(source, &memory, &(struct source_run){ 0 }));
}

static void
when_something_was_lost_is_told_in_order(void **state)
{
	const struct source_loss_span *l = NULL;

	(void)state;
	open_with(
		"INSERT INTO loss_spans VALUES(1, 1, 'b', '', 20, 30, 2), (2, 1, 'a', 'eth0', 10, 90, 12400),"
		" (3, 2, 'a', '', 20, 30, 1);");
	assert_int_equal(source_loss_spans(source, &memory, &l), 3);
	assert_string_equal(l[0].reason, "a");
	assert_string_equal(l[0].interface, "eth0");
	assert_int_equal(l[0].from_ns, 10);
	assert_int_equal(l[0].to_ns, 90);
	assert_int_equal(l[0].count, 12400);
	assert_int_equal(l[1].count, 1);
	assert_int_equal(l[2].count, 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, source_rig_setup, source_rig_teardown)
	const struct CMUnitTest tests[] = {
		TEST(entries_are_of_json_or_else_of_the_columns),
		TEST(pages_meet_within_one_moment),
		TEST(flows_are_those_of_a_window_or_of_names),
		TEST(evidence_is_of_a_window_of_a_host_or_of_all),
		TEST(alerts_have_their_evidence_in_order),
		TEST(tables_are_sums_over_tuples),
		TEST(tuples_are_in_order_of_first_sight_with_what_is_known_of_the_peer),
		TEST(an_address_is_known_by_its_network_or_by_a_name),
		TEST(devices_and_losses_are_told),
		TEST(when_something_was_lost_is_told_in_order),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
