#!/bin/sh
# soak.sh -- the short form of tests/soak/run: three hours of packet time, and nothing grows.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/release"

LEDGER=/dev/null NAIAD=$release FEED=$NAIAD_BUILD/soak_feed "$NAIAD_SOURCE/tests/soak/run" "${HOURS:-3}" "${HOSTS:-2000}" ||
	fail "see above"
finish "memory and descriptors stay as they are"
