#!/bin/sh
# live_sandbox.sh -- into both processes of the running sensor, under what its unit allows, and out again.
#
# integration/sandbox.sh tries every way out of processes that are made for it. Here are the real ones,
# with what is open in them, and they have to go on after it.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"
. "$NAIAD_SOURCE/tests/support/sandbox"
for tool in tcpreplay jq curl systemd-analyze pgrep; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done

# attempt, and what comes of it: in the engine, in the writer
cat >"$scratch/table" <<END
read_shadow             refused  refused
read_a_public_file      refused  refused
write_elsewhere         refused  refused
empty_elsewhere         refused  refused
unlink_elsewhere        refused  refused
run_program             refused  refused
make_process            refused  refused
make_process_new_way    refused  refused
trace                   refused  refused
read_other_memory       refused  refused
signal_another          refused  refused
socket_inet             refused  allowed
socket_packet           refused  refused
socket_netlink          refused  refused
mount_something         refused  refused
leave_namespaces        refused  refused
load_bpf                refused  refused
make_code               refused  refused
turn_into_code          refused  refused
become_root             refused  refused
dump_core               refused  refused
read_own_file           allowed  refused
write_own_files         refused  allowed
turn_the_loop           allowed  allowed
use_memory              allowed  allowed
END
landlock_only='^(read_shadow|read_a_public_file|read_own_file|.*_elsewhere) '
sandbox_has_landlock || {
	grep -vE "$landlock_only" "$scratch/table" >"$scratch/rest"
	mv "$scratch/rest" "$scratch/table"
	echo "no Landlock in this kernel: what it keeps closed was not tried"
}

# closed PROCESS PID -- what /proc says of it
closed() {
	capabilities=0000000000000000
	[ "$1" != engine ] || capabilities=0000000000002000 # CAP_NET_RAW, asleep
	cat >"$scratch/want" <<-END
		CapAmb 0000000000000000
		CapEff 0000000000000000
		CapInh 0000000000000000
		CapPrm $capabilities
		NoNewPrivs 1
		Seccomp 2
		Uid $(id -u "$sensor_user")
		Umask 0027
	END
	tr -d ':' <"/proc/$2/status" |
		awk '/^(Cap(Amb|Eff|Inh|Prm)|NoNewPrivs|Seccomp|Umask|Uid)\t/ { print $1, $2 }' |
		LC_ALL=C sort >"$scratch/got"
	diff -u "$scratch/want" "$scratch/got" || fail "$where: /proc of the $1"
	grep -q '^Max core file size *0 *0 ' "/proc/$2/limits" || fail "$where: the $1 may dump core"
	[ "$(stat -c %u "/proc/$2/mem")" -eq 0 ] || fail "$where: its own user may trace the $1"
}

# judge PROCESS PID -- try from inside, and compare with the table
judge() {
	sandbox_try "$2" >"$scratch/tried" || fail "$where: no answer from inside the $1"
	awk -v process="$1" '{ print $1, process == "engine" ? $2 : $3 }' "$scratch/table" >"$scratch/want"
	cut -d ' ' -f 1,2 "$scratch/tried" >"$scratch/got"
	grep -vxFf "$scratch/got" "$scratch/want" >"$scratch/wrong" &&
		fail "$where: the $1 is not closed: $(cat "$scratch/wrong")"
	tried=$(wc -l <"$scratch/want")
}

found() { [ "$(findings "$scratch/logs/out/eve.json")" -eq "$1" ]; }
logged() { grep -q -- "$1" "$scratch/log"; }

# inside WHERE FIRST -- both processes of the sensor that runs, which goes on after all that
inside() {
	where=$1
	writer=$(pgrep -P "$sensor" -x naiad-writer) || fail "$where: there is no writer"
	closed engine "$sensor"
	closed writer "$writer"
	judge engine "$sensor"
	judge writer "$writer"
	sweeps "$2" 50
	await "$where: findings after what was tried" found $(($2 + 50))
	kill -HUP "$sensor"
	await "$where: a reload after what was tried" logged 'settings: read again'
	ip link del lan0
	await "$where: the interface to be missed" logged 'lan0: the interface is gone'
	ip link add lan0 type veth peer name lan1
	ip link set lan0 up
	ip link set lan1 up
	await "$where: the interface to be found again" logged 'lan0: capturing again'
	sensor_stop
	[ "$status" -eq 0 ] || fail "$where: the sensor ended with $status: $(tail -n 3 "$scratch/log")"
	[ ! -e "$place/other/written" ] && [ -e "$place/other/victim" ] || fail "$where: something got out"
}

sandbox_places
# The settings are what the engine may read. What the writer may write to is the directory around the output
# directory: nothing else is to be there.
sensor_settings
mkdir -p "$scratch/logs/out"
chown "$sensor_user" "$scratch/logs/out"
SANDBOX_READ=$scratch/naiad.yaml SANDBOX_WRITE=$scratch/logs/out
sensor_program=$(sandbox_program naiad)
cp "$NAIAD_BUILD/libsandbox_preload.so" "$scratch"
mkfifo "$scratch/answers"
exec 9<>"$scratch/answers"
preload="$(command -v env) SANDBOX_FD=9 LD_PRELOAD=$scratch/libsandbox_preload.so"

sensor_before=$preload
sensor_start -i lan0 -o "$scratch/logs/out"
inside "started by root" 0

# systemd is not needed for what its unit comes to.
sandbox_under_unit "$(command -v env)" >/dev/null || fail "nothing runs under the unit's filter"
rm -f "$scratch/run"/*.sock # they are root's
chown "$sensor_user" "$scratch/run"
sensor_before="$NAIAD_BUILD/under_unit $sensor_user $scratch/calls $preload"
sensor_start -i lan0 -o "$scratch/logs/out"
inside "under the unit" 50
finish "nothing gets out of the running sensor: $tried attempts in each process, twice"
