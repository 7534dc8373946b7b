#!/bin/sh
# store.sh -- naiad.db says what eve.json and run.json say, twice the same, and what it is asked for by a person.
. "$(dirname -- "$0")/common"
command -v jq >/dev/null || skip "jq is not installed"
command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"

# ask NAME SQL
ask() {
	sqlite3 -readonly -separator ' ' "$scratch/$1/naiad.db" "$2" 2>&1
}

# told NAME FILTER -- how many lines of eve.json are such
told() {
	jq -c "select($2)" "$scratch/$1/eve.json" | wc -l
}

# same WHAT ONE OTHER
same() {
	[ "$2" = "$3" ] || fail "$name: $1: $2, and elsewhere $3"
}

# holds NAME SQL -- it has no row
holds() {
	[ -z "$(ask "$1" "$2")" ] || fail "$1: $2: $(ask "$1" "$2" | head -n 3)"
}

# agree NAME -- with what else the run wrote
agree() {
	name=$1
	same integrity "$(ask "$name" 'PRAGMA integrity_check')" ok
	same 'foreign keys' "$(ask "$name" 'PRAGMA foreign_key_check')" ""
	same evidence "$(ask "$name" 'SELECT count(*) FROM evidence')" "$(told "$name" '.naiad.kind == "evidence"')"
	same alerts "$(ask "$name" 'SELECT count(*) FROM alerts')" "$(told "$name" '.naiad.kind == "alert"')"
	same flows "$(ask "$name" 'SELECT count(*) FROM flows')" "$(told "$name" '.naiad.kind == "flow"')"
	same transactions "$(ask "$name" 'SELECT count(*) FROM transactions')" \
		"$(told "$name" '.naiad.kind == "transaction"')"
	same 'a line of eve.json' "$(ask "$name" 'SELECT eve FROM transactions ORDER BY id DESC LIMIT 1')" \
		"$(jq -c 'select(.naiad.kind == "transaction")' "$scratch/$name/eve.json" | tail -n 1)"
	same totals "$(ask "$name" 'SELECT packets, bytes, flows, hosts, windows, evidence, alerts, ended FROM runs')" \
		"$(jq -r '"\(.packets) \(.bytes) \(.flows) \(.hosts) \(.windows) \(.evidence) \(.alerts) 1"' "$scratch/$name/run.json")"
	same losses "$(ask "$name" 'SELECT reason, count FROM losses ORDER BY reason')" \
		"$(jq -r '.lost | to_entries[] | "\(.key) \(.value)"' "$scratch/$name/run.json" | LC_ALL=C sort)"
	# Whatever was lost was lost at some time, but for what was to be left out.
	same 'when it was lost' "$(ask "$name" 'SELECT reason, sum(count) FROM loss_spans GROUP BY reason ORDER BY reason')" \
		"$(ask "$name" "SELECT reason, count FROM losses WHERE count > 0 AND reason <> 'capture_filtered' ORDER BY reason")"
	holds "$name" 'SELECT s.* FROM loss_spans s, runs r WHERE s.from_ns > s.to_ns OR s.from_ns < r.first_ns OR s.to_ns > r.last_ns'
	same windows "$(ask "$name" 'SELECT count(*), count(*) FROM windows WHERE closed')" \
		"$(jq -r '"\(.windows) \(.windows)"' "$scratch/$name/run.json")"
	same devices "$(ask "$name" 'SELECT mac FROM devices ORDER BY mac')" \
		"$(jq -r .mac "$scratch/$name/devices.json" | sort -u)"
	# The dictionaries are the sums of the tuples, and every flow that is counted is in one.
	holds "$name" "SELECT * FROM (SELECT window, sum(est_flows + not_flows) AS f, sum(est_packets + not_packets) AS p,
		sum(est_bytes + not_bytes) AS b FROM tuples GROUP BY window) AS t LEFT JOIN (SELECT window, sum(flows) AS f,
		sum(packets) AS p, sum(bytes) AS b FROM features WHERE name LIKE '%IPs%' GROUP BY window) AS d USING(window)
		WHERE d.f IS NOT t.f OR d.p IS NOT t.p OR d.b IS NOT t.b"
	holds "$name" "SELECT window, sum(flows) AS f FROM features WHERE name LIKE 'DstPorts%' GROUP BY window EXCEPT
		SELECT window, sum(est_flows + not_flows) FROM tuples GROUP BY window"
	# What a viewer goes through: from an alert to its evidence, to their flows, to what was said in them.
	holds "$name" "SELECT a.uuid FROM alert_evidence a LEFT JOIN evidence e ON e.uuid = a.uuid WHERE e.id IS NULL"
	holds "$name" "SELECT x.uid FROM evidence_flows x LEFT JOIN flows f ON f.uid = x.uid WHERE f.id IS NULL"
	holds "$name" "SELECT t.uid FROM timeline t LEFT JOIN flows f ON f.uid = t.uid WHERE f.id IS NULL"
	holds "$name" "SELECT entry FROM timeline WHERE entry IS NOT NULL AND NOT json_valid(entry)"
	holds "$name" "SELECT e.evidence FROM hosts e WHERE e.evidence <> (SELECT count(*) FROM evidence v
		JOIN windows w ON w.id = v.window WHERE w.profile = e.profile)"
}

