#!/bin/sh
# failing_allocations.sh -- the n-th allocation fails: naiad goes on, or ends with a code and a line that says why.
#
# Over 2,000 packets and a scan, the libraries' allocations included (liballoc_preload). It must never crash or
# hang. What ends with 0 has written every line that there is, unless a line on stderr names memory: a community
# id may be left out, and the id of a finding be a plainer one. Here a sample; ALL=1 takes every n, some minutes,
# and writes a row of tests/reliability/ledger.tsv.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/release"

preload=$NAIAD_BUILD/liballoc_preload.so
scan=$NAIAD_SOURCE/tests/golden/horizontal_scan/input.pcap
"$NAIAD_BUILD/bench_make_capture" -n 2000 -f 300 -H 100 "$scratch/packets.pcap"
printf 'direction: all\nhome_network: [10.0.0.0/8]\nlogs:\n  zeek: json\nprotocols: {trust_store: ""}\n' >"$scratch/settings.yaml"

# attempt DIRECTORY -- one run; its status is in $status
attempt() {
	mkdir -p "$scratch/$1"
	status=0
	timeout 60 env LD_PRELOAD="$preload" "$release" -c "$scratch/settings.yaml" -r "$scratch/packets.pcap" -r "$scan" \
		-o "$scratch/$1" >"$scratch/$1/stdout" 2>"$scratch/$1/stderr" || status=$?
}

# lines DIRECTORY -- how many are in each file that it wrote
lines() {
	(cd "$scratch/$1" && find . -type f ! -name stderr -exec wc -l {} +)
}

export ALLOC_COUNT="$scratch/count"
attempt whole
unset ALLOC_COUNT
[ "$status" -eq 0 ] || { cat "$scratch/whole/stderr"; fail "exit $status where nothing fails"; }
count=$(cat "$scratch/count")
lines whole >"$scratch/expected"
began=$(date +%s)
ran=0
gave_up=0
n=1
while [ "$n" -le "$count" ]; do
	export ALLOC_FAIL_AT="$n"
	attempt run
	stderr=$scratch/run/stderr
	ran=$((ran + 1))
	case $status in
	0)
		grep -q memory "$stderr" || lines run | cmp -s - "$scratch/expected" ||
			fail "allocation $n: exit 0 without a word, and not all that there is: $(lines run | diff - "$scratch/expected" | head -n 4)"
		;;
	124) fail "allocation $n: still running after 60 s" ;;
	*)
		gave_up=$((gave_up + 1))
		[ "$status" -lt 124 ] || fail "allocation $n: ended by signal, status $status: $(tail -n 1 "$stderr")"
		grep -qi memory "$stderr" || fail "allocation $n: exit $status, and no line names memory: $(cat "$stderr")"
		;;
	esac
	rm -rf "$scratch/run"
	# The start makes the first ones, and each of its own; a run repeats itself.
	[ "${ALL:-0}" = 1 ] || [ "$n" -lt 90 ] || n=$((n + count / 120))
	n=$((n + 1))
done
echo "$ran of $count allocations failed, one a run: $gave_up runs ended with a code and a line, the others went on"
[ "$gave_up" -gt 0 ] || fail "none of them mattered: the preload is not there"
if [ "${ALL:-0}" = 1 ]; then
	[ "$failures" -eq 0 ] && result=pass || result=fail
	"$NAIAD_SOURCE/tests/reliability/record" M6a 2000 - "$result" $(($(date +%s) - began)) "$ran"
fi
finish "no crash, no silence"
