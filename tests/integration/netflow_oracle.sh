#!/bin/sh
# netflow_oracle.sh -- a real exporter's datagrams, as nfcapd reads them and as we do: the same records and sums.
#
# softflowd reads a capture and exports it as NetFlow v5, v9, IPFIX, and IPFIX with both directions in a
# record; a relay hands each datagram to us and to nfcapd. All on loopback.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/own_network"
for program in softflowd nfcapd nfdump; do
	command -v "$program" >/dev/null || skip "$program is not installed"
done
relay=${NAIAD_BUILD:-$NAIAD_SOURCE/build/asan}/netflow_relay
running= collector_port=9995 # of a network of our own
trap 'for pid in $running; do kill -9 "$pid" 2>/dev/null || true; done; rm -rf "$scratch"' EXIT

# until_there SECONDS COMMAND... -- wait until it succeeds
until_there() {
	tries=$(($1 * 20))
	shift
	while ! "$@" 2>/dev/null; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.05
	done
}

# of NAME FILE -- the number behind a word of the relay's line
of() {
	sed -n "s/.*\b$1 \([0-9]*\).*/\1/p" "$2"
}

# stop PID -- ask it to end, and wait for that
stop() {
	kill -TERM "$1"
	wait "$1" || true
}

# is_read PORT -- nothing waits to be read there
is_read() {
	grep "$(printf ':%04X ' "$1")" /proc/net/udp | grep -q ':00000000 00:'
}

collector_start() { # DIRECTORY -> $collector
	nfcapd -b 127.0.0.1 -p "$collector_port" -w "$1" -l "$1" >"$1.log" 2>&1 &
	collector=$!
	running=$collector
	until_there 30 grep -q "$(printf ':%04X ' "$collector_port")" /proc/net/udp
}

compare() { # NAME CAPTURE OPTION...
	name=$1
	capture=$2
	shift 2
	mkdir "$scratch/$name"
	collector_start "$scratch/$name" || {
		fail "$name: nfcapd does not start: $(head -n 2 "$scratch/$name.log")"
		return
	}
	"$relay" "$collector_port" >"$scratch/$name.ours" &
	between=$!
	running="$collector $between"
	until_there 30 test -s "$scratch/$name.ours" || fail "$name: the relay does not start"
	# Its control socket makes 1.1.0 wait for somebody who asks.
	timeout 60 softflowd -d -r "$capture" -n "127.0.0.1:$(head -n 1 "$scratch/$name.ours")" \
		-p "$scratch/pid" -c none "$@" >"$scratch/$name.exporter" 2>&1
	until_there 30 is_read "$(head -n 1 "$scratch/$name.ours")" || fail "$name: the relay does not read"
	stop "$between"
	until_there 30 is_read "$collector_port" || fail "$name: nfcapd does not read"
	sleep 0.2
	stop "$collector"
	running=
	nfdump -q -N -R "$scratch/$name" -o 'fmt:%ipkt %ibyt %opkt %obyt' 2>/dev/null |
		awk '{ n++; p += $1 + $3; b += $2 + $4 } END { printf "records %d packets %d bytes %d\n", n, p, b }' \
			>"$scratch/$name.theirs"
	echo "$name: ours $(tail -n 1 "$scratch/$name.ours"), theirs $(cat "$scratch/$name.theirs")"
	for word in records packets bytes; do
		[ "$(of $word "$scratch/$name.ours")" = "$(of $word "$scratch/$name.theirs")" ] ||
			fail "$name: $word differ"
	done
	[ "$(of records "$scratch/$name.ours")" -gt 0 ] || fail "$name: nothing came"
	for word in lost bad without_template; do
		[ "$(of $word "$scratch/$name.ours")" = 0 ] || fail "$name: $word is not 0"
	done
}

capture=$captures/lab-scan.pcap
compare v5 "$capture" -v 5
compare v9 "$capture" -v 9
compare ipfix "$capture" -v 10
compare both "$capture" -v 10 -b
wide_capture=$wide/cc-beacons/jstrosch__amadey-202007.pcap
if [ -r "$wide_capture" ]; then
	compare v9-amadey "$wide_capture" -v 9 -6
	compare ipfix-amadey "$wide_capture" -v 10 -6
fi
finish "exporters' datagrams read as nfcapd reads them"
