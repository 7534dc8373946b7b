#!/bin/sh
# live_follow.sh -- beside a running Zeek: growing logs, rotation, kill -9; no line is lost or told twice.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"

logs=$scratch/zeek
mkdir -m 755 "$logs"
fields='ts	uid	id.orig_h	id.orig_p	id.resp_h	id.resp_p	proto	service	duration	orig_bytes	resp_bytes	conn_state	local_orig	local_resp	missed_bytes	history	orig_pkts	orig_ip_bytes	resp_pkts	resp_ip_bytes	tunnel_parents'
types='time	string	addr	port	addr	port	enum	string	interval	count	count	string	bool	bool	count	string	count	count	count	count	set[string]'
number=0

# log_begin -- a new conn.log with its header, as Zeek writes it
log_begin() {
	printf '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\t%s\n#types\t%s\n' \
		"$fields" "$types" >"$logs/conn.log"
}

# line -- the next one: nobody answers 192.168.7.66 at port 23
line() {
	number=$((number + 1))
	printf '%s.%06d\tCfollow%05d\t192.168.7.66\t%d\t198.51.100.%d\t23\ttcp\t-\t0.000100\t0\t0\tS0\tT\tF\t0\tS\t1\t60\t0\t0\t-' \
		"$(date +%s)" "$number" "$number" $((40000 + number)) $((number % 250 + 1))
}

# lines COUNT -- whole ones
lines() {
	for _ in $(seq "$1"); do
		line
		echo
	done
}

# names COUNT -- in a log of another kind, in JSON
names() {
	for i in $(seq "$1"); do
		printf '{"ts":%s.5,"uid":"Cdns%05d","id.orig_h":"192.168.7.66","id.orig_p":%d,"id.resp_h":"192.168.7.1","id.resp_p":53,"proto":"udp","trans_id":%d,"query":"host%d.example","qclass":1,"qtype":1,"qtype_name":"A","rcode":0,"rcode_name":"NOERROR","AA":false,"TC":false,"RD":true,"RA":true,"Z":0,"rejected":false}\n' \
			"$(date +%s)" "$i" $((50000 + i)) "$i" "$i"
	done
}

# told -- how many conversations were written down
told() {
	grep -c '"event_type":"flow"' "$scratch/out/eve.json" || true
}
has_told() {
	[ "$(told)" -ge "$number" ]
}

# read_so_far, is_read COUNT -- how many lines this run has brought to the engine
read_so_far() {
	metric "naiad_input_observations_total{input=\"$(printf %s "$logs" | tail -c 63)\"}"
}
is_read() {
	[ "$(read_so_far)" -ge "$1" ]
}

# positions_written -- how far it was read, not before there was something to read
positions_written() {
	[ -s "$scratch/state/inputs" ] && [ -z "$(find "$logs/conn.log" -newer "$scratch/state/inputs")" ]
}

sensor_settings 'eve: {flows: true}' "inputs: [{type: zeek, path: $logs}]"
log_begin
lines 3 >>"$logs/conn.log"
sensor_start --
await "what was there" has_told

# It grows, a piece of a line at a time.
lines 4 >>"$logs/conn.log"
half=$(line)
number=$((number + 1))
printf '%s' "$half" | cut -c 1-40 | tr -d '\n' >>"$logs/conn.log"
await "the lines before it" is_read $((number - 1))
[ "$(read_so_far)" -eq $((number - 1)) ] || fail "half a line was told"
printf '%s\n' "$half" | cut -c 41- >>"$logs/conn.log"
await "the line in two pieces" has_told
names 2 >"$logs/dns.log" # a log that was not there

# Rotation: renamed, and made anew; the writer still writes to the old one.
exec 3>>"$logs/conn.log"
mv "$logs/conn.log" "$logs/conn.2026-01-01-00-00-00.log"
lines 2 >&3
log_begin
exec 3>&-
lines 5 >>"$logs/conn.log"
await "both sides of a rotation" has_told

# Killed, while the logs go on and are rotated.
await "how far it was read" positions_written
kill -9 "$sensor"
wait "$sensor" 2>/dev/null || true
lines 3 >>"$logs/conn.log"
mv "$logs/conn.log" "$logs/conn.2026-01-01-01-00-00.log"
log_begin
lines 2 >>"$logs/conn.log"
sensor_start --
await "what came while nobody listened" has_told
lines 2 >>"$logs/conn.log"
await "what came then" has_told
await "dns" grep -q '"event_type":"dns"' "$scratch/out/eve.json"
sensor_stop
[ "$status" -eq 0 ] || fail "exit $status: $(cat "$scratch/log")"

# Stopped in peace, and started: nothing is told again.
sensor_start --
lines 1 >>"$logs/conn.log"
await "the last line" has_told
sensor_stop
uids() {
	jq -r 'select(.event_type == "flow") | .naiad.uid' "$scratch/out/eve.json"
}
[ "$(uids | wc -l)" -eq "$number" ] || fail "$(uids | wc -l) conversations, expected $number: $(uids | sort | uniq -d | tr '\n' ' ')"
[ "$(uids | sort -u | wc -l)" -eq "$number" ] || fail "some were told twice: $(uids | sort | uniq -d | tr '\n' ' ')"
[ "$(grep -c '"event_type":"dns"' "$scratch/out/eve.json")" -eq 2 ] || fail "dns was told twice, or not"
found_in "$scratch/out" | grep -q '^HORIZONTAL_PORT_SCAN	192.168.7.66	23/tcp' ||
	fail "no scan found: $(found_in "$scratch/out")"
finish "logs that grow are read once: $number lines over two rotations and a kill -9"
