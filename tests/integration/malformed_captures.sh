#!/bin/sh
# malformed_captures.sh -- the short form of tests/fuzz/malformed: some hundred damaged captures, from the repository's.
. "$(dirname -- "$0")/common"

NAIAD_BUILD=${NAIAD_BUILD:-$NAIAD_SOURCE/build/asan}
LEDGER=/dev/null MALFORMED_CAPTURES=$NAIAD_BUILD/malformed_captures "$NAIAD_SOURCE/tests/fuzz/malformed" "${COUNT:-300}" \
	"$captures"/*.pcap "$captures"/zeek/*.pcap "$NAIAD_SOURCE"/tests/golden/*/input.pcap ||
	fail "see above, and build/malformed"
finish "damaged captures are read as far as they go"
