#!/bin/sh
# agreement.sh -- what others find in captures of every link, tunnel and state, we find: how much of it.
#
# The captures in tests/captures/links must give exactly what lies beside them (Zeek's connections, or
# what Suricata's own test demands; ARP shows as hosts). Of the large
# collection, where it is there, each capture is held against what lies beside it: connections and
# tunnels as Zeek writes them, flows of nDPI and sessions of Arkime by their ends. One line a folder and
# one for all; then the differences by cause (tests/support/agreement_causes). AGREEMENT=FILE keeps the
# rows that differ; docs/ZEEK-DIFFERENCES.md says what they are.
. "$(dirname -- "$0")/common"

command -v jq >/dev/null || skip "jq is not installed"
support=$NAIAD_SOURCE/tests/support
settings=$scratch/zeek.yaml
# What is not compared is not made: there are many captures.
printf 'flow:\n  timeouts: zeek\nlogs:\n  zeek: tsv\ndevices:\n  enabled: false\nprotocols:\n  trust_store: ""\neve:\n  enabled: false\n' >"$settings"
"$NAIAD" -T -c "$settings" >"$scratch/naiad" 2>&1 || {
	fail "naiad refuses its settings: $(cat "$scratch/naiad")"
	finish
}

# look CAPTURE -- analyse it; what there is no log of has no rows
look() {
	rm -rf "$scratch/out"
	mkdir "$scratch/out"
	"$NAIAD" -c "$settings" -r "$1" -o "$scratch/out" >"$scratch/naiad" 2>&1 || true
	for log in conn tunnel; do
		[ -f "$scratch/out/zeek/$log.log" ] && mv "$scratch/out/zeek/$log.log" "$scratch/$log.log" ||
			echo "#none" >"$scratch/$log.log"
	done
}

# rows -- what was found: how many hosts, and each connection as "protocol end end packets packets"
rows() {
	jq -r '"hosts \(.hosts)"' "$scratch/out/run.json"
	awk -F '\t' '$1 == "#fields" { for (i = 2; i <= NF; i++) c[$i] = i - 1 }
		!/^#/ { print $c["proto"], $c["id.orig_h"], $c["id.orig_p"], $c["id.resp_h"], $c["id.resp_p"],
			$c["orig_pkts"], $c["resp_pkts"] }' "$scratch/conn.log" | sort
}

count=0
for expected in "$captures"/links/*.flows; do
	look "${expected%.flows}.pcap"
	rows >"$scratch/rows"
	cmp -s "$scratch/rows" "$expected" ||
		fail "$expected: $(diff "$expected" "$scratch/rows")"
	count=$((count + 1))
done
[ "$count" -gt 0 ] || fail "no captures with links"
echo "$count captures of the project: the flows they must have"

# of_ndpi FILE -- its flows, for compare_ends.awk: "	1	TCP 10.0.0.1:80 <-> [2001:db8::1]:81 ..."
of_ndpi() {
	sed -n 's/^\t[0-9][0-9]*\t\([^ ]*\) \([^ ]*\):\([0-9]*\) <*-> \([^ ]*\):\([0-9]*\) .*/\1 \2 \3 \4 \5/p' "$1" |
		tr -d '[]' | tr '[:upper:]' '[:lower:]' | sed 's/^icmpv6/icmp/'
}

# of_arkime FILE -- its sessions, the same
of_arkime() {
	jq -r '.sessions3[].body | select(.source.ip) | [.ipProtocol, .source.ip, .source.port // 0,
		.destination.ip, .destination.port // 0] | map(tostring) | join(" ")' "$1" |
		sed 's/^6 /tcp /; s/^17 /udp /; s/^1 /icmp /; s/^58 /icmp /'
}

