/*
 * Each is answered from one place of an index, or reads a table whole because the whole is asked for (test_source_store
 * looks at the plans). `role` 0 is the client; Kalipso has tables of TCP (6) and UDP (17) only.
 */
#include "viewer/source/source_store_sql.h"

#define IN_WINDOW " window IN (SELECT value FROM json_each(?)) "

#define FLOW                                                                                  \
	" f.uid, f.start_ns, f.end_ns, f.orig, f.orig_port, f.resp, f.resp_port, f.ip_proto," \
	" f.service, f.state, f.established, f.orig_packets, f.orig_payload, f.resp_packets," \
	" f.resp_payload "

#define EVIDENCE                                                                                   \
	"SELECT e.id, w.profile, p.address, w.run, w.number, w.start_ns, e.uuid, e.ts_ns, e.kind," \
	" e.title, e.threat, e.confidence, e.text, e.about, e.about_country, e.about_asn,"         \
	" e.about_org, e.port, e.ip_proto, e.technique, e.detector, e.role, e.source, e.twin,"     \
	" e.silenced_by, e.observed, e.threshold, e.unit, e.counted, e.decisive, e.sum"            \
	" FROM evidence e CROSS JOIN windows w ON w.id = e.window"                                 \
	" CROSS JOIN profiles p ON p.id = w.profile "

/* What is grouped by a key, over the flows that were established (? is 1) or over the others. */
#define SUMS                                                                                      \
	" sum(iif(?1, est_flows, not_flows)) AS flows, sum(iif(?1, est_packets, not_packets)) AS" \
	" packets, sum(iif(?1, est_bytes, not_bytes)) "
#define OF_TUPLES                                                                      \
	" FROM tuples WHERE window IN (SELECT value FROM json_each(?2)) AND role = ?3" \
	" AND ip_proto IN (6, 17)"

#define WINDOW_SUMS \
	" sum(est_flows + not_flows), sum(est_packets + not_packets), sum(est_bytes + not_bytes) "

#define COUNT_BY_WINDOW(table) "(SELECT window, count(*) AS n FROM " table " GROUP BY window)"

