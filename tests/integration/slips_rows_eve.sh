#!/bin/sh
# slips_rows_eve.sh -- what Slips finds in its data set of Suricata's EVE (detections 5.3, test6), and where we differ.
#
# The file's lines lie in no order: flow events stand at its end, with times before their start. Sorted they show one
# scan, in each window in which ten closed ports were asked. Slips names five windows more, of connections that were
# opened and closed in order.
. "$(dirname -- "$0")/common"
file=$wide/other-flow-formats/slips-test6-part1.suricata.json
[ -f "$file" ] || skip "Slips' file test6 is not beside the repository"

analyse test6 "$file" || fail "naiad ends with $?: $(cat "$scratch/test6/stderr")"
eve=$scratch/test6/eve.json

is() {
	[ "$2" = "$3" ] || fail "$1: is \"$2\", expected \"$3\""
	echo "$1: $2"
}

is "lines, read, skipped, bad" \
	"$(jq -r '.inputs[0] | "\(.kind) \(.lines) \(.read) \(.skipped) \(.bad)"' "$scratch/test6/run.json")" \
	"eve 3000 2997 3 0"
is "windows of the scan of 192.168.1.129 by 193.46.255.92" \
	"$(jq -r 'select(.naiad.type == "VERTICAL_PORT_SCAN" and .naiad.profile == "193.46.255.92" and
		.dest_ip == "192.168.1.129") | .naiad.window.number' "$eve" | sort -n | tr '\n' ' ')" \
	"2 3 4 6 10 12 14 15 16 17 "
is "ports at which it was told" \
	"$(jq -r 'select(.naiad.type == "VERTICAL_PORT_SCAN" and .naiad.profile == "193.46.255.92") |
		.naiad.observed' "$eve" | sort -nu | tr '\n' ' ')" "10 "
is "hosts that scan other hosts for a port" \
	"$(jq -r 'select(.naiad.type == "HORIZONTAL_PORT_SCAN") | .naiad.profile' "$eve")" ""
is "rules of Suricata's that are told" \
	"$(jq -r 'select(.naiad.type == "SURICATA_ALERT") | .alert.metadata.object[0]' "$eve" | sort -u | wc -l)" \
	"$(jq -r 'select(.event_type == "alert") | .alert.signature_id' "$file" | sort -u | wc -l)"

# A device that answers searches to a group, from port 1900, is no scanner.
is "other hosts that scan" \
	"$(jq -r 'select(.naiad.type == "VERTICAL_PORT_SCAN" and .naiad.profile != "193.46.255.92") |
		.naiad.profile' "$eve")" ""
finish "test6 is read as it should be"
