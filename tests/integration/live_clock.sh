#!/bin/sh
# live_clock.sh -- the wall clock is set under the running sensor, and its interface goes down and up 50 times.
#
# libfaketime tells the sensor another wall clock, and libcapture_preload moves what the kernel stamps as
# far: nobody else's clock is touched. The release, since libfaketime and the sanitizers do not go together.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/release"
. "$(dirname -- "$0")/live"
for tool in tcpreplay jq curl; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done
faketime=$(find /usr/lib -name libfaketime.so.1 2>/dev/null | head -n 1)
[ -n "$faketime" ] || skip "faketime is not installed"

WIDTH_S=2
FLAPS=${FLAPS:-50}
eve=$scratch/out/eve.json

found() { [ "$(findings)" -eq "$1" ]; }
sample() { metric "naiad_$1"; }
none_open() { [ "$(sample timewindows_open)" -eq 0 ]; }
stepped() { [ $(($(sample 'packet_clock_steps_total{interface="lan0",direction="forward"}') + \
	$(sample 'packet_clock_steps_total{interface="lan0",direction="back"}'))) -eq "$1" ]; }

# A host that talks all the time, as on any wire.
chatter() {
	"$NAIAD_BUILD/make_sweeps" 1000000 1 "$scratch/chatter.pcap"
	exec tcpreplay -q -l 0 -p 100 -i lan1 "$scratch/chatter.pcap" >/dev/null 2>&1
}

# set_clock SECONDS -- the wall clock is so many seconds off the right time from now on
set_clock() {
	printf '%+ds\n' "$1" >"$scratch/clock.new"
	mv "$scratch/clock.new" "$scratch/clock"
}

set_clock 0
epoch=$(date +%s)
sensor_program=$release
sensor_settings "windows: {width: ${WIDTH_S}s}" "eve: {flows: false}"
clock="env LD_PRELOAD=$NAIAD_BUILD/libcapture_preload.so:$faketime FAKETIME_TIMESTAMP_FILE=$scratch/clock"
clock="$clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_DONT_RESET=1"
sensor_before=$clock
sensor_start
chatter &
load=$!
trap '[ -z "$load" ] || kill "$load" 2>/dev/null || true; sensor_gone || kill -9 "$sensor"; rm -rf "$scratch"' EXIT

# Forward is believed, back is not: packet time goes on from where it was.
first=0
steps=0
for offset in 3600 -3600 86400 "-$(($(date +%s) - 100))" 0; do
	sweeps $first 20
	first=$((first + 20))
	await "findings before the clock is set by $offset s" found $((first + 1))
	set_clock "$offset"
	steps=$((steps + 1))
	await "the clock that is set by $offset s to be followed" stepped $steps
	sweeps $first 20
	first=$((first + 20))
	await "findings after the clock was set by $offset s" found $((first + 1))
done
forward=$(sample 'packet_clock_steps_total{interface="lan0",direction="forward"}')
[ "$forward" -eq 3 ] || fail "$forward steps forward of 3"
kill "$load"
wait "$load" 2>/dev/null || true
load=
await "windows to close without a packet" none_open
# From 0 to an hour, and on to a day: what is more than an hour is a jump, nothing else is.
jumps=$(sample clock_jumps_total)
[ "$jumps" -ge 1 ] && [ "$jumps" -le 2 ] || fail "$jumps jumps of packet time; 1, or 2 with the hour"

# windows WHERE -- packet time never went back, and each window has the number that its time asks for
windows() {
	jq -r 'select(.naiad.kind == "evidence") | [.timestamp, .naiad.window.number, .naiad.window.start] | @tsv' "$eve" |
		sed 's/\.\([0-9]*\)+0000/ \1 UTC/g' |
		awk -F '\t' -v width=$WIDTH_S -v where="$1" '
		function seconds(text,   c) {
			c = text
			gsub(/[-:T]/, " ", c)
			return mktime(substr(c, 1, 19))
		}
		{
			at = seconds($1)
			start = seconds($3)
			if (at < last) print where ": packet time went back to " $1
			last = at
			if (NR == 1) { first = start; number = $2 }
			if ($2 != number + (start - first) / width)
				print where ": window " $2 " starts at " $3
			if (at < start || at >= start + width) print where ": " $1 " is not in window " $2
		}' >"$scratch/wrong"
	[ ! -s "$scratch/wrong" ] || fail "$(head -n 5 "$scratch/wrong")"
}
TZ=UTC
export TZ
windows "steps"
span=$(jq -s 'map(select(.naiad.kind == "evidence").naiad.window.number) | max - min' "$eve")
most=$(((86400 + $(date +%s) - epoch) / WIDTH_S + 10)) # and those of the time that this took
[ "$span" -ge $((86400 / WIDTH_S)) ] && [ "$span" -le "$most" ] ||
	fail "$span windows from the first to the last; a day has $((86400 / WIDTH_S))"
