/*
 * Whatever is many has no index that it could do without: a conversation is appended, and found by its name.
 * Tuples lie in the order of their windows, so that reading a window reads one place of the file.
 *
 * The feature dictionaries are sums over tuples (features.h), so they are views.
 */
#include "exporters/store/store_schema.h"

#include <stddef.h>

/*
 * One dictionary of all windows, of flows that were established or of those that were not. Straight over the table: in
 * a view of a view SQLite would read all windows to show one.
 */
#define SUMS(what, key, established, sums)                                                         \
	" SELECT window, '" what "' AS what, role, ip_proto, " established " AS established, " key \
	" AS key, sum(" sums "_flows) AS flows, sum(" sums "_packets) AS packets,"                 \
	" sum(" sums "_bytes) AS bytes, min(n) AS n FROM tuples"                                   \
	" WHERE " sums "_flows > 0 OR " sums "_packets > 0 GROUP BY window, role, ip_proto, " key

const char *const store_schema[] = {
	"CREATE TABLE runs("
	" id INTEGER PRIMARY KEY,"
	" version TEXT NOT NULL,"
	" sensor TEXT NOT NULL,"
	" live INTEGER NOT NULL,"
	" inputs TEXT NOT NULL,"
	" settings TEXT NOT NULL,"
	" ended INTEGER NOT NULL DEFAULT 0,"
	" packets INTEGER NOT NULL DEFAULT 0,"
	" bytes INTEGER NOT NULL DEFAULT 0,"
	" flows INTEGER NOT NULL DEFAULT 0,"
	" hosts INTEGER NOT NULL DEFAULT 0,"
	" windows INTEGER NOT NULL DEFAULT 0,"
	" evidence INTEGER NOT NULL DEFAULT 0,"
	" alerts INTEGER NOT NULL DEFAULT 0,"
	" first_ns INTEGER NOT NULL DEFAULT 0,"
	" last_ns INTEGER NOT NULL DEFAULT 0)",

	"CREATE TABLE losses("
	" run INTEGER NOT NULL REFERENCES runs(id),"
	" reason TEXT NOT NULL,"
	" count INTEGER NOT NULL,"
	" PRIMARY KEY(run, reason)) WITHOUT ROWID",

	/* What is told again while it goes on keeps its beginning. */
	"CREATE TABLE loss_spans("
	" id INTEGER PRIMARY KEY,"
	" run INTEGER NOT NULL REFERENCES runs(id),"
	" reason TEXT NOT NULL,"
	" interface TEXT NOT NULL,"
	" from_ns INTEGER NOT NULL,"
	" to_ns INTEGER NOT NULL,"
	" count INTEGER NOT NULL,"
	" UNIQUE(run, reason, interface, from_ns))",

	"CREATE TABLE profiles("
	" id INTEGER PRIMARY KEY,"
	" address TEXT NOT NULL UNIQUE)",

	"CREATE TABLE windows("
	" id INTEGER PRIMARY KEY,"
	" profile INTEGER NOT NULL REFERENCES profiles(id),"
	" run INTEGER NOT NULL REFERENCES runs(id),"
	" number INTEGER NOT NULL,"
	" start_ns INTEGER NOT NULL,"
	" end_ns INTEGER NOT NULL,"
	" told_ns INTEGER NOT NULL DEFAULT 0,"
	" closed INTEGER NOT NULL DEFAULT 0,"
	" evidence INTEGER NOT NULL DEFAULT 0,"
	" suppressed INTEGER NOT NULL DEFAULT 0,"
	" sum REAL NOT NULL DEFAULT 0,"
	" truncated INTEGER NOT NULL DEFAULT 0,"
	" late INTEGER NOT NULL DEFAULT 0,"
	" UNIQUE(profile, run, number))",

	"CREATE TABLE tuples("
	" window INTEGER NOT NULL REFERENCES windows(id),"
	" n INTEGER NOT NULL,"
	" role INTEGER NOT NULL,"
	" peer TEXT NOT NULL,"
	" port INTEGER NOT NULL,"
	" ip_proto INTEGER NOT NULL,"
	" first_ns INTEGER NOT NULL,"
	" letters TEXT NOT NULL,"
	" letter_count INTEGER NOT NULL,"
	" letters_kept INTEGER NOT NULL,"
	" est_flows INTEGER NOT NULL,"
	" est_packets INTEGER NOT NULL,"
	" est_bytes INTEGER NOT NULL,"
	" est_orig_packets INTEGER NOT NULL,"
	" not_flows INTEGER NOT NULL,"
	" not_packets INTEGER NOT NULL,"
	" not_bytes INTEGER NOT NULL,"
	" not_orig_packets INTEGER NOT NULL,"
	" PRIMARY KEY(window, n)) WITHOUT ROWID",

	"CREATE TABLE source_ports("
	" window INTEGER NOT NULL REFERENCES windows(id),"
	" n INTEGER NOT NULL,"
	" role INTEGER NOT NULL,"
	" port INTEGER NOT NULL,"
	" ip_proto INTEGER NOT NULL,"
	" established INTEGER NOT NULL,"
	" flows INTEGER NOT NULL,"
	" packets INTEGER NOT NULL,"
	" bytes INTEGER NOT NULL,"
	" PRIMARY KEY(window, n)) WITHOUT ROWID",

	"CREATE TABLE timeline("
	" id INTEGER PRIMARY KEY,"
	" window INTEGER NOT NULL REFERENCES windows(id),"
	" ts_ns INTEGER NOT NULL,"
	" role INTEGER NOT NULL,"
	" peer TEXT NOT NULL,"
	" port INTEGER NOT NULL,"
	" ip_proto INTEGER NOT NULL,"
	" service TEXT,"
	" sent INTEGER NOT NULL,"
	" received INTEGER NOT NULL,"
	" established INTEGER NOT NULL,"
	" uid TEXT NOT NULL,"
	" entry TEXT)",

	"CREATE TABLE evidence("
	" id INTEGER PRIMARY KEY,"
	" window INTEGER NOT NULL REFERENCES windows(id),"
	" uuid TEXT NOT NULL,"
	" twin TEXT,"
	" ts_ns INTEGER NOT NULL,"
	" kind TEXT NOT NULL,"
	" title TEXT NOT NULL,"
	" technique TEXT,"
	" detector TEXT NOT NULL,"
	" role TEXT NOT NULL,"
	" threat TEXT NOT NULL,"
	" confidence REAL NOT NULL,"
	" decisive INTEGER NOT NULL,"
	" counted INTEGER NOT NULL,"
	" sum REAL NOT NULL,"
	" about TEXT,"
	" about_country TEXT,"
	" about_asn INTEGER,"
	" about_org TEXT,"
	" port INTEGER NOT NULL,"
	" ip_proto INTEGER NOT NULL,"
	" observed INTEGER NOT NULL,"
	" threshold INTEGER NOT NULL,"
	" unit TEXT,"
	" object TEXT,"
	" text TEXT NOT NULL,"
	" source TEXT,"
	" suppressed INTEGER NOT NULL,"
	" silenced_by TEXT,"
	" silenced_effect TEXT)",

	"CREATE TABLE evidence_flows("
	" evidence INTEGER NOT NULL REFERENCES evidence(id),"
	" n INTEGER NOT NULL,"
	" uid TEXT NOT NULL,"
	" PRIMARY KEY(evidence, n)) WITHOUT ROWID",

	"CREATE TABLE alerts("
	" id INTEGER PRIMARY KEY,"
	" window INTEGER NOT NULL REFERENCES windows(id),"
	" uuid TEXT NOT NULL,"
	" ts_ns INTEGER NOT NULL,"
	" sum REAL NOT NULL,"
	" threshold REAL NOT NULL,"
	" decisive INTEGER NOT NULL,"
	" reason TEXT NOT NULL,"
	" strongest TEXT NOT NULL,"
	" highest TEXT NOT NULL,"
	" evidence_total INTEGER NOT NULL)",

	"CREATE TABLE alert_evidence("
	" alert INTEGER NOT NULL REFERENCES alerts(id),"
	" n INTEGER NOT NULL,"
	" uuid TEXT NOT NULL,"
	" PRIMARY KEY(alert, n)) WITHOUT ROWID",

	"CREATE TABLE flows("
	" id INTEGER PRIMARY KEY,"
	" run INTEGER NOT NULL REFERENCES runs(id),"
	" uid TEXT NOT NULL,"
	" start_ns INTEGER NOT NULL,"
	" end_ns INTEGER NOT NULL,"
	" orig TEXT NOT NULL,"
	" orig_port INTEGER NOT NULL,"
	" resp TEXT NOT NULL,"
	" resp_port INTEGER NOT NULL,"
	" ip_proto INTEGER NOT NULL,"
	" service TEXT,"
	" state TEXT NOT NULL,"
	" established INTEGER NOT NULL,"
	" ended TEXT NOT NULL,"
	" history TEXT,"
	" orig_packets INTEGER NOT NULL,"
	" orig_ip_bytes INTEGER NOT NULL,"
	" orig_payload INTEGER NOT NULL,"
	" resp_packets INTEGER NOT NULL,"
	" resp_ip_bytes INTEGER NOT NULL,"
	" resp_payload INTEGER NOT NULL,"
	" missed INTEGER NOT NULL,"
	" vlan INTEGER,"
	" label TEXT,"
	" ignored_by TEXT)",

	"CREATE TABLE transactions("
	" id INTEGER PRIMARY KEY,"
	" run INTEGER NOT NULL REFERENCES runs(id),"
	" ts_ns INTEGER NOT NULL,"
	" kind TEXT NOT NULL,"
	" uid TEXT,"
	" eve TEXT NOT NULL)",

	"CREATE TABLE events("
	" id INTEGER PRIMARY KEY,"
	" run INTEGER NOT NULL REFERENCES runs(id),"
	" ts_ns INTEGER NOT NULL,"
	" kind TEXT NOT NULL,"
	" eve TEXT NOT NULL)",

	/* What is told again comes in anew, with a new id: the smallest ids are of what was quiet longest. */
	"CREATE TABLE addresses("
	" id INTEGER PRIMARY KEY,"
	" address TEXT NOT NULL UNIQUE,"
	" told_ns INTEGER NOT NULL,"
	" private INTEGER NOT NULL,"
	" country TEXT,"
	" asn INTEGER,"
	" org TEXT)",

	"CREATE TABLE address_names("
	" address TEXT NOT NULL,"
	" n INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" source TEXT NOT NULL,"
	" told_by TEXT NOT NULL,"
	" seen_ns INTEGER NOT NULL,"
	" believed INTEGER NOT NULL,"
	" PRIMARY KEY(address, n)) WITHOUT ROWID",

	"CREATE TABLE devices("
	" id INTEGER PRIMARY KEY,"
	" mac TEXT NOT NULL UNIQUE,"
	" vendor TEXT,"
	" router INTEGER NOT NULL,"
	" first_ns INTEGER NOT NULL,"
	" last_ns INTEGER NOT NULL,"
	" forgotten INTEGER NOT NULL)",

	"CREATE TABLE device_addresses("
	" mac TEXT NOT NULL,"
	" n INTEGER NOT NULL,"
	" address TEXT NOT NULL,"
	" seen_ns INTEGER NOT NULL,"
	" PRIMARY KEY(mac, n)) WITHOUT ROWID",

	"CREATE TABLE device_names("
	" mac TEXT NOT NULL,"
	" n INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" source TEXT NOT NULL,"
	" told_by TEXT NOT NULL,"
	" seen_ns INTEGER NOT NULL,"
	" PRIMARY KEY(mac, n)) WITHOUT ROWID",

	"CREATE VIEW feature_sums AS" SUMS("IPs", "peer", "1", "est") " UNION ALL" SUMS(
		"IPs", "peer", "0", "not") " UNION ALL" SUMS("DstPorts", "port", "1",
		"est") " UNION ALL" SUMS("DstPorts", "port", "0",
		"not") " UNION ALL"
		       " SELECT window, 'SrcPorts', role, ip_proto, established, port, flows, packets, bytes, n"
		       " FROM source_ports",

	/* Under the names that Slips gives the dictionaries (feature_name_format()). */
	"CREATE VIEW features AS"
	" SELECT window,"
	" CASE what WHEN 'IPs' THEN CASE role WHEN 0 THEN 'DstIPs' ELSE 'SrcIPs' END ELSE what END ||"
	" CASE role WHEN 0 THEN 'Client' ELSE 'Server' END ||"
	" CASE ip_proto WHEN 6 THEN 'TCP' WHEN 17 THEN 'UDP' WHEN 1 THEN 'ICMP' WHEN 58 THEN 'ICMP'"
	" WHEN 2 THEN 'IGMP' ELSE 'OTHER' END ||"
	" CASE established WHEN 1 THEN 'Established' ELSE 'NotEstablished' END AS name,"
	" role, ip_proto, established, key, flows, packets, bytes, n"
	" FROM feature_sums",

	"CREATE VIEW hosts AS"
	" SELECT p.id AS profile, p.address, a.private, a.country, a.asn, a.org,"
	" (SELECT name FROM address_names WHERE address = p.address ORDER BY n LIMIT 1) AS name,"
	" (SELECT d.vendor FROM device_addresses x JOIN devices d ON d.mac = x.mac"
	" WHERE x.address = p.address ORDER BY x.seen_ns DESC LIMIT 1) AS vendor,"
	" (SELECT count(*) FROM windows w WHERE w.profile = p.id) AS windows,"
	" (SELECT count(*) FROM windows w JOIN evidence e ON e.window = w.id"
	" WHERE w.profile = p.id) AS evidence,"
	" (SELECT count(*) FROM windows w JOIN alerts l ON l.window = w.id"
	" WHERE w.profile = p.id) AS alerts,"
	" (SELECT min(start_ns) FROM windows w WHERE w.profile = p.id) AS first_ns,"
	" (SELECT max(end_ns) FROM windows w WHERE w.profile = p.id) AS last_ns"
	" FROM profiles p LEFT JOIN addresses a ON a.address = p.address",
	NULL,
};

const char *const store_indexes[] = {
	"CREATE INDEX IF NOT EXISTS timeline_window ON timeline(window, ts_ns)",
	"CREATE INDEX IF NOT EXISTS evidence_window ON evidence(window)",
	"CREATE INDEX IF NOT EXISTS evidence_uuid ON evidence(uuid)",
	"CREATE INDEX IF NOT EXISTS alerts_window ON alerts(window)",
	"CREATE INDEX IF NOT EXISTS flows_uid ON flows(uid)",
	"CREATE INDEX IF NOT EXISTS transactions_uid ON transactions(uid)",
	"CREATE INDEX IF NOT EXISTS device_addresses_address ON device_addresses(address)",
	NULL,
};
