#!/bin/sh
# log_roundtrip_eve.sh -- a capture and our own eve.json of it raise the same evidence.
#
# Each capture is analysed and the eve.json of it read again, with flows and transactions in it. Type, host, the other
# party and the object of all evidence must be the same; windows, times and ids are those of another run. What cannot
# come back as it was is named below, with its reason, and nothing else may differ.
. "$(dirname -- "$0")/common"

# evidence NAME -- "type host about object" of each, once
evidence() {
	jq -r 'select(.naiad.kind == "evidence") | [.naiad.type, .naiad.profile,
		(if .src_ip == .naiad.profile then .dest_ip else .src_ip end // "-"),
		(.alert.metadata.object[0] // "-")] | join(" ")' "$scratch/$1/eve.json" | sort -u
}

# there_and_back NAME CAPTURE LOST [OPTION...] -- LOST: a pattern of what cannot come back as it was, "" if nothing is
there_and_back() {
	case=$1
	input=$2
	lost=${3:-^$}
	shift 3
	analyse "$case.a" "$input" "$@" || fail "$case: $(cat "$scratch/$case.a/stderr")"
	analyse "$case.b" "$scratch/$case.a/eve.json" "$@" || fail "$case, read back: $(cat "$scratch/$case.b/stderr")"
	evidence "$case.a" >"$scratch/a"
	evidence "$case.b" | grep -Ev -- "$lost" >"$scratch/b" || true
	grep -Ev -- "$lost" "$scratch/a" >"$scratch/expected" || true
	printf '%-26s %3d evidence, %d of it cannot come back\n' "$case" "$(wc -l <"$scratch/a")" \
		"$(grep -cE -- "$lost" "$scratch/a")"
	all=$((all + $(wc -l <"$scratch/expected")))
	diff "$scratch/expected" "$scratch/b" >"$scratch/differs" ||
		fail "$case: < is of the capture, > of its eve.json: $(cat "$scratch/differs")"
	bad=$(jq '[.inputs[].bad] | add' "$scratch/$case.b/run.json")
	[ "$bad" = 0 ] || fail "$case: $bad lines of our own cannot be read: $(cat "$scratch/$case.b/stderr")"
}

all=0
# Which strange ports are told before a host is known to scan follows the order in which conversations end.
ordered='^UNKNOWN_PORT '
# Messages of ARP are no event of ours.
arp='^(MITM_ARP_ATTACK|ARP_SCAN|UNSOLICITED_ARP|ARP_OUTSIDE_LOCALNET) '

for capture in "$NAIAD_SOURCE"/tests/golden/*/input.pcap; do
	directory=$(dirname -- "$capture")
	settings=$scratch/settings.yaml
	sed 's/flows: false/flows: true/' "$directory/config.yaml" >"$settings" 2>/dev/null || echo >"$settings"
	there_and_back "$(basename -- "$directory")" "$capture" "$arp" -c "$settings"
done
if [ -d "$wide" ]; then
	there_and_back iot "$wide/scans/slips__slips-iot-malware-horizontal-2018.pcap" "$ordered"
	there_and_back icmp "$wide/scans/slips__test12-icmp-portscan.pcap" ""
	there_and_back port_0 "$wide/scans/esnet__tcp_0_1000_20190821.pcap" ""
	there_and_back reconnections "$wide/scans/chrissanders__synscan.pcapng" "$ordered"
	there_and_back long "$wide/normal/ndpi__nest_log_sink.pcap" ""
	there_and_back upload "$wide/app-protocols/zeek__fuzz-72.pcap" ""
	there_and_back ports "$wide/app-protocols/ndpi__gnutella.pcap" "$ordered"
	there_and_back localnet "$wide/app-protocols/zeek__modbus-and-non-modbus-p502.pcap" ""
	there_and_back changing_ip "$wide/app-protocols/arkime__adb_synthetic.pcap" ""
	there_and_back tunnel "$wide/tunnels/arkime__mpls-basic.pcap" ""
	there_and_back crossed "$wide/tunnels/ndpi__teredo.pcap" ""
fi
[ "$all" -gt 6 ] || fail "only $all evidence was compared"
finish "$all evidence came back"
