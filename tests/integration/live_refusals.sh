#!/bin/sh
# live_refusals.sh -- a sensor that cannot start says in one line what is wrong and what to do.
#
# And one that did start has its files as the user that it became: it can open them again.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"

# refused STATUS PATTERN ARGUMENT... -- it ends with STATUS and says one line like PATTERN
refused() {
	want=$1
	pattern=$2
	shift 2
	status=0
	${as_user:-} timeout 60 "$program" -c "$scratch/naiad.yaml" "$@" >"$scratch/out.txt" 2>"$scratch/err" || status=$?
	[ "$status" -eq "$want" ] || fail "naiad $*: exit $status, expected $want"
	grep -q -- "$pattern" "$scratch/err" || fail "naiad $*: no line like \"$pattern\""
	[ "$(wc -l <"$scratch/err")" -eq 1 ] || fail "naiad $*: not one line"
	cat "$scratch/err"
}

program=$(for_anybody "$NAIAD")
sensor_settings
refused 1 'NOSUCH: no such interface; ip link' -i NOSUCH
refused 2 'lan0 is named twice' -i lan0 -i lan0
as_user="setpriv --reuid=$(id -u "$sensor_user") --regid=$(id -g "$sensor_user") --clear-groups"
refused 3 'no right to capture (CAP_NET_RAW): start naiad as root' -i lan0
as_user=
mkdir -m 755 "$scratch/roots"
refused 3 "$sensor_user cannot write to $scratch/roots: .*(chown).* -o or service.logs" -i lan0 -o "$scratch/roots"
mkdir -m 700 "$scratch/closed"
refused 3 'cannot write to .*/closed/out: .*the way there' -i lan0 -o "$scratch/closed/out"
mkdir "$scratch/closed/inner"
refused 3 '/closed/inner open for the sandbox: .*let service.user in' -i lan0 -o "$scratch/closed/inner/out"
: >"$scratch/file"
refused 1 "cannot make the directory $scratch/file: Not a directory" -i lan0 -o "$scratch/file"
sed -i "s|user: $sensor_user|user: nosuchuser|" "$scratch/naiad.yaml"
refused 1 'no user nosuchuser.*useradd' -i lan0 -o "$scratch/early"
[ ! -e "$scratch/early" ] || fail "a directory was made for a user who is not there, and is root's from now on"

# Inputs.
sensor_settings 'inputs: [{type: zeek, path: logs}]'
refused 2 'inputs: zeek "logs": a path begins with /'
sensor_settings "inputs: [{type: eve, path: 'unix:$scratch/run/eve.sock', group: nosuchgroup}]"
refused 2 'inputs: there is no group nosuchgroup'
sensor_settings "inputs: [{type: sflow, path: 'udp:192.0.2.1:6343'}]"
refused 1 'cannot listen on udp:192.0.2.1:6343: this machine does not have that address'
mkdir -m 700 "$scratch/roots_logs"
sensor_settings "inputs: [{type: zeek, path: $scratch/roots_logs}]"
refused 3 "$scratch/roots_logs: cannot be read: Permission denied; let service.user read it"
sensor_settings

# The directories of a first run are made, and belong to the user with all that is in them.
sensor_settings "service: {user: $sensor_user, state: $scratch/newstate, logs: $scratch/new}" \
	"control: {path: $scratch/newrun/control.sock}"
sed -i 1,2d "$scratch/naiad.yaml"
sensor_start
refused 1 'another sensor works with .*service.state' -i lan0
sensor_settings
refused 1 'metrics.sock: another process answers there: .*metrics.listen' -i lan0
sed -i -e 's|metrics: .*|metrics: {enabled: false}|' -e "s|$scratch/run/control|$scratch/newrun/control|" \
	"$scratch/naiad.yaml"
refused 1 'control.sock: another process answers there: .*control.path' -i lan0
[ "$(find "$scratch/new" "$scratch/newrun" ! -user "$sensor_user" | wc -l)" -eq 0 ] ||
	fail "not all is the user's: $(ls -lR "$scratch/new" "$scratch/newrun")"
rm "$scratch/new/eve.json"
await "its files to be opened again" test -f "$scratch/new/eve.json"
sensor_stop
[ "$status" -eq 0 ] || fail "the sensor ended with $status: $(cat "$scratch/log")"
finish "refusals are one line that says what to do"
