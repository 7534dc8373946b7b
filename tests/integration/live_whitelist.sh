#!/bin/sh
# live_whitelist.sh -- a reload of the whitelist weighs the windows that are open anew, in both directions.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"
command -v tcpreplay >/dev/null || skip "tcpreplay is not installed"

alerts() {
	grep -c '  ALERT  ' "$scratch/out/alerts.log" || true
}

# What would convict by itself is the last of each scan: what came later than the reload would alert for its own sake.
silenced() {
	grep 'scanned port 23/tcp on 100 hosts' "$scratch/out/alerts.log" | grep -q 'no-alert by the whitelist' &&
		grep 'scanned 100 tcp ports' "$scratch/out/alerts.log" | grep -q 'no-alert by the whitelist'
}

alerted() {
	[ "$(alerts)" = 1 ]
}

# said COUNT -- that often the whitelist was taken by a reload
said() {
	[ "$(grep -c 'in force now: whitelist.slips_csv' "$scratch/log")" = "$1" ]
}

# reloads_were COUNT
reloads_were() {
	[ "$(grep -c 'in force now: whitelist' "$scratch/log")" = "$1" ]
}

echo 'ip,198.51.100.7,src,alerts' >"$scratch/slips.csv"
chmod 644 "$scratch/slips.csv"
rules='whitelist: {slips_csv: '$scratch/slips.csv', rules: [{name: lab, match: {src: 192.168.7.66}}]}'
sensor_settings "$rules"
sensor_start
tcpreplay -q -x 40 -i lan1 "$captures/lab-scan.pcap" >"$scratch/replay" 2>&1 || fail "tcpreplay: $(cat "$scratch/replay")"
await "silenced evidence" silenced
[ "$(alerts)" = 0 ] || fail "there is an alert in spite of the rule"
[ "$(metric 'naiad_whitelist_hits_total{effect="no-alert"}')" -gt 0 ] || fail "/metrics has no hits"

"$NAIAD_BUILD/naiadctl" --socket "$scratch/run/control.sock" status >"$scratch/status" 2>&1 || true
grep -qE '^whitelist +[1-9][0-9]* findings silenced, 0 conversations ignored' "$scratch/status" ||
	fail "naiadctl status: $(cat "$scratch/status")"

# The same file with other lines; the rule stays.
echo 'ip,198.51.100.8,src,alerts' >"$scratch/slips.csv"
kill -HUP "$sensor"
await "the lines of Slips" said 1
[ "$(alerts)" = 0 ] || fail "a reload that freed nothing raised an alert"

# The rule goes: what it held back is due, once.
sensor_settings
kill -HUP "$sensor"
await "the alert" alerted
# The sensor knows of it before its writer has it in the file.
await "an alert that says why now" grep -q 'ALERT .*after a change of the whitelist: ' "$scratch/out/alerts.log"
sensor_settings "$rules"
kill -HUP "$sensor"
await "the rule again" reloads_were 3
sensor_settings
kill -HUP "$sensor"
await "the last reload" reloads_were 4
sensor_stop
[ "$status" -eq 0 ] || fail "the sensor ended with $status: $(cat "$scratch/log")"
late=$(grep -c 'ALERT .*after a change of the whitelist' "$scratch/out/alerts.log")
[ "$late" = 1 ] || fail "$late alerts after a change, expected the one: $(cat "$scratch/out/alerts.log")"
finish "a reload of the whitelist weighs open windows anew"
