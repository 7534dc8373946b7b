#!/bin/sh
# false_positives.sh -- docs/FALSE-POSITIVES.md is what the detectors say of hosts that do nothing.
#
# Read are the captures of `normal` that last ten minutes or more, a day of a PC in Zeek's logs, and one of the captures
# again as Argus tells it. REGENERATE=1 writes the page instead (tests/regenerate): read that diff as code.
. "$(dirname -- "$0")/../integration/common"
[ -d "$wide" ] || skip "the wide collection of captures is not beside the repository"
page=$NAIAD_SOURCE/docs/FALSE-POSITIVES.md
here=$NAIAD_SOURCE/tests/evaluation

# listen NAME INPUT [OPTION...]
listen() {
	analyse "$@" -c "$here/settings.yaml" || fail "$1: naiad ends with $?: $(cat "$scratch/$1/stderr")"
}

awk -F '\t' '$1 ~ /^normal\// && $7 >= 600 { print $1 }' "$wide/MANIFEST.tsv" >"$scratch/captures"
while read -r file; do
	listen "${file#normal/}" "$wide/$file"
done <"$scratch/captures"
listen strato-008-ctu-normal-40 "$wide/zeek-logs/strato-008-ctu-normal-40/data" -H 147.32.81.167
listen elcabezzonn__win10-background-20160816.binetflow \
	"$wide/other-flow-formats/elcabezzonn__win10-background-20160816.binetflow"

# Every kind there is, in the order of the page of the detectors.
sed -n 's/^| `\([A-Z0-9_]*\)` | \[*\([a-z_ ]*[a-z]\).*/\1\t\2/p' "$NAIAD_SOURCE/docs/DETECTORS.md" >"$scratch/kinds"
jq -rn -f "$here/hours.jq" "$scratch"/*/eve.json >"$scratch/facts"
awk -f "$here/false_positives.awk" from=kinds "$scratch/kinds" from=facts "$scratch/facts" >"$scratch/page" ||
	fail "the page could not be written"
if [ "${REGENERATE:-0}" = 1 ]; then
	cat "$scratch/page" >"$page"
elif ! diff -u "$page" "$scratch/page"; then
	fail "docs/FALSE-POSITIVES.md is not what is said of healthy hosts; run tests/regenerate and read the diff"
fi
! grep -q '	alert	' "$scratch/facts" || fail "a healthy host is alerted: $(grep '	alert	' "$scratch/facts")"
finish "$(sed -n 's/^.*[*] \(.* host-hours\), counted.*/\1/p' "$scratch/page") without an alert"
