#!/bin/sh
# control.sh -- the control socket from outside: naiadctl, the wrong users, and who means it harm.
#
# The sensor behind it is tests/support/control_fake.c. REGENERATE=1 writes the expected tables of
# tests/integration/control/ instead of comparing them: read that diff as code.
. "$(dirname -- "$0")/common"

build=${NAIAD_BUILD:-$NAIAD_SOURCE/build/asan}
expected=$NAIAD_SOURCE/tests/integration/control
server=$build/control_server
abuse=$build/control_abuse
socket=$scratch/control.sock
COLUMNS=80
LC_ALL=C.UTF-8
export COLUMNS LC_ALL
pid=

trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$scratch"' EXIT

# start [IDLE_S] -- a sensor that listens
start() {
	rm -f "$scratch/server"
	"$server" "$socket" "$@" >"$scratch/server" 2>"$scratch/server.log" &
	pid=$!
	tries=0
	until grep -qs ready "$scratch/server"; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] || { fail "the server did not start: $(cat "$scratch/server.log")"; finish; }
		sleep 0.1
	done
}

# stop -- end it; what it counted is in $scratch/server
stop() {
	kill -TERM "$pid"
	wait "$pid" || fail "the server ended with $?: $(cat "$scratch/server.log")"
	pid=
}

# counted WORDS -- the server's last line has them
counted() {
	grep -q -- "$1" "$scratch/server" || fail "not \"$1\" in: $(tail -n 1 "$scratch/server")"
}

# ctl STATUS ARGUMENT... -- naiadctl ends with STATUS; its output is in $scratch/out, $scratch/err
ctl() {
	want=$1
	shift
	status=0
	"$build/naiadctl" --socket "$socket" "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
	[ "$status" -eq "$want" ] || fail "naiadctl $*: exit $status, expected $want: $(cat "$scratch/err")"
}

# shows NAME ARGUMENT... -- the table is the expected one, byte for byte
shows() {
	name=$1
	shift
	ctl 0 "$@"
	if [ "${REGENERATE:-0}" = 1 ]; then
		cp "$scratch/out" "$expected/$name.txt"
	else
		diff -u "$expected/$name.txt" "$scratch/out" || fail "naiadctl $*: another table"
	fi
	wide=$(awk 'length($0) > 80 && /^[ -~]*$/' "$scratch/out" | wc -l)
	[ "$wide" -eq 0 ] || fail "naiadctl $*: $wide lines are wider than 80 columns"
	[ "$(LC_ALL=C tr -d '\n\040-\176\200-\377' <"$scratch/out" | wc -c)" -eq 0 ] ||
		fail "naiadctl $*: control bytes in its output"
}

# says PATTERN -- one line on standard error like PATTERN
says() {
	grep -q -- "$1" "$scratch/err" || fail "no line like \"$1\" in: $(cat "$scratch/err")"
	[ "$(wc -l <"$scratch/err")" -eq 1 ] || fail "not one line: $(cat "$scratch/err")"
}

# Nobody there.
ctl 4 status
says 'control.sock: is not there: start the sensor'
ctl 2 stauts
says '"stauts" is no command'
ctl 2 status now
ctl 0 --help
grep -q '^usage: naiadctl' "$scratch/out" || fail "--help does not tell the usage"
ctl 0 --version

# Tables, for people.
start
shows status status
shows evidence evidence
shows evidence_host evidence --host 192.168.1.10 --limit 1
shows alerts alerts
shows metrics metrics packets
shows reload reload
shows status_reloaded status
LC_ALL=C shows evidence_ascii evidence --level medium
COLUMNS=200 ctl 0 evidence
[ "$(wc -l <"$scratch/out")" -eq 5 ] || fail "at 200 columns a finding takes more than a line"
ctl 0 reopen
ctl 0 log-level debug
grep -qx 'log level is debug' "$scratch/out" || fail "log-level: $(cat "$scratch/out")"
ctl 1 log-level loud
says 'one of error, warning, info, debug'
ctl 1 evidence --since yesterday
says '"since" is how long ago'
ctl 0 evidence --type NONE
grep -qx 'no evidence' "$scratch/out" || fail "no evidence: $(cat "$scratch/out")"
if [ -w /dev/full ]; then
	status=0
	"$build/naiadctl" --socket "$socket" status >/dev/full 2>"$scratch/err" || status=$?
	[ "$status" -eq 1 ] || fail "a full disk: exit $status"
