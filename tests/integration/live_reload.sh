#!/bin/sh
# live_reload.sh -- a reload takes what may change, keeps what has to stay, and believes no mistake.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"
command -v tcprewrite >/dev/null || skip "tcpreplay is not installed"

# Hosts of the interface's own network, which is none of the private ones: home as long as that is known.
ip addr add 198.51.100.1/24 dev lan0
tcprewrite --pnat=192.168.7.0/24:198.51.100.0/24 -i "$captures/lab-scan.pcap" -o "$scratch/public.pcap"

replay() {
	tcpreplay -q -x 6 -i lan1 "$scratch/public.pcap" >"$scratch/replay" 2>&1 || fail "tcpreplay: $(cat "$scratch/replay")"
}

said() {
	grep -q "$1" "$scratch/log"
}

reload() {
	kill -HUP "$sensor"
}

# A page is up to 0.1 s old.
reload_was() {
	[ "$(metric naiad_config_last_reload_successful)" = "$1" ]
}

filtered() {
	[ "$(metric 'naiad_packets_filtered_total{interface="lan0"}')" -gt 100 ]
}

in_force_twice() {
	[ "$(grep -c 'in force now: capture.filter' "$scratch/log")" = 2 ]
}

sensor_settings
sensor_start
reload
await "the first reload" said 'read again, nothing changed'
replay
sensor_stop
grep -q '"ARP_SCAN"' "$scratch/out/eve.json" || fail "after a reload the interface's network is home no more"

sensor_settings
sensor_start
sensor_settings 'capture: {filter: "icmp["}'
reload
await "a refusal" said "filter 'icmp\[': "
await "the old settings" said 'the old settings stay in force'
await "it to be told" reload_was 0

sensor_settings 'capture: {filter: icmp}' 'eve: {path: other.json}'
reload
await "a new filter" said 'in force now: capture.filter'
await "what waits" said 'keep their values until a restart: eve.path'
await "it to be told" reload_was 1
replay
await "frames to be filtered" filtered
# Once more: what the first one left behind is in use.
sensor_settings
reload
await "no filter" in_force_twice
replay
sensor_stop
[ "$status" -eq 0 ] || fail "the sensor ended with $status: $(cat "$scratch/log")"
[ ! -e "$scratch/out/other.json" ] || fail "eve.path was taken without a restart"
grep -q '"ARP_SCAN"' "$scratch/out/eve.json" || fail "nothing was found without the filter"
finish "a reload is whole"
