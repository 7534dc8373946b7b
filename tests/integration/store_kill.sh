#!/bin/sh
# store_kill.sh [MOMENTS [HOSTS [HOURS]]] -- kill -9 in the middle of a write to the database, at 20 moments or MOMENTS.
#
# HOSTS clients of make_hosts.c spend HOURS hours: conversations end and windows close all along. The moments are spread
# over all writes of a run that is not killed, from the tables to the indexes and the last checkpoint; half of that
# write is done (libkill_preload). Then over those of a run that has to make room as it goes. Each time the database
# opens, is whole, has nothing that the run that is not killed has not, and no less than at an earlier moment. The next
# run over the same directory writes the same database as the first.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/release"
. "$(dirname -- "$0")/store"

moments=${1:-20}
hosts=${2:-20}
hours=${3:-3}
preload=$NAIAD_BUILD/libkill_preload.so
"$NAIAD_BUILD/bench_make_hosts" "$hosts" "$hours" >"$scratch/hosts.pcap"

# settings NAME STORE
settings() {
	cat >"$scratch/$1.yaml" <<-END
		home_network: [10.0.0.0/8]
		eve: {enabled: false}
		alerts_log: {enabled: false}
		store: {$2}
	END
}
settings whole ''

# attempt SETTINGS DIRECTORY -- one run; its status is in $status
attempt() {
	mkdir -p "$scratch/$2"
	status=0
	env LD_PRELOAD="$preload" KILL_IN="$scratch/$2/naiad.db" "$release" -c "$scratch/$1.yaml" \
		-r "$scratch/hosts.pcap" -o "$scratch/$2" >/dev/null 2>"$scratch/stderr" || status=$?
}

# finding_ids DATABASE
finding_ids() {
	sqlite3 "$1" 'SELECT uuid FROM evidence ORDER BY 1'
}

# whole SETTINGS -- a run that is not killed, into SETTINGS/; how often it writes is left in $writes
whole() {
	export KILL_COUNT="$scratch/count"
	attempt "$1" "$1"
	unset KILL_COUNT
	[ "$status" -eq 0 ] || fail "$1: exit $status where nothing is killed: $(cat "$scratch/stderr")"
	writes=$(cat "$scratch/count")
	sound "$scratch/$1/naiad.db" "$1, not killed"
	rows "$scratch/$1/naiad.db" >"$scratch/$1.rows"
	finding_ids "$scratch/$1/naiad.db" >"$scratch/$1.ids"
}

# killed SETTINGS -- what such a run leaves that is killed at write $at, and what the next one makes of it
killed() {
	rm -rf "$scratch/killed"
	export KILL_AT="$at"
	attempt "$1" killed
	unset KILL_AT
	what="$1, killed at write $at of $writes"
	[ "$status" -eq 137 ] || fail "$what: ended with $status"
	sound "$scratch/killed/naiad.db" "$what"
	: >"$scratch/killed.ids"
	if [ -n "$(tables "$scratch/killed/naiad.db")" ]; then
		finding_ids "$scratch/killed/naiad.db" >"$scratch/killed.ids"
	fi
	more=$(comm -23 "$scratch/killed.ids" "$scratch/whole.ids" | head -n 2)
	[ -z "$more" ] || fail "$what: findings that were never made: $more"
	now=$(wc -l <"$scratch/killed.ids")
	[ "$now" -ge "$had" ] || fail "$what: $now findings, and $had at an earlier moment"
	had=$now
	attempt "$1" killed
	[ "$status" -eq 0 ] || fail "$what: the next run ended with $status: $(cat "$scratch/stderr")"
	rows "$scratch/killed/naiad.db" | cmp -s - "$scratch/$1.rows" || fail "$what: the next run wrote something else"
}

# kills SETTINGS -- a moment after the other
kills() {
	whole "$1"
	had=0
	for moment in $(seq "$moments"); do
		at=$((1 + (writes - 1) * moment / moments))
		killed "$1"
		[ "$failures" -lt 5 ] || finish
	done
	[ "$had" -gt 0 ] || fail "$1: at no moment was there a finding in the database"
	echo "$1: $moments moments of $writes writes; $had of $(wc -l <"$scratch/$1.ids") findings at the last"
}

# lost REASON -- how much made room
lost() {
	ask "$scratch/budget/naiad.db" "SELECT coalesce(sum(count), 0) FROM losses WHERE reason = '$1'"
}

# Half of what it takes: details have to go, and there is room for all findings, however many there are.
kills whole
most=$(($(stat -c %s "$scratch/whole/naiad.db") / 2))
[ "$most" -gt $((1024 * 1024)) ] || most=$((1024 * 1024))
settings budget "size_max: $((most / 1024))KiB"
kills budget
bytes=$(stat -c %s "$scratch/budget/naiad.db")
[ "$bytes" -le "$most" ] || fail "$bytes bytes, $most are allowed"
cmp -s "$scratch/whole.ids" "$scratch/budget.ids" || fail "findings made room, and there were details left"
for table in flows transactions timeline; do
	all=$(sed -n "s/^$table //p" "$scratch/whole.rows")
	here=$(sed -n "s/^$table //p" "$scratch/budget.rows")
	gone=$(lost "store_$table")
	[ $((here + gone)) -eq "$all" ] || fail "$table: $here rows and $gone that made room, of $all"
	[ "$gone" -gt 0 ] && [ "$here" -gt 0 ] || fail "$table: $here of $all rows are left"
done
newest='SELECT max(end_ns) FROM flows'
[ "$(ask "$scratch/budget/naiad.db" "$newest")" = "$(ask "$scratch/whole/naiad.db" "$newest")" ] ||
	fail "the newest conversation made room"
finish "a kill leaves a database that is whole, and the next run makes its own"
