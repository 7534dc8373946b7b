#!/bin/sh
# live_service.sh -- the sensor as a service: what systemd hears, what signals and naiadctl do, how it ends.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"
for tool in tcpreplay jq curl setpriv socat; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done

STOP_MS=5000
listener=
load=
trap 'sensor_gone || kill -9 "$sensor"; [ -z "$listener$load" ] || kill $listener $load 2>/dev/null || true; rm -rf "$scratch"' EXIT

# told MESSAGE -- how many messages to the service manager begin so
told() {
	grep -c "^[0-9]* $1" "$scratch/told" || true
}

told_more() { [ "$(told "$1")" -gt "$2" ]; }
logged() { grep -q -- "$1" "$scratch/log"; }
found() { [ "$(findings "$scratch/out/eve.json")" -eq "$1" ]; }
reloaded() { [ "$(metric naiad_config_last_reload_successful)" = "$1" ]; }

# ctl STATUS ARGUMENT... -- naiadctl ends with STATUS; its output is in $scratch/ctl
ctl() {
	want=$1
	shift
	status=0
	"$NAIAD_BUILD/naiadctl" --socket "$scratch/run/control.sock" "$@" >"$scratch/ctl" 2>&1 || status=$?
	[ "$status" -eq "$want" ] || fail "naiadctl $*: exit $status, expected $want: $(cat "$scratch/ctl")"
}

shown() {
	grep -q -- "$1" "$scratch/ctl" || fail "naiadctl: no \"$1\" in: $(cat "$scratch/ctl")"
}

# refused STATUS PATTERN OPTION... -- it does not start, and the last line that it says is like PATTERN
refused() {
	want=$1
	pattern=$2
	shift 2
	status=0
	timeout 60 ${as_other:-} "$program" "$@" >"$scratch/refused" 2>&1 || status=$?
	[ "$status" -eq "$want" ] || fail "naiad $*: exit $status, expected $want"
	grep -q -- "$pattern" "$scratch/refused" || fail "naiad $*: not \"$pattern\": $(cat "$scratch/refused")"
	[ "$(wc -l <"$scratch/refused")" -eq 1 ] || fail "naiad $*: not one line: $(cat "$scratch/refused")"
}

# What systemd hears: ready, alive while the wire is idle and while it is not.
"$NAIAD_BUILD/notify_listen" "$scratch/notify.sock" >"$scratch/told" &
listener=$!
await "the listener" test -S "$scratch/notify.sock"
ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0
sensor_before="env NOTIFY_SOCKET=$scratch/notify.sock WATCHDOG_USEC=3000000 LD_PRELOAD=$NAIAD_BUILD/libcapture_preload.so"
sensor_settings
sensor_start
await "READY=1" told_more READY=1 0
logged 'run: naiad [0-9.]* captures on lan0 with [0-9]* detectors, writes to .*/out; memory in KiB, process [0-9]*, rings 8192, flows [0-9]*, ' ||
	fail "the start line is $(cat "$scratch/log")"
await "WATCHDOG=1 without a packet" told_more WATCHDOG=1 0
await "STATUS=" told_more 'STATUS=0 packets, 0 dropped, 0 flows' 0
before=$(told WATCHDOG=1)
sweeps 0 600 2000 &
load=$!
await "WATCHDOG=1 under traffic" told_more WATCHDOG=1 "$before"
wait "$load"
load=
await "600 findings" found 600

# Settings: a mistake changes nothing, a threshold holds at once, a width needs a restart.
echo 'detectors: {icmp_sweep: {report_evry: 3}}' >>"$scratch/naiad.yaml"
kill -HUP "$sensor"
await "the reload to fail" reloaded 0
logged "naiad.yaml:$(wc -l <"$scratch/naiad.yaml"):.*report_evry.*did you mean \"report_every\"" ||
	fail "the mistake is not told: $(tail -n 3 "$scratch/log")"
logged 'the old settings stay in force' || fail "it does not say that nothing changed"
sensor_settings 'detectors: {icmp_sweep: {report_every: 3}}' 'windows: {width: 2h}'
kill -HUP "$sensor"
await "the reload" reloaded 1
await "the word of it" told_more READY=1 2
[ "$(told RELOADING=1)" -eq 2 ] && [ "$(told READY=1)" -eq 3 ] ||
	fail "two reloads are $(told RELOADING=1) RELOADING=1, and $(told READY=1) READY=1 with the start's"
logged 'in force now: detectors.icmp_sweep.report_every' || fail "what holds is not named"
logged 'keep their values until a restart: windows.width' || fail "what waits is not named"
sweeps 600 100
await "100 findings more" found 700
[ "$(grep -c '"observed":3,"threshold":3' "$scratch/out/eve.json")" -eq 100 ] ||
	fail "the new threshold does not hold"
jq -e 'select(.naiad.kind == "evidence").naiad.window | (.end[11:13] | tonumber) - (.start[11:13] | tonumber) |
	IN(1, -23) | not' "$scratch/out/eve.json" >/dev/null && fail "a width took effect without a restart"

# Files: moved away and opened again.
mv "$scratch/out/eve.json" "$scratch/out/eve.json.1"
kill -USR1 "$sensor"
await "SIGUSR1 to be told" logged 'SIGUSR1: opening the outputs'
await "the file to be there again" test -e "$scratch/out/eve.json"
sweeps 700 50
await "50 findings in the new file" found 50
[ "$(findings "$scratch/out/eve.json.1")" -eq 700 ] || fail "the file that was moved has changed"
kill -USR2 "$sensor"
await "the summary" logged 'run: so far 3750 packets, 0 dropped, .* 750 evidence, 0 alerts'
await "the memory of each area" logged 'memory: windows [0-9]* KiB'

