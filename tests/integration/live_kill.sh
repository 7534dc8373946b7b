#!/bin/sh
# live_kill.sh -- kill -9 at 50 random moments under load: whole lines, nothing lost, back within 2 s.
#
# The writer outlives the daemon that was killed until it has written what it was given.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/release"
. "$(dirname -- "$0")/live"
command -v tcpreplay >/dev/null || skip "tcpreplay is not installed"

KILLS=${KILLS:-50}
START_MS=2000
seed=${SEED:-$(date +%s)}
echo "seed $seed"

# whole FILE -- every line of it is JSON; one that is cut is no line at all
whole() {
	[ ! -s "$1" ] || [ "$(tail -c 1 "$1" | od -An -c | tr -d ' ')" = '\n' ] ||
		fail "kill $kill: $1 ends inside a line"
	jq -e . "$1" >/dev/null 2>"$scratch/jq" || [ ! -s "$1" ] ||
		fail "kill $kill: $1 is not whole: $(cat "$scratch/jq")"
}

# ids FILE -- of its findings
ids() {
	grep -E '"kind":"(evidence|alert)"' "$1" | jq -r '.naiad.id'
}

# Whoever adopted it may take its time to bury it.
no_writer() {
	! grep -qs '^State:.[^Z]' "/proc/$writer/status"
}

sensor_program=$release
sensor_settings 'eve: {flows: true}'
tcpreplay -q -l 0 -p 20000 -i lan1 "$captures/lab-scan.pcap" >/dev/null 2>&1 &
load=$!
trap 'kill $load 2>/dev/null || true; sensor_gone || kill -9 "$sensor"; rm -rf "$scratch"' EXIT

slowest=0
size=0
: >"$scratch/known"
kill=0
while [ "$kill" -lt "$KILLS" ]; do
	kill=$((kill + 1))
	begin=$(now_ms)
	sensor_start
	writer=$(pgrep -P "$sensor" -x naiad-writer)
	# Until it said so, less what the two were kept waiting.
	took=$(($(stat -c %.3Y "$scratch/log" | tr -d .) - begin - $(waited_ms "$sensor" "$writer")))
	[ "$took" -le "$slowest" ] || slowest=$took
	wait_ms=$(awk -v seed="$((seed + kill))" 'BEGIN { srand(seed); printf "%.3f", rand() * 0.5 }')
	sleep "$wait_ms"
	kill -9 "$sensor"
	wait "$sensor" 2>/dev/null || true
	sensor=
	await "the writer to end" no_writer
	tail -c +"$((size + 1))" "$scratch/out/eve.json" >"$scratch/new"
	whole "$scratch/new"
	ids "$scratch/new" >>"$scratch/known"
	size=$(stat -c %s "$scratch/out/eve.json")
	[ "$failures" -eq 0 ] || break
done
whole "$scratch/out/eve.json"
ids "$scratch/out/eve.json" >"$scratch/final"
cmp -s "$scratch/known" "$scratch/final" || fail "findings that had been written are not there, or not in order"
twice=$(sort "$scratch/known" | uniq -d | wc -l)
[ "$twice" -eq 0 ] || fail "$twice ids were written twice"
[ "$slowest" -le "$START_MS" ] || fail "a start took $slowest ms, $START_MS are allowed"
[ -s "$scratch/known" ] || fail "nothing was found in any of the runs"
lines=$(wc -l <"$scratch/out/eve.json")
finish "$kill kills: $lines whole lines, $(wc -l <"$scratch/known") findings, none lost, none twice; slowest start $slowest ms"
