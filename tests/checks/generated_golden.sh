#!/bin/sh
# generated_golden.sh -- each case of tests/golden/ gives its expected records, byte for byte.
#
# A case is input.pcap, expected.eve.json, expected.alerts.log, WHY.md, and config.yaml if it needs one.
# The captures are those that make_captures.c writes. REGENERATE=1 writes what is expected instead
# (tests/regenerate): read that diff as code.
. "$(dirname -- "$0")/common"

out=$findings.out
trap 'rm -rf "$findings" "$out"' EXIT
mkdir -p "$out"
count=0

# same FILE MADE -- a committed file is what was made just now
same() {
	if [ "${REGENERATE:-0}" = 1 ]; then
		cp "$2" "$1"
	elif ! cmp -s "$1" "$2"; then
		diff "$1" "$2" | head -n 6 | cut -c 1-300 || true
		found "$1: is not what came out"
	fi
}

for case in tests/golden/*/; do
	case=${case%/}
	mkdir -p "$out/$(basename "$case")"
done
"$NAIAD_BUILD/golden_make_captures" "$out" || found "make_captures: failed"
for case in tests/golden/*/; do
	case=${case%/}
	made=$out/$(basename "$case")
	count=$((count + 1))
	[ -s "$case/WHY.md" ] || found "$case: has no WHY.md"
	same "$case/input.pcap" "$made/input.pcap"
	set -- -r "$case/input.pcap" -o "$made"
	[ ! -f "$case/config.yaml" ] || set -- "$@" -c "$case/config.yaml"
	"$NAIAD" "$@" >/dev/null || found "$case: naiad ended with $?"
	same "$case/expected.eve.json" "$made/eve.json"
	same "$case/expected.alerts.log" "$made/alerts.log"
done
finish "$count" "golden cases"
