#!/bin/sh
# viewer_kills.sh -- the viewer, the sensor and Redis are killed in any order: the others do not care, the terminal is restored.
#
# In a shell's terminal, as somebody would: what stty says of it and what stood there are the same after a viewer that was
# left, asked to end or hung up. Nobody can restore it after SIGKILL; the shell is alive there all the same.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"
. "$NAIAD_SOURCE/tests/redis/server"
for tool in redis-server redis-cli tcpreplay; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done
. "$(dirname -- "$0")/terminal"

server=
trap 'terminal_end; [ -z "$server" ] || kill -9 "$server"; sensor_gone || kill -9 "$sensor"; rm -rf "$scratch"' EXIT
mkdir "$scratch/redis"
redis_start "$scratch/redis"
sensor_settings "redis: {enabled: true, targets: [{path: $redis_socket}]}" 'home_network: [10.0.0.0/8]' 'store: {write: always}'
analyse case "$captures/lab-scan.pcap"

# has TEXT -- somewhere in the picture
has() {
	grep -qF -e "$1"
}

# lacks TEXT
lacks() {
	! grep -qF -e "$1"
}

# viewer_pid -- of the one that runs in the terminal
viewer_pid() {
	ps --ppid "$(terminal display-message -p '#{pane_pid}')" -o pid=,comm= | awk '$2 == "naiad-view" { print $1 }'
}

# type_line LINE -- into the shell, and Enter
type_line() {
	terminal send-keys -l -- "$1"
	press Enter
}

terminal_begin 120 40 "PS1='ready> ' ENV= exec sh -i"
stands "a shell" has "ready>"
type_line 'stty -g >before; echo stood" "here'
stands "what is to come back" has "stood here"

# taken_back -- the shell has its terminal again, which nobody restored: Enter is no end of a line there
taken_back() {
	terminal send-keys -l -- "stty \$(cat before); printf '\\033c'; echo stood' 'here"
	press C-j
	stands "a shell after KILL" has "stood here"
}

# ended HOW -- the terminal is as it was before the viewer that stood in it
ended() {
	stands "$1" has "ready>"
	stands "$1: what stood there" has "stood here"
	type_line "stty -g >after"
	tries=1500
	until [ -s "$scratch/after" ] || [ "$tries" -eq 0 ]; do
		tries=$((tries - 1))
		sleep 0.02
	done
	cmp -s "$scratch/before" "$scratch/after" || fail "$1: stty: $(cat "$scratch/after") instead of $(cat "$scratch/before")"
	[ "$(terminal display-message -p '#{alternate_on} #{mouse_any_flag} #{cursor_flag}')" = "0 0 1" ] ||
		fail "$1: alternate screen, mouse, cursor: $(terminal display-message -p '#{alternate_on} #{mouse_any_flag} #{cursor_flag}')"
	rm -f "$scratch/after"
}

for how in q TERM HUP INT; do
	type_line "'$view' case"
	stands "the viewer before $how" has "Evidence: 5"
	[ "$(terminal display-message -p '#{alternate_on}')" = 1 ] || fail "$how: it draws over what stood there"
	if [ "$how" = q ]; then
		press q
	else
		kill "-$how" "$(viewer_pid)"
	fi
	ended "$how"
done

# ---- killed: the shell does not get its terminal back as it was, but gets it back ----
type_line "'$view' case"
stands "the viewer before KILL" has "Evidence: 5"
kill -KILL "$(viewer_pid)"
taken_back

# ---- a sensor that runs: its store is looked at ----
kill_sensor() {
	kill -KILL "$sensor"
	wait "$sensor" 2>/dev/null || true
	sensor=
}

# is_alive PID WHAT
is_alive() {
	kill -0 "$1" 2>/dev/null || fail "$2 is gone"
}

sensor_start
sweeps 0 5
await "a store" test -s "$scratch/out/naiad.db"
type_line "'$view' out"
stands "hosts of the sensor" has "Hosts 5"
stands "the sensor lives" has "  live  "
sweeps 5 5
stands "more hosts, without a key" has "Hosts 10"
press j j
watcher=$(viewer_pid)
kill_sensor
press h
stands "a key after the sensor was killed" has "Out-tuples"
press Escape
sensor_start
sweeps 10 5
stands "the next sensor's hosts" has "Hosts 15"
is_alive "$watcher" "the viewer of the store"
kill -KILL "$watcher"
taken_back
is_alive "$sensor" "the sensor whose viewer was killed"

# ---- and its Redis ----
type_line "'$view' 'redis+unix://$redis_socket'"
stands "hosts of Redis" has "[+] 10.0.0.14"
stands "what is known of a host" has "private address"
watcher=$(viewer_pid)
redis_stop KILL
stands "a Redis that is killed" has "does not answer"
sleep 2.5 # it looks twice
picture | has "[+] 10.0.0.14" || fail "without Redis the viewer forgets what it read"
picture | has "private address" || fail "without Redis the viewer forgets what is known of a host"
press h
stands "what is asked for without Redis" has "no answer: this is not known now"
press Escape
redis_start "$scratch/redis"
stands "a Redis that is back" lacks "does not answer" # what is shown until then was read before
stands "a Redis that is filled again" has "[+] 10.0.0.14"
kill_sensor
sweeps 15 1
press o
stands "reading again without a sensor" has "read again"
is_alive "$watcher" "the viewer of Redis"
is_alive "$server" "Redis"
sensor_start
sweeps 20 1
stands "the next sensor's host, in Redis" has "10.0.0.20"
stands "a window that went with the sensor before" has "this window is no longer there"
press q
ended "q, after all that"
sensor_stop
[ "$status" -eq 0 ] || fail "the sensor ended with $status: $(tail -n 5 "$scratch/log")"
finish "viewer, sensor and Redis go and come back, and the others go on"
