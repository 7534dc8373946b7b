#!/bin/sh
# whitelist.sh -- traffic is ignored, evidence silenced, an alert prevented; and a mistake has its line.
#
# The capture of the repository: 192.168.7.66 asks for all addresses, scans 23/tcp on all, and all ports of one host.
. "$(dirname -- "$0")/common"

# with NAME -- analyse the capture with the rules of standard input
with() {
	cat >"$scratch/$1.yaml"
	analyse "$1" "$captures/lab-scan.pcap" -c "$scratch/$1.yaml" || fail "$1: $(cat "$scratch/$1/stderr")"
}

# summary NAME KEY -- a number of the summary
summary() {
	jq -r ".$2" "$scratch/$1/summary.json"
}

# told NAME FILTER -- how many evidence lines of the scanner pass
told() {
	jq -c "select(.naiad.kind == \"evidence\") | .naiad | select(.profile == \"192.168.7.66\" and ($2))" \
		"$scratch/$1/eve.json" | wc -l
}

# same WHAT FOUND EXPECTED
same() {
	[ "$2" = "$3" ] || fail "$1: $2, expected $3"
}

with plain </dev/null
same "alerts without a whitelist" "$(summary plain alerts)" 2
all=$(told plain true)
everybodys=$(summary plain evidence)

with alert <<'END'
whitelist:
  rules:
    - name: our scanner
      comment: goes through the network every night
      effect: no-alert
      match: {src: 192.168.7.66}
END
same "alerts of our scanner" "$(summary alert alerts)" 0
same "evidence of our scanner" "$(told alert true)" "$all"
same "evidence with the rule and its effect" "$(told alert \
	'.silenced_by == {rule: "our scanner", effect: "no-alert"} and (.counted or .decisive | not) and .sum == 0')" "$all"
same "levels" "$(told alert '.threat_level == "high"')" "$(told plain '.threat_level == "high"')"
grep -q "no-alert by the whitelist's our scanner" "$scratch/alert/alerts.log" || fail "alerts.log does not say who silenced it"
same "hits in run.json" "$(jq -r '.whitelist["our scanner"]' "$scratch/alert/run.json")" "$all"

with evidence <<'END'
whitelist: {rules: [{name: telnet, effect: no-evidence, match: {port: 23/tcp, detector: HORIZONTAL_PORT_SCAN}}]}
END
same "alerts about ports" "$(summary evidence alerts)" 1
same "notes at level info" "$(told evidence '.silenced_by.rule == "telnet" and .threat_level == "info"')" 2
same "other evidence" "$(told evidence '.silenced_by == null')" $((all - 2))

with silent <<'END'
whitelist:
  write_silenced: false
  rules: [{effect: no-evidence, match: {either: 192.168.7.0/24}}]
END
same "silent evidence" "$(told silent true)" 0
same "hits of silence" "$(jq -r '.whitelist["rule 1"]' "$scratch/silent/run.json")" "$everybodys"

with ignored <<'END'
whitelist: {rules: [{name: lab, effect: ignore-traffic, match: {src: 192.168.7.66}}]}
END
same "evidence of ignored traffic" "$(told ignored true)" 0
same "flows" "$(summary ignored flows)" "$(summary plain flows)"
same "flows that say so" "$(jq -c 'select(.event_type == "flow" and .naiad.ignored_by == "lab")' "$scratch/ignored/eve.json" | wc -l)" \
	"$(jq -c 'select(.event_type == "flow" and .src_ip == "192.168.7.66")' "$scratch/plain/eve.json" | wc -l)"

with expired <<'END'
whitelist: {rules: [{until: 2026-11-24T07:57:50Z, match: {src: 192.168.7.66}}]}
END
same "alerts after the end of the rule" "$(summary expired alerts)" 2
same "evidence before it" "$(told expired .silenced_by)" 1

cat >"$scratch/whitelist.conf" <<'END'
"IoCType","IoCValue","Direction","IgnoreType"
; our scanner
ip,192.168.7.66,src,alerts
#organization,google,both,both
END
echo "whitelist: {slips_csv: $scratch/whitelist.conf}" >"$scratch/names_it"
with slips <"$scratch/names_it"
same "alerts by the file of Slips" "$(summary slips alerts)" 0
same "evidence by line 3" "$(told slips '.silenced_by.rule == "slips:3"')" "$all"

# refused NAME WHAT -- the settings of standard input are refused with exit code 2 and a line that has WHAT in it
refused() {
	cat >"$scratch/$1.yaml"
	code=0
	"$NAIAD" -T -c "$scratch/$1.yaml" >"$scratch/out" 2>&1 || code=$?
	same "exit code of $1" "$code" 2
	grep -qF -- "$2" "$scratch/out" || fail "$1: $(cat "$scratch/out")"
}

refused port "port.yaml:4: whitelist.rules[2].match.port: \"443/tpc\" is no port" <<'END'
whitelist:
  rules:
    - match: {port: 443/tcp}
    - name: wrong
      match: {port: 443/tpc}
END
refused key 'whitelist.rules[1].match.source: unknown setting' <<'END'
whitelist: {rules: [{match: {source: 10.0.0.1}}]}
END
echo 'ip,192.168.7.66,source,alerts' >"$scratch/whitelist.conf"
refused slips_word "whitelist.conf:1: \"source\" is no direction" <"$scratch/names_it"
rm "$scratch/whitelist.conf"
refused slips_file "whitelist.conf: cannot be read" <"$scratch/names_it"
finish "the whitelist does what it says"
