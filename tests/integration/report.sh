#!/bin/sh
# report.sh -- the report says what the store says, in three forms; a browser opens it without a complaint.
. "$(dirname -- "$0")/common"
for tool in jq sqlite3 xmllint; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done
report=${NAIAD_BUILD:-$NAIAD_SOURCE/build/asan}/report_file

# ask SQL
ask() {
	sqlite3 -readonly -separator ' ' "$scratch/scan/naiad.db" "$1" 2>&1
}

# same WHAT ONE OTHER
same() {
	[ "$2" = "$3" ] || fail "$1: $2, and in the store $3"
}

# count TEXT FILE -- how often it stands there
count() {
	grep -oF -- "$1" "$2" | wc -l
}

# browse FILE OPTION... -- what a browser makes of it goes to stdout, what it complains of to $scratch/console
browse() {
	page=$1
	shift
	timeout 60 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$scratch/browser" \
		--enable-logging=stderr "$@" "file://$page" 2>"$scratch/stderr"
	grep -F CONSOLE "$scratch/stderr" >"$scratch/console" || :
}

# agrees FILE -- a page, as written or as a browser has it, has what the store has
agrees() {
	same "hosts of ${1##*/}" "$(grep -o '<section id="hosts".*' "$1" | sed 's|</section>.*||' | grep -o '<tr' | wc -l)" \
		"$(ask 'SELECT count(*) + 1 FROM profiles')"
	same "alerts of ${1##*/}" "$(count '<article' "$1")" "$(ask 'SELECT count(*) FROM alerts')"
	same "evidence of ${1##*/}" "$(count '<tr class="evidence' "$1")" "$(ask 'SELECT count(*) FROM evidence')"
	same "hosts with a section of ${1##*/}" "$(count '<section class="host"' "$1")" \
		"$(ask 'SELECT count(*) FROM hosts WHERE evidence > 0')"
	same "devices of ${1##*/}" "$(count '<tr class="device"' "$1")" "$(ask 'SELECT count(*) FROM devices')"
	same "timelines of ${1##*/}" "$(count '<figure class="traffic"' "$1")" \
		"$(ask 'SELECT count(*) FROM hosts WHERE evidence > 0')"
	same "scans of ${1##*/}" "$(count '<figure class="scan"' "$1")" \
		"$(ask "SELECT count(DISTINCT window) FROM evidence WHERE kind IN ('HORIZONTAL_PORT_SCAN', 'VERTICAL_PORT_SCAN')")"
	# A picture for each figure, and a bar for each host with evidence.
	same "pictures of ${1##*/}" "$(count '<svg' "$1")" \
		"$(($(count '<figure' "$1") + $(ask 'SELECT count(*) FROM hosts WHERE evidence > 0')))"
	# Each conversation of the host is an attempt, and its picture says so.
	same "conversations of ${1##*/}" "$(grep -o 'From [0-9]* conversation' "$1" | sort -k2n | tail -n 1 | cut -d' ' -f2)" \
		"$(ask "SELECT count(*) FROM flows WHERE '192.168.7.66' IN (orig, resp)")"
	[ "$(grep -oE '<h2>[^<]+' "$1" | tr '\n' ' ')" = \
		'<h2>Summary <h2>What was not seen <h2>Alerts <h2>Hosts <h2>Host  <h2>Host  <h2>ATT&amp;CK matrix <h2>Indicators <h2>Map <h2>Devices <h2>Glossary ' ] ||
		fail "headings of ${1##*/}: $(grep -oE '<h2>[^<]+' "$1" | tr '\n' ' ')"
	ask 'SELECT text FROM evidence' | while read -r text; do
		grep -qF -- "$(printf '%s' "$text" | sed 's/"/\&quot;/g')" "$1" || grep -qF -- "$text" "$1" || echo "$text"
	done >"$scratch/untold"
	[ ! -s "$scratch/untold" ] || fail "${1##*/} does not say: $(cat "$scratch/untold")"
}

analyse scan "$captures/lab-scan.pcap" || fail "naiad: exit $?"
"$report" "$scratch/scan" "$scratch/report.html" "$scratch/report.md" "$scratch/report.json" || fail "report: exit $?"
agrees "$scratch/report.html"
xmllint --noout "$scratch/report.html" || fail "the page is not well-formed"

# The same for programs, and for a ticket.
same totals "$(jq -r '.run | "\(.packets) \(.bytes) \(.flows)"' "$scratch/report.json")" \
	"$(ask 'SELECT packets, bytes, flows FROM runs')"
