#!/bin/sh
# zeek_conn_log.sh -- our connections are Zeek's: conn.log against conn.log, over every capture that has one.
#
# The captures in tests/captures/zeek must agree row by row, and in the tunnels that are found in them; of the large collection, where it is
# there, at least 95 in 100 of Zeek's rows. ZEEK_DIFFERENCES=FILE keeps the rows that differ;
# docs/ZEEK-DIFFERENCES.md says what they are.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/release"
NAIAD=$release # hundreds of captures; others read them under sanitizers

compare=$NAIAD_SOURCE/tests/support/compare_conn.awk
settings=$scratch/zeek.yaml
# What is not compared is not made: there are many captures.
printf 'flow:\n  timeouts: zeek\nlogs:\n  zeek: tsv\ndevices:\n  enabled: false\nprotocols:\n  trust_store: ""\neve:\n  enabled: false\n' >"$settings"
"$NAIAD" -T -c "$settings" >"$scratch/naiad" 2>&1 || {
	fail "naiad refuses its settings: $(cat "$scratch/naiad")"
	finish
}

# hold CAPTURE LOG -- analyse a capture and print what compare_conn.awk finds
hold() {
	rm -rf "$scratch/out"
	mkdir "$scratch/out"
	# A capture that we cannot read has no rows of ours; that counts.
	"$NAIAD" -c "$settings" -r "$1" -o "$scratch/out" >"$scratch/naiad" 2>&1 || true
	[ -f "$scratch/out/zeek/conn.log" ] || echo "#none" >"$scratch/out.log"
	[ ! -f "$scratch/out/zeek/conn.log" ] || mv "$scratch/out/zeek/conn.log" "$scratch/out.log"
	awk -v capture="$1" -f "$compare" "$2" "$scratch/out.log"
}

# tunnels LOG -- what was found: ends and type
tunnels() {
	[ ! -f "$1" ] || awk -F '\t' '$8 == "Tunnel::DISCOVER" { print $3, $4, $5, $6, $7 }' "$1" | sort
}

# share FILE -- equal rows in hundredths of a per cent
share() {
	awk '$1 == "ROWS" { all += $3; equal += $4 } END { print int(10000 * equal / (all + (all == 0))) }' "$1"
}

# tell FILE -- the figures, and the kinds of difference
tell() {
	awk '$1 == "ROWS" { n++; all += $3; equal += $4; ours += $5; history += $6; duration += $7 }
		END {
			printf "%d captures, %d rows of Zeek, %d of ours, %d equal (%.2f %%)\n",
				n, all, ours, equal, 100 * equal / all
			printf "of those with the same history %d, with the same duration %d\n", history, duration
		}' "$1"
	awk '$1 == "DIFF" { print $3, $4, $5 }' "$1" | sort | uniq -c | sort -rn
}

for log in "$captures"/zeek/*.conn.log; do
	hold "${log%.conn.log}.pcap" "$log"
	tunnels "${log%.conn.log}.tunnel.log" >"$scratch/zeek.tunnels"
	tunnels "$scratch/out/zeek/tunnel.log" >"$scratch/our.tunnels"
	cmp -s "$scratch/zeek.tunnels" "$scratch/our.tunnels" || fail "$log: other tunnels than Zeek's" >&2
done >"$scratch/own"
[ "$(awk '$1 == "ROWS" { all += $3 } END { print all + 0 }' "$scratch/own")" -gt 0 ] || fail "no captures to hold against Zeek"
[ "$(share "$scratch/own")" -eq 10000 ] || fail "rows differ from Zeek's: $(grep '^DIFF' "$scratch/own")"
tell "$scratch/own"

if [ -d "$wide" ]; then
	find "$wide" -path '*.expected/zeek-default/conn.log' | sort | while read -r log; do
		hold "${log%.expected/*}" "$log"
	done >"$scratch/wide"
	[ "$(share "$scratch/wide")" -ge 9500 ] || fail "less than 95 % of Zeek's rows"
	tell "$scratch/wide"
	[ -z "${ZEEK_DIFFERENCES:-}" ] || grep '^DIFF' "$scratch/wide" >"$ZEEK_DIFFERENCES"
else
	echo "no large collection: only the captures of the project were compared"
fi
finish "connections are Zeek's"
