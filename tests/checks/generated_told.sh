#!/bin/sh
# generated_told.sh -- each parser has a golden capture, and of each capture the same is told as ever.
#
# tests/captures/told/<parser>.pcap, or <parser>-<what>.pcap, and beside it <...>.told: what hosts said in it
# as text (tests/support/told.h). REGENERATE=1 writes the texts instead (tests/regenerate): read that diff as
# code.
. "$(dirname -- "$0")/common"

told=$findings.told
trap 'rm -f "$findings" "$told"' EXIT
captures=tests/captures/told
count=0

for parser in $(sed -n 's/^PROTOCOL(\([a-z0-9_]*\))$/\1/p' daemon/proto/protocols.def); do
	set -- $captures/"$parser".pcap $captures/"$parser"-*.pcap
	[ -f "$1" ] || [ -f "$2" ] || found "$captures: has no capture of $parser"
done
for capture in $captures/*.pcap; do
	count=$((count + 1))
	expected=${capture%.pcap}.told
	"$NAIAD_BUILD/golden_tell" "$capture" >"$told" || found "$capture: cannot be read"
	if [ "${REGENERATE:-0}" = 1 ]; then
		cp "$told" "$expected"
	elif ! cmp -s "$expected" "$told"; then
		diff "$expected" "$told" | head -n 6 | cut -c 1-300 || true
		found "$expected: is not what is told"
	fi
done
finish "$count" "golden captures"
