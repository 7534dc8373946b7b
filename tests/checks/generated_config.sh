#!/bin/sh
# generated_config.sh -- config/naiad.yaml and docs/CONFIG.md are what the program prints.
#
# REGENERATE=1 writes them instead (tests/regenerate).
. "$(dirname -- "$0")/common"

printed=$findings.printed
trap 'rm -f "$findings" "$printed"' EXIT
count=0

# generated FILE OPTION -- FILE holds what naiad prints with OPTION
generated() {
	count=$((count + 1))
	if ! "$NAIAD" "$2" >"$printed"; then
		found "$1: naiad $2 failed"
	elif [ "${REGENERATE:-0}" = 1 ]; then
		cat "$printed" >"$1"
	elif ! diff -u "$1" "$printed"; then
		found "$1: is not what naiad $2 prints; run tests/regenerate"
	fi
}

generated config/naiad.yaml --print-config
generated docs/CONFIG.md --print-config=markdown
"$NAIAD" -T -c config/naiad.yaml >/dev/null || found "config/naiad.yaml: does not load"
"$NAIAD" --print-config -c config/naiad.yaml | cmp - config/naiad.yaml ||
	found "config/naiad.yaml: does not load back to the same"
finish "$count" "generated files"
