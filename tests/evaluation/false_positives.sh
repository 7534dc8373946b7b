#!/bin/sh
# false_positives.sh -- docs/FALSE-POSITIVES.md is what the detectors say of hosts that do nothing.
#
# Read are the captures of `normal` that last ten minutes or more, a day of a PC in Zeek's logs, and one of the captures
# again as Argus tells it; then, by the release, all that the table reads, under each profile. REGENERATE=1 writes the page instead (tests/regenerate): read that diff as code.
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
logs=$wide/zeek-logs/strato-008-ctu-normal-40/data # the only directory of logs whose makers call its host healthy
listen strato-008-ctu-normal-40 "$logs" -H 147.32.81.167
listen elcabezzonn__win10-background-20160816.binetflow \
	"$wide/other-flow-formats/elcabezzonn__win10-background-20160816.binetflow"

# Who is alerted under each profile: "PROFILE FOLDER/FILE REASON".
: >"$scratch/alerts"
. "$here/../integration/release"
for profile in quiet balanced paranoid; do
	NAIAD=$release "$here/run" "$scratch/profiles/$profile" --profile "$profile"
	into=$scratch/profiles/$profile/normal/strato-008-ctu-normal-40
	mkdir -p "$into"
	"$release" -c "$here/settings.yaml" -r "$logs" -H 147.32.81.167 -o "$into" --profile "$profile" >/dev/null ||
		fail "strato-008-ctu-normal-40 under $profile: naiad ends with $?"
	(cd "$scratch/profiles/$profile" && find . -name eve.json | sed 's|^\./||; s|/eve.json$||') >"$scratch/read"
	grep -rl --include=eve.json '"kind":"alert"' "$scratch/profiles/$profile" | sort |
		xargs -r jq -rn --arg profile "$profile" 'inputs | select(.naiad.kind == "alert") |
			[$profile, (input_filename | split("/")[-3:-1] | join("/")), .naiad.reason] | @tsv' >>"$scratch/alerts"
done

# Every kind there is, in the order of the page of the detectors.
sed -n 's/^| `\([A-Z0-9_]*\)` | \[*\([a-z_ ]*[a-z]\).*/\1\t\2/p' "$NAIAD_SOURCE/docs/DETECTORS.md" >"$scratch/kinds"
jq -rn -f "$here/hours.jq" "$scratch"/*/eve.json >"$scratch/facts"
awk -f "$here/false_positives.awk" from=kinds "$scratch/kinds" from=truth "$here/truth.tsv" from=read "$scratch/read" \
	from=alerts "$scratch/alerts" from=facts "$scratch/facts" >"$scratch/page" ||
	fail "the page could not be written"
if [ "${REGENERATE:-0}" = 1 ]; then
	cat "$scratch/page" >"$page"
elif ! diff -u "$page" "$scratch/page"; then
	fail "docs/FALSE-POSITIVES.md is not what is said of healthy hosts; run tests/regenerate and read the diff"
fi
for name in "$scratch"/*/eve.json; do # an input that is not read says nothing of healthy hosts
	name=${name%/eve.json}
	grep -q "^${name##*/}	slot	" "$scratch/facts" || fail "${name##*/}: no host was heard in it"
done
! grep -q '	alert	' "$scratch/facts" || fail "a healthy host is alerted: $(grep '	alert	' "$scratch/facts")"
! grep -v '^paranoid' "$scratch/alerts" | grep '	normal/' || fail "a healthy host is alerted under quiet or balanced"
finish "$(sed -n 's/^.*[*] \(.* host-hours\), counted.*/\1/p' "$scratch/page") without an alert"
