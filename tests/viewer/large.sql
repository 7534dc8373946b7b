-- large.sql -- a run of one host becomes one of 10 000 with 100 000 entries in their timelines.
--
-- What the daemon wrote of the first window with evidence is repeated. Half of the entries are of one host, with as many
-- flows, 10 000 out-tuples and an alert: the window that is opened. The other half and three tuples each are of the others.
PRAGMA synchronous = OFF;
BEGIN;
CREATE TEMP TABLE n AS WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 49999) SELECT n FROM n;
CREATE TEMP TABLE first AS SELECT w.*, p.address FROM windows w JOIN profiles p ON p.id = w.profile
	ORDER BY (SELECT count(*) FROM alerts WHERE window = w.id) DESC, w.id LIMIT 1;
-- All others go.
DELETE FROM timeline WHERE window <> (SELECT id FROM first);
DELETE FROM tuples WHERE window <> (SELECT id FROM first);
DELETE FROM source_ports WHERE window <> (SELECT id FROM first);
DELETE FROM evidence_flows WHERE evidence IN (SELECT id FROM evidence WHERE window <> (SELECT id FROM first));
DELETE FROM evidence WHERE window <> (SELECT id FROM first);
DELETE FROM windows WHERE id <> (SELECT id FROM first);
DELETE FROM profiles WHERE id <> (SELECT profile FROM first);

INSERT INTO profiles SELECT 100000 + n, '10.' || (n / 2500) || '.' || (n / 250 % 10) || '.' || (n % 250 + 1) FROM n WHERE n < 9999;
INSERT INTO windows SELECT 100000 + n, 100000 + n, run, number, start_ns, end_ns, told_ns, closed, 0, 0, 0, 0, 0
	FROM n, first WHERE n < 9999;
INSERT INTO tuples SELECT 100000 + n % 9999, n / 9999, 0, '198.51.100.' || (n % 250), 443, 6, start_ns, '11.a.a', 6, 6,
	2, 20, 3000, 10, 0, 0, 0, 0 FROM n, first WHERE n < 29997;
INSERT INTO timeline SELECT 1000000 + n, 100000 + n % 9999, ts_ns + n * 1000, t.role, peer, port, ip_proto, service, sent, received,
	established, uid, entry FROM n, (SELECT * FROM timeline ORDER BY id LIMIT 1) t;

INSERT INTO timeline SELECT 2000000 + n, window, ts_ns + n * 1000, role, '198.51.100.' || (n % 256), port, ip_proto, service, sent, received,
	established, 'C' || n, entry FROM n, (SELECT * FROM timeline WHERE window = (SELECT id FROM first) ORDER BY id LIMIT 1)
	WHERE n + (SELECT count(*) FROM timeline WHERE id < 1000000) < 50000;
INSERT INTO flows SELECT 2000000 + n, run, 'C' || n, start_ns + n * 1000, end_ns + n * 1000, orig, orig_port, '198.51.100.' || (n % 256),
	resp_port,
	ip_proto, service, state, established, ended, history, orig_packets, orig_ip_bytes, orig_payload, resp_packets,
	resp_ip_bytes, resp_payload, missed, vlan, label, ignored_by
	FROM n, (SELECT * FROM flows WHERE orig = (SELECT address FROM first) ORDER BY id LIMIT 1);
INSERT OR IGNORE INTO tuples SELECT id, 10000 + n, 0, '203.0.' || (n / 250) || '.' || (n % 250), 443, 6, start_ns, '11.a.a', 6, 6,
	2, 20, 3000, 10, 0, 0, 0, 0 FROM n, first WHERE n < 10000 - (SELECT count(*) FROM tuples WHERE window = first.id);
INSERT INTO evidence SELECT 1000000 + n, 100000 + n, printf('00000000-0000-8000-8000-%012d', n), twin, ts_ns, kind, title, technique,
	detector, role, threat, confidence, 0, counted, sum, about, about_country, about_asn, about_org, port, ip_proto, observed,
	threshold, unit, object, text, source, 0, silenced_by, silenced_effect
	FROM n, (SELECT * FROM evidence ORDER BY id LIMIT 1) WHERE n < 1000;
COMMIT;
SELECT (SELECT count(*) FROM profiles) || ' ' || (SELECT count(*) FROM timeline);
