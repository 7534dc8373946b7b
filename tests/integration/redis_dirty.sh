#!/bin/sh
# redis_dirty.sh -- 10 000 windows change at once, live: the loop is never late, and both processes stay within memory.limit.
#
# Conversations of 10 000 hosts, five each, all of which begin within two seconds: every window has changed, and finds
# something. The loop is as late as it was asked for, but for what it waited for a processor in the same moments: those are
# the machine's. The mirror has all of them soon after the last packet, and once more what changes when the sensor stops.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/release"
. "$(dirname -- "$0")/live"
. "$NAIAD_SOURCE/tests/redis/server"
for tool in redis-server redis-cli tcpreplay curl; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done

HOSTS=${HOSTS:-10000}
LIMIT=${LIMIT:-160}
LAG_MS=50

server=
trap '[ -z "$server" ] || kill -9 "$server" 2>/dev/null || true; sensor_gone || kill -9 "$sensor"; rm -rf "$scratch"' EXIT

# pss PID -- KiB
pss() {
	awk '$1 == "Pss:" { print $2 }' "/proc/$1/smaps_rollup"
}

# larger A B -- the larger of two numbers
larger() {
	awk -v a="${1:-0}" -v b="${2:-0}" 'BEGIN { print (a + 0 > b + 0 ? a + 0 : b + 0) }'
}

mirrored() {
	redis-cli -s "$redis_socket" --raw SCARD profiles
}

# attempt -- the whole of it, once; what was not as it must be is in $wrong
attempt() {
	wrong=
	rm -f "$scratch/out/"* "$scratch/state/"*
	redis-cli -s "$redis_socket" FLUSHALL >/dev/null
	sensor_start
	writer=$(pgrep -P "$sensor" -x naiad-writer)
	tcpreplay -q -p 30000 -i lan1 "$scratch/hosts.pcap" >"$scratch/replay" 2>&1 &
	load=$!
	peak=0
	lag=0
	kept=0
	step=0
	before=$(waited_ms "$sensor")
	tries=300
	while kill -0 "$load" 2>/dev/null || { [ "$(mirrored)" -lt "$HOSTS" ] && [ "$tries" -gt 0 ]; }; do
		kill -0 "$load" 2>/dev/null || tries=$((tries - 1))
		engine=$(pss "$sensor")
		both=$((engine + $(pss "$writer")))
		[ "$both" -le "$peak" ] || { peak=$both && parts="engine $engine, writer $((both - engine))"; }
		lag=$(larger "$lag" "$(metric naiad_event_loop_lag_seconds)")
		# In two looks that follow each other: one moment may lie in both.
		now=$(waited_ms "$sensor")
		kept=$(larger "$kept" $((step + now - before)))
		step=$((now - before))
		before=$now
		sleep 0.2
	done
	wait "$load" || fail "tcpreplay: $(cat "$scratch/replay")"
	there=$(mirrored)
	told=$(metric 'naiad_output_events_total{output="redis"}')
	sensor_stop
	echo "$HOSTS windows dirty at once: $there mirrored $(awk -v n="$tries" 'BEGIN { print (300 - n) * 0.2 }') s after" \
		"the last packet, $told records; peak $peak KiB of $most ($parts); the loop at most $lag s late, $kept ms of it without a processor; exit $status"
	[ "$status" -eq 0 ] || wrong="the sensor ended with $status: $(tail -n 2 "$scratch/log")"
	[ "$there" -eq "$HOSTS" ] || wrong="$there windows are in Redis"
	[ "$peak" -le "$most" ] || wrong="$peak KiB is above memory.limit ${LIMIT}MiB and 5 %"
	awk -v lag="$lag" -v most="$((LAG_MS + kept))" 'BEGIN { exit lag * 1000 > most }' ||
		wrong="the loop was $lag s late, and at most $kept ms of it without a processor"
	[ -z "$wrong" ]
}

mkdir "$scratch/redis"
redis_start "$scratch/redis"
most=$((LIMIT * 1024 * 105 / 100))
sensor_program=$release
sensor_settings "memory: {limit: ${LIMIT}MiB}" \
	"redis: {enabled: true, memory: 48MiB, targets: [{dialect: last, path: $redis_socket}]}"
"$NAIAD_BUILD/bench_make_capture" -n $((HOSTS * 10)) -f $((HOSTS * 5)) -H "$HOSTS" "$scratch/hosts.pcap"

# A machine that has other things to do delays anybody: the best of three is what is ours.
attempt || attempt || attempt || fail "$wrong"
finish "10 000 dirty windows delay nothing"
