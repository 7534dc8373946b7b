#!/bin/sh
# hostile_captures.sh -- damaged and hostile captures run clean under the sanitizers.
. "$(dirname -- "$0")/common"
[ -d "$wide" ] || skip "the wide collection of captures is not beside the repository"

count=0
printf 'direction: all\nlogs:\n  zeek: json\n' >"$scratch/settings.yaml"
for capture in "$wide"/malformed/*.pcap* "$wide"/linktypes/*.pcap* "$wide"/tcp-udp-icmp/*.pcap*; do
	[ -f "$capture" ] || continue
	status=0
	analyse run "$capture" -c "$scratch/settings.yaml" || status=$?
	case $status in
	0) jq -e .packets "$scratch/run/summary.json" >/dev/null || fail "$capture: no summary" ;;
	4) [ "$(wc -l <"$scratch/run/stderr")" -eq 1 ] || fail "$capture: refused with $(wc -l <"$scratch/run/stderr") lines" ;;
	*) fail "$capture: exit $status: $(tail -n 3 "$scratch/run/stderr")" ;;
	esac
	if grep -q 'Sanitizer\|runtime error' "$scratch/run/stderr"; then
		fail "$capture: $(grep -m 1 'Sanitizer\|runtime error' "$scratch/run/stderr")"
	fi
	count=$((count + 1))
done
[ "$count" -gt 100 ] || fail "only $count captures were there"
finish "$count hostile captures: clean"
