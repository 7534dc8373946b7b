#!/bin/sh
# store_trouble.sh -- a database that is not ours, too new, damaged or out of reach; a full disk: each has a sentence.
#
# What is not ours is left as it is, and the outlets do not open. A disk that gets full under a running store is said
# once and counted, and what comes when there is room again is there.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/store"
. "$(dirname -- "$0")/drive"
[ "$(id -u)" -eq 0 ] || skip "mounting a small tmpfs and becoming another user takes root"
driver=$(for_anybody "${NAIAD_BUILD:-$NAIAD_SOURCE/build/asan}/outlet_driver")

disk=$scratch/disk
mkdir "$disk"
feeding=
trap '[ -z "$feeding" ] || kill "$feeding" 2>/dev/null || true; umount -l "$disk" 2>/dev/null || true; rm -rf "$scratch"' EXIT
db=$disk/naiad.db
cat >"$scratch/settings.yaml" <<-END
	eve: {enabled: false}
	alerts_log: {enabled: false}
	devices: {enabled: false}
	store: {write: always}
END

# feed FIRST COUNT [COMMAND...] -- the driver, by COMMAND; its status is in $status
feed() {
	first=$1
	count=$2
	shift 2
	status=0
	"$@" "$driver" "$scratch/settings.yaml" "$disk" "$first" "$count" 2000 3000 >"$scratch/out" 2>"$scratch/err" ||
		status=$?
}

# refused WHAT PATTERN -- it did not open, and said why with the path and what to do
refused() {
	[ "$status" -eq 1 ] || fail "$1: ended with $status: $(cat "$scratch/err")"
	grep "$db" "$scratch/err" | grep -qE "$2" || fail "$1: no line says \"$2\": $(cat "$scratch/err")"
	[ "$(wc -l <"$scratch/err")" -eq 1 ] || fail "$1: more than one line: $(cat "$scratch/err")"
}

# left_alone WHAT COMMAND... -- COMMAND makes a file at $db, that is refused and not changed
left_alone() {
	what=$1
	pattern=$2
	shift 2
	rm -f "$db"*
	"$@"
	cp "$db" "$scratch/kept"
	feed 1 1
	refused "$what" "$pattern"
	cmp -s "$db" "$scratch/kept" || fail "$what: it was changed"
}

ours() {
	feed 1 20
	[ "$status" -eq 0 ] || fail "a database of our own: $status: $(cat "$scratch/err")"
	sound "$db" "a database of our own"
}
foreign() { sqlite3 "$db" 'CREATE TABLE runs (a); INSERT INTO runs VALUES (1); PRAGMA application_id = 7'; }
unmarked() { sqlite3 "$db" 'CREATE TABLE bookmarks (a); INSERT INTO bookmarks VALUES (1)'; }
newer() {
	ours
	sqlite3 "$db" 'PRAGMA user_version = 1000' >/dev/null
}
no_database() { seq 1000 >"$db"; }
torn_head() {
	ours
	printf '0123456789abcdef' | dd of="$db" bs=1 conv=notrunc 2>/dev/null
}

left_alone "somebody else's database" 'not' foreign
left_alone "a database of nobody" 'not' unmarked
left_alone "a database of a later version" '1000' newer
left_alone "no database" 'not' no_database
left_alone "a damaged head" 'not' torn_head

# A directory that may not be written, for one who is not root.
rm -f "$db"*
chmod 555 "$disk"
feed 1 1 setpriv --reuid=65534 --regid=65534 --clear-groups
refused "a directory that may not be written" '[Pp]ermission|unable to open'
chmod 755 "$disk"

# The same run again: appended, a row for each run.
ours
feed 21 20
[ "$status" -eq 0 ] || fail "a second run: $status: $(cat "$scratch/err")"
sound "$db" "after a second run"
[ "$(ask "$db" 'SELECT count(*) FROM runs')" -eq 2 ] || fail "not two runs"
[ "$(ask "$db" 'SELECT count(*) FROM evidence')" -eq 40 ] || fail "not the evidence of two runs"

# Full: said once; room comes back.
rm -f "$db"*
mount -t tmpfs -o size=256k,mode=0755 none "$disk" 2>"$scratch/mount" || skip "cannot mount a tmpfs: $(cat "$scratch/mount")"
drive settings "$disk" 2000 2000 3000
tries=400
until grep -q 'cannot write' "$scratch/settings.err" || [ "$tries" -eq 0 ]; do
	tries=$((tries - 1))
	sleep 0.1
done
mount -o remount,size=32m "$disk"
rest 2000
status=0
wait "$feeding" || status=$?
[ "$status" -lt 124 ] || fail "a full disk: ended with $status"
# A little may find room in a disk that is full, and then it begins again.
awk '/cannot write/ { wrong += is_on; is_on = 1; begun++ } / again, [0-9]* records/ { is_on = 0 }
	END { exit wrong || is_on || !begun }' "$scratch/settings.err" || fail "a full disk: $(cat "$scratch/settings.err")"
sound "$db" "after the disk was full"
ask "$db" 'SELECT uuid FROM evidence' | grep -q "$(printf '%012x' 4000)" || fail "a full disk: what came last is not there"
finish "trouble is said once, and what is not ours is left alone"
