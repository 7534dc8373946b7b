#!/bin/sh
# prometheus.sh -- a real Prometheus scrapes, and every panel and every rule gets an answer.
#
# The target is whatever START_TARGET starts: it listens on TARGET, and lives until it is killed. Each
# expression of each panel must have data that are numbers. A rule is silent when all is well, so it is
# asked without its comparisons; and where MAKE_ILL can make the target ill, each rule must speak.
# prometheus_live.sh runs this on the real sensor.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/own_network"
command -v prometheus >/dev/null || skip "prometheus is not installed"

NAIAD_BUILD=${NAIAD_BUILD:-$NAIAD_SOURCE/build/asan}
rules=$NAIAD_SOURCE/packaging/prometheus/naiad.rules.yaml
dashboards=$NAIAD_SOURCE/packaging/grafana
seconds=6 # of samples, before anything is asked
pids=
trap 'for pid in $pids; do kill "$pid" 2>/dev/null || true; done; wait; rm -rf "$scratch"' EXIT

TARGET=${TARGET:-127.0.0.1:9947}
START_TARGET=${START_TARGET:-"$NAIAD_BUILD/metrics_server $TARGET"}
MAKE_ILL=${MAKE_ILL-kill -USR1}
prometheus=127.0.0.1:9090

$START_TARGET >"$scratch/target.out" 2>&1 &
target_pid=$!
pids=$target_pid

cat >"$scratch/prometheus.yaml" <<END
global: { scrape_interval: 500ms, evaluation_interval: 500ms }
rule_files: [$rules]
scrape_configs:
  - job_name: naiad
    static_configs: [{ targets: ["$TARGET"] }]
END
prometheus --config.file="$scratch/prometheus.yaml" --storage.tsdb.path="$scratch/data" \
	--web.listen-address="$prometheus" >"$scratch/prometheus.log" 2>&1 &
pids="$pids $!"

# ask EXPRESSION -- what Prometheus answers; nothing while it is not there
ask() {
	curl -sG "http://$prometheus/api/v1/query" --data-urlencode "query=$1" || true
}

# has_data EXPRESSION -- an expression that it refuses has none, and it says why
has_data() {
	ask "$1" >"$scratch/answer"
	jq -e '[.data.result[].value[1] | select(. != "NaN")] | length > 0' "$scratch/answer" >/dev/null || {
		jq -r '.error // empty' "$scratch/answer"
		return 1
	}
}

# has_data_soon EXPRESSION -- it has, or gets it in half a minute: after a scrape that came too late a gauge has none
has_data_soon() {
	for _ in $(seq 100); do
		! has_data "$1" || return 0
		sleep 0.3
	done
	return 1
}

samples=0
for _ in $(seq 300); do
	samples=$(ask 'count_over_time(up{job="naiad"}[1m])' | jq -r '.data.result[0].value[1] // 0' 2>/dev/null) ||
		samples=0 # it does not speak JSON before it is ready
	[ "${samples:-0}" -lt "$seconds" ] || break
	sleep 0.2
done
if ! has_data_soon 'up{job="naiad"} == 1'; then
	tail -n 5 "$scratch/target.out" "$scratch/prometheus.log"
	curl -s "http://$prometheus/api/v1/targets" | jq -r '.data.activeTargets[].lastError' || true
	fail "Prometheus does not get anything from $TARGET"
	finish ""
fi

count=0
for dashboard in "$dashboards"/*.json; do
	jq -r '.panels[] | .title as $title | .targets[]? | "\($title)\t\(.expr)"' "$dashboard" |
		sed 's/\$__rate_interval/30s/g; s/\$__range/1h/g; s/\$instance/.*/g' >"$scratch/asked"
	while IFS="$(printf '\t')" read -r title expression; do
		count=$((count + 1))
		has_data_soon "$expression" || fail "$(basename "$dashboard"): panel \"$title\" is empty: $expression"
	done <"$scratch/asked"
done

curl -s "http://$prometheus/api/v1/rules" >"$scratch/rules.json"
jq -r '.data.groups[].rules[].query' "$scratch/rules.json" >"$scratch/expressions"
[ "$(wc -l <"$scratch/expressions")" -eq "$(grep -c '^ *- alert:' "$rules")" ] || fail "not all rules are loaded"
[ "$(jq '[.data.groups[].rules[] | select(.health == "err")] | length' "$scratch/rules.json")" -eq 0 ] ||
	fail "a rule has an error: $(jq -r '.data.groups[].rules[].lastError // empty' "$scratch/rules.json")"
sed 's/ [<>=!]=* [0-9.]*//g' "$scratch/expressions" >"$scratch/asked"
while IFS= read -r expression; do
	count=$((count + 1))
	has_data_soon "$expression" || fail "a rule can never speak, this is empty: $expression"
done <"$scratch/asked"

if [ -n "$MAKE_ILL" ]; then
	$MAKE_ILL "$target_pid"
	while IFS= read -r expression; do
		count=$((count + 1))
		case $expression in
		up*) continue ;; # the target's end is tried below
		esac
		has_data_soon "$expression" || fail "a rule is silent though the target is ill: $expression"
	done <"$scratch/expressions"
fi
kill "$target_pid"
wait "$target_pid" || true
pids=${pids#"$target_pid"}
has_data_soon 'up{job="naiad"} == 0' || fail "Prometheus does not see that the target has gone"
finish "$count expressions have data"