# hold CAPTURE -- against everything that lies beside it
hold() {
	look "$1"
	name=${1#"$wide"/}
	zeek=$1.expected/zeek-default
	if [ -d "$zeek" ]; then
		log=$zeek/conn.log
		[ -f "$log" ] || log=$scratch/nothing
		awk -v capture="$name" -f "$support/compare_conn.awk" "$log" "$scratch/conn.log"
	fi
	if [ -f "$zeek/tunnel.log" ]; then
		awk -v capture="$name" -f "$support/compare_tunnel.awk" "$zeek/tunnel.log" "$scratch/tunnel.log"
	fi
	: >"$scratch/theirs"
	[ ! -f "$1.expected/ndpi-flows.txt" ] || of_ndpi "$1.expected/ndpi-flows.txt" >"$scratch/theirs"
	[ ! -f "$1.expected/arkime-sessions.json" ] ||
		of_arkime "$1.expected/arkime-sessions.json" >"$scratch/theirs"
	if [ -s "$scratch/theirs" ]; then
		awk -v capture="$name" -f "$support/compare_ends.awk" "$scratch/theirs" "$scratch/conn.log"
	fi
}

# tell FILE -- a line a folder and one for all; the last field is the share in hundredths of a per cent
tell() {
	awk '{ split($2, part, "/"); folder = part[1] }
		$1 != "DIFF" { n[folder, $1] += $3; equal[folder, $1] += $4; n["all", $1] += $3
			equal["all", $1] += $4; seen[folder, $2] }
		END {
			for (s in seen) { split(s, part, SUBSEP); captures[part[1]]++; captures["all"]++ }
			printf "%-14s%10s%20s%20s%26s\n", "folder", "captures", "Zeek connections", "Zeek tunnels",
				"nDPI and Arkime flows"
			split("linktypes tunnels tcp-udp-icmp ipv6 all", order, " ")
			for (i = 1; i <= 5; i++) {
				f = order[i]
				printf "%-14s%10d%20s%20s%26s\n", f, captures[f], equal[f, "ROWS"] + 0 "/" n[f, "ROWS"] + 0,
					equal[f, "TUNNELS"] + 0 "/" n[f, "TUNNELS"] + 0, equal[f, "ENDS"] + 0 "/" n[f, "ENDS"] + 0
			}
		}' "$1"
	awk '$1 == "ROWS" && $3 == 0 { n++; none += $5 == 0; if ($5 > 0) name = name " " $2 }
		END { printf "Zeek finds no connection in %d captures; nor do we in %d, but in:%s\n", n, none, name }' "$1"
}

# because FILE -- how many differences have which cause; those that have none, one by one
because() {
	awk -F '\t' 'FNR == NR { if (!/^#/ && NF == 3) { where[++n] = $1; what[n] = $2; cause[n] = $3 } next }
		/^DIFF/ {
			split($0, part, " ")
			for (i = 1; i <= n; i++)
				if (part[2] ~ where[i] && part[3] " " part[4] " " part[5] ~ what[i])
					break
			if (i > n)
				print "no cause: " $0
			else
				count[i]++
		}
		END { for (i = 1; i <= n; i++) if (i in count) printf "%5d  %s\n", count[i], cause[i] }' \
		"$support/agreement_causes" "$1"
}

# share KIND FILE -- equal ones in hundredths of a per cent
share() {
	awk -v kind="$1" '$1 == kind { all += $3; equal += $4 } END { print int(10000 * equal / (all + (all == 0))) }' "$2"
}

echo "#none" >"$scratch/nothing"
if [ -d "$wide" ]; then
	for folder in linktypes tunnels tcp-udp-icmp ipv6; do
		find "$wide/$folder" -maxdepth 1 -type f
	done | sort | while read -r capture; do
		hold "$capture"
	done >"$scratch/wide"
	tell "$scratch/wide"
	echo "differences by cause:"
	because "$scratch/wide"
	[ "$(share ROWS "$scratch/wide")" -ge 9600 ] || fail "less than 96 % of Zeek's connections"
	[ "$(share TUNNELS "$scratch/wide")" -ge 9300 ] || fail "less than 93 % of Zeek's tunnels"
	[ "$(share ENDS "$scratch/wide")" -ge 9800 ] || fail "less than 98 % of the flows of nDPI and Arkime"
	[ -z "${AGREEMENT:-}" ] || cp "$scratch/wide" "$AGREEMENT"
else
	echo "skipped: no large collection; only the captures of the project were compared"
fi
finish "captures agree"
