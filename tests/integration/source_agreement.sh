#!/bin/sh
# source_agreement.sh -- what the viewer reads from the store of a run and from its Redis is the same, fact by fact.
#
# From the last dialect it is all of it. The others have another generation's timeline: of it the conversations are compared,
# and all else is the same. Without naiad:run the same Redis is read as a Slips', which knows less, and nothing else.
. "$(dirname -- "$0")/common"
. "$NAIAD_SOURCE/tests/redis/server"
for tool in redis-server redis-cli; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done

NAIAD_BUILD=${NAIAD_BUILD:-$NAIAD_SOURCE/build/asan}
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT
mkdir "$scratch/redis"
redis_start "$scratch/redis"
url="redis+unix://$redis_socket?db="

"$NAIAD_BUILD/make_geo" "$scratch/geo.mmdb"
cat >"$scratch/settings.yaml" <<END
direction: all
site: {countries: $scratch/geo.mmdb, networks: $scratch/geo.mmdb}
redis:
  enabled: true
  timeline_max: 100000
  tuples_max: 100000
  letters_max: 65536
  targets:
    - {dialect: last, path: $redis_socket, db: 0, cache_db: 1}
    - {dialect: "2020", path: $redis_socket, db: 2, cache_db: 3}
    - {dialect: talk, path: $redis_socket, db: 4, cache_db: 4}
END

# same WHAT FILE FILE
same() {
	cmp -s "$2" "$3" || fail "$1: $(diff "$2" "$3" | grep -c '^[<>]') facts differ: $(
		diff "$2" "$3" | grep '^[<>]' | head -n 4 | tr '\n\t' '; ')"
}

# but_entries FILE -- all that is no timeline's
but_entries() {
	awk -F '\t' '$1 != "entry"' "$1"
}

# conversations FILE -- of the timelines what every generation says, in whatever order those of the same time are
conversations() {
	awk -F '\t' '$1 == "entry" && $3 ~ /^(time|from|peer)$/ { sub(/ [0-9]+$/, "", $2); print $2, $3, $4 }' "$1" | sort
}

# of_slips FILE -- what a Slips knows too
of_slips() {
	awk -F '\t' -v OFS='\t' '$1 == "evidence" && $3 == "text" { $4 = tolower(substr($4, 1, 1)) substr($4, 2) }
		$1 ~ /^(table|entries)$/ || ($1 == "entry" && $3 !~ /^(uid|time)$/) ||
		($1 == "window" && $3 ~ /^(start|infected)$/) || ($1 == "profile" && $3 ~ /^(country|infected|windows)$/) ||
		($1 ~ /^(out|in)$/ && $3 ~ /^(tcp|udp|peer|letters|country|private|name|sni|reverse)$/) ||
		($1 == "evidence" && $3 ~ /^(id|time|kind|title|threat|confidence|text)$/)' "$1"
}

# agree NAME INPUT...
agree() {
	name=$1
	shift
	redis-cli -s "$redis_socket" FLUSHALL >/dev/null
	mkdir "$scratch/$name"
	set -- $(printf -- '-r %s ' "$@")
	"$NAIAD" -c "$scratch/settings.yaml" "$@" -o "$scratch/$name" >/dev/null 2>"$scratch/$name/stderr" ||
		fail "$name: naiad failed: $(tail -n 3 "$scratch/$name/stderr")"
	rows=$scratch/$name
	"$NAIAD_BUILD/source_rows" "$scratch/$name" >"$rows/store" || fail "$name: the store was not read"
	for target in last:0:1 2020:2:3 talk:4:4; do
		db=${target#*:}
		"$NAIAD_BUILD/source_rows" "$url${db%:*}" "$url${db#*:}" >"$rows/${target%%:*}" ||
			fail "$name: the Redis of $target was not read"
	done
	for kind in profile window entry table out in evidence alert all_evidence; do
		grep -q "^$kind	" "$rows/store" || fail "$name: nothing is told of $kind"
	done
	same "$name: last" "$rows/store" "$rows/last"
	for dialect in 2020 talk; do
		for part in but_entries conversations; do
			"$part" "$rows/store" >"$rows/a"
			"$part" "$rows/$dialect" >"$rows/b"
			same "$name: $dialect: $part" "$rows/a" "$rows/b"
		done
	done
}

agree ours "$captures/lab-scan.pcap" "$NAIAD_SOURCE/tests/golden/horizontal_scan/input.pcap" "$captures"/told/*.pcap
[ ! -d "$wide" ] || agree malware "$wide/malware/jstrosch__emotet-201912-a.pcap"

# As a Slips': braces are replaced there, since a Kalipso obeys them, and its sentences begin with a capital.
redis-cli -s "$redis_socket" DEL naiad:run >/dev/null
redis-cli -s "$redis_socket" -n 1 DEL naiad:addresses >/dev/null
"$NAIAD_BUILD/source_rows" "${url}0" "${url}1" >"$rows/slips" || fail "it is not read as a Slips'"
of_slips "$rows/store" | tr '{}' '()' >"$rows/a"
of_slips "$rows/slips" >"$rows/b"
same "as a Slips'" "$rows/a" "$rows/b"

# And a fact that differs is found.
redis-cli -s "$redis_socket" -n 2 HSET naiad:windows "$(redis-cli -s "$redis_socket" -n 2 HKEYS naiad:windows |
	head -n 1)" '{"evidence":77}' >/dev/null
"$NAIAD_BUILD/source_rows" "${url}2" "${url}3" >"$rows/damaged"
[ "$(diff "$rows/2020" "$rows/damaged" | grep -c '^>.*evidence	77$')" -eq 2 ] ||
	fail "another number of evidence is not seen in the window and its profile"
finish "a store and a Redis say the same of a run: $(wc -l <"$scratch/ours/store") facts"