fi

# JSON, for programs.
ctl 0 --json status
[ "$(jq -r '.interfaces[0].name, .outputs[1].dropped' "$scratch/out" | tr '\n' ' ')" = "eth0 1 " ] ||
	fail "--json status: $(cat "$scratch/out")"
ctl 0 --json evidence
[ "$(jq -r '.events | length' "$scratch/out")" -eq 4 ] || fail "--json evidence: not 4 events"
[ "$(LC_ALL=C tr -d '\n\040-\176' <"$scratch/out" | wc -c)" -eq 0 ] || fail "--json: not plain ASCII"
jq -e '.events[2].naiad.text | contains("\u001b[2J")' "$scratch/out" >/dev/null ||
	fail "--json: the text does not read back the same"

# One finding in plain words; a rule in the settings that the sensor says it reads, or in others.
id=$(jq -r '.events[0].naiad.id' "$scratch/out")
ctl 0 explain "$id"
grep -q '^observed  *10 ' "$scratch/out" || fail "explain: $(cat "$scratch/out")"
grep -q 'T1046 Network Service Discovery' "$scratch/out" || fail "explain: $(cat "$scratch/out")"
ctl 0 --json explain "$id"
jq -e '.evidence[0].observed == 10 and .flows == []' "$scratch/out" >/dev/null || fail "explain: $(cat "$scratch/out")"
ctl 1 explain none
says 'none of the latest findings and alerts has an id that begins with none'
ctl 0 --json alerts
alert=$(jq -r '.events[0].naiad.id' "$scratch/out")
ctl 0 explain "$alert"
grep -q '^sum  *3.04 where 3.00 is enough, of ' "$scratch/out" || fail "explain of an alert: $(cat "$scratch/out")"
grep -q 'not listed$' "$scratch/out" || fail "explain of an alert: $(cat "$scratch/out")"
ctl 0 --json explain "$alert"
jq -e '.id == "'"$alert"'" and .steps == []' "$scratch/out" >/dev/null || fail "explain of an alert: $(cat "$scratch/out")"
: >"$scratch/settings.yaml"
ctl 0 mute "$id" --conf "$scratch/settings.yaml"
grep -q 'detector: "HORIZONTAL_PORT_SCAN"' "$scratch/settings.yaml" || fail "mute: $(cat "$scratch/settings.yaml")"
ctl 1 mute none --conf "$scratch/settings.yaml"
says 'is no address, and not the id of one finding'
ctl 1 --json doctor --conf "$scratch/settings.yaml"
jq -e 'map(select(.area == "wan1" and .state == "BAD")) | length > 0' "$scratch/out" >/dev/null ||
	fail "doctor: $(cat "$scratch/out")"
ctl 0 metrics no_such_thing
grep -qx 'no metrics of such a name' "$scratch/out" || fail "metrics: $(cat "$scratch/out")"
ctl 0 devices --limit 2
grep -q '^02:00:00:00:00:00  .* yes  .* 10.0.0.1, fe80::1$' "$scratch/out" || fail "devices: $(cat "$scratch/out")"
grep -qF '    camera\x1b[2J' "$scratch/out" || fail "devices: $(cat "$scratch/out")"
grep -q '^1 more were silent for longer' "$scratch/out" || fail "devices: $(cat "$scratch/out")"
ctl 0 --json devices
jq -e 'length == 3 and .[1].router == false and .[0].last == "2026-11-24T02:00:01.000000Z"' "$scratch/out" >/dev/null ||
	fail "devices: $(cat "$scratch/out")"
ctl 2 profiles
says 'store.write: always'
ctl 1 config
grep -q 'naiad does not take /etc/naiad/naiad.yaml' "$scratch/err" || fail "config: $(cat "$scratch/err")"

