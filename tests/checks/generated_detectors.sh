#!/bin/sh
# generated_detectors.sh -- docs/DETECTORS.md is what the tables and the comments of the detectors say.
#
# REGENERATE=1 writes it instead (tests/regenerate).
. "$(dirname -- "$0")/common"

printed=$findings.printed
trap 'rm -f "$findings" "$printed"' EXIT
"$NAIAD_BUILD/print_detectors" detectors >"$printed" || found "print_detectors: failed"
if [ "${REGENERATE:-0}" = 1 ]; then
	cat "$printed" >docs/DETECTORS.md
elif ! diff -u docs/DETECTORS.md "$printed"; then
	found "docs/DETECTORS.md: is not what the detectors say; run tests/regenerate"
fi
finish "$(grep -c '^| `[A-Z]' "$printed")" "kinds of evidence"