same summary "$(jq -r '.summary | "\(.hosts) \(.windows) \(.evidence) \(.alerts)"' "$scratch/report.json")" \
	"$(ask 'SELECT hosts, windows, evidence, alerts FROM runs')"
same infected "$(jq -r '.hosts[] | select(.infected).host' "$scratch/report.json")" \
	"$(ask 'SELECT address FROM hosts WHERE alerts > 0')"
same 'evidence of json' "$(jq -r '.hosts[].evidence[]?.id' "$scratch/report.json" | sort)" \
	"$(ask 'SELECT uuid FROM evidence' | sort)"
same 'evidence of alerts' "$(jq -r '.alerts[].evidence[].id' "$scratch/report.json" | sort)" \
	"$(ask 'SELECT uuid FROM alert_evidence' | sort)"
same losses "$(jq -r '.losses | length' "$scratch/report.json")" "$(ask 'SELECT count(*) FROM losses WHERE count > 0')"
same 'times of losses' "$(jq -r '.loss_spans | map(.count) | add // 0' "$scratch/report.json")" \
	"$(ask 'SELECT coalesce(sum(count), 0) FROM losses')"
same 'alerts of Markdown' "$(sed -n '/^## Alerts/,/^## Hosts/p' "$scratch/report.md" | grep -c '^### ')" \
	"$(ask 'SELECT count(*) FROM alerts')"

# Each reason of a loss has a sentence of its own, but for the packets that are read in part.
cp -r "$scratch/scan" "$scratch/lossy"
{
	echo "UPDATE losses SET count = 7;"
	for reason in capture_dropped_kernel capture_dropped_interface capture_dropped_here capture_gaps capture_down \
		capture_gone capture_stopped writer_dropped store_loss_spans input_bad \
		input_dropped input_ahead input_bad_lines input_long_lines input_cut_texts input_cut_files input_unknown \
		input_late input_evicted input_refused store_dropped store_flows store_transactions store_events \
		store_timeline store_tuples store_source_ports store_addresses store_devices store_windows store_runs; do
		echo "INSERT OR REPLACE INTO losses (run, reason, count) VALUES (1, '$reason', 7);"
	done
} | sqlite3 "$scratch/lossy/naiad.db"
"$report" "$scratch/lossy" "$scratch/lossy.html" "$scratch/lossy.md" "$scratch/lossy.json" || fail "lossy: exit $?"
same 'losses of Markdown' "$(grep -c '| 7 | ' "$scratch/lossy.md")" "$(sqlite3 "$scratch/lossy/naiad.db" \
	'SELECT count(*) FROM losses')"
grep '| 7 | Packets that were read in part' "$scratch/lossy.md" | tr -d '\\' |
	grep -vE '^[|] (link|vlan|arp|ip|fragment|transport|tcp|udp|tunnel)(_[a-z]+)? ' >"$scratch/untold" || :
[ ! -s "$scratch/untold" ] || fail "these have no sentence: $(cat "$scratch/untold")"

# What cannot be opened says what to do.
! "$report" "$scratch/nothing" "$scratch/none.html" 2>"$scratch/error" || fail "a report of nothing"
[ -s "$scratch/error" ] && [ ! -e "$scratch/none.html" ] || fail "no word of what was wrong, or a file all the same"

if ! command -v chromium >/dev/null; then
	[ "$failures" -gt 0 ] || skip "chromium is not installed: all but the browser is as it must be"
	finish "the report"
fi
browse "$scratch/report.html" --dump-dom >"$scratch/dom.html"
[ ! -s "$scratch/console" ] || fail "a browser complains: $(cat "$scratch/console")"
agrees "$scratch/dom.html"
# That a complaint would be seen, and that nothing is loaded: an image is refused.
sed 's|<header>|<img src="file:///dev/null"/>&|' "$scratch/report.html" >"$scratch/loads.html"
browse "$scratch/loads.html" --dump-dom >/dev/null
grep -q 'Content Security Policy' "$scratch/console" || fail "a page may load what it likes"
# As a picture, light and dark.
browse "$scratch/report.html" --window-size=1250,2000 --screenshot="$scratch/light.png"
browse "$scratch/report.html" --window-size=1250,2000 --blink-settings=preferredColorScheme=0 --screenshot="$scratch/dark.png"
for picture in light dark; do
	[ "$(wc -c <"$scratch/$picture.png")" -gt 50000 ] || fail "the $picture page is empty"
done
! cmp -s "$scratch/light.png" "$scratch/dark.png" || fail "there is no dark page"
finish "the report agrees with the store, and a browser with the report"
