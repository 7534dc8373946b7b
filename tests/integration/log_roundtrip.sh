#!/bin/sh
# log_roundtrip.sh -- a capture and our own Zeek logs of it raise the same evidence.
#
# Each capture is analysed, its logs written as TSV and as JSON, and both are read again. Type, host, the other
# party and the object of all evidence must be the same; windows, times and ids are those of another run.
#
# A log tells neither in which order packets of one time came nor what was no request or reply of ARP. What rests on
# that is listed with what differs, so that another hole is seen; there is none in these captures.
. "$(dirname -- "$0")/common"

# Evidence of single packets, and of log-ins, which no log of Zeek's holds.
cannot='^(STROBE|LOGIN) '

# evidence NAME -- "type host about object" of each, once
evidence() {
	jq -r 'select(.naiad.kind == "evidence") | [.naiad.type, .naiad.profile, (.dest_ip // "-"),
		(.alert.metadata.object[0] // "-")] | join(" ")' "$scratch/$1/eve.json" |
		grep -Ev -- "$cannot" | sort -u
}

for form in tsv json; do
	printf 'logs:\n  zeek: %s\n' "$form" >"$scratch/$form.yaml"
done

# there_and_back NAME CAPTURE SETTINGS FORMS [DIFFERENCE] -- settings beside those of the logs, "" if none; what
# differs: "< of the capture" or "> of its logs"
there_and_back() {
	case=$1
	for form in $4; do
		cat ${3:+"$3"} "$scratch/$form.yaml" >"$scratch/both.yaml"
		analyse "$case.$form.a" "$2" -c "$scratch/both.yaml" ||
			fail "$case: $(cat "$scratch/$case.$form.a/stderr")"
		analyse "$case.$form.b" "$scratch/$case.$form.a/zeek" ${3:+-c "$3"} ||
			fail "$case, $form: $(cat "$scratch/$case.$form.b/stderr")"
		evidence "$case.$form.a" >"$scratch/a"
		evidence "$case.$form.b" >"$scratch/b"
		printf '%-18s %-5s %3d evidence%s\n' "$case" "$form" "$(wc -l <"$scratch/a")" "${5:+, but: $5}"
		all=$((all + $(wc -l <"$scratch/a")))
		differs=$(diff "$scratch/a" "$scratch/b" | grep '^[<>]' || true)
		[ "$differs" = "${5:-}" ] || fail "$case, $form: < is of the capture, > of its logs: $differs"
	done
}

all=0
next=tsv # the forms take turns
for capture in "$NAIAD_SOURCE"/tests/golden/*/input.pcap; do
	directory=$(dirname -- "$capture")
	settings=
	[ ! -f "$directory/config.yaml" ] || settings=$directory/config.yaml
	there_and_back "$(basename -- "$directory")" "$capture" "$settings" "$next"
	if [ "$next" = tsv ]; then next=json; else next=tsv; fi
done
if [ -d "$wide" ]; then
	# Which strange ports are told before a host is known to scan follows the order in which conversations end.
	printf 'detectors:\n  unknown_port:\n    enabled: false\n' >"$scratch/ordered.yaml"
	there_and_back iot "$wide/scans/slips__slips-iot-malware-horizontal-2018.pcap" \
		"$scratch/ordered.yaml" "tsv json"
	there_and_back arp "$wide/arp-dhcp/slips__slips-arp-scan.pcap" "" json
	there_and_back icmp "$wide/scans/slips__test12-icmp-portscan.pcap" "" tsv
	there_and_back gre "$wide/tunnels/suricata__bug-5633-gre-01.pcap" "" tsv
	there_and_back lateral "$wide/lateral/elcabezzonn__impacket_psexec.pcap" "" json
	there_and_back ssh "$wide/ssh/joy__kali-normal-ssh.pcap" "" tsv
	there_and_back agenttesla "$wide/malware/malcolm__agenttesla-ftp-202403.pcap" "" "tsv json"
	there_and_back mqtt "$wide/app-protocols/suricata__mqtt-events-missing-connect.pcap" "" tsv
fi
[ "$all" -gt 10 ] || fail "only $all evidence was compared"
finish "$all evidence was compared"
