#!/bin/sh
# naiadctl_case.sh -- naiadctl over what a run left: tables, JSON by its schema, hostile names, a rule that is muted.
#
# REGENERATE=1 writes the completions of packaging/completions instead of comparing them.
. "$(dirname -- "$0")/common"
for tool in jq sqlite3 fish; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done

ctl=$(dirname -- "$NAIAD")/naiadctl
LC_ALL=C.UTF-8
COLUMNS=100
export LC_ALL COLUMNS
case=$scratch/case
analyse case "$captures/lab-scan.pcap"

# run STATUS ARGUMENT... -- naiadctl ends so; what it says is in $scratch/out, $scratch/err
run() {
	want=$1
	shift
	status=0
	"$ctl" "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
	[ "$status" -eq "$want" ] || fail "naiadctl $*: exit $status, expected $want: $(cat "$scratch/err")"
	[ "$(LC_ALL=C tr -d '\n\040-\176\200-\377' <"$scratch/out" | wc -c)" -eq 0 ] ||
		fail "naiadctl $*: control bytes in its output"
}

# has WORDS -- a line of the output has them
has() {
	grep -qF -- "$1" "$scratch/out" || fail "no \"$1\" in: $(head -n 20 "$scratch/out")"
}

# says WORDS -- one line on standard error has them
says() {
	grep -qF -- "$1" "$scratch/err" || fail "no \"$1\" in: $(cat "$scratch/err")"
}

# holds FILTER -- the output is JSON of which this is true
holds() {
	jq -e "$1" "$scratch/out" >/dev/null || fail "not $1: $(head -c 600 "$scratch/out")"
}

# asked SQL -- what the store says
asked() {
	sqlite3 -readonly "$case/naiad.db" "$1"
}

# For people.
run 0 -d "$case" status
has "11, 1 of them infected"
has "missing        nothing"
head -c "$(($(wc -c <"$captures/told/ftp.pcap") - 5))" "$captures/told/ftp.pcap" >"$scratch/cut.pcap"
analyse cut "$scratch/cut.pcap"
run 0 -d "$scratch/cut" status
grep -q '^FROM (UTC)  *TO (UTC)  *MISSING  *INTERFACE  *REASON' "$scratch/out" || fail "no times: $(cat "$scratch/out")"
grep -q '^2026-06-10 21:13:13.*  *77  *-  *capture_cut_bytes' "$scratch/out" || fail "no time: $(cat "$scratch/out")"
run 0 -d "$scratch/cut" status --json
holds '.inputs | map(endswith("/cut.pcap")) == [true]'
holds '.loss_spans | length == 2 and .[1].count == 1 and .[1].from <= .[1].to and .[1].interface == null'
run 0 -d "$case/naiad.db" profiles
sed -n 2p "$scratch/out" | grep -q '^192\.168\.7\.66  *yes' || fail "the infected host is not first"
run 0 -d "$case" profiles --limit 1
has "10 more come after these"
run 0 -d "$case" profiles --json
holds 'length == 11 and (map([(.infected | not), -.alerts, -.evidence]) | . == sort and (unique | length) > 2)'
run 0 -d "$case" devices
has "02:00:00:00:07:66"
run 0 -d "$case" evidence --host 192.168.7.64/30 --level high --limit 2
[ "$(wc -l <"$scratch/out")" -ge 4 ] || fail "not two findings: $(cat "$scratch/out")"
has "2 more came before these"
run 0 -d "$case" alerts
has "    scanned port 23/tcp on 100 hosts with 100 packets"
has "decisive"
run 0 -d "$case" timeline --host 192.168.7.20 --window 1
has "HTTP"
has "SAID"
has "Request: GET"
run 0 -d "$case" flows --host 192.168.7.20 --limit 3
has "more come after these"
run 0 -d "$case" config
has "home_network: []"

