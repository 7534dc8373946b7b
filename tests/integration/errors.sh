#!/bin/sh
# errors.sh -- what goes wrong is one clear line, and the exit code of the contract.
. "$(dirname -- "$0")/common"

capture=$(ls "$captures"/*.pcap* | head -n 1)

# refused STATUS PATTERN ARGUMENT... -- naiad ends with STATUS and says one line like PATTERN
refused() {
	want=$1
	pattern=$2
	shift 2
	status=0
	"$NAIAD" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null || status=$?
	[ "$status" -eq "$want" ] || fail "naiad $*: exit $status, expected $want"
	grep -q -- "$pattern" "$scratch/err" || fail "naiad $*: no line like \"$pattern\" in: $(cat "$scratch/err")"
	[ "$(wc -l <"$scratch/err")" -eq 1 ] || fail "naiad $*: $(wc -l <"$scratch/err") lines: $(cat "$scratch/err")"
}

settings=$scratch/naiad.yaml
echo 'windows: {widht: 1h}' >"$settings"
refused 2 'naiad.yaml:1.*widht.*did you mean "width"' -T -c "$settings"
echo 'windows: {width: soon}' >"$settings"
refused 2 'naiad.yaml:1.*windows.width.*soon' -r "$capture" -c "$settings"
printf 'windows:\n  width: 1h\n bad\n' >"$settings"
refused 2 'naiad.yaml:' -T -c "$settings"
refused 2 "$scratch/none.yaml" -T -c "$scratch/none.yaml"
refused 2 '-w' -w never -r "$capture"
refused 2 'nothing to look at.*capture.interfaces' -o "$scratch"
refused 4 'a capture, not a log' -r "$capture" --input-type zeek -o "$scratch/o"
refused 2 'no-such-option' --no-such-option
refused 2 'any' -i any -i lo

refused 4 "$scratch/none.pcap" -r "$scratch/none.pcap" -o "$scratch/o"
: >"$scratch/empty.pcap"
refused 4 'empty.pcap' -r "$scratch/empty.pcap" -o "$scratch/o"
echo 'GET / HTTP/1.1' >"$scratch/text"
refused 4 'not recognised: starts with 47 45 54 20' -r "$scratch/text" -o "$scratch/o"
refused 4 'not a capture' -r "$scratch/text" --input-type pcap -o "$scratch/o"
refused 2 'text is none: the same traffic would count twice' -r "$capture" -r "$scratch/text" -o "$scratch/o"
mkdir "$scratch/no-logs"
refused 4 'no-logs: the directory has no log' -r "$scratch/no-logs" -o "$scratch/o"
refused 2 'is a capture' -r "$scratch/no-logs" -r "$capture" -o "$scratch/o"
mkdir "$scratch/suricata"
echo '{"timestamp":"2026-11-24T08:00:00.000000+0000","event_type":"stats"}' >"$scratch/suricata/eve.json"
refused 2 'eve.json is one of the inputs and is not overwritten' -r "$scratch/suricata" -o "$scratch/suricata"
[ -s "$scratch/suricata/eve.json" ] || fail "what was read is gone"
# A pcap of link type 195 (IEEE 802.15.4), which this version does not follow.
printf '\324\303\262\241\002\000\004\000\000\000\000\000\000\000\000\000\377\377\000\000\303\000\000\000' \
	>"$scratch/sensors.pcap"
refused 4 'IEEE802_15_4' -r "$scratch/sensors.pcap" -o "$scratch/o"
refused 1 'text' -r "$capture" -o "$scratch/text"
refused 2 'filter' -r "$capture" -o "$scratch/o" -F 'tcp prot 80'

if [ "$(id -u)" -ne 0 ]; then
	cp "$capture" "$scratch/secret.pcap"
	chmod 0 "$scratch/secret.pcap"
	refused 3 'secret.pcap' -r "$scratch/secret.pcap" -o "$scratch/o"
else
	echo "root reads every file: the code for no permission was not tried"
fi

status=0
"$NAIAD" -T >"$scratch/out" 2>&1 || status=$?
[ "$status" -eq 0 ] || fail "-T without settings: exit $status"
"$NAIAD" --version | grep -q '^naiad [0-9]' || fail "--version"
"$NAIAD" --help | grep -q -- '--read' || fail "--help"

# Streams that are closed at the start: what is printed does not end up in the first files that are opened.
capture=$captures/lab-scan.pcap
mkdir "$scratch/with" "$scratch/without"
"$NAIAD" -r "$capture" -o "$scratch/with" >/dev/null 2>&1 || fail "a run with streams: exit $?"
"$NAIAD" -r "$capture" -o "$scratch/without" <&- >&- 2>&- || fail "a run without streams: exit $?"
diff -r "$scratch/with" "$scratch/without" >/dev/null || fail "closed streams change what is written"
finish "errors are one line and the right code"
