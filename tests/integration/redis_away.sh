#!/bin/sh
# redis_away.sh -- a Redis that is away, is killed and comes back empty, is full, or answers half: the sensor goes on.
#
# One sensor writes to four of them. One never has trouble, and is what the others must be equal to in the end; one is
# absent at the start, then killed ten times in the middle of being filled and started again empty, then too small for
# what is there. Two answer half a reply: the one says no more, the other hangs up.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/release"
. "$(dirname -- "$0")/live"
. "$NAIAD_SOURCE/tests/redis/server"
for tool in redis-server redis-cli socat tcpreplay jq curl; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done

KILLS=${KILLS:-10}
INTERVAL_MS=1000
BATCH=150 # hosts that show up between two kills

server=
steady=
halves=
trap 'for id in $server $steady $halves; do kill -9 "$id" 2>/dev/null || true; done
	sensor_gone || kill -9 "$sensor"; rm -rf "$scratch"' EXIT

mkdir "$scratch/steady" "$scratch/shaken"
redis_start "$scratch/steady"
steady=$server
steady_socket=$redis_socket
server=
socket=$scratch/shaken/redis.sock

# keys SOCKET -- how many of the windows are there
keys() {
	redis-cli -s "$1" --raw SCARD profiles
}

# has SOCKET COUNT -- so many at least
has() {
	[ "$(keys "$1")" -ge "$2" ]
}

# content SOCKET -- all that Kalipso can read of it, in an order
content() {
	"$NAIAD_SOURCE/tests/redis/dump" 0 1 -s "$1" |
		jq -Sc 'select(.key | startswith("naiad:") | not) | del(.ttl)' | sort
}

# equal_within MS WHAT -- the shaken one has all windows of the steady one soon, and then all else as well
equal_within() {
	watch_start "$sensor" "$(pgrep -P "$sensor" -x naiad-writer)" "$server" "$$"
	looked=$watch_begin
	while [ "$(keys "$socket")" -ne "$(keys "$steady_socket")" ]; do
		[ $(($(now_ms) - watch_begin)) -lt 60000 ] || break
		sleep 0.02
		looked=$(now_ms)
	done
	look=$(($(now_ms) - looked)) # it may have been so since the last look began
	watch_ms
	[ "$took" -le $(($1 + look)) ] || fail "$2: $(keys "$socket") of $(keys "$steady_socket") windows after $took ms"
	for attempt in $(seq 20); do
		content "$steady_socket" >"$scratch/expected"
		content "$socket" >"$scratch/present"
		! cmp -s "$scratch/expected" "$scratch/present" || break
		sleep 0.2
	done
	cmp -s "$scratch/expected" "$scratch/present" ||
		fail "$2: $(diff "$scratch/expected" "$scratch/present" | grep -c '^[<>]') keys differ: $(
			diff "$scratch/expected" "$scratch/present" | cut -c 1-200 | head -n 4)"
	echo "$2: all windows after $took ms, and $waited without a processor; $(wc -l <"$scratch/expected") keys are equal"
}

# is_connected -- somebody other than redis-cli
is_connected() {
	redis-cli -s "$socket" --raw CLIENT LIST 2>/dev/null | grep -v 'cmd=client' | grep -q 'id='
}

# A string of 50 bytes, of which there are four; then nothing until the sensor leaves, or the end.
printf '#!/bin/sh\nread -r line\nprintf "\\$50\\r\\nhalf"\n' >"$scratch/closes"
{ cat "$scratch/closes"; echo 'cat >/dev/null'; } >"$scratch/hangs"
chmod +x "$scratch/closes" "$scratch/hangs"
for half in hangs closes; do
	socat "UNIX-LISTEN:$scratch/$half.sock,fork,mode=777" "EXEC:$scratch/$half" 2>>"$scratch/socat" &
	halves="$halves $!"
done
targets=
for place in "$steady_socket" "$socket" "$scratch/hangs.sock" "$scratch/closes.sock"; do
	targets="$targets{dialect: last, path: $place}, "