sensor_stop
[ "$status" -eq 0 ] || fail "the sensor ended with $status: $(tail -n 3 "$scratch/log")"

# A clock that is set back between two runs: the state is of a time to come, and nobody minds.
set_clock -7200
sensor_start
sweeps 300 20
await "findings of a sensor whose state is from the future" found $((first + 21))
sensor_stop
[ "$status" -eq 0 ] || fail "the second sensor ended with $status: $(tail -n 3 "$scratch/log")"

# Down and up: goes on, and tells from when to when it was blind. No time of anybody's is faked here.
cpu_ms() {
	awk -v hz="$(getconf CLK_TCK)" '{ print int(($14 + $15) * 1000 / hz) }' "/proc/$sensor/stat"
}
gaps() { [ "$(sample 'capture_gaps_total{interface="lan0"}')" -ge "$1" ]; }
late_ms() { sample event_loop_lag_seconds | awk '{ print int($1 * 1000) }'; }

sensor_before=
rm -rf "$scratch/state"/* "$eve"
sensor_settings "windows: {width: 1h}" "eve: {flows: false}"
sensor_start
sweeps 400 20
began=$(now_ms)
before=$(cpu_ms)
# The kernel tells what is, not what was: two may be one, and more where the loop is late, which tries on then.
wanted=$((FLAPS * 8 / 10))
flaps=0
while [ "$flaps" -lt "$FLAPS" ] || { [ "$flaps" -lt $((FLAPS * 10)) ] && [ "$(late_ms)" -gt 20 ] && ! gaps "$wanted"; }; do
	flaps=$((flaps + 1))
	ip link set lan0 down
	sleep 0.03
	ip link set lan0 up
	sleep 0.03
done
await "$wanted gaps of $flaps" gaps "$wanted"
downed=$(now_ms)
ip link set lan0 down
sleep 1
spent=$(($(cpu_ms) - before))
elapsed=$(($(now_ms) - began))
ip link set lan0 up
await "the interface to be ready" scrape /-/ready
down_ms=$(($(now_ms) - downed))
seen_ms=$((1100 + $(late_ms))) # it may have been looked at so long ago
sweeps 420 20
await "findings before and after" found 40
told=$(sample 'capture_gaps_total{interface="lan0"}')
sensor_stop
[ "$status" -eq 0 ] || fail "the third sensor ended with $status: $(tail -n 3 "$scratch/log")"
[ "$spent" -le $((elapsed / 5)) ] || fail "a busy loop: $spent ms of CPU in $elapsed ms"
windows=$(jq -s 'map(select(.naiad.kind == "evidence").naiad.window.number) | unique | length' "$eve")
[ "$windows" -le 2 ] || fail "$windows windows within a few seconds"
# One gap after the other, in the time that this took; one begins when the interface was last looked at.
jq -s --argjson began "$((began - seen_ms))" --argjson ended "$(now_ms)" '
	def ms: ((.[0:19] + "Z" | fromdate) * 1000) + (.[20:23] | tonumber);
	map(select(.anomaly.event == "capture_gap")) | {
		count: length,
		blind_ms: (map((.naiad.to | ms) - (.naiad.from | ms)) | add),
		longest_ms: (map((.naiad.to | ms) - (.naiad.from | ms)) | max),
		outside: map(select((.naiad.from | ms) < $began or (.naiad.to | ms) > $ended + 50)) | length,
		backwards: map(select((.naiad.to | ms) < (.naiad.from | ms))) | length,
		over: [., .[1:]] | transpose | map(select(.[1] != null and
			(.[1].naiad.from | ms) < (.[0].naiad.to | ms))) | length,
		others: map(select(.in_iface != "lan0" or .naiad.reason != "down")) | length
	}' "$eve" >"$scratch/gaps"
gap() { jq ".$1" "$scratch/gaps"; }
[ "$(gap count)" -eq "$told" ] || fail "$told gaps are counted, and told of $(gap count)"
[ "$(gap backwards) $(gap over) $(gap outside) $(gap others)" = "0 0 0 0" ] || fail "gaps that cannot be: $(cat "$scratch/gaps")"
[ "$(gap longest_ms)" -ge 1000 ] && [ "$(gap longest_ms)" -le $((down_ms + seen_ms)) ] || fail "the second of the end: $(cat "$scratch/gaps")"
finish "time goes on: $steps steps of the clock; $flaps times down in $elapsed ms, $(gap count) gaps of $(gap blind_ms) ms, $spent ms of CPU"
