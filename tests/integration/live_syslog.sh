#!/bin/sh
# live_syslog.sh -- rsyslogd stops under the running sensor and comes back: every finding arrives, none twice.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"
for tool in rsyslogd tcpreplay jq curl; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done

PORT=5514 # of a network of our own
server=
trap 'sensor_gone || kill -9 "$sensor"; [ -z "$server" ] || kill -9 "$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT

cat >"$scratch/rsyslog.conf" <<END
global(workDirectory="$scratch" maxMessageSize="64k")
module(load="imuxsock" SysSock.Use="off")
module(load="imtcp")
template(name="raw" type="string" string="%rawmsg%\n")
ruleset(name="all") { action(type="omfile" file="$scratch/received" template="raw") }
input(type="imuxsock" socket="$scratch/log.sock" ruleset="all" useSpecialParser="off"
	parseHostname="on" rateLimit.interval="0")
input(type="imtcp" address="127.0.0.1" port="$PORT" ruleset="all")
END

server_start() {
	rm -f "$scratch/log.sock"
	rsyslogd -n -f "$scratch/rsyslog.conf" -i "$scratch/pid" 2>>"$scratch/rsyslog.err" &
	server=$!
	await "rsyslogd to start" test -S "$scratch/log.sock"
	await "rsyslogd to listen" sh -c "ss -Hltn 'sport = :$PORT' | grep -q ."
	chmod 666 "$scratch/log.sock" # as /dev/log is
}

server_stop() {
	kill "$server"
	wait "$server" || true
	server=
}

# received [GREP OPTION...] -- the ids in the messages, one a line
received() {
	grep "$@" -o ' id="[^"]*"' "$scratch/received" | cut -d '"' -f 2
}

# more_than COUNT -- findings have arrived
more_than() {
	[ "$(received | sort -u | wc -l)" -gt "$1" ]
}

all_sent() {
	[ "$(metric 'naiad_output_queue_length{output="syslog"}')" = 0 ] &&
		[ "$(metric 'naiad_output_events_total{output="syslog"}')" = 1500 ]
}

# through NAME SETTINGS -- 500 findings while it is there, 500 while it is away, 500 when it is there again
through() {
	name=$1
	rm -rf "$scratch/out" "$scratch/state"
	mkdir "$scratch/out" "$scratch/state"
	chown "$sensor_user" "$scratch/out" "$scratch/state"
	: >"$scratch/received"
	sensor_settings "syslog: {enabled: true, $2}"
	server_start
	sensor_start
	sweeps 0 500 4000
	await "findings in rsyslogd" more_than 50
	server_stop
	before=$(received | sort -u | wc -l)
	sweeps 500 500 4000
	await "it to be noticed" grep -q 'cannot send' "$scratch/log"
	server_start
	sweeps 1000 500 4000
	await "syslog to be sent" all_sent
	sensor_stop
	[ "$status" -eq 0 ] || fail "$name: the sensor ended with $status"
	await "what is in rsyslogd's queue" more_than 1499
	server_stop

	[ "$before" -gt 50 ] || fail "$name: $before findings had arrived before rsyslogd stopped"
	jq -r 'select(.naiad.kind == "evidence").naiad.id' "$scratch/out/eve.json" | sort >"$scratch/written"
	[ "$(uniq "$scratch/written" | wc -l)" -eq 1500 ] || fail "$name: $(wc -l <"$scratch/written") findings in eve.json"
	received | sort >"$scratch/arrived"
	missing=$(uniq "$scratch/arrived" | comm -23 "$scratch/written" - | wc -l)
	[ "$missing" -eq 0 ] || fail "$name: $missing findings of eve.json did not arrive"
	unknown=$(uniq "$scratch/arrived" | comm -13 "$scratch/written" - | wc -l)
	[ "$unknown" -eq 0 ] || fail "$name: $unknown arrived that eve.json does not have"
	# What was under way when the other end closed may have arrived: it comes again, and says so.
	repeats=$(grep -c ' repeat="yes" ' "$scratch/received" || true)
	twice=$(grep -v ' repeat="yes" ' "$scratch/received" | grep -o ' id="[^"]*"' | sort | uniq -d | wc -l)
	[ "$twice" -eq 0 ] || fail "$name: $twice findings arrived twice and were not marked"
	[ "$(grep -c 'cannot send' "$scratch/log")" -eq 1 ] || fail "$name: it is not said once that it is away"
	grep -q 'is reached again' "$scratch/log" || fail "$name: it is not said that it is back"
	echo "$name: 1500 findings, $before of them before the stop, $repeats marked as repeats," \
		"$(uniq -d "$scratch/arrived" | wc -l) of those had arrived"
}

through unix "transport: unix, path: $scratch/log.sock"
through tcp "transport: tcp, host: 127.0.0.1, port: $PORT"
finish "rsyslogd gets every finding of the running sensor"
