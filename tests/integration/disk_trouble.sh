#!/bin/sh
# disk_trouble.sh -- a full disk, a directory that goes away, a permission that goes away: said once, counted, recovered.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/drive"
driver=$(for_anybody "${NAIAD_BUILD:-$NAIAD_SOURCE/build/asan}/outlet_driver")
[ "$(id -u)" -eq 0 ] || skip "mounting a small tmpfs and becoming another user takes root"
command -v setpriv >/dev/null || skip "setpriv is not installed"

disk=$scratch/disk
mkdir "$disk"
trap 'umount "$disk" 2>/dev/null || true; rm -rf "$scratch"' EXIT
mount -t tmpfs -o size=64k,mode=0755 none "$disk" 2>"$scratch/mount" ||
	skip "cannot mount a tmpfs: $(cat "$scratch/mount")"

# settings NAME [EVE...] -- a settings file for the driver
settings() {
	name=$1
	shift
	cat >"$scratch/$name.yaml" <<-END
		eve: {$*}
		alerts_log: {enabled: false}
		devices: {enabled: false}
	END
}

# await WHAT COMMAND... -- try for 40 s (machines are busy) until COMMAND succeeds
await() {
	what=$1
	shift
	tries=400
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		if [ "$tries" -eq 0 ]; then
			fail "waited in vain for $what"
			finish
		fi
		sleep 0.1
	done
}

# is_full, tells NAME PATTERN -- what there is to wait for
is_full() {
	[ "$(df --output=avail "$disk" | tail -n 1)" -eq 0 ]
}
tells() {
	grep -q -- "$2" "$scratch/$1.err"
}

# said NAME TIMES PATTERN -- what the driver said while NAME ran
said() {
	times=$(grep -c -- "$3" "$scratch/$1.err" || true)
	[ "$times" -eq "$2" ] || fail "$1: said \"$3\" $times times, not $2: $(cat "$scratch/$1.err")"
}

# whole NAME FILE -- every line of FILE is JSON and ends
whole() {
	jq -c . "$2" >/dev/null 2>"$scratch/jq" || fail "$1: $(cat "$scratch/jq")"
	[ -z "$(tail -c 1 "$2")" ] || fail "$1: ends in half a line"
}

evidence() {
	jq -r 'select(.naiad.kind == "evidence") | .naiad.id' "$@" | sort -u | wc -l
}

# has COUNT FILE, is_fed NUMBER -- what there is to wait for
has() {
	[ "$(grep -c '"kind":"evidence"' "$2")" -eq "$1" ]
}
is_fed() {
	[ "$(sed 's/^0*//' "$scratch/progress")" -eq "$1" ]
}

# 1. 64 KiB are full after thirty findings or so. Room comes back; what was kept is written.
settings full "disk: {keep_free: 0, rotate_at: 0}"
drive full "$disk" 100 100 4000
await "the disk to be full" is_full
await "the word of it" tells full 'cannot write'
mount -o remount,size=4m "$disk"
rest 100
wait "$feeding" || true
whole full "$disk/eve.json"
said full 1 'cannot write .*No space left'
said full 1 'writing .* again'
kept=$(evidence "$disk/eve.json")
[ "$kept" -eq 200 ] || fail "full: $kept of 200 findings are in the file"
grep -q '^eve written=[0-9]* too_long=0 full=[0-9]* reserved=0 failed=0 queued=0' "$scratch/full.out" ||
	fail "full: $(cat "$scratch/full.out")"
lines=$(wc -l <"$disk/eve.json")
written=$(sed -n 's/^eve written=\([0-9]*\) .*/\1/p' "$scratch/full.out")
[ "$lines" -eq "$written" ] || fail "full: $lines lines, $written are said to be written"

# 2. The same, and it stays full: the end says so, and leaves no half line.
umount "$disk"
mount -t tmpfs -o size=64k,mode=0755 none "$disk"
status=0
"$driver" "$scratch/full.yaml" "$disk" 1 100 500 200 >"$scratch/stays.out" 2>"$scratch/stays.err" || status=$?
[ "$status" -eq 1 ] || fail "stays full: ended with $status"
whole stays "$disk/eve.json"
said stays 1 'is not complete: No space left'
grep -q '^eve .* queued=[1-9]' "$scratch/stays.out" || fail "stays full: $(cat "$scratch/stays.out")"

# 3. The floor: conversations go first, findings are written to the end.
umount "$disk"
mount -t tmpfs -o size=1m,mode=0755 none "$disk"
settings floor "disk: {keep_free: 640KiB, rotate_at: 0}"
"$driver" "$scratch/floor.yaml" "$disk" 1 180 300 500 >"$scratch/floor.out" 2>"$scratch/floor.err" ||
	true
