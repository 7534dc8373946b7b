#!/bin/sh
# metrics_http.sh -- what strangers do to /metrics costs neither other scrapers nor memory.
#
# The real listener (tests/support/metrics_server) with a page of 64 interfaces, honest scrapes all the
# while, and: a thousand idle connections, headers at a byte a second, answers that nobody reads, a
# megabyte of headers, requests as fast as they come, slowhttptest. Scrapes answer within 200 ms at
# the 99th percentile, and RSS grows by 8 MiB at most. Then promtool on the page, in both formats.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/scrapes"

server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT

# serve ADDRESS -- start the server there; sets server and address
serve() {
	rm -f "$scratch/said"
	"$NAIAD_BUILD/metrics_server" "$1" 64 >"$scratch/said" 2>"$scratch/stderr" &
	server=$!
	for _ in $(seq 600); do
		address=$(sed -n 's/^listening on //p' "$scratch/said" 2>/dev/null) || true
		[ -z "$address" ] || return 0
		sleep 0.05
	done
	fail "metrics_server does not listen on $1: $(cat "$scratch/stderr")"
	finish ""
}

# stop -- by SIGTERM, and it must end well
stop() {
	status=0
	kill "$server"
	wait "$server" || status=$?
	server=
	[ "$status" -eq 0 ] || fail "metrics_server ended with $status: $(tail -n 20 "$scratch/stderr")"
}

serve 127.0.0.1:0
meanwhile "nobody else" true
before=$(rss)
meanwhile "1000 idle connections" "$abuse" "$address" idle 1000 2
meanwhile "200 headers, a byte a second" "$abuse" "$address" drip 200 2
meanwhile "200 answers that nobody reads" "$abuse" "$address" slow 200 2
meanwhile "50 headers of a megabyte" "$abuse" "$address" header 1000000 50
meanwhile "as fast as it answers" "$abuse" "$address" flood 2
if command -v slowhttptest >/dev/null; then
	meanwhile "slowhttptest, slow headers" slowhttptest -H -c 300 -r 300 -i 1 -x 8 -l 3 -p 1 -u "http://$address/metrics"
	meanwhile "slowhttptest, slow reading" slowhttptest -X -c 300 -r 300 -w 1 -y 2 -n 1 -z 1 -l 3 -p 1 -u "http://$address/metrics"
fi
rss_grew_little "$before"
[ "$(counted naiad_scrape_connections_dropped_total)" -gt 1000 ] || fail "no connection was counted as dropped"

# A few that are slow, and nobody in want of their places: five seconds, and they are gone.
for seconds in 6 12 24; do # one second more than they have is little on a busy machine
	late=$(counted 'naiad_scrape_connections_dropped_total{reason="late"}')
	"$abuse" "$address" drip 10 "$seconds" >"$scratch/abuse"
	late=$(($(counted 'naiad_scrape_connections_dropped_total{reason="late"}') - late))
	[ "$late" -lt 10 ] || break
done
[ "$late" -ge 10 ] || fail "of 10 connections that dribble for $seconds s, $late were late"

for accept in text/plain application/openmetrics-text; do
	curl -s -H "Accept: $accept" "http://$address/metrics" >"$scratch/page"
	[ "$(grep -c '^# TYPE naiad_packets_dropped\(_total\)\? counter$' "$scratch/page")" -eq 1 ] ||
		fail "$accept: a family has not one heading"
done
[ "$(tail -n 1 "$scratch/page")" = "# EOF" ] || fail "OpenMetrics does not end in # EOF"
if command -v promtool >/dev/null; then
	curl -s "http://$address/metrics" | promtool check metrics || fail "promtool check metrics"
else
	echo "promtool is not installed: the page was not checked by it"
fi
[ "$(curl -s -o "$scratch/body" -w '%{http_code}' "http://$address/-/ready")" = 200 ] || fail "/-/ready"
kill -USR1 "$server"
for _ in $(seq 100); do
	[ "$(curl -s -o "$scratch/body" -w '%{http_code}' "http://$address/-/ready")" != 503 ] || break
	sleep 0.1
done
[ "$(curl -s -o "$scratch/body" -w '%{http_code}' "http://$address/-/ready")" = 503 ] || fail "/-/ready when ill"
grep -q '^eth0: down$' "$scratch/body" || fail "/-/ready does not say why: $(cat "$scratch/body")"
if "$NAIAD_BUILD/metrics_server" "$address" >"$scratch/said" 2>&1; then
	fail "two listen on $address"
fi
[ "$(wc -l <"$scratch/said")" -eq 1 ] || fail "not one line: $(cat "$scratch/said")"
stop

serve 0.0.0.0:0
grep -q 'warning.*can be reached from other machines' "$scratch/stderr" || fail "no warning for 0.0.0.0"
stop

serve "unix:$scratch/metrics.sock"
[ "$(stat -c %a "$scratch/metrics.sock")" = 660 ] || fail "the socket's mode is not 660"
curl -s --unix-socket "$scratch/metrics.sock" http://x/metrics | grep -q '^naiad_build_info{' || fail "nothing over a Unix socket"
kill -9 "$server"
wait "$server" || true
[ -S "$scratch/metrics.sock" ] || fail "kill -9 should leave the socket"
serve "unix:$scratch/metrics.sock"
stop
[ ! -e "$scratch/metrics.sock" ] || fail "the socket is left behind"
finish "/metrics holds"
