#!/bin/sh
# metrics_live.sh -- strangers at /metrics of the real sensor cost neither packets, scrapes nor memory.
#
# Packets are replayed all the while: every one that was sent is analysed. metrics_http.sh does more to
# the listener alone. Then promtool on the page of the real sensor, in both formats.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"
. "$(dirname -- "$0")/scrapes"
command -v tcpreplay >/dev/null || skip "tcpreplay is not installed"
ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0

PACKETS_A_SECOND=5000
address=127.0.0.1:9947
capture=$captures/lab-scan.pcap
sensor_settings
sed -i "s|^metrics: .*|metrics: {listen: \"$address\"}|" "$scratch/naiad.yaml"

analysed() {
	curl -s "http://$address/metrics" |
		awk '$1 == "naiad_packets_analysed_total{interface=\"lan0\"}" { print $2 }'
}

sent() {
	ip -j -s link show lan1 | jq '.[0].stats64.tx.packets'
}

all_analysed() {
	[ "$(analysed)" = "$(sent)" ]
}

# replay OPTION... -- in the background; sets load
replay() {
	tcpreplay -q -p "$PACKETS_A_SECOND" "$@" -i lan1 "$capture" >"$scratch/replay" 2>&1 &
	load=$!
}

sensor_start
server=$sensor
watch_start "$sensor"
# too_busy -- of packets and of time nothing is promised where the sensor has no processor
excuse=too_busy
too_busy() {
	watch_ms
	[ "$waited" -lt 10000 ] || skip "this machine is too busy: the sensor had no processor for $waited ms"
}
# Twice over the capture, so that the memory that packets take is there.
replay -l 2
wait "$load" || fail "tcpreplay: $(cat "$scratch/replay")"
await "the first packets" all_analysed
before=$(rss)

replay -l 0
trap 'kill "$load" 2>/dev/null || true; sensor_gone || kill -9 "$sensor"; rm -rf "$scratch"' EXIT
meanwhile "1000 idle connections" "$abuse" "$address" idle 1000 2
meanwhile "200 answers that nobody reads" "$abuse" "$address" slow 200 2
meanwhile "50 headers of a megabyte" "$abuse" "$address" header 1000000 50
kill "$load"
wait "$load" 2>/dev/null || true
await "all packets" all_analysed
[ "$(sent)" -gt "$PACKETS_A_SECOND" ] || fail "no packets were replayed: $(cat "$scratch/replay")"
[ "$(counted naiad_packets_dropped_total)" -eq 0 ] || fail "of $(sent) packets $(analysed) were analysed"
[ "$(counted naiad_scrape_connections_dropped_total)" -gt 1000 ] || fail "no connection was counted as dropped"
rss_grew_little "$before"
echo "$(sent) packets sent, all analysed"

if command -v promtool >/dev/null; then
	curl -s "http://$address/metrics" | promtool check metrics || fail "promtool check metrics"
else
	echo "promtool is not installed: the page was not checked by it"
fi
curl -s -D "$scratch/head" -H 'Accept: application/openmetrics-text' "http://$address/metrics" >"$scratch/page"
grep -qi '^content-type: application/openmetrics-text; version=1.0.0; charset=utf-8' "$scratch/head" ||
	fail "OpenMetrics has another content type: $(cat "$scratch/head")"
[ "$(tail -n 1 "$scratch/page")" = "# EOF" ] || fail "OpenMetrics does not end in # EOF"
[ "$(grep -c '^# TYPE naiad_packets_dropped counter$' "$scratch/page")" -eq 1 ] || fail "a family has not one heading"
sensor_stop
[ "$status" -eq 0 ] || fail "the sensor ended with $status: $(tail -n 3 "$scratch/log")"
finish "/metrics of the real sensor holds"
