#!/bin/sh
# store_kill.sh [MOMENTS [HOSTS [HOURS]]] -- kill -9 in the middle of the n-th write to the database, at 20 moments and more.
#
# HOSTS clients of make_hosts.c spend HOURS hours: conversations end and windows close all along. The moments are spread
# over all writes of a run that is not killed, from the schema to the last checkpoint; half of that write is done
# (libkill_preload). Then over those of a run with a size budget that makes it delete as it goes on. Each time the
# database opens, is whole, and has the rows that such a run had written by then: none that the whole run has not, and no
# fewer than were there at an earlier moment. A second run over the same directory makes the same database as the first.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/release"
. "$(dirname -- "$0")/store"

moments=${1:-20}
hosts=${2:-30}
hours=${3:-4}
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
settings budget 'size_max: 1MiB'

# attempt SETTINGS DIRECTORY -- one run; its status is in $status
attempt() {
	mkdir -p "$scratch/$2"
	status=0
	env LD_PRELOAD="$preload" KILL_IN="$scratch/$2/naiad.db" "$release" -c "$scratch/$1.yaml" \
		-r "$scratch/hosts.pcap" -o "$scratch/$2" >/dev/null 2>"$scratch/stderr" || status=$?
}

# evidence DATABASE -- the ids of all
evidence() {
	ask "$1" 'SELECT uuid FROM evidence ORDER BY 1'
}

# kills SETTINGS -- a whole run into SETTINGS/, then one that is killed, and one after it, for each moment
kills() {
	export KILL_COUNT="$scratch/count"
	attempt "$1" "$1"
	unset KILL_COUNT
	[ "$status" -eq 0 ] || fail "$1: exit $status where nothing is killed: $(cat "$scratch/stderr")"
	writes=$(cat "$scratch/count")
	sound "$scratch/$1/naiad.db" "$1, not killed"
	rows "$scratch/$1/naiad.db" >"$scratch/$1.rows"
	evidence "$scratch/$1/naiad.db" >"$scratch/$1.evidence"
	had=0
	empty=0
	for moment in $(seq "$moments"); do
		KILL_AT=$((1 + (writes - 1) * moment / moments))
		export KILL_AT
		rm -rf "$scratch/killed"
		attempt "$1" killed
		what="$1, killed at write $KILL_AT of $writes"
		unset KILL_AT
		db=$scratch/killed/naiad.db
		[ "$status" -eq 137 ] || fail "$what: ended with $status"
		sound "$db" "$what"
		if [ -n "$(tables "$db")" ]; then
			evidence "$db" >"$scratch/killed.evidence"
			[ "$1" = budget ] || comm -23 "$scratch/killed.evidence" "$scratch/$1.evidence" | grep . >"$scratch/more" &&
				fail "$what: evidence that the whole run has not: $(head -n 2 "$scratch/more")"
			now=$(wc -l <"$scratch/killed.evidence")
			[ "$1" = budget ] || [ "$now" -ge "$had" ] || fail "$what: $now evidence, at an earlier moment $had"
			had=$now
		else
			empty=$((empty + 1))
		fi
		attempt "$1" killed
		[ "$status" -eq 0 ] || fail "$what: the next run ended with $status: $(cat "$scratch/stderr")"
		rows "$db" | cmp -s - "$scratch/$1.rows" ||
			fail "$what: the next run wrote something else: $(rows "$db" | diff - "$scratch/$1.rows" | head -n 3)"
		[ "$failures" -lt 5 ] || finish
	done
	[ "$empty" -lt "$moments" ] || fail "$1: at no moment was there anything in the database"
	echo "$1: $moments moments of $writes writes, before the schema $empty; $had of $(wc -l <"$scratch/$1.evidence") evidence at the last"
}

kills whole
kills budget
finish "a kill leaves a database that is whole, and the next run makes its own"
