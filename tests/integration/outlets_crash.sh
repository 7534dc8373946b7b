#!/bin/sh
# outlets_crash.sh -- kill -9 at 50 moments: whole lines, nothing lost that was written, nothing twice.
. "$(dirname -- "$0")/common"
command -v rsyslogd >/dev/null || skip "rsyslogd is not installed"
driver=${NAIAD_BUILD:-$NAIAD_SOURCE/build/asan}/outlet_driver
moments=50

server=
trap '[ -z "$server" ] || kill -9 "$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT
cat >"$scratch/rsyslog.conf" <<END
global(workDirectory="$scratch" maxMessageSize="64k")
module(load="imuxsock" SysSock.Use="off")
template(name="raw" type="string" string="%rawmsg%\n")
ruleset(name="all") { action(type="omfile" file="$scratch/received" template="raw") }
input(type="imuxsock" socket="$scratch/log.sock" ruleset="all" useSpecialParser="off"
	rateLimit.interval="0")
END
rsyslogd -n -f "$scratch/rsyslog.conf" -i "$scratch/pid" 2>"$scratch/rsyslog.err" &
server=$!
for _ in $(seq 600); do
	[ -S "$scratch/log.sock" ] || sleep 0.05
done
[ -S "$scratch/log.sock" ] || skip "rsyslogd does not start: $(head -n 2 "$scratch/rsyslog.err")"

cat >"$scratch/settings.yaml" <<END
service: {state: $scratch/state}
eve: {disk: {rotate_at: 4MiB, rotated_kept: 100}}
syslog: {enabled: true, path: $scratch/log.sock}
END

# feed COUNT LINGER_MS -- the driver, going on behind the last number that it kept
feed() {
	first=1
	[ ! -s "$scratch/progress" ] || first=$(($(sed 's/^0*//' "$scratch/progress") + 1))
	exec "$driver" "$scratch/settings.yaml" "$scratch/out" "$first" "$1" 2000 "$2" \
		"$scratch/progress"
}

written() {
	cat "$scratch"/out/eve.json* 2>/dev/null | grep -c '"kind":"evidence"' || true
}

# begun WAS -- it has fed something since
begun() {
	for _ in $(seq 2000); do
		[ "$(cat "$scratch/progress" 2>/dev/null)" = "$1" ] || break
		sleep 0.01
	done
}

for moment in $(seq "$moments"); do
	was=$(cat "$scratch/progress" 2>/dev/null || true)
	(feed 1000000 0) >/dev/null 2>>"$scratch/err" &
	begun "$was"
	sleep "$(awk -v seed="$moment" 'BEGIN { srand(seed); printf "%.3f\n", rand() / 8 }')"
	kill -9 $!
	wait $! 2>/dev/null || true
done
(feed 10 10000) >"$scratch/said" 2>>"$scratch/err" || fail "the last run: $(tail -n 3 "$scratch/err")"
for _ in $(seq 600); do
	jq -r 'select(.naiad.kind == "evidence" or .naiad.kind == "alert") | .naiad.id' "$scratch"/out/eve.json* 2>/dev/null |
		sort >"$scratch/written"
	grep -o ' id="[^"]*"' "$scratch/received" | cut -d '"' -f 2 | sort >"$scratch/arrived"
	[ -n "$(comm -23 "$scratch/written" "$scratch/arrived")" ] || break
	sleep 0.05
done
kill "$server"
wait "$server" || true
server=

cat "$scratch"/out/eve.json* >"$scratch/eve.all"
jq -c . "$scratch/eve.all" >/dev/null 2>"$scratch/jq" || fail "eve.json: $(cat "$scratch/jq")"
for file in "$scratch"/out/*; do
	[ -z "$(tail -c 1 "$file")" ] || fail "$file ends in half a line"
done
grep -v '^20[0-9T:-]*Z  192' "$scratch/out/alerts.log" >"$scratch/odd" && fail "odd lines in alerts.log: $(cat "$scratch/odd")"

jq -r 'select(.naiad.kind == "evidence" or .naiad.kind == "alert") | .naiad.id' "$scratch/eve.all" |
	sort >"$scratch/written"
grep -o ' id="[^"]*"' "$scratch/received" | cut -d '"' -f 2 | sort >"$scratch/arrived"
grep -v ' repeat="yes"' "$scratch/received" | grep -o ' id="[^"]*"' | cut -d '"' -f 2 | sort >"$scratch/unmarked"
[ -z "$(uniq -d "$scratch/written")" ] || fail "ids twice in eve.json: $(uniq -d "$scratch/written")"
[ -z "$(uniq -d "$scratch/unmarked")" ] || fail "ids twice at the receiver: $(uniq -d "$scratch/unmarked")"
lost=$(uniq "$scratch/arrived" | comm -23 "$scratch/written" - | grep -c . || true)
[ "$lost" -eq 0 ] || fail "$lost findings of eve.json did not arrive"
fed=$(sed 's/^0*//' "$scratch/progress")
count=$(wc -l <"$scratch/written")
[ "$count" -gt 500 ] || fail "only $count findings were written in $moments runs"
grep -q '^syslog .*queued=0' "$scratch/said" || fail "$(cat "$scratch/said")"
echo "$moments kills, $fed evidence fed, $count findings written, all arrived," \
	"$(uniq -d "$scratch/arrived" | grep -c . || true) twice, marked"
finish "a kill costs nothing that was written"
