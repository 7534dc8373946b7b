#!/bin/sh
# viewer.sh -- each screen of naiad-view, by its key, in a terminal, as tests/viewer/golden has it.
#
# REGENERATE=1 writes those again: look at each as at code. All that a Redis of the same run knows, it shows alike; only the
# first line tells where it is from. Of wide captures those pictures are committed whose text is facts.
. "$(dirname -- "$0")/common"
. "$NAIAD_SOURCE/tests/redis/server"
for tool in redis-server redis-cli; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done
. "$(dirname -- "$0")/terminal"
. "$(dirname -- "$0")/screens"

NAIAD_BUILD=${NAIAD_BUILD:-$NAIAD_SOURCE/build/asan}
server=
trap 'terminal_end; [ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT
mkdir "$scratch/redis"
redis_start "$scratch/redis"
url=redis+unix://$redis_socket
"$NAIAD_BUILD/make_geo" "$scratch/geo.mmdb"
cat >"$scratch/settings.yaml" <<END_SETTINGS
direction: all
site: {countries: $scratch/geo.mmdb, networks: $scratch/geo.mmdb}
redis:
  {enabled: true, timeline_max: 100000, tuples_max: 100000, letters_max: 65536, targets: [{dialect: last, path: $redis_socket}]}
END_SETTINGS

# The other set has other keys.
last="main: source_ports:e peers:d server_ports:r ports:p ports_by_peer:t out_tuples:i in_tuples:y map:m all_evidence:z
	alerts:a explain:zx flows:F beacon:il devices:v attack:T"

# but_first -- all but the line that names the source
but_first() {
	tail -n +2
}

# run_of NAME INPUT -- into $scratch/NAME and the Redis
run_of() {
	redis-cli -s "$redis_socket" FLUSHALL >/dev/null
	mkdir "$scratch/$1"
	"$NAIAD" -c "$scratch/settings.yaml" -r "$2" -o "$scratch/$1" >/dev/null 2>"$scratch/stderr" ||
		fail "$1: naiad failed: $(tail -n 3 "$scratch/stderr")"
}

# each_of_redis DIRECTORY ROWSxCOLUMNS -- the same, or it says that it is not known
each_of_redis() {
	for screen in $talk; do
		printed "$2" "${screen#*:}" "$url" >"$scratch/of_redis"
		case ${screen%%:*} in
		flows | devices | beacon)
			grep -q "this source" "$scratch/of_redis" || fail "$run: ${screen%%:*} does not say that a Redis has none"
			continue
			;;
		esac
		# Flows are named there too, but cannot be opened.
		but_first <"$1/${screen%%:*}" | sed 's/Enter shows them/                /' >"$scratch/of_store"
		but_first <"$scratch/of_redis" | diff "$scratch/of_store" - >"$scratch/diff" ||
			fail "$run: ${screen%%:*} is another of a Redis: $(head -n 8 "$scratch/diff")"
	done
}

# show RUN INPUT SCREEN... -- each screen, compared; these with what is committed
show() {
	run=$1
	input=$2
	shift 2
	run_of "$run" "$input"
	each_screen "$scratch/$run.large" 50x200
	if [ "$run" = lab ]; then
		terminal_begin 200 50 "exec '$view' lab"
	else
		terminal respawn-pane -k "exec '$view' $run"
	fi
	each_in_terminal "$scratch/$run.large"
	each_of_redis "$scratch/$run.large" 50x200
	for screen in "$@"; do
		as_golden "$run/$screen" "$scratch/$run.large/$screen"
	done
}

show lab "$captures/lab-scan.pcap" main peers alerts explain flows map
# It follows the terminal to another size, has all screens there too, and ends with its key.
each_screen "$scratch/lab.small" 24x80
press h
terminal resize-window -x 80 -y 24
stands "another size" cmp -s - "$scratch/lab.small/out_tuples"
terminal respawn-pane -k "'$view' lab; echo \"ended with \$?\"; exec sleep 600"
each_in_terminal "$scratch/lab.small"
for screen in $talk; do
	as_golden "lab_80x24/${screen%%:*}" "$scratch/lab.small/${screen%%:*}"
done
sed -n '/^```text$/,/^```$/{//!p}' "$NAIAD_SOURCE/docs/VIEWER.md" | cmp -s - "$golden/lab_80x24/main.txt" ||
	fail "the picture in docs/VIEWER.md is not tests/viewer/golden/lab_80x24/main.txt"
press q
stands "the end" grep -q "^ended with 0"
terminal resize-window -x 200 -y 50

# The other set of keys leads to the same pictures, but for the bar of its own.
for screen in $last; do
	(cd "$scratch" && printed 24x80 "${screen#*:}" lab --keys last) | head -n 22 >"$scratch/last"
	head -n 22 "$scratch/lab.small/${screen%%:*}" | cmp -s - "$scratch/last" || fail "--keys last: ${screen%%:*} is another"
done

if [ -d "$wide" ]; then
	show iot "$wide/scans/slips__slips-iot-malware-horizontal-2018.pcap" main peers ports out_tuples beacon alerts attack
	show emotet "$wide/malware/jstrosch__emotet-201912-a.pcap" main out_tuples alerts map
fi

# A Redis as Slips left it in 2020, filled by hand. Rows of the file are commands, as the server itself is told them.
redis-cli -s "$redis_socket" FLUSHALL >/dev/null
LC_ALL=C awk -F '\t' 'function say(text) { printf "$%d\r\n%s\r\n", length(text), text }
	!/^#/ { printf "*2\r\n"; say("SELECT"); say($1); printf "*%d\r\n", NF - 1; for (i = 2; i <= NF; i++) say($i) }' \
	"$NAIAD_SOURCE/tests/redis/layouts/2020.tsv" | redis-cli -s "$redis_socket" --pipe >"$scratch/filled"
grep -q 'errors: 0,' "$scratch/filled" || fail "the Redis of 2020 was not filled: $(cat "$scratch/filled")"
for screen in main: source_ports:e peers:d server_ports:r ports_by_peer:t out_tuples:i in_tuples:y map:m all_evidence:z; do
	printed 50x200 "${screen#*:}" "$url" --keys last | sed '1s/ *redis .*//' >"$scratch/2020.${screen%%:*}"
	as_golden "slips_2020/${screen%%:*}" "$scratch/2020.${screen%%:*}"
done
finish "all screens are as they should be, from a store and from a Redis"