# naiadctl asks the real one.
ctl 0 status
shown 'lan0 .*up'
shown 'waiting.*windows.width\|windows.width'
ctl 0 --json evidence --limit 1000
[ "$(jq '.events | length' "$scratch/ctl")" -gt 0 ] || fail "naiadctl evidence shows nothing"
ctl 0 evidence --host 10.0.2.188
shown '10.0.2.188'
ctl 0 alerts
shown 'no alerts'
ctl 0 metrics packets_analysed
shown '3750'
ctl 0 reload
ctl 0 reopen
ctl 0 log-level debug
shown 'debug'
ctl 0 log-level info

# Packets wait and nobody looks at them: the loop turns, and the watchdog is not told.
kill -RTMIN "$sensor"
sweeps 800 20
for _ in 1 2 3 4 5; do # one that is under way comes yet, on a busy machine later; and then no more
	before=$(told WATCHDOG=1)
	sleep 2.2
	[ "$(told WATCHDOG=1)" -ne "$before" ] || break
done
[ "$(told WATCHDOG=1)" -eq "$before" ] || fail "WATCHDOG=1 while packets wait and nothing progresses"
[ "$(scrape /-/healthy)" ] || fail "the loop does not turn while nothing progresses: the test tests nothing"

# It waits for the packets in the ring then: a second SIGTERM ends it at once, and what was written is whole.
kill "$sensor"
await "STOPPING=1" told_more STOPPING=1 0
sensor_stop
[ "$status" -eq 143 ] || fail "the second SIGTERM: exit $status after $took ms, $(tail -n 1 "$scratch/log")"
[ "$took" -lt 1000 ] || fail "the second SIGTERM took $took ms"
jq -e . "$scratch/out/eve.json" >/dev/null || fail "the second SIGTERM cut a line"
found 50 || fail "the second SIGTERM cost findings: $(findings) of 50"
second=$took

# Under load: one SIGTERM, and everything that is counted is in the files.
sensor_before=
found_more() { [ "$(findings)" -gt "$1" ]; }
rm -rf "$scratch/out/eve.json" "$scratch/out/eve.json.1" "$scratch/state"/*
sensor_settings
sensor_start
sweeps 10000 20000 10000 &
load=$!
await "findings under load" found_more 500
sensor_stop
[ "$status" -eq 0 ] || fail "SIGTERM under load: exit $status"
[ "$took" -le "$STOP_MS" ] || fail "SIGTERM under load took $took ms"
last=$(tail -n 1 "$scratch/log")
evidence=$(echo "$last" | sed -n 's/.* \([0-9]*\) evidence.*/\1/p')
flows=$(echo "$last" | sed -n 's/.* \([0-9]*\) flows.*/\1/p')
[ "${evidence:-0}" -gt 100 ] && [ "$(findings)" -eq "$evidence" ] ||
	fail "$(findings) findings in the file: $last"
written=$(grep -c '"event_type":"flow"' "$scratch/out/eve.json")
[ "$written" -eq "${flows:-0}" ] || fail "$written flows in the file: $last"
echo "$last" | grep -q '; 0 records did not reach the writer$' || fail "records were lost: $last"
jq -e . "$scratch/out/eve.json" >/dev/null || fail "not whole lines after SIGTERM"
kill "$load" "$listener" 2>/dev/null || true
wait "$load" "$listener" 2>/dev/null || true
load= listener=

# What keeps it from starting is one line.
cp "$NAIAD" "$scratch/naiad"
program=$scratch/naiad
sensor_start
mkdir "$scratch/other"
chown "$sensor_user" "$scratch/other"
# other CONTROL METRICS -- settings of a second sensor that listens there
other() {
	cat >"$scratch/other.yaml" <<-END
		service: {user: $sensor_user, state: $scratch/other, logs: $scratch/other}
		control: {path: $scratch/$1}
		metrics: {listen: "$2"}
	END
}
other other/control.sock "unix:$scratch/other/metrics.sock"
refused 2 "'any' is every interface" -c "$scratch/other.yaml" -i any -i lan0
refused 2 'lan0 is named twice' -c "$scratch/other.yaml" -i lan0 -i lan0
refused 1 'lan7: no such interface; ip link lists them' -c "$scratch/other.yaml" -i lan7
other other/control.sock "unix:$scratch/run/metrics.sock"
refused 1 'metrics.sock: another process answers there: stop it, or name another' -c "$scratch/other.yaml" -i lan0
other run/control.sock "unix:$scratch/other/metrics.sock"
refused 1 'run/control.sock: another process answers there: stop it, or name another' \
	-c "$scratch/other.yaml" -i lan0
socat TCP-LISTEN:9947,bind=127.0.0.1 STDOUT &
listener=$!
await "somebody else" sh -c 'ss -Hltn "sport = :9947" | grep -q .'
other other/control.sock 127.0.0.1:9947
refused 1 '127.0.0.1:9947": somebody else listens there' -c "$scratch/other.yaml" -i lan0
kill "$listener"
wait "$listener" 2>/dev/null || true
listener=
other other/control.sock "unix:$scratch/other/metrics.sock"
as_other="setpriv --reuid=$sensor_user --clear-groups --bounding-set=-all"
refused 3 'no right to capture' -c "$scratch/other.yaml" -i lan0
as_other=
sensor_stop
[ "$status" -eq 0 ] || fail "the one that runs was ended by those that were refused: $status"
finish "a service: $second ms to the second SIGTERM, $took ms under load with $evidence findings and $flows flows"
