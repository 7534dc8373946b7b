#!/bin/sh
# hygiene.sh -- small things that tell a reader nobody looked.
. "$(dirname -- "$0")/common"

# The words looked for are written apart, or this file would find itself.
later='TO''DO|FIX''ME|XX''X'
machine='/wo''rk/|/tmp/bu''ild|/ho''me/[a-z]|/ro''ot/'

list=$findings.list
trap 'rm -f "$findings" "$list"' EXIT
tracked >"$list"
count=$(grep -c . "$list")

# text PATTERN WHAT -- every line of a text file that matches is a finding
text() {
	tr '\n' '\0' <"$list" | xargs -0 grep -nIHE -- "$1" 2>/dev/null | grep -vE "${3:-^$}" |
		cut -d : -f 1,2 | sed "s/\$/: $2/" | tee -a "$findings" || true
}
# Bytes that are data keep theirs: captures, corpora, expected output, the licence's own layout.
grep -vE '^tests/(captures|fuzz/corpus|golden)/|^LICENSE$' "$list" >"$list.own"
mv "$list.own" "$list"
text '[[:blank:]]+$' 'ends in blanks'
text "$(printf '\r')\$" 'ends in a carriage return'
text "\\b($later)\\b" 'a thing left for later has an issue number: (#N)' "\\b($later) ?\\(#[0-9]+\\)"
text "($machine)" 'names a path of one machine'

manifest=tests/captures/MANIFEST.tsv
allowed='^(Apache-2\.0|BSD-2-Clause|BSD-3-Clause|MIT|Unlicense|CC0-1\.0|own)$'
if [ ! -r "$manifest" ]; then
	found "$manifest: is not there"
	finish 1 "files"
fi
for file in $(find tests/captures -type f ! -name MANIFEST.tsv | sort); do
	name=${file#tests/captures/}
	row=$(awk -F '\t' -v name="$name" 'NR > 1 && $1 == name' "$manifest")
	if [ -z "$row" ]; then
		found "$file: has no row in $manifest"
		continue
	fi
	echo "$row" | cut -f 4 | grep -qE "$allowed" || found "$file: licence is not one that may be copied"
	[ "$(echo "$row" | awk -F '\t' '{ print NF }')" -eq 5 ] && ! echo "$row" | grep -qP '\t\t|\t$' ||
		found "$file: its row does not have five filled columns"
done
for name in $(awk -F '\t' 'NR > 1 { print $1 }' "$manifest"); do
	[ -f "tests/captures/$name" ] || found "$manifest: names $name, which is not there"
done
finish "$count" "files"
