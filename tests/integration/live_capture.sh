#!/bin/sh
# live_capture.sh -- packets of real interfaces: every one counted, interfaces that come and go.
#
# Each scenario of live_capture.c runs in a network namespace of its own, on veth pairs.
. "$(dirname -- "$0")/common"

NAIAD_BUILD=${NAIAD_BUILD:-$NAIAD_SOURCE/build/asan}
command -v ip >/dev/null || skip "there is no ip(8) (iproute2)"
own=
for way in "unshare -n" "unshare -rn"; do
	# shellcheck disable=SC2086
	if [ -z "$own" ] && $way ip link add probe type veth peer name prober 2>/dev/null; then
		own=$way
	fi
done
[ -n "$own" ] || skip "no network namespace with a veth pair can be made here"

for scenario in million flap come_and_go kinds refusals lost_events; do
	# shellcheck disable=SC2086
	$own sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6 2>/dev/null
		echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6 2>/dev/null
		exec "$@"' sh "$NAIAD_BUILD/live_capture" "$scenario" || fail "$scenario"
done
finish "live capture holds"
