#!/bin/sh
# memory.sh -- a flood of hosts stays within memory.limit and is counted.
#
# 400,000 hosts, one after the other, under the smallest limit: peak RSS at most 5 % above it.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/release"

limit=64
"$NAIAD_BUILD/bench_make_capture" -n 400000 -f 400000 -H 400000 "$scratch/hosts.pcap"
for direction in out all; do
	printf 'direction: %s\nstore: {write: never}\nmemory:\n  limit: %sMiB\n' "$direction" "$limit" >"$scratch/settings.yaml"
	measured=$("$NAIAD_BUILD/bench_measure" "$release" -c "$scratch/settings.yaml" \
		-r "$scratch/hosts.pcap" -o "$scratch/out")
	rss=$(echo "$measured" | awk '{ print $3 }')
	status=$(echo "$measured" | awk '{ print $4 }')
	most=$((limit * 1024 * 105 / 100))
	evicted=$(jq '.lost.profiles_evicted' "$scratch/out/run.json")
	refused=$(jq '.lost.windows_refused' "$scratch/out/run.json")
	flows=$(jq '.flows' "$scratch/out/run.json")
	echo "direction $direction: peak RSS $rss KiB of $most, $evicted profiles made room, $flows flows"
	[ "$status" -eq 0 ] || fail "direction $direction: exit $status"
	[ "$rss" -le "$most" ] || fail "direction $direction: $rss KiB is above $most"
	[ "$evicted" -gt 100000 ] || fail "direction $direction: only $evicted profiles made room"
	[ "$refused" -eq 0 ] || fail "direction $direction: $refused windows were refused"
	[ "$flows" -eq 400000 ] || fail "direction $direction: $flows flows ended of 400000"
done
finish "the limit holds"
