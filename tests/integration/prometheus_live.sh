#!/bin/sh
# prometheus_live.sh -- prometheus.sh on the real sensor, with packets on the wire.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"
command -v tcpreplay >/dev/null || skip "tcpreplay is not installed"
command -v prometheus >/dev/null || skip "prometheus is not installed"

TARGET=127.0.0.1:9947
sensor_settings
sed -i "s|^metrics: .*|metrics: {listen: \"$TARGET\"}|" "$scratch/naiad.yaml"
tcpreplay -q -l 0 -p 2000 -i lan1 "$captures/lab-scan.pcap" >/dev/null 2>&1 &
load=$!
trap 'kill "$load" 2>/dev/null || true; rm -rf "$scratch"' EXIT
export TARGET
START_TARGET="$NAIAD -c $scratch/naiad.yaml -i lan0" MAKE_ILL= "$(dirname -- "$0")/prometheus.sh" ||
	fail "prometheus.sh"
finish "dashboards and rules fit the real sensor"