analyse scan "$captures/lab-scan.pcap" || fail "exit $?"
analyse ftp "$captures/told/ftp.pcap" || fail "exit $?"
# A capture that breaks off, and years later one that goes on.
head -c "$(($(wc -c <"$captures/told/ftp.pcap") - 5))" "$captures/told/ftp.pcap" >"$scratch/cut.pcap"
analyse cut "$scratch/cut.pcap" -r "$captures/lab-scan.pcap" || fail "exit $?"
agree scan
agree ftp
agree cut
[ "$(ask scan 'SELECT count(*) > 0 FROM alert_evidence')" = 1 ] || fail "no alert to look at"
[ "$(ask ftp 'SELECT count(*) > 0 FROM transactions')" = 1 ] || fail "no transaction to look at"
[ "$(ls "$scratch/scan" | grep -c '^naiad\.db')" = 1 ] || fail "more than one file is left: $(ls "$scratch/scan")"

# What was lost where no packet told the time was lost at no time.
head -c 30 "$captures/lab-scan.pcap" >"$scratch/broken.pcap"
analyse broken "$scratch/broken.pcap" || fail "exit $?"
[ "$(ask broken 'SELECT (SELECT count(*) FROM loss_spans), count FROM losses WHERE reason = '"'capture_cut_bytes'")" = '0 6' ] ||
	fail "lost at no time: $(ask broken 'SELECT * FROM loss_spans')"

# Once more over the same place: made anew, with the same rows.
rows() {
	sqlite3 "$scratch/$1/naiad.db" .dump
}
rows scan >"$scratch/first"
analyse scan "$captures/lab-scan.pcap" || fail "exit $?"
rows scan >"$scratch/second"
cmp -s "$scratch/first" "$scratch/second" || fail "a second run writes other rows"

# Out of a pipe that falls silent: what came so far is looked at, and in the end the rows are the same.
in_two() {
	half=60000
	head -c "$half" "$captures/lab-scan.pcap"
	tries=500
	until [ "$(ask slow 'SELECT count(*) > 0 FROM flows')" = 1 ] || [ "$tries" -eq 0 ]; do
		tries=$((tries - 1))
		sleep 0.02
	done
	ask slow 'SELECT count(*) > 0 FROM flows' >"$scratch/seen"
	[ -s "$scratch/slow/eve.json" ] || echo "no eve.json" >>"$scratch/seen"
	"$NAIAD" -c "$scratch/other.yaml" -r "$captures/told/ftp.pcap" -o "$scratch/other" >"$scratch/err" 2>&1 && echo "exit 0" >>"$scratch/seen"
	tail -c "+$((half + 1))" "$captures/lab-scan.pcap"
}
# Meanwhile nobody else may write to it.
echo "store: {path: $scratch/slow/naiad.db}" >"$scratch/other.yaml"
in_two | analyse slow - || fail "exit $?"
[ "$(cat "$scratch/seen")" = 1 ] || fail "of a run that waits for a pipe nothing is seen, or another writes to it: $(cat "$scratch/seen")"
grep -q 'naiad.db is written by process [0-9]*, .*store.path' "$scratch/err" || fail "a second writer: $(cat "$scratch/err")"
rows slow >"$scratch/second"
sed "s|\"$captures/lab-scan.pcap\"|\"-\"|" "$scratch/first" | cmp -s - "$scratch/second" || fail "out of a slow pipe come other rows"

# What is switched off has no rows; without the store all else is the same.
echo 'store: {flows: false, transactions: false}' >"$scratch/less.yaml"
analyse less "$captures/lab-scan.pcap" -c "$scratch/less.yaml" || fail "exit $?"
[ "$(ask less 'SELECT (SELECT count(*) FROM flows), (SELECT count(*) FROM transactions), count(*) FROM evidence')" = \
	"0 0 $(told scan '.naiad.kind == "evidence"')" ] || fail "flows are kept though they are not wanted"
echo 'store: {write: never}' >"$scratch/never.yaml"
analyse never "$captures/lab-scan.pcap" -c "$scratch/never.yaml" || fail "exit $?"
[ -e "$scratch/never/naiad.db" ] && fail "it is written though it is off"
cmp -s "$scratch/never/eve.json" "$scratch/scan/eve.json" || fail "with the store eve.json is another one"
# eve.json is not needed for it.
printf 'eve: {enabled: false}\n' >"$scratch/alone.yaml"
analyse alone "$captures/told/ftp.pcap" -c "$scratch/alone.yaml" || fail "exit $?"
[ "$(ask alone 'SELECT eve FROM transactions')" = "$(ask ftp 'SELECT eve FROM transactions')" ] ||
	fail "without eve.json other transactions are kept"

# What is no store is not written over, and the person is told.
mkdir "$scratch/foreign"
echo precious >"$scratch/foreign/naiad.db"
status=0
"$NAIAD" -r "$captures/told/ftp.pcap" -o "$scratch/foreign" >/dev/null 2>"$scratch/err" || status=$?
[ "$status" -ne 0 ] || fail "a foreign file: exit 0"
[ "$(cat "$scratch/foreign/naiad.db")" = precious ] || fail "a foreign file is written over"
grep -q 'naiad.db is no store of naiad: .*store.path' "$scratch/err" || fail "a foreign file: $(cat "$scratch/err")"
finish "the store agrees with eve.json and run.json"
