#!/bin/sh
# sandbox.sh -- enter the sandbox of each process for real, and try from inside what must be refused.
#
# Three ways in: the helper sandbox_inside, which becomes the engine or the writer as the daemon does;
# the same under what systemd/naiad.service allows (under_unit, no systemd running); and into a program
# that runs already, by LD_PRELOAD and a signal (sandbox_preload). What each process may do is the
# table below.
. "$(dirname -- "$0")/common"
. "$NAIAD_SOURCE/tests/support/sandbox"
[ "$(id -u)" -eq 0 ] || skip "only root has rights to give up"

# attempt, and what comes of it: in the engine, in the writer
cat >"$scratch/table" <<EOF
read_shadow             refused  refused
read_a_public_file      refused  refused
write_elsewhere         refused  refused
empty_elsewhere         refused  refused
link_elsewhere          refused  refused
socket_path_elsewhere   refused  refused
unlink_elsewhere        refused  refused
run_program             refused  refused
run_open_program        refused  refused
make_process            refused  refused
make_process_new_way    refused  refused
trace                   refused  refused
read_other_memory       refused  refused
signal_another          refused  refused
signal_all              refused  refused
socket_inet             refused  allowed
socket_inet6            refused  allowed
socket_netlink          refused  refused
socket_packet           refused  refused
socket_unix             allowed  allowed
listen_anew             refused  refused
connect_out             refused  reached
mount_something         refused  refused
leave_namespaces        refused  refused
load_bpf                refused  refused
handle_faults           refused  refused
use_keys                refused  refused
make_ring               refused  refused
count_events            refused  refused
load_module             refused  refused
type_into_terminal      refused  refused
make_code               refused  refused
turn_into_code          refused  refused
become_root             refused  refused
dump_core               refused  refused
change_mode             refused  refused
call_of_the_future      refused  refused
read_own_file           allowed  allowed
read_own_status         allowed  allowed
list_own_descriptors    allowed  allowed
read_interface          allowed  refused
turn_the_loop           allowed  allowed
use_memory              allowed  allowed
measure_self            allowed  allowed
wait_for_child          allowed  refused
accept_connection       allowed  refused
take_datagrams          allowed  refused
watch_anew              refused  refused
write_own_files         refused  allowed
send_to_syslog          refused  allowed
EOF
# Without Landlock only who may write at all is settled, not where and what is read.
landlock_only='^(read_shadow|read_a_public_file|read_interface|.*_elsewhere) '

# judge PROCESS FILE WHERE -- FILE has what the table says of the process, and nothing else
judge() {
	awk -v process="$1" '{ print $1, process == "engine" ? $2 : $3 }' "$scratch/table" >"$scratch/want"
	grep -vE '^status |^(hash_something|open_interface) ' "$2" | cut -d ' ' -f 1,2 >"$scratch/got"
	if ! sandbox_has_landlock; then
		for file in want got; do
			grep -vE "$landlock_only" "$scratch/$file" >"$scratch/cut"
			mv "$scratch/cut" "$scratch/$file"
		done
	fi
	diff -u "$scratch/want" "$scratch/got" || fail "$3: the $1 is not closed as the table says"
}

# says FILE LINE WHERE
says() {
	grep -qx -- "$2" "$1" || fail "$3: expected \"$2\", not \"$(grep "^${2% *} " "$1")\""
}

# closed FILE WHERE CAPABILITIES BOUNDING -- what /proc says of the process
closed() {
	says "$1" "status NoNewPrivs 1" "$2"
	says "$1" "status Seccomp 2" "$2"
	says "$1" "status CapEff 0000000000000000" "$2"
	says "$1" "status CapInh 0000000000000000" "$2"
	says "$1" "status CapAmb 0000000000000000" "$2"
	says "$1" "status CapPrm $3" "$2"
	says "$1" "status CapBnd $4" "$2"
	says "$1" "status Uid $(id -u nobody)" "$2"
	says "$1" "status Umask 0027" "$2"
	says "$1" "status Core 0" "$2"
	says "$1" "status MemOwner 0" "$2" # neither dumped nor traced by its own user
}
none=0000000000000000
net_raw=0000000000002000

inside=$(sandbox_program sandbox_inside)

# First without any: an attempt that is refused there as well proves nothing here, and is named.
sandbox_places
"$inside" none >"$scratch/open" || fail "sandbox_inside none: $?"
awk '$2 == "refused" && $1 != "call_of_the_future" {
	print "not told apart on this machine: " $1 " is refused without a sandbox too" }' "$scratch/open"
[ "$(grep -c ' refused$' "$scratch/open")" -lt 10 ] || skip "too little is allowed here to see a difference"

sandbox_places
"$inside" engine reopen user nobody >"$scratch/reopening" || fail "engine: exit $?"
judge engine "$scratch/reopening" "engine that reopens"
closed "$scratch/reopening" "engine that reopens" $net_raw $none
says "$scratch/reopening" "open_interface allowed" "engine that reopens"
says "$scratch/reopening" "hash_something allowed" "engine that reopens"

sandbox_places
"$inside" engine user nobody >"$scratch/engine" || fail "engine: exit $?"
closed "$scratch/engine" "engine" $none $none
says "$scratch/engine" "open_interface refused" "engine"
says "$scratch/engine" "socket_unix refused" "engine"

sandbox_places
"$inside" writer user nobody >"$scratch/writer" || fail "writer: exit $?"
judge writer "$scratch/writer" "writer"
closed "$scratch/writer" "writer" $none $none
says "$scratch/writer" "open_interface refused" "writer"
says "$scratch/writer" "hash_something allowed" "writer"

# Into a program that runs, as tests of the daemon do it.
sandbox_places
sandbox_start "$inside" writer user nobody wait
sandbox_try "$sandbox_pid" >"$scratch/running" || fail "no answer from inside"
sandbox_stop
judge writer "$scratch/running" "writer, while it runs"

command -v systemd-analyze >/dev/null || skip "systemd is not installed: not tried under the unit's filter"
sandbox_places
sandbox_under_unit "$inside" engine reopen >"$scratch/unit" || fail "under the unit: exit $?"
judge engine "$scratch/unit" "under the unit, engine"
closed "$scratch/unit" "under the unit, engine" $net_raw $net_raw
says "$scratch/unit" "open_interface allowed" "under the unit, engine"
sandbox_places
sandbox_under_unit "$inside" writer >"$scratch/unit" || fail "under the unit, writer: exit $?"
judge writer "$scratch/unit" "under the unit, writer"

# The unit's filter leaves naiad what it needs: a check of the settings, and a run.
naiad=$(sandbox_program naiad)
cp "$captures/lab-scan.pcap" "$scratch/place/capture.pcap"
sandbox_under_unit "$naiad" -T >"$scratch/out" 2>&1 || fail "naiad -T under the unit: $(cat "$scratch/out")"
sandbox_under_unit "$naiad" -r "$scratch/place/capture.pcap" -o "$scratch/place/write" \
	>"$scratch/out" 2>&1 || fail "naiad -r under the unit: $(cat "$scratch/out")"
[ -s "$scratch/place/write/eve.json" ] || fail "naiad -r under the unit wrote nothing"
# and it is a filter
! sandbox_under_unit "$inside" none 2>/dev/null | grep -E '^(mount_something|load_bpf|become_root|trace) ' |
	grep -v ' refused$' || fail "the unit's filter lets more through"
finish "nothing gets out"
