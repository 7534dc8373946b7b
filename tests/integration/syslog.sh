#!/bin/sh
# syslog.sh -- a real rsyslogd that stops and comes back gets every finding, and none twice.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/own_network"
. "$(dirname -- "$0")/drive"
command -v rsyslogd >/dev/null || skip "rsyslogd is not installed"
port=5514 # of a network of our own
driver=${NAIAD_BUILD:-$NAIAD_SOURCE/build/asan}/outlet_driver

server=
trap '[ -z "$server" ] || kill -9 "$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT

# What comes at once when it is there again has room, also while it has no processor: nobody repeats a datagram that was
# lost in between.
cat >"$scratch/rsyslog.conf" <<END
global(workDirectory="$scratch" maxMessageSize="64k")
module(load="imuxsock" SysSock.Use="off")
module(load="imudp")
module(load="imtcp")
template(name="raw" type="string" string="%rawmsg%\n")
ruleset(name="all") { action(type="omfile" file="$scratch/received" template="raw") }
input(type="imuxsock" socket="$scratch/log.sock" ruleset="all" useSpecialParser="off"
	parseHostname="on" rateLimit.interval="0")
input(type="imudp" address="127.0.0.1" port="$port" ruleset="all" rcvbufSize="8m")
input(type="imtcp" address="127.0.0.1" port="$port" ruleset="all")
END

# listens -- in each of the three ways
listens() {
	[ -S "$scratch/log.sock" ] && ss -Hltn "sport = :$port" | grep -q . && ss -Hlun "sport = :$port" | grep -q .
}

server_start() {
	rm -f "$scratch/log.sock"
	rsyslogd -n -f "$scratch/rsyslog.conf" -i "$scratch/pid" 2>>"$scratch/rsyslog.err" 3>&- &
	server=$!
	for _ in $(seq 600); do
		! listens || return 0
		sleep 0.05
	done
	skip "rsyslogd does not start: $(head -n 2 "$scratch/rsyslog.err")"
}

server_stop() {
	kill "$server"
	wait "$server" || true
	server=
}

# ids [grep option...] -- the ids in what was received, one a line, in order
ids() {
	grep "$@" -o ' id="[^"]*"' "$scratch/received" | cut -d '"' -f 2
}

expected=660

more_than() {
	[ "$(wc -l <"$scratch/received")" -gt "$1" ]
}

all_arrived() {
	[ "$(ids | sort -u | wc -l)" -ge "$expected" ]
}

# until_so COMMAND... -- it succeeds, or half a minute is over
until_so() {
	for _ in $(seq 600); do
		! "$@" 2>/dev/null || break
		sleep 0.05
	done
}

# through NAME TRANSPORT SETTINGS... -- findings flow while the server is there, away, and there again
through() {
	name=$1
	shift
	: >"$scratch/received"
	cat >"$scratch/$name.yaml" <<-END
		service: {state: $scratch/$name.state}
		syslog: {enabled: true, $*}
	END
	server_start
	drive "$name" "$scratch/$name" 300 250 15000
	until_so more_than 50
	server_stop
	before=$(wc -l <"$scratch/received")
	more 200
	until_so grep -q 'cannot send' "$scratch/$name.err"
	server_start
	rest 100
	wait "$feeding" || fail "$name: the driver ended with $?: $(cat "$scratch/$name.err")"
	until_so all_arrived
	server_stop

	[ "$before" -gt 50 ] || fail "$name: $before messages before the stop"
	missing=$((expected - $(ids | sort -u | wc -l)))
	[ "$missing" -eq 0 ] || fail "$name: $missing of $expected findings did not arrive"
	twice=$(grep -v ' repeat="yes" ' "$scratch/received" | grep -o ' id="[^"]*"' | sort | uniq -d | wc -l)
	[ "$twice" -eq 0 ] || fail "$name: $twice findings arrived twice and were not marked"
	twice=$(ids | sort | uniq -d | wc -l)
	repeats=$(grep -c ' repeat="yes" ' "$scratch/received" || true)
	# In order, by the first arrival of each; alerts have numbers of their own.
	ids | awk '!seen[$0]++' | grep -- '-8000-8000-' | sort -c 2>/dev/null || fail "$name: not in order"
	said=$(grep -c 'cannot send' "$scratch/$name.err" || true)
	[ "$said" -eq 1 ] || fail "$name: said $said times that the server is away"
	grep -q 'is reached again' "$scratch/$name.err" || fail "$name: did not say that it is back"
	grep -q '^syslog written=[0-9]* too_long=0 full=0 reserved=0 failed=0 queued=0$' "$scratch/$name.out" ||
		fail "$name: $(cat "$scratch/$name.out")"
	echo "$name: $expected findings, $before before the stop, $repeats marked as repeats, $twice of them had arrived"
}

through unix "transport: unix, path: $scratch/log.sock"
grep -q '^<163>1 20[0-9-]*T[0-9:.]*Z driver naiad [0-9]* HORIZONTAL_PORT_SCAN \[naiad@32473 .*\] .*scanned' \
	"$scratch/received" || fail "not RFC 5424: $(head -n 1 "$scratch/received")"
[ "$(ids | sort | uniq -d | wc -l)" -le 2 ] || fail "unix: more repeats than one can be unsure of"
through tcp "transport: tcp, host: 127.0.0.1, port: $port"
through tcp_by_name "transport: tcp, host: localhost, port: $port"
through udp "transport: udp, host: 127.0.0.1, port: $port"
finish "rsyslogd gets everything, whatever happens to it"
