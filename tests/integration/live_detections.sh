#!/bin/sh
# live_detections.sh -- a capture replayed into the live sensor finds what a run over the file finds.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"
command -v tcpreplay >/dev/null || skip "tcpreplay is not installed"

all_arrived() {
	[ "$(metric 'naiad_packets_analysed_total{interface="lan0"}')" = "$sent" ]
}

# An attempt takes 5 s to fail, and packet time lags by 2 s when no packets come: one that is cut short by the end
# accuses nobody, and replayed faster more are open then. So the end waits for what has to come, on a busy machine
# longer.
LATEST_S=60

# What is local the interfaces say when live, and home_network over files: two kinds follow from it. Which attempts at
# strange ports are told before their host is known to scan goes by the clock, which a replay lets run faster.
elsewhere='^DIFFERENT_LOCALNET|^DEVICE_CHANGING_IP|^UNKNOWN_PORT'

all_told() {
	found_in "$scratch/out" | grep -Ev "$elsewhere" >"$scratch/live"
	cmp -s "$scratch/expected" "$scratch/live"
}

# same FASTER SECONDS CAPTURE -- replay it so many times faster, wait so long at most for what is told later, compare
same() {
	capture=$3
	rm -rf "$scratch/file" "$scratch/out" "$scratch/state"
	mkdir "$scratch/out" "$scratch/state"
	chown "$sensor_user" "$scratch/out" "$scratch/state"
	# As live: both sides of the hosts of private networks; no file ends in an interim.
	analyse file "$capture" -d all -H 10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,169.254.0.0/16,fc00::/7,fe80::/10 ||
		fail "$capture: exit $?"
	found_in "$scratch/file" | grep -Ev "$elsewhere" >"$scratch/expected"
	sensor_start
	tcpreplay -q -x "$1" -i lan1 "$capture" >"$scratch/replay" 2>&1 || fail "tcpreplay: $(cat "$scratch/replay")"
	sent=$(sed -n 's/^[^0-9]*Successful packets: *\([0-9]*\).*/\1/p' "$scratch/replay")
	await "all $sent packets" all_arrived
	for _ in $(seq "$2"); do
		! all_told || break
		sleep 1
	done
	jq -r .mac "$scratch/file/devices.json" | sort -u >"$scratch/cards"
	"$NAIAD_BUILD/naiadctl" --socket "$scratch/run/control.sock" --json devices --limit 256 | jq -r '.[].mac' | sort |
		comm -23 "$scratch/cards" - >"$scratch/unknown"
	[ ! -s "$scratch/unknown" ] || fail "$capture: cards that the sensor does not tell: $(head -n 3 "$scratch/unknown")"
	sensor_stop
	[ "$status" -eq 0 ] || fail "$capture: the sensor ended with $status: $(tail -n 3 "$scratch/log")"
	all_told ||
		fail "$capture: $(diff "$scratch/expected" "$scratch/live")"
	echo "$(wc -l <"$scratch/live") findings, $sent packets: ${capture##*/}"
}

sensor_settings
same 6 0 "$captures/lab-scan.pcap"
if [ -d "$wide" ]; then
	same 4 0 "$wide/arp-dhcp/slips__slips-arp-scan.pcap"
	same 1 0 "$wide/scans/slips__test12-icmp-portscan.pcap"
	same 60 "$LATEST_S" "$wide/scans/slips__slips-iot-malware-horizontal-2018.pcap"
else
	echo "the wide collection is not there: only tests/captures was replayed"
fi
finish "live finds what is found in files"
