#!/bin/sh
# live_eve_socket.sh -- Suricata's EVE through a Unix socket: a stream that comes again, and datagrams.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"
command -v socat >/dev/null || skip "socat is not installed"

SCANNED=14

# flows FIRST COUNT -- 192.168.7.66 tries port 23 of COUNT hosts from 198.51.100.FIRST on, as Suricata writes it
flows() {
	awk -v first="$1" -v count="$2" -v start="$(date -u +%Y-%m-%dT%H:%M:%S.000000+0000)" 'BEGIN {
		for (i = first; i < first + count; i++)
			printf("{\"timestamp\":\"%s\",\"flow_id\":%d,\"event_type\":\"flow\"," \
				"\"src_ip\":\"192.168.7.66\",\"src_port\":%d,\"dest_ip\":\"198.51.100.%d\"," \
				"\"dest_port\":23,\"proto\":\"TCP\",\"flow\":{\"pkts_toserver\":1,\"pkts_toclient\":0," \
				"\"bytes_toserver\":60,\"bytes_toclient\":0,\"start\":\"%s\",\"end\":\"%s\"," \
				"\"age\":0,\"state\":\"new\",\"reason\":\"timeout\",\"alerted\":false}," \
				"\"tcp\":{\"tcp_flags\":\"02\",\"tcp_flags_ts\":\"02\",\"tcp_flags_tc\":\"00\"," \
				"\"syn\":true,\"state\":\"syn_sent\"}}\n", start, 1000 + i, 40000 + i, i, start, start)
	}'
}

stream=$scratch/run/eve.sock
datagrams=$scratch/run/eve.dgram
sensor_settings 'eve: {flows: true}' 'inputs:' \
	"  - {type: eve, path: 'unix:$stream', group: nogroup}" \
	"  - {type: eve, path: 'unix_dgram:$datagrams', mode: 0666}"
sensor_start --
[ "$(stat -c '%U %G %a' "$stream")" = "$sensor_user nogroup 660" ] || fail "$(ls -l "$stream")"
[ "$(stat -c '%a' "$datagrams")" = 666 ] || fail "$(ls -l "$datagrams")"

# is METRIC INPUT LABELS VALUE
is() {
	scrape | grep -qF "naiad_$1{input=\"${2}\"$3} $4"
}
# Names are as long as those of interfaces: the end of a path is what is kept.
name() {
	printf %s "$1" | tail -c 63
}
of_stream=$(name "unix:$stream")
of_datagrams=$(name "unix_dgram:$datagrams")

flows 1 6 | socat -u - "UNIX-CONNECT:$stream"
{
	flows 7 6
	echo 'this is no event'
	printf '{"torn'
} | socat -u - "UNIX-CONNECT:$stream" # it was restarted
flows $((SCANNED - 1)) 1 | socat -u - "UNIX-SENDTO:$datagrams"
flows "$SCANNED" 1 | socat -u - "UNIX-SENDTO:$datagrams"

await "both connections" is input_connections_total "$of_stream" '' 2
await "what they wrote" is input_lines_total "$of_stream" ',result="read"' 12
await "the datagrams" is input_lines_total "$of_datagrams" ',result="read"' 2
await "the line that is none" is input_lines_total "$of_stream" ',result="bad"' 1
await "the torn one" is input_torn_lines_total "$of_stream" '' 1
[ "$(grep -c 'the line is skipped' "$scratch/log")" -eq 1 ] || fail "the bad line: $(cat "$scratch/log")"
await "the scan" grep -q '"kind":"evidence"' "$scratch/out/eve.json"
sensor_stop
[ "$status" -eq 0 ] || fail "exit $status: $(cat "$scratch/log")"
found_in "$scratch/out" | grep -q '^HORIZONTAL_PORT_SCAN	192.168.7.66	23/tcp' ||
	fail "no scan found: $(found_in "$scratch/out")"
[ "$(grep -c '"event_type":"flow"' "$scratch/out/eve.json")" -eq "$SCANNED" ] || fail "flows are missing"

# Under the unit it is no root that makes the socket: the directory of docs/INPUTS.md gives it Suricata's group.
shared=$scratch/naiad-eve
mkdir "$shared"
chown "$sensor_user:daemon" "$shared"
chmod 2750 "$shared"
sensor_settings 'inputs:' "  - {type: eve, path: 'unix:$shared/eve.sock'}"
sensor_program=$(for_anybody "$NAIAD")
sensor_before="setpriv --reuid=$sensor_user --regid=nogroup --clear-groups"
sensor_start --
# suricata GROUP -- it writes, as a user of that group alone
suricata() {
	flows 1 6 | setpriv --reuid=65533 --regid="$1" --clear-groups socat -u - "UNIX-CONNECT:$shared/eve.sock"
}
! suricata games 2>"$scratch/err" || fail "a stranger gets to the shared socket"
grep -q 'Permission denied' "$scratch/err" || fail "a stranger: $(cat "$scratch/err")"
suricata daemon || fail "Suricata does not get to the shared socket: $(ls -l "$shared")"
await "what Suricata wrote" is input_lines_total "$(name "unix:$shared/eve.sock")" ',result="read"' 6
sensor_stop
[ "$status" -eq 0 ] || fail "exit $status: $(cat "$scratch/log")"
finish "EVE is read from Unix sockets"
