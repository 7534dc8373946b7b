#!/bin/sh
# slips_rows.sh -- what Slips finds in its own data sets, and where we differ.
#
# The rows lie in tests/support/slips_rows: what there is in a file for each form of input, what is to come in one for
# each family of detectors; "zeek" tells what the columns are. Facts that Slips' tests and runs name (detections 5.1 and
# 5.3) are to be there with their numbers, kinds that the data does not show are not. A row whose file does not stand
# beside the repository, or whose file only nfdump can read and it is not installed, is printed, and so is one that no
# detector of ours asks for yet.
. "$(dirname -- "$0")/common"
[ -d "$wide" ] || skip "the wide collection of captures is not beside the repository"

# evidence NAME -- "type host about object observed" of each evidence of a run
evidence() {
	jq -r 'select(.naiad.kind == "evidence") | [.naiad.type, .naiad.profile, (.dest_ip // "-"),
		(.alert.metadata.object[0] // "-"), (.naiad.observed | tostring)] | join(" ")' \
		"$scratch/$1/eve.json"
}

# run FILE -- analyse it once; its evidence is in $scratch/FILE/evidence
run() {
	[ ! -f "$scratch/$1/evidence" ] || return 0
	# shellcheck disable=SC2086
	analyse "$1" "$wide/$1" $with_lists || {
		fail "$1: naiad ends with $?: $(cat "$scratch/$1/stderr")"
		: >"$scratch/$1/evidence"
		return 0
	}
	evidence "$1" >"$scratch/$1/evidence"
}

# is_there FILE
is_there() {
	case $1 in *.nfdump | *.nfcapd) command -v nfdump >/dev/null || return 1 ;; esac
	[ -e "$wide/$1" ]
}

# The lists that Slips comes with lie beside the collection.
with_lists=
if [ -d "$wide/../data/ti" ]; then
	echo "intelligence: {directory: $(cd "$wide/../data/ti" && pwd)}" >"$scratch/lists.yaml"
	with_lists="-c $scratch/lists.yaml"
fi

tab=$(printf '\t')
present=0
for table in "$NAIAD_SOURCE"/tests/support/slips_rows/*; do
	while IFS=$tab read -r file how pattern why; do
		case $file in '' | '#'*) continue ;; esac
		if ! is_there "$file"; then
			result=skipped
		elif [ "$how" = later ]; then
			result=later
		else
			run "$file"
			n=$(grep -cE -- "$pattern" "$scratch/$file/evidence" || true)
			if [ "$how" = differs ]; then
				result=differs
				[ "$n" -eq 0 ] || fail "$file: \"$pattern\" is there now ($n): $why"
			else
				result=ok
				present=$((present + 1))
				[ "$n" -eq "$how" ] || {
					result=WRONG
					fail "$file: $n evidence like \"$pattern\", expected $how ($why)"
				}
			fi
		fi
		printf '%-8s %-46s %-7s %s (%s)\n' "$result" "$file" "$how" "$pattern" "$why"
	done <"$table"
done
finish "$present rows are as the reference has them"
