#!/bin/sh
# fail_on.sh -- --fail-on ends with 10 for an alert of that level or higher, and only then.
. "$(dirname -- "$0")/common"
[ -d "$wide" ] || skip "the wide collection of captures is not beside the repository"

# ends STATUS CAPTURE LEVEL
ends() {
	status=0
	"$NAIAD" -r "$wide/$2" -o "$scratch/o" --fail-on "$3" >/dev/null 2>&1 || status=$?
	[ "$status" -eq "$1" ] || fail "$2 --fail-on $3: exit $status, expected $1"
}

scan=scans/slips__slips-iot-malware-horizontal-2018.pcap
ends 10 $scan low
ends 10 $scan high
ends 0 $scan critical
ends 0 normal/zeek__workshop_2011_browse.pcap info
finish "--fail-on follows the level of the alert's evidence"
