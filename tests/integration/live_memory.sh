#!/bin/sh
# live_memory.sh -- both processes together stay within memory.limit while hosts come and go.
#
# A flood of new hosts on two interfaces, flows written to eve.json: with rings that are resident from
# the first moment on. What counts is PSS: pages that both have, once.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/release"
. "$(dirname -- "$0")/live"
command -v tcpreplay >/dev/null || skip "tcpreplay is not installed"

sensor_program=$release

# pss PID -- KiB
pss() {
	awk '$1 == "Pss:" { print $2 }' "/proc/$1/smaps_rollup"
}

"$NAIAD_BUILD/bench_make_capture" -n 400000 -f 400000 -H 400000 "$scratch/hosts.pcap"
for limit in 64 128; do
	sensor_settings "memory: {limit: ${limit}MiB}"
	sensor_start -i lan0 -i lan1
	writer=$(pgrep -P "$sensor" -x naiad-writer)
	tcpreplay -q -p 60000 -i lan1 "$scratch/hosts.pcap" >"$scratch/replay" 2>&1 &
	load=$!
	peak=0
	while kill -0 "$load" 2>/dev/null; do
		engine=$(pss "$sensor")
		both=$((engine + $(pss "$writer")))
		[ "$both" -le "$peak" ] || { peak=$both && parts="engine $engine, writer $((both - engine))"; }
		sleep 0.2
	done
	wait "$load" || fail "tcpreplay: $(cat "$scratch/replay")"
	sensor_stop
	[ "$status" -eq 0 ] || fail "the sensor ended with $status: $(cat "$scratch/log")"
	most=$((limit * 1024 * 105 / 100))
	echo "memory.limit ${limit}MiB: peak $peak KiB of $most ($parts); $(grep 'stopped after' "$scratch/log")"
	[ "$peak" -le "$most" ] || fail "$limit MiB: $peak KiB is above $most"
	rm -f "$scratch/out/"* "$scratch/state/state"
done

# Rings that leave too little are refused, and the line says what would do.
sensor_settings 'memory: {limit: 64MiB}' 'capture: {ring: 17MiB}'
code=0
"$sensor_program" -c "$scratch/naiad.yaml" -i lan0 -i lan1 2>"$scratch/err" || code=$?
[ "$code" -eq 2 ] || fail "rings that do not fit: exit $code, not 2"
grep -q 'raise memory.limit to 66 MiB' "$scratch/err" || fail "rings that do not fit: $(cat "$scratch/err")"
finish "the limit holds live"
