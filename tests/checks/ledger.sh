#!/bin/sh
# ledger.sh -- every row of the ledger can be added up: seven fields, each of its form.
. "$(dirname -- "$0")/common"

ledger=tests/reliability/ledger.tsv
[ -r "$ledger" ] || { found "$ledger: is not there"; finish 1 "rows"; }
awk -F '\t' -v file="$ledger" '
function wrong(what) { print file ":" NR ": " what }
NR == 1 {
	if ($0 != "id\tcommit\tsize\tseed\tresult\tseconds\texecutions") wrong("is not the line of titles")
	next
}
NF != 7 { wrong(NF " fields, expected 7"); next }
$1 !~ /^[A-Z][0-9]+[a-z]?(\/[a-z0-9_]+)?$/ { wrong("\"" $1 "\" is no id like P3/decode") }
$2 !~ /^[0-9a-f]{7,40}\+?$/ { wrong("\"" $2 "\" is no commit") }
$3 !~ /^[0-9]+$/ { wrong("size \"" $3 "\" is no number") }
$4 !~ /^([0-9]+|-)$/ { wrong("seed \"" $4 "\" is neither a number nor -") }
$5 !~ /^(pass|fail)$/ { wrong("result \"" $5 "\" is neither pass nor fail") }
$6 !~ /^[0-9]+(\.[0-9]+)?$/ { wrong("seconds \"" $6 "\" are no number") }
$7 !~ /^[0-9]+$/ { wrong("executions \"" $7 "\" are no number") }
' "$ledger" >"$findings"
cat "$findings"
finish "$(($(wc -l <"$ledger")))" "rows"