# For programs: what the store has, in the form that the schema tells.
run 0 -d "$case" evidence --json
holds "length == $(asked 'SELECT count(*) FROM evidence')"
id=$(jq -r 'map(select(.kind == "HORIZONTAL_PORT_SCAN" and .decisive))[0].id' "$scratch/out")
run 0 -d "$case" evidence --json --type ARP_SCAN
holds 'length == 1 and .[0].level == "low"'
run 0 -d "$case" evidence --json --since 10s
holds 'length == 1 and .[0].kind == "VERTICAL_PORT_SCAN"'
run 0 -d "$case" alerts --json
holds 'length == 2 and .[0].steps[-1].sum == .[0].sum and ((.[0].steps | map(.added) | add) - .[0].sum | fabs) < 0.001'
run 0 -d "$case" explain "$id" --json
holds '.evidence[0].id == "'"$id"'" and .technique_name == "Network Service Discovery" and (.flows | length) > 0'
uid=$(jq -r '.flows[0].uid' "$scratch/out")
run 0 -d "$case" flows "$uid" "$(jq -r '.flows[1].uid' "$scratch/out")" --limit 1
has "more come after these; see --limit"
run 0 -d "$case" flows "$uid" --json
holds 'length == 1 and .[0].uid == "'"$uid"'"'
run 0 -d "$case" report --json
holds 'type == "object"'
run 0 -d "$case" report --html "$scratch/report.html"
grep -q '</html>' "$scratch/report.html" || fail "no page"
run 0 schema
cp "$scratch/out" "$scratch/schema"
for command in status profiles devices evidence alerts flows timeline; do
	set -- -d "$case" "$command" --json
	case $command in flows | timeline) set -- "$@" --host 192.168.7.66 ;; esac
	run 0 "$@"
	jq -e --slurpfile s "$scratch/schema" --arg c "$command" '
		($s[0]["$defs"][$c] | .items // .) as $row
		| (if type == "array" then . else [.] end)
		| length > 0 and all(keys == ($row.required | sort))' "$scratch/out" >/dev/null ||
		fail "$command --json has not the members of its schema"
done

# In plain words, by the beginning of an id.
run 0 -d "$case" explain "${id%%-*}"
has "it is told from"
has "it is decisive"
has "T1046 Network Service Discovery (Discovery)"
run 1 -d "$case" explain zzzz
says "no finding or alert has an id that begins with zzzz"
run 1 -d "$case" explain ""
says "more than one finding or alert"

# An alert as well, by the id in alerts.log: its sum, and what to look at.
alert=$(sed -n 's/.*  ALERT .*, id \([0-9a-f-]*\)]$/\1/p' "$case/alerts.log" | head -n 1)
run 0 -d "$case" alerts
has "${alert%%-*}"
run 0 -d "$case" explain "${alert%%-*}"
has "an alert: 192.168.7.66 behaves maliciously"
has "is enough, of"
has "look at  explain"
has "timeline --host 192.168.7.66 --window"
grep -q '^ADDED  *SUM  *WEIGHT' "$scratch/out" || fail "no arithmetic: $(cat "$scratch/out")"
run 0 -d "$case" explain "$alert" --json
holds '.id == "'"$alert"'" and .steps[-1].sum == .sum'
jq -S . "$scratch/out" >"$scratch/alone"
run 0 -d "$case" alerts --json
jq -S "map(select(.id == \"$alert\"))[0]" "$scratch/out" | cmp - "$scratch/alone" || fail "explain of an alert is not its element"

# A sensor that writes a store is asked for what only that has: the answer is that of -d.
socket=$scratch/control.sock
"${NAIAD_BUILD:-$(dirname -- "$NAIAD")}/control_server" "$socket" 60 "$case/naiad.db" >"$scratch/server" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT
tries=100
until grep -qs ready "$scratch/server" || [ $((tries -= 1)) -eq 0 ]; do sleep 0.1; done
for command in profiles "profiles --host 192.168.7.66 --json" devices "flows $uid" "flows --host 192.168.7.20 --limit 3" \
	"timeline --host 192.168.7.20 --window 1" "explain $id" "explain $alert" "report --json" "explain zzzz"; do
	# shellcheck disable=SC2086
	"$ctl" -d "$case" $command 2>&1 | sed 's/"made":"[^"]*"//' >"$scratch/of_run"
	# shellcheck disable=SC2086
	"$ctl" --socket "$socket" $command 2>&1 | sed 's/"made":"[^"]*"//' >"$scratch/of_sensor"
	cmp "$scratch/of_run" "$scratch/of_sensor" || fail "$command: of its sensor $(head -c 300 "$scratch/of_sensor")"
done
run 0 --socket "$socket" profiles --json
holds "length == $(asked 'SELECT count(*) FROM profiles')"
kill "$server"

# A store that was not told of much yet: cards are known to the sensor, conversations are told at their end.
cp "$case/naiad.db" "$scratch/young.db"
sqlite3 "$scratch/young.db" "DELETE FROM devices; DELETE FROM flows; DELETE FROM timeline; UPDATE runs SET live = 1, ended = 0"
"${NAIAD_BUILD:-$(dirname -- "$NAIAD")}/control_server" "$scratch/young.sock" 60 "$scratch/young.db" >"$scratch/young" 2>&1 &
server=$!
tries=100
until grep -qs ready "$scratch/young" || [ $((tries -= 1)) -eq 0 ]; do sleep 0.1; done
run 0 --socket "$scratch/young.sock" devices --json
holds 'length == 3 and .[0].mac == "02:00:00:00:00:00"'
run 0 --socket "$scratch/young.sock" flows --host 192.168.7.66
has "no conversations that have ended"
run 0 --socket "$scratch/young.sock" timeline --host 192.168.7.66
has "no entries: there is one when a conversation has ended"
kill "$server"

# What is refused says what to do.
if setpriv --reuid=65534 --clear-groups true 2>/dev/null; then
	chmod 700 "$case"
	setpriv --reuid=65534 --regid=65534 --clear-groups "$(for_anybody "$ctl")" -d "$case" profiles 2>"$scratch/err" &&
		fail "a store is read by who may not"
	says "become root, or a member of the group"
fi
run 1 -d "$scratch/nothing" profiles
run 2 -d "$case" timeline
says "timeline needs --host ADDRESS"
run 2 -d "$case" flows --host 192.168.7.0/24
says "of one host, not 192.168.7.0/24"
run 1 -d "$case" timeline --host 203.0.113.9
says "has no profile there"
run 4 --socket "$scratch/none.sock" profiles
says "naiadctl -d DIR profiles"
run 2 -d "$case" reload
run 2 -d "$case" report
run 2 -d "$case" report --html - --json
says "one of --html, --md and --json can go to standard output"
run 2 -d "$case" flows "$uid" --host 192.168.7.66
says "not both"
run 2 schema nothing

# A rule that ends: the other lines of the settings stay.
printf '# ours\nsensor:\n  name: x # Kim\n' >"$scratch/settings.yaml"
chmod 0640 "$scratch/settings.yaml"
run 0 -d "$case" mute "$id" --conf "$scratch/settings.yaml" --for 2h --note 'a "scanner"'
has "naiadctl reload applies it"
head -n 3 "$scratch/settings.yaml" | grep -q 'name: x # Kim' || fail "mute changed other lines"
[ "$(stat -c %a "$scratch/settings.yaml")" = 640 ] || fail "mute changed the mode"
run 0 mute 192.168.7.66 --conf "$scratch/settings.yaml"
analyse muted "$captures/lab-scan.pcap" -c "$scratch/settings.yaml"
run 0 -d "$scratch/muted" alerts --json
holds 'length == 0'
run 0 -d "$scratch/muted" evidence --json
run 0 -d "$scratch/muted" explain "$(jq -r 'map(select(.silenced_by != null))[0].id' "$scratch/out")"
has "of the whitelist silenced it"
run 0 config --conf "$scratch/settings.yaml"
has "mute 192.168.7.66"
cp "$scratch/settings.yaml" "$scratch/before.yaml"
run 2 -d "$case" mute "$id" --conf "$scratch/settings.yaml" --scope all
run 2 mute 10.0.0.1 --conf "$scratch/settings.yaml" --scope pair
printf 'whitelist: {rules: []}\n' >"$scratch/line.yaml"
run 1 mute 10.0.0.1 --conf "$scratch/line.yaml"
says "add it by hand"
has 'match: {src: "10.0.0.1"}'
printf 'nonsense: 1\n' >"$scratch/bad.yaml"
run 1 mute 10.0.0.1 --conf "$scratch/bad.yaml"
says "naiad refuses the settings"
[ "$(cat "$scratch/bad.yaml")" = "nonsense: 1" ] || fail "refused settings were written"
cmp -s "$scratch/before.yaml" "$scratch/settings.yaml" || fail "a refused rule was written"
[ "$(find "$scratch" -name '*.yaml.*' | wc -l)" -eq 0 ] || fail "mute left files behind"

# Names that the wire could have sent: they end no line, and drive no terminal. A kind gets into no settings.
cp -r "$case" "$scratch/hostile"
esc=$(printf '\033[2J\nx\r\302\233')
sqlite3 "$scratch/hostile/naiad.db" "UPDATE evidence SET text = '$esc', title = '$esc', object = '$esc', source = '$esc';
	UPDATE evidence SET kind = 'X}' || char(10) || 'sensor: {name: y}' WHERE uuid = '$id';
	UPDATE device_names SET name = '$esc'; UPDATE address_names SET name = '$esc'; UPDATE runs SET settings = '$esc';
	UPDATE devices SET vendor = '$esc'; UPDATE alerts SET reason = '$esc'; UPDATE flows SET service = '$esc';"
for command in status profiles devices evidence alerts config "explain $id" "timeline --host 192.168.7.66" \
	"flows --host 192.168.7.66"; do
	# shellcheck disable=SC2086
	run 0 -d "$scratch/hostile" $command
	# shellcheck disable=SC2086
	run 0 -d "$scratch/hostile" $command --json
	jq -e . "$scratch/out" >/dev/null || fail "$command --json is no JSON"
done
run 1 -d "$scratch/hostile" mute "$id" --conf "$scratch/settings.yaml"
says "its kind is no name of a kind"

# The installed naiad finds a scan; the doctor says what is wrong where there is no sensor.
TMPDIR=$scratch run 0 selftest
has "this naiad finds what it has to find"
[ "$(find "$scratch" -name 'naiad-selftest*' | wc -l)" -eq 0 ] || fail "selftest left files behind"
run 1 --socket "$scratch/none.sock" doctor --json
holds 'map(select(.area == "sensor"))[0] | .state == "BAD" and (.remedy | contains("systemctl start naiad"))'
holds 'all(.state == "OK" or (.remedy | length) > 0)'

for pair in bash:naiadctl.bash zsh:_naiadctl fish:naiadctl.fish; do
	file=$NAIAD_SOURCE/packaging/completions/${pair#*:}
	run_file=$scratch/completion
	"$ctl" --completion "${pair%%:*}" >"$run_file" || fail "no completion of ${pair%%:*}"
	[ "${REGENERATE:-0}" != 1 ] || cp "$run_file" "$file"
	cmp -s "$run_file" "$file" || fail "$file is not what naiadctl prints: REGENERATE=1 $0"
done

# completes WANT WORD... -- what bash offers for the last word
completes() {
	want=$1
	shift
	offered=$(bash -c '. "$0"
		compopt() { COMPREPLY=("(files)"); }
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_naiadctl
		echo "${COMPREPLY[*]}"' "$NAIAD_SOURCE/packaging/completions/naiadctl.bash" naiadctl "$@")
	[ "$offered" = "$want" ] || fail "naiadctl $*: bash offers $offered, not $want"
}
completes profiles pr
completes "mute metrics" -d mute m
completes "" profiles pr
completes "--limit" profiles --l
completes "--level --limit" -j evidence --l
completes "high" evidence --level h
completes "(files)" -d case/
completes "" profiles --host 10
offered=$(fish --no-config -c "source $NAIAD_SOURCE/packaging/completions/naiadctl.fish
	complete -C 'naiadctl -d case pr'; complete -C 'naiadctl profiles --li'" | cut -f1 | tr '\n' ' ')
[ "$offered" = "profiles --limit " ] || fail "fish offers $offered"
finish "naiadctl tells of a run what its store has"
