#!/bin/sh
# feeds_hostile.sh -- lists made to blind or to flood: the old one stays, reported by name and line; and no packet waits.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"

feeds=$scratch/feeds
mkdir -m 755 "$feeds"
ip addr add 23.77.0.1/24 dev lan0 # of our own network is refused what no list would pass over

# addresses COUNT -- as many, one a line
addresses() {
	awk -v count="$1" 'BEGIN { for (n = 0; n < count; n++) printf "%d.%d.%d.%d\n", 24 + n / 16777216, n / 65536 % 256, n / 256 % 256, n % 256 }'
}

# replace -- what comes in becomes the list, as those who fetch lists do it
replace() {
	cat >"$scratch/new"
	mv "$scratch/new" "$feeds/own.txt"
	kill -HUP "$sensor"
}

said() {
	grep -qF "$1" "$scratch/log"
}
metric_is() {
	[ "$(metric "$1")" = "$2" ]
}


# hostile REASON TEXT -- what comes in is refused for that REASON, told by TEXT, and the list of before stays
hostile() {
	before=$(metric "naiad_feeds_refused_total{reason=\"$1\"}")
	: >"$scratch/log"
	replace
	await "$1" metric_is "naiad_feeds_refused_total{reason=\"$1\"}" $((before + 1))
	said "$feeds/own.txt$2" || fail "$1: expected \"$2\": $(cat "$scratch/log")"
	said 'what it said before stays: 200 indicators' || fail "$1: $(cat "$scratch/log")"
	metric_is 'naiad_intelligence_lists{state="kept"}' 1 || fail "$1: no list was kept"
	metric_is 'naiad_intelligence_lists{state="loaded"}' 1 || fail "$1: the other list is gone"
	metric_is 'naiad_intelligence_indicators{type="network"}' 201 || fail "$1: indicators are gone"
}

sensor_settings 'memory: {limit: 160MiB}' \
	"intelligence: {memory: 24MiB, max_file: 128MiB, check: 1s, directory: $feeds}"
addresses 200 >"$feeds/own.txt"
echo '"198.18.0.0/15", "passed over"' >"$feeds/other.csv"
echo 23.9.9.9,critical,C2 >>"$feeds/other.csv"
sensor_start
metric_is 'naiad_intelligence_lists{state="loaded"}' 2 || fail "no lists at the start: $(cat "$scratch/log")"

printf '24.0.0.1\n24.0.\0.2\n' | hostile binary ', line 1: it holds bytes that no text has'
{
	addresses 2
	head -c 10000000 /dev/zero | tr '\0' x
} | hostile line-too-long ', line 3: a line is longer than 4096 bytes'
addresses 1000000 >"$scratch/million"
for _ in 1 2 3 4 5; do
	cat "$scratch/million"
done | hostile too-large ', line 12'
printf '24.0.0.1\n0.0.0.0/0\n' | hostile too-broad ', line 2: it lists a network wider than /8'
printf '24.0.0.1\n24.0.0.2\n23.77.0.9\n' | hostile ours ', line 3: it lists our own network'
addresses 99 | hostile shrunk ': it has less than half of the indicators that it had'
addresses 0 | hostile empty ': it names no indicator at all'
addresses 5000 | gzip | head -c 4000 | hostile binary ', line '

# What the list said before is not only kept, it accuses.
ip addr add 10.0.0.9/24 dev lan1
ip neigh add 24.0.0.5 lladdr 02:00:00:00:00:05 dev lan1
ip route add 24.0.0.5/32 dev lan1 src 10.0.0.9
accused() {
	jq -e -s 'any(.[]; .naiad.type == "THREAT_INTELLIGENCE_TO_BLACKLISTED_IP" and .naiad.profile == "10.0.0.9" and
		.dest_ip == "24.0.0.5" and .naiad.source == "own.txt")' "$scratch/out/eve.json" >/dev/null
}
echo hello | socat -u - UDP:24.0.0.5:4444
await "a finding by the list that stays" accused

# A million, while packets come; nobody asks for it this time.
"$NAIAD_BUILD/make_sweeps" 1 2500 "$scratch/sweeps.pcap"
tcpreplay -q -p 4000 -i lan1 "$scratch/sweeps.pcap" >"$scratch/replay" 2>&1 &
replay=$!
mv "$scratch/million" "$feeds/own.txt"
await "a million" metric_is 'naiad_intelligence_indicators{type="network"}' 1000001
wait "$replay" || fail "tcpreplay: $(cat "$scratch/replay")"
lag=$(metric naiad_event_loop_lag_seconds)
dropped=$(metric 'naiad_packets_dropped_total{interface="lan0",where="kernel"}')
[ "$dropped" = 0 ] || fail "$dropped packets were dropped while a list was read"
sensor_stop
[ "$status" -eq 0 ] || fail "exit $status: $(cat "$scratch/log")"
finish "lists that are refused leave the old ones; the loop was late by $lag s at the most, over a million indicators"
