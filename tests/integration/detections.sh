#!/bin/sh
# detections.sh -- known attacks are found with their numbers, and nobody is accused for speaking ARP.
#
# One table, one set of settings (the defaults). Ground truth: the collection's own notes, counted
# independently of any sensor. That healthy traffic raises no alert is evaluation/table's.
. "$(dirname -- "$0")/common"
[ -d "$wide" ] || skip "the wide collection of captures is not beside the repository"

# evidence NAME -- "type host about object confidence" of each evidence of a run
evidence() {
	jq -r 'select(.naiad.kind == "evidence") | [.naiad.type, .naiad.profile, (.dest_ip // "-"),
		(.alert.metadata.object[0] // "-"), (.naiad.confidence | tostring)] | join(" ")' \
		"$scratch/$1/eve.json"
}

# alerted NAME -- hosts that were alerted, one a line
alerted() {
	jq -r '.alerted[].host' "$scratch/$1/summary.json"
}

# expect NAME PATTERN COUNT -- so many lines of evidence match
expect() {
	n=$(evidence "$1" | grep -c -- "$2" || true)
	[ "$n" -eq "$3" ] || fail "$1: $n evidence like \"$2\", expected $3"
}

echo "== attacks"
analyse iot "$wide/scans/slips__slips-iot-malware-horizontal-2018.pcap"
for port in 23 8080 2323 9527; do
	expect iot "^HORIZONTAL_PORT_SCAN 192.168.2.16 - $port/tcp 1\$" 1
done
expect iot "^HORIZONTAL_PORT_SCAN" 4
[ "$(alerted iot)" = 192.168.2.16 ] || fail "iot: alerted are: $(alerted iot)"
[ "$(jq .alerts "$scratch/iot/summary.json")" -eq 1 ] || fail "iot: not one alert"

analyse arp "$wide/arp-dhcp/slips__slips-arp-scan.pcap"
expect arp "^ARP_SCAN 192.168.1.247 " 1
expect arp "^ARP_SCAN " 1

analyse icmp "$wide/scans/slips__test12-icmp-portscan.pcap"
expect icmp "^ICMP_ADDRESS_SCAN 192.168.1.109 .* 0\$" 1
expect icmp "^ICMP_ADDRESS_SCAN 192.168.1.109 .* 0.02\$" 1
expect icmp "^ICMP_ADDRESS_SCAN 192.168.1.109 .* 0.04\$" 1
expect icmp "^ICMP_ADDRESS_SCAN " 3
for n in 5 10 15; do
	jq -se "any(.naiad.type == \"ICMP_ADDRESS_SCAN\" and .naiad.observed == $n)" \
		"$scratch/icmp/eve.json" >/dev/null || fail "icmp: no sweep of $n hosts"
done

# One lie was captured before its author showed the address it has: no flip-flop, so no alert.
analyse poison "$wide/arp-dhcp/chrissanders__arppoison.pcapng"
expect poison "^MITM_ARP_ATTACK 172.16.0.105 172.16.0.1 00:25:b3:bf:91:ee 0.5\$" 1
expect poison "^MITM_ARP_ATTACK " 1
[ "$(jq .alerts "$scratch/poison/summary.json")" -eq 0 ] || fail "poison: one lie was an alert"

echo "== nobody is accused of a man in the middle who only speaks ARP"
for capture in "$wide"/arp-dhcp/*.pcap "$wide"/arp-dhcp/*.pcapng; do
	name=arp-$(basename -- "$capture")
	case $name in
	arp-chrissanders__arppoison.pcapng) continue ;;
	esac
	analyse "$name" "$capture" || fail "$name: exit $?"
	expect "$name" "^MITM_ARP_ATTACK \|^ARP_OUTSIDE_LOCALNET \|^UNSOLICITED_ARP " 0
done

for run in iot arp icmp poison; do
	evidence "$run" | cut -d' ' -f1,2 | sort | uniq -c | sed "s/^/$run /"
	echo "$run: $(jq .alerts "$scratch/$run/summary.json") alerts"
done

finish "4 attacks found, nobody is accused for speaking ARP"
