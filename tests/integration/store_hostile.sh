#!/bin/sh
# store_hostile.sh -- texts of the wire that are meant to break a database leave it whole, and its JSON is JSON.
#
# Every place of every record that has a text has each of hostile_text.h in turn, and texts of 64 kB.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/store"

LONG=65536
cat >"$scratch/settings.yaml" <<END
eve: {enabled: false}
alerts_log: {enabled: false}
devices: {enabled: false}
run_json: {enabled: false}
summary: {enabled: false}
END
"${NAIAD_BUILD:-$NAIAD_SOURCE/build/asan}/store_hostile" "$scratch/settings.yaml" "$scratch" "$LONG" >"$scratch/count" \
	2>"$scratch/stderr" || fail "the outlets ended with $?: $(head -n 5 "$scratch/stderr")"
db=$scratch/naiad.db
sound "$db" "after hostile texts"
read -r given records <"$scratch/count"

# has_all TABLE COUNT -- none of its rows was left out
has_all() {
	has=$(ask "$db" "SELECT count(*) FROM $1")
	[ "$has" -eq "$2" ] || fail "$1 has $has rows, not $2"
}
# The longest have no line of eve.json, and these need none.
has_all evidence "$given"
has_all alerts "$given"
has_all flows "$given"
has_all timeline $((given * 33))

# columns -- "table column" of all that have texts
columns() {
	ask "$db" "SELECT m.name || ' ' || c.name FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'"
}

texts=0
json=0
columns >"$scratch/columns"
while read -r table column; do
	most=$(ask "$db" "SELECT max(length($column)) FROM $table WHERE typeof($column) = 'text'")
	[ -n "$most" ] || continue
	texts=$((texts + 1))
	[ "$most" -le $((2 * LONG)) ] || fail "$table.$column has a text of $most bytes"
	cut=$(ask "$db" "SELECT count(*) FROM $table WHERE typeof($column) = 'text'
		AND instr(CAST($column AS BLOB), x'00')")
	[ "$cut" -eq 0 ] || fail "$table.$column has $cut texts with a NUL in them"
	case $(ask "$db" "SELECT DISTINCT substr($column, 1, 1) FROM $table" | tr -d '\n') in
	'{' | '[' | '[{' | '{[')
		json=$((json + 1))
		bad=$(ask "$db" "SELECT count(*) FROM $table WHERE NOT json_valid($column)")
		[ "$bad" -eq 0 ] || fail "$table.$column: $bad rows are no JSON: $(ask "$db" \
			"SELECT substr($column, 1, 200) FROM $table WHERE NOT json_valid($column) LIMIT 1")"
		;;
	esac
done <"$scratch/columns"
[ "$json" -gt 0 ] || fail "no column has JSON"

# What is dumped is UTF-8 without a byte that drives a terminal, and makes the same database again.
sqlite3 "$db" .dump >"$scratch/dump"
iconv -f UTF-8 -t UTF-8 "$scratch/dump" >/dev/null 2>"$scratch/iconv" || fail "not UTF-8: $(cat "$scratch/iconv")"
LC_ALL=C grep -n '[[:cntrl:]]' "$scratch/dump" | head -n 1 | cut -c 1-200 >"$scratch/control"
[ ! -s "$scratch/control" ] || fail "a control character: $(cat -v "$scratch/control")"
sqlite3 "$scratch/again.db" <"$scratch/dump" 2>"$scratch/restore" || fail "restore: $(head -n 3 "$scratch/restore")"
sqlite3 "$scratch/again.db" .dump | cmp -s - "$scratch/dump" || fail "the restored database is another one"
finish "$records records of hostile texts: $texts columns have texts, $json of them JSON; restored the same"
