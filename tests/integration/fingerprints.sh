#!/bin/sh
# fingerprints.sh -- JA3, JA3S and JA4 of TLS over TCP are those that others find in the same captures.
#
# tshark, nDPI, Arkime and JA4's own program have left their values beside the captures. Of each capture every value
# must be in our ssl.log. nDPI makes the first part of JA4 in ways of its own (whether there is a name, letters of
# the application protocol): its other two parts are compared. FINGERPRINT_DIFFERENCES=FILE keeps what is not found.
. "$(dirname -- "$0")/common"
[ -d "$wide" ] || skip "the collection of captures is not there"

settings=$scratch/zeek.yaml
# What is not compared is not made: there are many captures.
printf 'flow:\n  checksums: false\nlogs:\n  zeek: tsv\neve:\n  enabled: false\ndevices:\n  enabled: false\nprotocols:\n  trust_store: ""\n' >"$settings"

# expected FOLDER -- SOURCE KIND VALUE of each fingerprint that lies there
expected() {
	[ ! -f "$1/tls-hello.tsv" ] || awk -F '\t' '
		function each(kind, values,   one, count, i) {
			count = split(values, one, ",")
			for (i = 1; i <= count; i++) print "tshark", kind, one[i]
		}
		FNR > 1 && $3 != "" { each("ja3", $8); each("ja3s", $9) }' "$1/tls-hello.tsv"
	[ ! -f "$1/ndpi-flows.txt" ] || sed -n '/^[[:space:]]*[0-9]*[[:space:]]TCP /p' "$1/ndpi-flows.txt" | awk '
		function tell(kind, name,   rest, at) {
			at = index($0, "[" name ": ")
			if (at == 0) return
			rest = substr($0, at + length(name) + 3)
			rest = substr(rest, 1, index(rest, "]") - 1)
			if (kind == "ja4") sub(/^[^_]*/, "", rest)
			print "nDPI", kind, rest
		}
		{ tell("ja3", "JA3C"); tell("ja3s", "JA3S"); tell("ja4", "JA4") }'
	[ ! -f "$1/arkime-sessions.json" ] || awk -F '"' '
		$2 == "ja3" || $2 == "ja3s" || $2 == "ja4" { kind = $2; next }
		/\]/ { kind = "" }
		kind != "" && $2 !~ /^q/ { print "Arkime", kind, $2 }' "$1/arkime-sessions.json"
	[ ! -f "$1/ja4-python.json" ] || awk -F '"' '
		$2 == "JA4.1" && $4 ~ /^t/ { print "JA4", "ja4", $4 }' "$1/ja4-python.json"
}

# ours LOG -- KIND VALUE of each; JA4 also without its first part
ours() {
	awk -F '\t' '
		/^#fields/ { for (i = 2; i <= NF; i++) column[$i] = i - 1; next }
		/^#/ { next }
		{
			print "ja3", $column["ja3"]
			print "ja3s", $column["ja3s"]
			ja4 = $column["ja4"]
			if (ja4 == "-") next
			print "ja4", ja4
			sub(/^[^_]*/, "", ja4)
			print "ja4", ja4
		}' "$1"
}

find "$wide" -type d -name '*.expected' | sort | while read -r folder; do
	expected "$folder" | sort -u >"$scratch/expected"
	[ -s "$scratch/expected" ] || continue
	rm -rf "$scratch/out"
	mkdir -p "$scratch/out"
	"$NAIAD" -c "$settings" -r "${folder%.expected}" -o "$scratch/out" >"$scratch/naiad" 2>&1 </dev/null || true
	[ ! -f "$scratch/out/zeek/ssl.log" ] || ours "$scratch/out/zeek/ssl.log" | sort -u
	echo "= ${folder#"$wide"/}"
	cat "$scratch/expected"
done | awk '
	$1 == "=" { capture = $2; next }
	NF == 2 { if (capture != "") { split("", have); capture = "" } have[$1 " " $2] = 1; next }
	{ print ($2 " " $3 in have) ? "equal" : "missing", $0, capture }' >"$scratch/result"

[ -z "${FINGERPRINT_DIFFERENCES:-}" ] || grep '^missing' "$scratch/result" >"$FINGERPRINT_DIFFERENCES" || true
while read -r source kind least; do
	awk -v source="$source" -v kind="$kind" -v least="$least" '
		$2 == source && $3 == kind { all++; equal += $1 == "equal" }
		END {
			share = all > 0 ? 100 * equal / all : 0
			printf "%-6s %-4s %4d values %4d equal %6.2f %%\n", source, kind, all, equal, share
			exit share < least
		}' "$scratch/result" || fail "$kind: fewer than $least in 100 values of $source are ours"
done <<-END
	tshark ja3 98
	tshark ja3s 98
	nDPI ja3 98
	nDPI ja3s 98
	nDPI ja4 96
	Arkime ja3 80
	Arkime ja3s 89
	Arkime ja4 90
	JA4 ja4 92
END
finish "fingerprints are those that others find"