const char *const source_store_sql[STORE_QUESTIONS] = {
	[ASK_VERSION] = "PRAGMA data_version",
	[ASK_BEGIN] = "BEGIN",
	[ASK_END] = "COMMIT",
	[ASK_PROFILE] = "SELECT id FROM profiles WHERE address = ?",
	[ASK_ANCHOR] = "SELECT run, number, start_ns, end_ns FROM windows WHERE profile = ?"
		       " ORDER BY run DESC, number DESC LIMIT 1",
	[ASK_WINDOW_ROWS] =
		"SELECT id FROM windows WHERE profile = ?1 AND (run = ?2 AND number = ?3"
		" OR run <> ?2 AND start_ns >= ?4 AND start_ns < ?5) ORDER BY run, number",
	[ASK_PROFILES] =
		"SELECT p.id, p.address, coalesce((SELECT name FROM address_names"
		" WHERE address = p.address ORDER BY believed DESC, n LIMIT 1),"
		" (SELECT n.name FROM device_addresses x CROSS JOIN device_names n ON n.mac = x.mac"
		" WHERE x.address = p.address ORDER BY x.seen_ns DESC, n.n LIMIT 1)),"
		" (SELECT d.vendor FROM device_addresses x CROSS JOIN devices d ON d.mac = x.mac"
		" WHERE x.address = p.address ORDER BY x.seen_ns DESC LIMIT 1), a.country"
		" FROM profiles p LEFT JOIN addresses a ON a.address = p.address ORDER BY p.id",
	[ASK_WINDOWS] =
		"SELECT w.profile, w.id, w.run, w.number, w.start_ns, w.end_ns, w.told_ns, w.closed,"
		" w.sum, e.n, a.n FROM windows w"
		" LEFT JOIN " COUNT_BY_WINDOW(
			"evidence") " e ON e.window = w.id"
				    " LEFT JOIN " COUNT_BY_WINDOW(
					    "alerts") " a ON a.window = w.id"
						      " ORDER BY w.profile, w.run DESC, w.number DESC",
	[ASK_SUMS] = "SELECT" WINDOW_SUMS "FROM tuples WHERE window = ?",
	[ASK_ALL_SUMS] = "SELECT" WINDOW_SUMS ", window FROM tuples GROUP BY window",
	[ASK_ENTRY_COUNT] = "SELECT count(*) FROM timeline WHERE window = ?",
	/* What is skipped is counted in the index: only from the page's first moment on are rows read. */
	[ASK_ENTRIES] = "WITH first(ts) AS (SELECT ts_ns FROM timeline WHERE window = ?1"
			" ORDER BY ts_ns LIMIT 1 OFFSET ?3)"
			" SELECT ts_ns, role, peer, port, ip_proto, service, sent, received,"
			" established, uid, entry FROM timeline WHERE window = ?1"
			" AND ts_ns >= (SELECT ts FROM first) ORDER BY ts_ns, entry, id"
			" LIMIT ?2 OFFSET ?3 - (SELECT count(*) FROM timeline"
			" WHERE window = ?1 AND ts_ns < (SELECT ts FROM first))",
	[ASK_FLOWS_BY_UID] = "SELECT" FLOW "FROM flows f WHERE f.uid = ? LIMIT ?",
	[ASK_FLOWS_OF_WINDOW] = "SELECT" FLOW "FROM timeline t CROSS JOIN flows f ON f.uid = t.uid"
				" WHERE t.window = ? ORDER BY t.ts_ns, t.id LIMIT ?",
	[ASK_FLOWS_WITH] = "SELECT" FLOW "FROM timeline t CROSS JOIN flows f ON f.uid = t.uid"
			   " WHERE t.window = ? AND t.peer = ? ORDER BY t.ts_ns, t.id LIMIT ?",
	[ASK_EVIDENCE_OF_WINDOW] = EVIDENCE "WHERE e."
					    "window IN (SELECT value FROM json_each(?))",
	[ASK_EVIDENCE_OF_HOST] =
		EVIDENCE "WHERE e.window IN (SELECT id FROM windows WHERE profile = ?)",
	[ASK_EVIDENCE] = EVIDENCE,
	[ASK_EVIDENCE_UIDS] = "SELECT uid FROM evidence_flows WHERE evidence = ? ORDER BY n",
	[ASK_ALERTS] = "SELECT l.id, w.profile, p.address, w.run, w.number, w.start_ns, l.uuid,"
		       " l.ts_ns, l.sum, l.threshold, l.decisive, l.reason, l.strongest, l.highest,"
		       " l.evidence_total FROM alerts l CROSS JOIN windows w ON w.id = l.window"
		       " CROSS JOIN profiles p ON p.id = w.profile",
	[ASK_ALERT_EVIDENCE] = "SELECT uuid FROM alert_evidence WHERE alert = ? ORDER BY n",
	[ASK_SOURCE_PORTS] = "SELECT ip_proto, port, sum(flows), sum(packets), sum(bytes)"
			     " FROM source_ports WHERE established = ?1"
			     " AND window IN (SELECT value FROM json_each(?2)) AND role = ?3"
			     " AND ip_proto IN (6, 17) GROUP BY ip_proto, port",
	[ASK_PEERS] = "SELECT ip_proto, peer," SUMS OF_TUPLES
		      " GROUP BY ip_proto, peer HAVING flows > 0 OR packets > 0",
	[ASK_PORTS] = "SELECT ip_proto, port," SUMS OF_TUPLES
		      " GROUP BY ip_proto, port HAVING flows > 0 OR packets > 0",
	[ASK_PORTS_BY_PEER] = "SELECT ip_proto, port," SUMS ", peer" OF_TUPLES
			      " GROUP BY ip_proto, port, peer HAVING flows > 0 OR packets > 0",
	[ASK_TUPLES] = "SELECT peer, port, ip_proto, letters FROM tuples WHERE" IN_WINDOW
		       "AND role = ? ORDER BY window, n",
	/* Of the newest conversations only: there may be very many, and each is JSON. */
	[ASK_SERVER_NAMES] =
		"SELECT peer, port, iif(json_valid(entry),"
		" entry ->> '$.info.dns_resolution', NULL) FROM (SELECT * FROM timeline"
		" WHERE" IN_WINDOW "ORDER BY ts_ns DESC, id DESC LIMIT 2000)"
		" WHERE role = 0 AND ip_proto = 6 AND instr(service, 'ssl') > 0"
		" ORDER BY ts_ns, id",
	[ASK_ADDRESS] = "SELECT private, country, asn, org FROM addresses WHERE address = ?",
	[ASK_ADDRESS_NAMES] = "SELECT name, source = 'dns', believed FROM address_names"
			      " WHERE address = ? ORDER BY n",
	[ASK_DEVICES] = "SELECT mac, vendor, router, first_ns, last_ns FROM devices ORDER BY mac",
	[ASK_DEVICE_ADDRESSES] = "SELECT address FROM device_addresses WHERE mac = ? ORDER BY n",
	[ASK_DEVICE_NAMES] = "SELECT name FROM device_names WHERE mac = ? ORDER BY n",
	[ASK_LOSSES] = "SELECT reason, sum(count) AS n FROM losses GROUP BY reason HAVING n > 0"
		       " ORDER BY reason",
	[ASK_LOSS_SPANS] = "SELECT reason, interface, from_ns, to_ns, count FROM loss_spans"
			   " ORDER BY from_ns, to_ns, reason, interface",
	[ASK_RUN] = "SELECT version, sensor, inputs, live, ended, packets, bytes, flows, first_ns,"
		    " last_ns, settings FROM runs ORDER BY id DESC LIMIT 1",
};
