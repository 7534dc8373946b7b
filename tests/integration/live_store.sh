#!/bin/sh
# live_store.sh -- the store of a running sensor: read while it is written, killed, opened again.
#
# Both processes are killed, one after the other: what was there stays, and the next start is another run in the same
# database. A window that is open has a row at once; with MINUTE=1 it is waited for its tuples, which come after one.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"
. "$(dirname -- "$0")/store"
command -v tcpreplay >/dev/null || skip "tcpreplay is not installed"

db=$scratch/out/naiad.db
sensor_settings 'store: {write: always}' 'home_network: [10.0.0.0/8]' 'capture: {ring: 1MiB}'

# has COUNT TABLE -- so many rows are in it
has() { [ "$(ask "$db" "SELECT count(*) FROM $2")" -eq "$1" ]; }
has_more() { [ "$(ask "$db" "SELECT count(*) FROM $2")" -gt "$1" ]; }
writer_of() { pgrep -P "$1" -x naiad-writer; }
writer_gone() { ! grep -qs '^State:.[^Z]' "/proc/$writer/status"; }

# Read while it is written: by one who comes and goes, and by one who holds what he sees.
sensor_start
sweeps 0 50
await "findings in the database of a running sensor" has 50 evidence
[ "$(stat -c '%U %a' "$db")" = "$sensor_user 640" ] || fail "$(ls -l "$db")"
"$NAIAD_BUILD/naiadctl" --socket "$scratch/run/control.sock" profiles >"$scratch/profiles" 2>&1 ||
	fail "the sensor's store is not found: $(cat "$scratch/profiles")"
"$NAIAD_BUILD/naiadctl" -d "$scratch/out" profiles | cmp -s - "$scratch/profiles" ||
	fail "the sensor tells other hosts than its store: $(head -n 3 "$scratch/profiles")"
[ "$(sqlite3 -readonly "$db" 'SELECT inputs FROM runs')" = '["lan0"]' ] || fail "the run does not say where it listens"
mkfifo "$scratch/holds"
sqlite3 -readonly "$db" <"$scratch/holds" >"$scratch/held" 2>&1 &
holder=$!
exec 8>"$scratch/holds"
echo 'BEGIN; SELECT count(*) FROM evidence;' >&8
await "a reader that holds" test -s "$scratch/held"
sweeps 50 50
await "findings while somebody reads" has 100 evidence
echo 'SELECT count(*) FROM evidence; COMMIT;' >&8
exec 8>&-
wait "$holder"
[ "$(tr '\n' ' ' <"$scratch/held")" = '50 50 ' ] || fail "who held 50 findings saw $(cat "$scratch/held")"
has 100 'windows WHERE NOT closed' || fail "not every open window is there: $(rows "$db")"
if [ "${MINUTE:-0}" = 1 ]; then
	sleep 35
	sweeps 0 50
	sleep 30
	sweeps 0 50
	await "tuples of windows that are open" has_more 0 tuples
fi
sound "$db" "while it is written"
# It has one writer, and this is it.
printf '%s\n' "store: {path: $db}" >"$scratch/second.yaml"
"$NAIAD" -c "$scratch/second.yaml" -r "$captures/lab-scan.pcap" -o "$scratch/second" >"$scratch/said" 2>&1 &&
	fail "another run wrote to the store of a sensor"
grep -q "naiad.db is written by process $(writer_of "$sensor"), " "$scratch/said" || fail "a second writer: $(cat "$scratch/said")"

# The sensor is killed: its writer writes what it was given.
writer=$(writer_of "$sensor")
kill -9 "$sensor"
wait "$sensor" 2>/dev/null || true
sensor=
await "the writer to end" writer_gone
sound "$db" "after the sensor was killed"
has 100 evidence || fail "findings were lost with the sensor: $(rows "$db")"

# The writer is killed: the sensor stops, and says so.
sensor_start
await "another run" has 2 runs
sweeps 100 50
await "findings of the second run" has 150 evidence
kill -9 "$(writer_of "$sensor")"
status=0
wait "$sensor" || status=$?
sensor=
[ "$status" -eq 1 ] || fail "without its writer it ended with $status"
sound "$db" "after the writer was killed"
has 150 evidence || fail "findings were lost with the writer: $(rows "$db")"

# An orderly end leaves one file that needs nothing else.
sensor_start
await "a third run" has 3 runs
sweeps 150 10
await "findings of the third run" has 160 evidence
# More comes than its ring takes while it is held: that is missing, and the store says when.
"$NAIAD_BUILD/bench_make_capture" -n 60000 -f 10 -H 10 "$scratch/burst.pcap"
held=$(date +%s)
# It looks once a second at what was lost, later by what it was kept waiting.
held=$((held - 2 - $(waited_ms "$sensor") / 1000))
kill -STOP "$sensor"
tcpreplay -q -t -i lan1 "$scratch/burst.pcap" >"$scratch/replay" 2>&1 || fail "tcpreplay: $(cat "$scratch/replay")"
kill -CONT "$sensor"
sensor_stop
[ "$status" -eq 0 ] || fail "it ended with $status: $(tail -n 3 "$scratch/log")"
sound "$db" "after an orderly end"
lost=$(ask "$db" "SELECT count FROM losses WHERE run = 3 AND reason = 'capture_dropped_kernel'")
[ "$lost" -gt 0 ] || fail "nothing was lost of 60000 packets at once"
[ "$(ask "$db" "SELECT sum(count) FROM loss_spans WHERE run = 3 AND reason = 'capture_dropped_kernel' AND interface = 'lan0'
	AND from_ns / 1000000000 BETWEEN $held AND $(date +%s) AND to_ns >= from_ns")" = "$lost" ] ||
	fail "$lost packets were lost from $held on, told is: $(ask "$db" 'SELECT * FROM loss_spans')"
[ ! -e "$db-wal" ] || fail "a log is left beside the database: $(ls -l "$scratch/out")"
grep -i 'store' "$scratch/log" | grep -qi 'warning' && fail "$(grep store "$scratch/log")"

# What is not ours: it does not start, and leaves it alone.
sqlite3 "$db" 'PRAGMA application_id = 7' >/dev/null
code=0
"$NAIAD" -c "$scratch/naiad.yaml" -i lan0 2>"$scratch/refused" || code=$?
[ "$code" -ne 0 ] || fail "it starts over somebody else's database"
grep -q "$db" "$scratch/refused" || fail "somebody else's database: $(cat "$scratch/refused")"
finish "a sensor's store is read while it is written, and outlives both processes"
