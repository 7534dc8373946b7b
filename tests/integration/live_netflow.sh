#!/bin/sh
# live_netflow.sh -- routers export to a sensor without interfaces: a scan is found, gaps are counted.
#
# The datagrams are NetFlow v5 made here, byte by byte. Somebody who is not on the list is not heard.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"
command -v socat >/dev/null || skip "socat is not installed"

PORT=2055
SCANNED=14

# exported SEQUENCE FIRST COUNT -- a datagram: 192.168.7.66 sends a SYN each to port 23 of COUNT hosts, from 198.51.100.FIRST on
exported() {
	awk -v seq="$1" -v first="$2" -v count="$3" -v now="$(date +%s)" '
		function number(value, bytes,   text) {
			for (text = ""; bytes > 0; bytes--) {
				text = sprintf("\\%03o", value % 256) text
				value = int(value / 256)
			}
			printf "%s", text
		}
		BEGIN {
			up = 3600000
			number(5, 2); number(count, 2); number(up, 4); number(now, 4); number(0, 4)
			number(seq, 4); number(0, 4)
			for (i = 0; i < count; i++) {
				number(192 * 16777216 + 168 * 65536 + 7 * 256 + 66, 4)
				number(198 * 16777216 + 51 * 65536 + 100 * 256 + first + i, 4)
				number(0, 8); number(1, 4); number(40, 4)
				number(up - 5000 + i * 10, 4); number(up - 5000 + i * 10, 4)
				number(40000 + i, 2); number(23, 2)
				number(0, 1); number(2, 1); number(6, 1); number(0, 9)
			}
		}'
}

# export_from ADDRESS SEQUENCE FIRST COUNT
export_from() {
	from=$1
	shift
	# shellcheck disable=SC2059
	printf "$(exported "$@")" | socat -u - "UDP-SENDTO:127.0.0.1:$PORT,bind=$from"
}

# is METRIC VALUE
is() {
	[ "$(metric "naiad_$1")" = "$2" ]
}
where="input=\"udp:127.0.0.1:$PORT\""

sensor_settings 'eve: {flows: true}' \
	"inputs: [{type: netflow, path: 'udp:127.0.0.1:$PORT', from: [127.0.0.1/32], delay: 1s}]"
sensor_start --
grep -q "naiad .* reads netflow udp:127.0.0.1:$PORT with" "$scratch/log" ||
	fail "the line of the start names no input: $(cat "$scratch/log")"

export_from 127.0.0.2 0 1 "$SCANNED" # whom nobody asked
export_from 127.0.0.1 100 1 10
export_from 127.0.0.1 117 11 $((SCANNED - 10)) # seven records never came
printf 'no flows' | socat -u - "UDP-SENDTO:127.0.0.1:$PORT,bind=127.0.0.1"

await "both datagrams and one that is none" is "input_datagrams_total{$where}" 3
await "the one that was refused" is "input_datagrams_dropped_total{$where,reason=\"refused\"}" 1
is "input_exported_lost_total{$where}" 7 || fail "lost: $(scrape | grep lost)"
is "input_exported_records_total{$where}" "$SCANNED" || fail "records: $(scrape | grep exported)"
is "input_exported_dropped_total{$where,reason=\"bad\"}" 1 || fail "bad: $(scrape | grep exported)"

await "the scan" grep -q '"kind":"evidence"' "$scratch/out/eve.json"
"$NAIAD_BUILD/naiadctl" --socket "$scratch/run/control.sock" status >"$scratch/status" ||
	fail "naiadctl status: $?"
grep -Eq "^udp:127.0.0.1:$PORT +netflow +waiting +$SCANNED +1 +8 " "$scratch/status" ||
	fail "status: $(cat "$scratch/status")"
# What was opened before the sandbox stays as it was.
sed -i 's/delay: 1s/delay: 2s/' "$scratch/naiad.yaml"
"$NAIAD_BUILD/naiadctl" --socket "$scratch/run/control.sock" reload >"$scratch/reload" || fail "naiadctl reload: $?"
grep -q 'inputs' "$scratch/reload" || fail "reload: $(cat "$scratch/reload")"
grep -q 'these keep their values until a restart: inputs$' "$scratch/log" || fail "reload: $(tail -n 3 "$scratch/log")"
sensor_stop
[ "$status" -eq 0 ] || fail "exit $status: $(cat "$scratch/log")"

found_in "$scratch/out" >"$scratch/found"
grep -q '^HORIZONTAL_PORT_SCAN	192.168.7.66	23/tcp' "$scratch/found" ||
	fail "no scan found: $(cat "$scratch/found")"
[ "$(jq -r 'select(.event_type == "flow") | .in_iface' "$scratch/out/eve.json" | sort | uniq -c | tr -s ' ')" = \
	" $SCANNED udp:127.0.0.1:$PORT" ] || fail "flows: $(grep -c '"flow"' "$scratch/out/eve.json")"
finish "what routers export is read, what they lost is counted"
