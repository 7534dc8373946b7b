#!/bin/sh
# redis.sh -- captures mirrored into a real Redis, in each dialect: keys and values as that Kalipso reads them, and right.
#
# Shapes are compared with those of the contract (tests/redis/compare), what would end a Kalipso is looked for
# (tests/redis/crash_rules) and shown to be found when it is there (tests/redis/damages). Numbers are those of naiad.db
# and of eve.json: windows, evidence, alerts, timelines, tuples, and the sums of the tables.
. "$(dirname -- "$0")/common"
tools=$NAIAD_SOURCE/tests/redis
. "$tools/server"
for tool in redis-server redis-cli jq sqlite3; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done

NAIAD_BUILD=${NAIAD_BUILD:-$NAIAD_SOURCE/build/asan}
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT
mkdir "$scratch/redis" "$scratch/reputation"
redis_start "$scratch/redis"

"$NAIAD_BUILD/make_geo" "$scratch/geo.mmdb"
printf '{"address":"%s","url":0.38071}\n' \
	203.0.113.4 192.168.7.66 >"$scratch/reputation/said.jsonl"
targets=
for target in last:0:1 2020:2:3 talk:4:4; do
	cache_db=${target##*:}
	db=${target%:*}
	targets="$targets{dialect: \"${db%:*}\", path: $redis_socket, db: ${db#*:}, cache_db: $cache_db}, "
done
cat >"$scratch/settings.yaml" <<END
direction: all
site: {countries: $scratch/geo.mmdb, networks: $scratch/geo.mmdb}
redis: {enabled: true, targets: [${targets%, }], reputation: $scratch/reputation,
  timeline_max: 100000, tuples_max: 100000, stream_max: 100000}
END

# each DIALECT:DB:CACHE COMMAND... -- with $dialect, $db and $cache_db set
split() {
	dialect=${1%%:*}
	cache_db=${1##*:}
	db=${1#*:}
	db=${db%:*}
}

# same NAME WHAT FILE FILE -- two tables of numbers have the same rows, of those kinds that both have
same() {
	for table in "$3" "$4"; do
		cut -f 1 "$table" | sort -u >"$table.kinds"
	done
	comm -12 "$3.kinds" "$4.kinds" >"$scratch/kinds"
	for table in "$3" "$4"; do
		awk -F '\t' 'NR == FNR { wanted[$1] = 1; next } $1 in wanted' "$scratch/kinds" "$table" | sort >"$table.rows"
	done
	cmp -s "$3.rows" "$4.rows" || fail "$1: $2: $(diff "$3.rows" "$4.rows" | grep -c '^[<>]') rows differ: $(
		diff "$3.rows" "$4.rows" | grep '^[<>]' | head -n 6 | tr '\n\t' '; ')"
	compared="$(tr '\n' ' ' <"$scratch/kinds")"
}

# mirrored NAME INPUT... -- run over all inputs, and look at what is in Redis then
mirrored() {
	name=$1
	shift
	redis-cli -s "$redis_socket" FLUSHALL >/dev/null
	mkdir -p "$scratch/$name"
	set -- $(printf -- '-r %s ' "$@")
	"$NAIAD" -c "$scratch/settings.yaml" "$@" -o "$scratch/$name" --json >"$scratch/$name/summary.json" \
		2>"$scratch/$name/stderr" || fail "$name: naiad failed: $(tail -n 3 "$scratch/$name/stderr")"
	! grep 'warning: .*redis' "$scratch/$name/stderr" || fail "$name: the line above, of a mirror without trouble"
	jq -nr --arg of eve -f "$tools/numbers.jq" "$scratch/$name/eve.json" >"$scratch/$name/eve.numbers"
	sqlite3 -readonly "$scratch/$name/naiad.db" <"$tools/numbers.sql" >"$scratch/$name/store.numbers" ||
		fail "$name: no numbers of naiad.db"
	same "$name" "naiad.db and eve.json" "$scratch/$name/store.numbers" "$scratch/$name/eve.numbers"
	for target in last:0:1 2020:2:3 talk:4:4; do
		split "$target"
		"$tools/dump" "$db" "$cache_db" -s "$redis_socket" >"$scratch/dump"
		"$tools/shape" <"$scratch/dump" >"$scratch/$name.$dialect.shape"
		"$tools/crash_rules" "$dialect" <"$scratch/dump" >"$scratch/rules" ||
			fail "$name: $dialect: $(wc -l <"$scratch/rules") findings: $(head -n 5 "$scratch/rules")"
		kinds=timeline
		[ "$dialect" = talk ] || kinds=lines # of the other kind there are no more than that
		jq -nr --arg of redis -f "$tools/numbers.jq" "$scratch/dump" | grep -v "^$kinds	" >"$scratch/redis.numbers"
		same "$name" "$dialect and eve.json" "$scratch/redis.numbers" "$scratch/$name/eve.numbers"
		same "$name" "$dialect and naiad.db" "$scratch/redis.numbers" "$scratch/$name/store.numbers"
		[ "$dialect" != last ] || cp "$scratch/redis.numbers" "$scratch/last.numbers"
		same "$name" "$dialect and last" "$scratch/redis.numbers" "$scratch/last.numbers"
	done
	awk -F '\t' '{ sum[$1] += $4 } END { for (what in sum) printf " %s %d", what, sum[what] }' "$scratch/redis.numbers" |
		sed "s/^/$name:/; s/\$/\n/"
}

set -- "$captures/lab-scan.pcap" "$NAIAD_SOURCE/tests/golden/horizontal_scan/input.pcap" "$captures"/told/*.pcap
"$NAIAD_BUILD/bench_make_hosts" 2 >"$scratch/hosts.pcap"
mirrored ours "$@" "$scratch/hosts.pcap"
if [ -d "$wide" ]; then
	mirrored iot "$wide/scans/slips__slips-iot-malware-horizontal-2018.pcap"
	mirrored malware "$wide/malware/jstrosch__emotet-201912-a.pcap"
	mirrored zeek "$wide/zeek-logs/slips-test9-mixed"
fi

for target in last:0:1 2020:2:3 talk:4:4; do
	split "$target"
	"$tools/compare" "$dialect" "$scratch"/*."$dialect.shape" || fail "$dialect: shapes differ"
	redis-cli -s "$redis_socket" FLUSHALL >/dev/null
	"$tools/damages" "$dialect" "$db" "$cache_db" -s "$redis_socket" || fail "$dialect: a rule cannot fail"
done
finish "Redis has what was seen, in the shape that each Kalipso reads"
