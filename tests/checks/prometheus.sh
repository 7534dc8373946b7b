#!/bin/sh
# prometheus.sh -- the alert rules say what they are to say, and each panel asks something that parses.
#
# promtool on the rules and on tests/prometheus/rules.test.yaml; jq on the dashboards; and every
# expression of a panel goes through promtool, as a rule of a file that is thrown away.
. "$(dirname -- "$0")/common"
command -v promtool >/dev/null || skip "promtool of prometheus is not installed"

rules=packaging/prometheus/naiad.rules.yaml
made=$findings.rules.yaml
trap 'rm -f "$findings" "$made" "$findings.said"' EXIT

# tried COMMAND... -- a failure is a finding, with what it said
tried() {
	"$@" >"$findings.said" 2>&1 || found "$*: $(tail -n 20 "$findings.said")"
}

tried promtool check rules "$rules"
tried promtool test rules tests/prometheus/rules.test.yaml
count=$(grep -c '^ *- alert: ' "$rules")
for part in summary description runbook; do
	[ "$(grep -c "^          $part: " "$rules")" -eq "$count" ] || found "$rules: an alert has no $part"
done
for alert in $(sed -n 's/^ *- alert: //p' "$rules"); do
	grep -q "alertname: $alert\$" tests/prometheus/rules.test.yaml || found "$alert: has no test"
done

uids=
for dashboard in packaging/grafana/*.json; do
	jq . "$dashboard" | cmp -s - "$dashboard" || found "$dashboard: is not as jq . writes it"
	# What must hold, by name; jq says which does not.
	jq -r '
		[.panels[] | select(.type != "row")] as $panels |
		{
			"schemaVersion is 36": (.schemaVersion == 36),
			"DS_PROMETHEUS is an input": ([.__inputs[].name] == ["DS_PROMETHEUS"]),
			"DS_PROMETHEUS and instance are variables":
				([.templating.list[].name] == ["DS_PROMETHEUS", "instance"]),
			"ids are unique": ([.panels[].id] | length == (unique | length)),
			"titles are unique": ([$panels[].title] | length == (unique | length)),
			"panels are described": all($panels[]; .description | length > 0),
			"panels have a data source": all($panels[]; .datasource.uid == "${DS_PROMETHEUS}"),
			"targets have a data source":
				all($panels[].targets[]; .datasource.uid == "${DS_PROMETHEUS}"),
			"panels ask something": all($panels[]; .targets | length > 0),
			"panels ask for the chosen sensors":
				all($panels[].targets[]; .expr | contains("instance=~\"$instance\"")),
			"panels do not overlap": ([.panels[].gridPos |
				range(.x; .x + .w) as $x | range(.y; .y + .h) as $y | [$x, $y]] |
				length == (unique | length)),
			"panels fit": all(.panels[].gridPos; .x + .w <= 24)
		} | to_entries[] | select(.value | not) | .key' "$dashboard" |
		while IFS= read -r wrong; do
			found "$dashboard: not so: $wrong"
		done
	uids="$uids $(jq -r .uid "$dashboard")"
	{
		echo 'groups: [{ name: panels, rules: ['
		jq -r '.panels[].targets[]?.expr' "$dashboard" |
			sed 's/\$__rate_interval/1m/g; s/\$__range/1h/g; s/\$instance/.*/g' |
			jq -R '{ record: "x", expr: . }' | sed 's/^}$/},/'
		echo ']}]'
	} >"$made"
	tried promtool check rules "$made"
	count=$((count + $(grep -c '"expr"' "$made")))
done
[ "$(echo "$uids" | xargs -n 1 | sort | uniq -d)" = "" ] || found "two dashboards have one uid"
for uid in $(jq -r '.links[].url' packaging/grafana/*.json | sed 's|^/d/||'); do
	echo "$uids" | grep -qw -- "$uid" || found "a dashboard links to $uid, which is none"
done
finish "$count" "rules and expressions"
