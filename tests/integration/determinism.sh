#!/bin/sh
# determinism.sh -- the same input gives the same bytes: on a second run, and under another hash key.
#
# Every process takes a random key for its tables, so any two runs differ in it.
. "$(dirname -- "$0")/common"

# same CAPTURE -- two runs over it write the same files
same() {
	for run in a b; do
		rm -rf "${scratch:?}/$run"
		analyse "$run" "$1" -c "$scratch/settings.yaml" || fail "$1: exit $?"
	done
	for file in eve.json alerts.log devices.json run.json zeek/conn.log; do
		cmp -s "$scratch/a/$file" "$scratch/b/$file" || fail "$1: $file differs between two runs"
	done
	[ -s "$scratch/a/eve.json" ] || empty=$((empty + 1))
	count=$((count + 1))
}

count=0
empty=0
printf 'direction: all\nlogs:\n  zeek: tsv\n' >"$scratch/settings.yaml"
for capture in "$captures"/*.pcap*; do
	same "$capture"
done
if [ -d "$wide" ]; then
	for capture in "$wide"/scans/*.pcap* "$wide"/normal/*.pcap* "$wide"/malware/*.pcap; do
		[ -f "$capture" ] || continue
		[ "$(wc -c <"$capture")" -gt 4000000 ] || same "$capture"
	done
else
	echo "the wide collection is not there: only tests/captures was read"
fi
[ "$count" -gt "$empty" ] || fail "every eve.json was empty"
finish "$count captures, each twice: the same bytes ($empty of them without an event)"