whole floor "$disk/eve.json"
said floor 1 'conversations are dropped'
[ "$(evidence "$disk/eve.json")" -eq 180 ] || fail "floor: $(evidence "$disk/eve.json") of 180 findings"
flows=$(grep -c '"event_type":"flow"' "$disk/eve.json")
reserved=$(sed -n 's/^eve .* reserved=\([0-9]*\) .*/\1/p' "$scratch/floor.out")
[ "$reserved" -gt 0 ] && [ $((flows + reserved)) -eq 180 ] || fail "floor: $flows flows, $reserved reserved"
[ "$(df --output=avail "$disk" | tail -n 1)" -ge 640 ] || fail "floor: less than the floor is free"

# 4. The directory is removed and something else is in its place; then that goes away. The driver stands still for it: who
# looks in between makes the directory anew.
umount "$disk"
settings gone "disk: {keep_free: 0}"
drive gone "$scratch/gone" 100 100 4000
await "the first hundred" has 100 "$scratch/gone/eve.json"
kill -STOP "$feeding"
await "the driver to stand still" grep -q "^State:.T" "/proc/$feeding/status"
rm -r "$scratch/gone"
: >"$scratch/gone"
kill -CONT "$feeding"
more 100
await "the word of it" tells gone 'cannot write'
more 50
await "the next fifty" is_fed 250
rm "$scratch/gone"
rest 50
wait "$feeding" || true # with 1: conversations were dropped, and that is counted
whole gone "$scratch/gone/eve.json"
said gone 1 'cannot write .*/gone/eve.json.*Not a directory'
said gone 1 'writing .* again'
after=$(jq -r 'select(.naiad.kind == "evidence") | .naiad.id' "$scratch/gone/eve.json" | head -n 1)
first=$((0x${after##*-}))
count=$(evidence "$scratch/gone/eve.json")
# All from the first that is in the new file; what was between the removal and the look is gone with the old one.
[ $((first + count - 1)) -eq 300 ] || fail "gone: $count findings from number $first on"
full=$(sed -n 's/^eve .* full=\([0-9]*\) .*/\1/p' "$scratch/gone.out")
said gone 1 "again, $full lines were dropped"
[ "$first" -le 201 ] || fail "gone: nothing was kept while there was no directory"

# 5. Another user, whose right to the directory goes away: the open file is used on, then a new one.
mkdir "$scratch/right"
chown 65534:65534 "$scratch/right"
settings right "disk: {keep_free: 0}"
drive right "$scratch/right" 150 100 4000 setpriv --reuid 65534 --regid 65534 --clear-groups
await "the first lines" test -s "$scratch/right/eve.json"
chmod 0555 "$scratch/right" # first: who looks would make the file anew
mv "$scratch/right/eve.json" "$scratch/right/eve.json.1"
kill -USR1 "$feeding"
await "the refusal" tells right 'cannot open'
chmod 0755 "$scratch/right"
await "the word of its end" tells right 'opened .* again'
rest 150
wait "$feeding" || fail "right: the driver ended with $?: $(cat "$scratch/right.err")"
whole right "$scratch/right/eve.json"
whole right "$scratch/right/eve.json.1"
said right 1 'cannot open .* again: Permission denied; going on with the file that was open'
said right 1 'opened .* again'
[ "$(evidence "$scratch/right/eve.json" "$scratch/right/eve.json.1")" -eq 300 ] ||
	fail "right: $(evidence "$scratch/right/eve.json" "$scratch/right/eve.json.1") of 300 findings"

# 6. Renamed a hundred times while lines come: none is lost or torn.
settings storm "disk: {keep_free: 0}"
drive storm "$scratch/storm" 1000 800 4000
await "the first lines" test -s "$scratch/storm/eve.json"
for i in $(seq 100); do
	mv "$scratch/storm/eve.json" "$scratch/storm/eve.json.$i" 2>/dev/null || true
	kill -USR1 "$feeding"
	sleep 0.01
done
rest 1000
wait "$feeding" || fail "storm: the driver ended with $?"
cat "$scratch"/storm/eve.json* >"$scratch/storm.all"
whole storm "$scratch/storm.all"
[ "$(wc -l <"$scratch/storm.all")" -eq 4200 ] || fail "storm: $(wc -l <"$scratch/storm.all") of 4200 lines"
finish "disk trouble is said once, counted, and passes"