done
sensor_settings "redis: {enabled: true, interval: ${INTERVAL_MS}ms, targets: [${targets%, }]}"

# Absent at the start.
sensor_program=$release
sensor_start
sweeps 0 "$BATCH"
redis_start "$scratch/shaken"
await "the mirror in a Redis that was absent" is_connected
equal_within $((2 * INTERVAL_MS)) "absent at the start"

# Killed while it is filled.
kills=0
partly=0
while [ "$kills" -lt "$KILLS" ]; do
	kills=$((kills + 1))
	redis_stop KILL
	sweeps $((kills * BATCH)) "$BATCH"
	redis_start "$scratch/shaken"
	until [ "$(keys "$socket")" -gt 0 ]; do
		sleep 0.01
	done
	reached=$(keys "$socket")
	[ "$reached" -ge "$(keys "$steady_socket")" ] || partly=$((partly + 1))
done
redis_stop KILL
redis_start "$scratch/shaken"
await "the mirror to come back" is_connected
equal_within $((2 * INTERVAL_MS)) "killed $kills times, $partly of them when it had a part"

# Full, then larger.
redis_stop KILL
redis_start "$scratch/shaken" --maxmemory 1200kb --maxmemory-policy noeviction
before=$(($(keys "$steady_socket") + BATCH))
sweeps $((kills * BATCH + BATCH)) "$BATCH"
is_refused() {
	[ "$(redis-cli -s "$socket" --raw INFO errorstats | grep -c 'errorstat_OOM')" -gt 0 ]
}
await "a full Redis to refuse something" is_refused
await "the other one to have all" has "$steady_socket" "$before"
redis-cli -s "$socket" CONFIG SET maxmemory 0 >/dev/null
await "a Redis that was full to take something" has "$socket" 1
equal_within $((2 * INTERVAL_MS)) "full, then larger"
await "the end of the trouble to be told" grep -q 'shaken.*takes what is written again' "$scratch/log"

# Nothing else was delayed by any of it, and each trouble was told once.
lag=$(metric naiad_event_loop_lag_seconds)
kept=$(waited_ms "$sensor")
sensor_stop
[ "$status" -eq 0 ] || fail "the sensor ended with $status: $(tail -n 5 "$scratch/log")"
expected=$(((kills + 2) * BATCH))
[ "$(findings)" -eq "$expected" ] || fail "$(findings) findings in eve.json, not $expected"
# Who waited for a Redis would wait for seconds; how little it is on a machine at rest is for redis_dirty.sh to say.
awk -v lag="${lag:-1}" -v kept="$kept" 'BEGIN { exit lag > 0.5 + kept / 1000 }' || fail "the loop was $lag s late"
for trouble in 'shaken.*refuses what is written' 'shaken.*takes what is written again' 'hangs.*cannot be written to' \
	'closes.*cannot be written to'; do
	[ "$(grep -c "$trouble" "$scratch/log")" -eq 1 ] || fail "not told once, but $(grep -c "$trouble" "$scratch/log") times: $trouble"
done
echo "the loop was at most $lag s late; $expected findings in eve.json"

# The same with the sanitizers, and the next run: what the last one left is gone.
sensor_program=$NAIAD
rm -f "$scratch/out/"* "$scratch/state/"*
sensor_start
sweeps 100000 "$BATCH"
await "what an earlier run left to go" sh -c '[ "$(redis-cli -s "$0" --raw SCARD profiles)" -eq "$1" ]' "$steady_socket" "$BATCH"
redis_stop KILL
redis_start "$scratch/shaken"
await "the mirror to come back" is_connected
equal_within 20000 "the next run, with sanitizers"
await "half an answer to be too little" grep -q 'hangs.*cannot be written to' "$scratch/log"
sensor_stop
[ "$status" -eq 0 ] || fail "the sensor ended with $status: $(tail -n 5 "$scratch/log")"
! grep -qE 'Sanitizer|runtime error' "$scratch/log" || fail "$(grep -m 1 -E 'Sanitizer|runtime error' "$scratch/log")"
finish "a Redis in trouble harms nobody, and has all of it soon after"
