#!/bin/sh
# slips_listings.sh -- our windows, tuples and letters of Slips' own data sets are those of Slips 0.7.0.
#
# Golden figures: behaviour §13.2, from the reference's own code. The files are Slips' (GPL) and stand beside the
# repository; a row whose file is not there is printed as skipped.
. "$(dirname -- "$0")/common"
[ -d "$wide" ] || skip "the wide collection of captures is not beside the repository"

# hold FILE ORDER FLOWS PROFILES WINDOWS TUPLES LETTERS EST/NOT SHA-1
hold() {
	file=$1
	order=$2
	shift 2
	if [ ! -f "$wide/$file" ]; then
		printf '%-42s %-7s skipped: no such file\n' "$file" "$order"
		return
	fi
	ours=$("$NAIAD_BUILD/slips_listings" "$wide/$file" "$order" | tr '\t' ' ')
	result=equal
	[ "$ours" = "$*" ] || result=DIFFERS
	# shellcheck disable=SC2086
	printf '%-42s %-7s %6s %5s %5s %5s %6s %9s %s %s\n' "$file" "$order" $ours "$result"
	[ "$result" = equal ] || fail "$file ($order): expected $*"
	rows=$((rows + 1))
}

rows=0
printf '%-42s %-7s %6s %5s %5s %5s %6s %9s %s\n' file order flows hosts tws tuple letter est/not sha1
hold zeek-logs/slips-test9-mixed/conn.log file 576 122 145 143 1009 537/39 \
	113c7927a64435b100614ffafc48b94f578f5515
hold zeek-logs/slips-test9-mixed/conn.log sorted 576 122 122 136 1016 537/39 \
	4a2c151f93ab52ba839172a1f2c77c6c1b476724
hold zeek-logs/slips-test14-malicious/conn.log file 1 2 2 1 9 0/1 \
	c32ce75cd5c26555cfb91fe6d3345a0972363e7f
hold other-flow-formats/slips-test2.binetflow file 6751 497 3558 1412 12090 6592/159 \
	1f7fea6bb820585146ef515cec83c45626fa491d
hold other-flow-formats/slips-test4.binetflow file 394 184 368 372 416 122/272 \
	125f7bc1aa98a2e54d6163a53f4768f7707de05d
hold other-flow-formats/slips-test11-portscan.binetflow file 66 23 23 41 91 46/20 \
	373ef34f13b5b9833e42315b6bdd2449dfba6dc8
finish "$rows listings are those of Slips"
