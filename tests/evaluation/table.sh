#!/bin/sh
# table.sh [DIRECTORY] -- what is found in the wide collection, beside what is there (truth.tsv).
#
# A line for each capture of malware, cc-beacons, lateral, scans and normal. It fails when a host is alerted that did
# nothing, when less is found than `required` says, and when the truth and the collection's own notes part. Without
# DIRECTORY, which is one that `run` wrote, it runs the release.
here=$(CDPATH="" cd -- "$(dirname -- "$0")" && pwd)
. "$here/../integration/common"
[ -d "$wide" ] || skip "the wide collection of captures is not beside the repository"
results=${1:-}
if [ -z "$results" ]; then
	. "$here/../integration/release"
	results=$scratch/results
	NAIAD=$release "$here/run" "$results"
fi

. "$here/required"
find "$results" -name eve.json | sort | xargs jq -rn -f "$here/facts.jq" >"$scratch/facts"
(cd "$results" && find . -name eve.json | sed 's|^\./||; s|/eve.json$||' | sort) >"$scratch/captures"
[ -s "$scratch/captures" ] || { echo "FAILED: nothing was read" && exit 1; }
awk -f "$here/table.awk" -v counted="$COUNTED" -v alerts="$ALERTS" -v kinds="$KINDS" \
	from=manifest "$wide/MANIFEST.tsv" from=truth "$here/truth.tsv" \
	from=facts "$scratch/facts" from=captures "$scratch/captures"
