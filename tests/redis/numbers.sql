-- numbers.sql -- what naiad.db says of how much was seen, in the rows of numbers.jq.
.mode tabs
CREATE TEMP VIEW w AS SELECT windows.id, address, number FROM windows JOIN profiles ON profiles.id = profile;
SELECT 'windows', address, '-', count(*) FROM w GROUP BY address;
SELECT 'evidence', address, number, count(*) FROM w JOIN evidence ON window = w.id GROUP BY w.id;
SELECT 'alerted', address, number, 1 FROM w JOIN alerts ON window = w.id GROUP BY w.id;
SELECT 'tuples', address, number, count(*) FROM w JOIN tuples ON window = w.id WHERE role = 0 GROUP BY w.id;
-- A sorted set has a line once.
SELECT 'timeline', address, number, count(DISTINCT entry) FROM w JOIN timeline ON window = w.id GROUP BY w.id;
SELECT 'lines', address, number, count(entry) FROM w JOIN timeline ON window = w.id GROUP BY w.id;
CREATE TEMP VIEW ports AS SELECT address, sum(flows) AS flows, sum(packets) AS packets, sum(bytes) AS bytes
	FROM w JOIN features ON window = w.id
	WHERE name LIKE 'DstPortsClientTCP%' OR name LIKE 'DstPortsClientUDP%' GROUP BY address;
SELECT 'flows', address, '-', flows FROM ports;
SELECT 'packets', address, '-', packets FROM ports;
SELECT 'bytes', address, '-', bytes FROM ports;
SELECT 'stream', '-', '-', (SELECT count(*) FROM evidence) + (SELECT count(*) FROM alerts);
