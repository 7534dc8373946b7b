#!/bin/sh
# generated_metrics.sh -- docs/METRICS.md is what the rows of the metrics say.
#
# REGENERATE=1 writes it instead (tests/regenerate).
. "$(dirname -- "$0")/common"

printed=$findings.printed
trap 'rm -f "$findings" "$printed"' EXIT
"$NAIAD_BUILD/print_metrics" >"$printed" || found "print_metrics: failed"
if [ "${REGENERATE:-0}" = 1 ]; then
	cat "$printed" >docs/METRICS.md
elif ! diff -u docs/METRICS.md "$printed"; then
	found "docs/METRICS.md: is not what the rows say; run tests/regenerate"
fi
finish "$(grep -c '^| `' "$printed")" "metrics"
