#!/bin/sh
# memory_profiles.sh -- so many clients as a limit is made for fit into one window.
#
# All clients of make_hosts.c have their windows open at the same time: 10 000 under 128 MiB, 2 500 under 64 MiB. The
# limit holds, nobody is forgotten, no window is refused. Names and network cards are a cache, and may make room. What a
# client takes is the difference to a run over one client: flows, names, its window and all that detectors keep there.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/release"

# run HOSTS LIMIT -- the peak in KiB is left in $rss
run() {
	printf 'home_network: [10.0.0.0/8]\neve:\n  flows: false\n  transactions: false\nstore:\n  write: never\nmemory:\n  limit: %sMiB\n' \
		"$2" >"$scratch/settings.yaml"
	"$NAIAD_BUILD/bench_make_hosts" "$1" >"$scratch/hosts.pcap"
	measured=$("$NAIAD_BUILD/bench_measure" "$release" -c "$scratch/settings.yaml" -r "$scratch/hosts.pcap" \
		-o "$scratch/out")
	rss=$(echo "$measured" | awk '{ print $3 }')
	[ "$(echo "$measured" | awk '{ print $4 }')" -eq 0 ] || fail "$1 clients: naiad failed: $measured"
}

# holds HOSTS LIMIT TRUNCATED -- at most so many windows miss something for want of room: a number that may only fall
holds() {
	run 1 "$2"
	one=$rss
	run "$1" "$2"
	lost=$(jq -c '.lost | with_entries(select(.value > 0))' "$scratch/out/run.json")
	echo "$1 clients under $2 MiB: peak RSS $rss KiB, $(((rss - one) * 1024 / $1)) bytes each; lost: $lost"
	[ "$rss" -le $(($2 * 1024)) ] || fail "$1 clients: peak RSS $rss KiB is above $2 MiB"
	[ "$(jq .windows "$scratch/out/run.json")" -eq "$1" ] || fail "$1 clients: not so many windows"
	[ "$(jq .flows "$scratch/out/run.json")" -eq $(($1 * 10)) ] || fail "$1 clients: not 10 flows of each"
	[ "$(jq .lost.windows_truncated "$scratch/out/run.json")" -le "$3" ] ||
		fail "$1 clients: more than $3 windows miss something"
	echo "$lost" | jq -e 'del(.names_evicted, .macs_evicted, .windows_truncated) == {}' >/dev/null ||
		fail "$1 clients: lost is $lost"
}

holds 10000 128 0
holds 2500 64 0
finish "all clients fit"
