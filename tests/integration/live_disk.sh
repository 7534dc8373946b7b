#!/bin/sh
# live_disk.sh -- under the running sensor the disk is full, its directory goes, and its permission.
#
# Each time: said once, counted, found again within 5 s, and no half line anywhere.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"
for tool in tcpreplay jq curl; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done
mount -t tmpfs -o size=64k none "$scratch/out" 2>/dev/null || skip "no tmpfs can be mounted here"
trap 'sensor_gone || kill -9 "$sensor"; umount -l "$scratch/out" 2>/dev/null || true; rm -rf "$scratch"' EXIT
chown "$sensor_user" "$scratch/out"
chmod 750 "$scratch/out"

RECOVERY_S=5
eve=$scratch/out/eve.json

# said TIMES PATTERN -- as often does the log say it
said() {
	[ "$(grep -c -- "$2" "$scratch/log")" -eq "$1" ] ||
		fail "$(grep -c -- "$2" "$scratch/log") times \"$2\" in the log, not $1: $(cat "$scratch/log")"
}

# whole FILE -- nothing but whole lines of JSON
whole() {
	[ -z "$(tail -c 1 "$1")" ] || fail "$2: $1 ends in half a line"
	jq -e . "$1" >/dev/null 2>"$scratch/jq" || fail "$2: $1: $(cat "$scratch/jq")"
}

queued() { [ "$(metric 'naiad_output_queue_length{output="eve"}')" -gt 0 ]; }
none_queued() { [ "$(metric 'naiad_output_queue_length{output="eve"}')" -eq 0 ]; }
dropped() { metric 'naiad_output_dropped_total{output="eve",reason="full"}'; }
drops() { [ "$(dropped)" -gt 0 ]; }

# Of the sweeps: what the replayed capture is found to have may come later.
found_here() { [ "$(grep -c '"type":"ICMP_ADDRESS_SCAN"' "$eve")" -eq "$1" ]; }

# recovers WHAT COMMAND... -- COMMAND succeeds within the time allowed
recovers() {
	what=$1
	shift
	watch_start "$sensor" "$(pgrep -P "$sensor" -x naiad-writer)"
	await "$what" "$@"
	watch_ms
	[ "$took" -le $((RECOVERY_S * 1000)) ] || fail "$what took $took ms"
	echo "$what: $took ms, and $waited without a processor"
}

disk="{rotate_at: 0, keep_free: 0}"
sensor_settings "eve: {flows: true, disk: $disk}" "alerts_log: {enabled: false, disk: $disk}"
sensor_start

# Full: findings wait in memory, conversations are dropped.
sweeps 0 300
await "the disk to be full" queued
tcpreplay -q -p 5000 -l 6 -i lan1 "$captures/lab-scan.pcap" >/dev/null 2>&1
sweeps 300 300
await "conversations to be dropped" drops
[ "$(wc -l <"$eve")" -gt 0 ] || fail "nothing was written before the disk was full"
said 1 'cannot write .*eve.json, keeping'
[ -n "$(tail -c 1 "$eve")" ] || fail "the disk was not full inside a line: nothing was to be cut"
mv "$eve" "$eve.1"
kill -USR1 "$sensor"
await "another file on the full disk" test -e "$eve"
mount -o remount,size=16m "$scratch/out"
recovers "writing after the disk was full" grep -q 'writing .*eve.json again' "$scratch/log"
await "the queue to be told empty" none_queued
said 1 'writing .*eve.json again'
whole "$eve.1" "after the disk was full"
whole "$eve" "after the disk was full"
[ "$(cat "$eve.1" "$eve" | grep -c '"type":"ICMP_ADDRESS_SCAN"')" -eq 600 ] || fail "findings were lost on the full disk: $(findings)"
full=$(dropped)

# Gone: the directory is removed with all in it, and made again.
umount "$scratch/out" 2>/dev/null || umount -l "$scratch/out"
mkdir "$scratch/kept"
cp -p "$scratch/log" "$scratch/kept/log"
: >"$scratch/log"
chown "$sensor_user" "$scratch/out"
recovers "the file in another file system" test -e "$eve"
sweeps 600 100
await "findings there" found_here 100
mv "$scratch/out" "$scratch/kept/out"
sweeps 700 100
sleep 1.5
mkdir "$scratch/out"
chown "$sensor_user" "$scratch/out"
recovers "the file in a directory that was made again" test -e "$eve"
sweeps 800 100
found_since() { cat "$scratch/kept/out/eve.json" "$eve" | grep -c '"type":"ICMP_ADDRESS_SCAN"'; }
all_since() { [ "$(found_since)" -eq "$1" ]; }
await "every finding, in the one or the other" all_since 300
[ "$(findings)" -ge 100 ] || fail "only $(findings) findings are in the directory that was made again"
whole "$scratch/kept/out/eve.json" "in the directory that was moved away"
whole "$eve" "in the directory that was made again"

# No permission, and a file that lost its name: lines wait until there is permission again. Another sensor,
# for the third time in a row is not said. The end of the first one tells of what it cost.
sensor_stop
[ "$status" -eq 1 ] || fail "records were dropped, and it ended with $status"
said 1 'eve: [0-9]* of [0-9]* records were dropped'
sensor_start
chmod 0 "$scratch/out"
rm "$eve"
await "it to be noticed" grep -q 'cannot write .*eve.json' "$scratch/log"
sweeps 900 100
await "findings to wait" queued
sleep 1.5
said 1 'eve.json'
chmod 750 "$scratch/out"
recovers "writing with permission again" found_here 100
said 1 'writing .*eve.json again, 0 lines were dropped'
whole "$eve" "after permission was lost"
found_here 100 || fail "$(findings) findings of 100 survived the loss of permission"

sensor_stop
[ "$status" -eq 0 ] || fail "the sensor ended with $status: $(tail -n 3 "$scratch/log")"
finish "disks come and go; a full one cost $full conversations and no finding"
