#!/bin/sh
# live_writer.sh -- the writing process: its files, its end, and the one of the run before.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"

STOP_MS=5000

writer_of() {
	pgrep -P "$1" -x naiad-writer
}

# Nobody may have asked yet how it ended.
writer_gone() {
	case $(ps -o stat= -p "$writer") in
	'' | Z*) ;;
	*) return 1 ;;
	esac
}

# Syslog needs its spool below the state directory, and a name that has to be looked up. Who started
# is root; whose files they are is the user that it became.
sensor_settings 'syslog: {enabled: true, transport: tcp, host: localhost, port: 9}'
sensor_start
await "syslog to find its host" grep -q 'syslog: cannot send to tcp:localhost:9.*refused' "$scratch/log"
mv "$scratch/out/eve.json" "$scratch/out/moved.json"
kill -USR1 "$sensor"
await "eve.json to be made anew" test -e "$scratch/out/eve.json"
other=$(find "$scratch/out" "$scratch/state" ! -user "$sensor_user")
[ -z "$other" ] || fail "not the files of $sensor_user: $other"
sensor_stop
[ "$status" -eq 0 ] || fail "the first run ended with $status: $(cat "$scratch/log")"

# What it left it takes up again.
sensor_start
writer=$(writer_of "$sensor")

# A writer that stands still does not keep the sensor from ending.
kill -STOP "$writer"
sensor_stop
[ "$took" -lt "$STOP_MS" ] || fail "with a writer that stands still the end took $took ms"
[ "$status" -eq 1 ] || fail "with a writer that stands still it ended with $status, not 1"
writer_gone || fail "the writer was left behind"
echo "with a writer that stands still the end took $took ms"

# The writer of a daemon that was killed is waited for, and a second sensor is kept out.
sensor_start
writer=$(writer_of "$sensor")
kill -STOP "$writer"
kill -9 "$sensor"
wait "$sensor" 2>/dev/null || true
# It goes on when somebody else has the state directory open, the next sensor, and has slept since: it waits for it.
next_is_there() {
	for next in $(pgrep -x 'naiad|naiad-writer'); do
		[ "$next" != "$writer" ] && ls -l "/proc/$next/fd" 2>/dev/null | grep -q " $scratch/state\$" && return 0
	done
	return 1
}
slept() { awk '$1 == "voluntary_ctxt_switches:" { print $2 }' "/proc/$next/status"; }
next_waits() { [ "$(slept)" -gt $((before + 1)) ]; }
(await "the next sensor" next_is_there && before=$(slept) && await "it to wait" next_waits && kill -CONT "$writer") &
sensor_start
grep -q 'waited for the writer of the last run' "$scratch/log" ||
	fail "two writers at a time: $(cat "$scratch/log")"
await "the writer of the run before to end" writer_gone
first=$scratch/first
cp "$scratch/log" "$first"
sed -i 's/control.sock/other.sock/; s/metrics.sock/another.sock/' "$scratch/naiad.yaml"
code=0
"$NAIAD" -c "$scratch/naiad.yaml" -i lan0 2>"$scratch/second" || code=$?
grep -q "another sensor works with $scratch/state" "$scratch/second" || fail "a second one: $(cat "$scratch/second")"
[ "$code" -eq 1 ] || fail "a second one ended with $code, not 1"
sensor_stop
[ "$status" -eq 0 ] || fail "the last run ended with $status: $(cat "$first")"
finish "the writer is sound"
