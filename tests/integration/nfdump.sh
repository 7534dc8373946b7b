#!/bin/sh
# nfdump.sh -- nfdump's binary files through nfdump, its text without it, and what is said when it cannot.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/own_network"
command -v nfdump >/dev/null || skip "nfdump is not installed"
command -v softflowd >/dev/null || skip "softflowd is not installed"
command -v nfcapd >/dev/null || skip "nfcapd is not installed"

collector=
trap '[ -z "$collector" ] || kill -9 "$collector" 2>/dev/null || true; rm -rf "$scratch"' EXIT

# A file of nfcapd's from our own capture: both directions apart, as a router exports them.
mkdir "$scratch/nfcapd"
port=9995 # of a network of our own
nfcapd -b 127.0.0.1 -p "$port" -w "$scratch/nfcapd" -l "$scratch/nfcapd" >"$scratch/nfcapd.log" 2>&1 &
collector=$!
for _ in $(seq 600); do
	! grep -q "$(printf ':%04X ' "$port")" /proc/net/udp || break
	sleep 0.05
done
timeout 60 softflowd -d -r "$captures/lab-scan.pcap" -n "127.0.0.1:$port" -p "$scratch/pid" -c none -v 9 -a \
	>/dev/null 2>&1 || fail "softflowd ends with $?"
for _ in $(seq 600); do # until it has read what was sent to it
	! grep "$(printf ':%04X ' "$port")" /proc/net/udp | grep -qv ':00000000 00:' || { sleep 0.05 && continue; }
	break
done
sleep 0.2
kill -TERM "$collector"
wait "$collector" || true
collector=
file=$(find "$scratch/nfcapd" -name 'nfcapd.*' -type f | head -n 1)
[ -n "$file" ] || skip "nfcapd wrote nothing: $(cat "$scratch/nfcapd.log")"
records=$(nfdump -q -N -r "$file" -o csv | wc -l)

# evidence NAME
evidence() {
	jq -r 'select(.naiad.kind == "evidence") | [.naiad.type, .naiad.profile, .dest_ip // "-",
		.alert.metadata.object[0] // "-", .naiad.observed] | join(" ")' "$scratch/$1/eve.json" | sort
}

analyse binary "$file" || fail "its file: exit $?: $(cat "$scratch/binary/stderr")"
read_lines=$(jq '.inputs[0].read' "$scratch/binary/run.json")
[ "$read_lines" = "$records" ] || fail "$read_lines of $records records were read"
evidence binary >"$scratch/expected"
grep -q PORT_SCAN "$scratch/expected" || fail "the scan in the capture is not found in its flows"

# Its text: in the columns of this version with times in whole seconds, from a file and from standard input.
TZ=UTC nfdump -N -r "$file" -o csv >"$scratch/flows.csv"
analyse text "$scratch/flows.csv" || fail "its text: exit $?: $(cat "$scratch/text/stderr")"
evidence text | cmp -s - "$scratch/expected" || fail "its text says something else than its file"
mkdir "$scratch/piped"
"$NAIAD" -r - --input-type nfdump -o "$scratch/piped" <"$scratch/flows.csv" >/dev/null ||
	fail "its text on standard input: exit $?"
evidence piped | cmp -s - "$scratch/expected" || fail "standard input says something else"

# A file that is cut short, and no program.
head -c 3000 "$file" >"$scratch/cut.nfcapd"
mkdir "$scratch/cut"
"$NAIAD" -r "$scratch/cut.nfcapd" -o "$scratch/cut" >/dev/null 2>"$scratch/cut/stderr" || true
grep -q "nfdump could not read it" "$scratch/cut/stderr" ||
	fail "a cut file: $(cat "$scratch/cut/stderr")"
mkdir "$scratch/none"
status=0
PATH=/nowhere "$NAIAD" -r "$file" -o "$scratch/none" >/dev/null 2>"$scratch/none/stderr" || status=$?
[ "$status" = 4 ] || fail "without nfdump: exit $status"
grep -q "nfdump, which is not installed: install it, or give the text" "$scratch/none/stderr" ||
	fail "without nfdump: $(cat "$scratch/none/stderr")"
finish "$records records of nfdump, $(grep -c . "$scratch/expected") evidence, from file, text and standard input"
