#!/bin/sh
# log_roundtrip.sh -- a capture and our own Zeek logs of it raise the same evidence.
#
# Each capture is analysed, its logs written as TSV and as JSON, and both are read again. Type, host, the other
# party and the object of all evidence must be the same; windows, times and ids are those of another run. What a
# log cannot say is listed below, and nothing else may differ.
. "$(dirname -- "$0")/common"

# Evidence that rests on what no log holds.
#
# WEIRD below IP and STROBE: single packets. A conversation that goes on is told when it ends, and where its
# start was: long ones are found all the same.
cannot='^(STROBE) '

# evidence NAME -- "type host about object" of each, once
evidence() {
	jq -r 'select(.naiad.kind == "evidence") | [.naiad.type, .naiad.profile, (.dest_ip // "-"),
		(.alert.metadata.object[0] // "-")] | join(" ")' "$scratch/$1/eve.json" |
		grep -Ev -- "$cannot" | sort -u
}

for form in tsv json; do
	printf 'logs:\n  zeek: %s\n' "$form" >"$scratch/$form.yaml"
done

# there_and_back NAME CAPTURE [SETTINGS] -- settings beside those of the logs
there_and_back() {
	case=$1
	for form in tsv json; do
		cat ${3:+"$3"} "$scratch/$form.yaml" >"$scratch/both.yaml"
		analyse "$case.$form.a" "$2" -c "$scratch/both.yaml" ||
			fail "$case: $(cat "$scratch/$case.$form.a/stderr")"
		analyse "$case.$form.b" "$scratch/$case.$form.a/zeek" ${3:+-c "$3"} ||
			fail "$case, $form: $(cat "$scratch/$case.$form.b/stderr")"
		evidence "$case.$form.a" >"$scratch/a"
		evidence "$case.$form.b" >"$scratch/b"
		printf '%-28s %-5s %3d evidence\n' "$case" "$form" "$(wc -l <"$scratch/a")"
		all=$((all + $(wc -l <"$scratch/a")))
		diff "$scratch/a" "$scratch/b" >"$scratch/differs" ||
			fail "$case, $form: < is of the capture, > of its logs: $(cat "$scratch/differs")"
	done
}

all=0
for capture in "$NAIAD_SOURCE"/tests/golden/*/input.pcap; do
	directory=$(dirname -- "$capture")
	settings=
	[ ! -f "$directory/config.yaml" ] || settings=$directory/config.yaml
	there_and_back "$(basename -- "$directory")" "$capture" "$settings"
done
if [ -d "$wide" ]; then
	there_and_back iot "$wide/scans/slips__slips-iot-malware-horizontal-2018.pcap"
	there_and_back arp "$wide/arp-dhcp/slips__slips-arp-scan.pcap"
	there_and_back icmp "$wide/scans/slips__test12-icmp-portscan.pcap"
	there_and_back gre "$wide/tunnels/suricata__bug-5633-gre-01.pcap"
	there_and_back lateral "$wide/lateral/elcabezzonn__impacket_psexec.pcap"
	there_and_back ssh "$wide/ssh/joy__kali-normal-ssh.pcap"
fi
[ "$all" -gt 10 ] || fail "only $all evidence was compared"
finish "$all evidence came back"