# Seventeen clients; half and long requests; a thousand connections; descriptors along with them.
"$abuse" "$socket" full 17 >"$scratch/out" || fail "17 clients"
sed -n 1p "$scratch/out" | grep -q '"ok":false.*16 clients' || fail "the 17th: $(sed -n 1p "$scratch/out")"
sed -n 2p "$scratch/out" | grep -q '"ok":true' || fail "the first of 17: $(sed -n 2p "$scratch/out")"
"$abuse" "$socket" full 1000 >"$scratch/out" || fail "1000 clients"
sed -n 2p "$scratch/out" | grep -q '"ok":true' || fail "the first of 1000: $(sed -n 2p "$scratch/out")"
"$abuse" "$socket" half 500 || fail "half requests"
"$abuse" "$socket" long 65536 | grep -q 'not a line of JSON' || fail "64 KiB are not read"
"$abuse" "$socket" long 65537 | grep -q 'at most 64 KiB' || fail "64 KiB and a byte are read"
"$abuse" "$socket" long 10000000 | grep -q 'at most 64 KiB' || fail "10 MB are read"
"$abuse" "$socket" ask "$(printf '%4000s' | tr ' ' '[')" | grep -q '4 deep' || fail "4000 brackets are parsed"
"$abuse" "$socket" connects 1000 || fail "1000 connections"
"$abuse" "$socket" descriptors 50 >"$scratch/out" || fail "descriptors"
sed -n 1p "$scratch/out" | grep -q '"ok":true' || fail "with descriptors along: $(cat "$scratch/out")"
grep -qx 'kept 0' "$scratch/out" || fail "descriptors were taken: $(cat "$scratch/out")"
ctl 0 status
stop
counted 'descriptors +0 clients 0 '
counted ' long 2 '
counted ' reloads 1$'
[ ! -e "$socket" ] || fail "the socket is left behind"

# A second sensor does not take the place of the first; one that was killed is replaced.
start
if "$server" "$socket" >/dev/null 2>"$scratch/err"; then
	fail "two sensors on one socket"
fi
says 'another process answers there'
ctl 0 status
kill -9 "$pid"
wait "$pid" 2>/dev/null || true
ctl 4 status
says 'nobody answers: the sensor has ended'
start 1

# Half a request and then nothing: let go after a minute, here after a second.
[ "$("$abuse" "$socket" silent 16 | grep -cx '(closed)')" -eq 16 ] || fail "the silent are kept"
ctl 0 status
stop
counted ' idle 16 '

# Other users: by the file's mode, and by the kernel's word even where the mode is wider.
if [ "$(id -u)" -ne 0 ] || ! setpriv --reuid=65534 --clear-groups true 2>/dev/null; then
	echo "not root: other users were not tried"
	finish "naiadctl shows what it should, and nobody takes the socket down"
fi

# other GROUP ARGUMENT... -- as nobody, in that group
other() {
	group=$1
	shift
	status=0
	setpriv --reuid=65534 --regid=65534 --groups="$group" \
		"$for_other" --socket "$socket" "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
}

for_other=$(for_anybody "$build/naiadctl")
start
chgrp 4242 "$socket"
other 65534 status
[ "$status" -eq 4 ] || fail "a stranger: exit $status"
says 'no permission: become root, or a member of the group'
stop
start
chmod 666 "$socket"
other 65534 status
[ "$status" -eq 1 ] || fail "a stranger where the mode lets him in: exit $status"
says 'for root, the user that the sensor runs as'
other 0 status # root's group is the socket's
[ "$status" -eq 0 ] || fail "a member of the group: exit $status, $(cat "$scratch/err")"
for change in reload reopen 'log-level debug'; do
	# shellcheck disable=SC2086
	other 0 $change
	[ "$status" -eq 1 ] || fail "a member of the group may $change: exit $status"
	says 'is for root and for the user'
done
other 0 log-level
[ "$status" -eq 0 ] || fail "a member of the group may not ask for the log level"
stop
counted ' peer 1 change 3 '
counted ' reloads 0$'
grep -q 'warning: control: user 65534 may not ask' "$scratch/server.log" || fail "the stranger is not logged"
finish "naiadctl shows what it should, and nobody takes the socket down"
