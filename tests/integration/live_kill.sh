#!/bin/sh
# live_kill.sh -- kill -9 at 50 random moments under load: whole lines, nothing lost, back within 2 s.
#
# The writer outlives the daemon that was killed until it has written what it was given.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"
command -v tcpreplay >/dev/null || skip "tcpreplay is not installed"

KILLS=${KILLS:-50}
START_MS=2000
seed=${SEED:-$(date +%s)}
echo "seed $seed"

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}

# whole FILE -- every line of it is JSON; one that is cut is no line at all
whole() {
	[ ! -s "$1" ] || [ "$(tail -c 1 "$1" | od -An -c | tr -d ' ')" = '\n' ] ||
		fail "kill $kill: $1 ends inside a line"
	jq -e . "$1" >/dev/null 2>"$scratch/jq" || [ ! -s "$1" ] ||
		fail "kill $kill: $1 is not whole: $(cat "$scratch/jq")"
}

no_writer() {
	! pgrep -f "naiad.* -c $scratch/" >/dev/null
}

sensor_settings 'eve: {flows: true}'
tcpreplay -q -l 0 -p 20000 -i lan1 "$captures/lab-scan.pcap" >/dev/null 2>&1 &
load=$!
trap 'kill $load 2>/dev/null; sensor_gone || kill -9 "$sensor"; rm -rf "$scratch"' EXIT

slowest=0
: >"$scratch/known"
kill=0
while [ "$kill" -lt "$KILLS" ]; do
	kill=$((kill + 1))
	begin=$(now_ms)
	sensor_start
	took=$(($(now_ms) - begin))
	[ "$took" -le "$slowest" ] || slowest=$took
	wait_ms=$(awk -v seed="$((seed + kill))" 'BEGIN { srand(seed); printf "%.3f", rand() * 0.8 }')
	sleep "$wait_ms"
	kill -9 "$sensor"
	wait "$sensor" 2>/dev/null || true
	sensor=
	await "the writer to end" no_writer
	whole "$scratch/out/eve.json"
	jq -r 'select(.naiad.kind == "evidence" or .naiad.kind == "alert") | .naiad.id' \
		"$scratch/out/eve.json" >"$scratch/ids"
	sort "$scratch/ids" >"$scratch/sorted"
	missing=$(sort "$scratch/known" | comm -23 - "$scratch/sorted" | wc -l)
	[ "$missing" -eq 0 ] || fail "kill $kill: $missing findings that had been written are gone"
	cp "$scratch/ids" "$scratch/known"
	[ "$failures" -eq 0 ] || break
done
twice=$(sort "$scratch/known" | uniq -d | wc -l)
[ "$twice" -eq 0 ] || fail "$twice ids were written twice"
[ "$slowest" -le "$START_MS" ] || fail "a start took $slowest ms, $START_MS are allowed"
[ -s "$scratch/known" ] || fail "nothing was found in any of the runs"
lines=$(wc -l <"$scratch/out/eve.json")
finish "$kill kills: $lines whole lines, $(wc -l <"$scratch/known") findings, none lost, none twice; slowest start $slowest ms"
