#!/bin/sh
# checks_can_fail.sh -- break a copy of the tree in each way the checks look for, and hear them say so.
#
# A check that cannot fail passes for ever. Those that take a build to see anything (no_static_data,
# tidy, clang_build) are not here.
. "$(dirname -- "$0")/common"

copy=$findings.tree
trap 'rm -rf "$findings" "$copy"' EXIT
cases=0

fresh() {
	rm -rf "$copy"
	mkdir "$copy"
	tracked | grep -v '^tests/fuzz/corpus/.*/' | tr '\n' '\0' | xargs -0 cp --parents -t "$copy"
}

# broken FILE LINE -- append a line
broken() {
	printf '%b\n' "$2" >>"$copy/$1"
}

# says CHECK PATTERN... -- the check fails on the copy, and each pattern is among its findings
says() {
	check=$1
	shift
	status=0
	NAIAD_SOURCE=$copy "$NAIAD_SOURCE/tests/checks/$check.sh" >"$copy/said" 2>&1 || status=$?
	[ "$status" -eq 1 ] || found "$check: status $status on a broken tree"
	for pattern; do
		cases=$((cases + 1))
		grep -qE -- "$pattern" "$copy/said" || found "$check: did not say \"$pattern\""
	done
}

fresh
broken daemon/base/hash.c '#include "daemon/record/record.h"'
broken daemon/decode/decode.c '#include "daemon/proto/proto.h"'
broken daemon/window/window.c '#include "daemon/loop/capture/capture_file.h"'
broken daemon/window/window.c '#include "detectors/detector.h"\n#include <zlib.h>'
broken daemon/window/window.c '#include "daemon/engine/engine.h"'
broken daemon/weird.h '#include "daemon/knowledge/oui.h"'
broken daemon/window/window.c '\treturn clock_gettime(0, x);'
broken detectors/table.c '#include "daemon/window/window.h"\n#include <fcntl.h>'
broken exporters/table.c '#include "daemon/engine/engine.h"'
broken daemon/config/config_rows.c '#include <yaml.h>\n#include "daemon/loop/capture/capture_file.h"'
broken daemon/loop/capture/capture_file.h '#include "ctl/cell.h"'
broken ctl/cell.c '#include "daemon/record/record.h"'
broken daemon/config/config_rows.c '#include <jansson.h>'
broken daemon/loop/capture/capture_file.h '#include "tests/support/packet_build.h"'
broken daemon/loop/live/live_state.c '#include <seccomp.h>'
sed -i '1,/^#include/s/^#include.*/#include <string.h>/' "$copy/daemon/window/profile.c"
says layers '/hash.c: base may not include "daemon/record/record.h"' '/decode.c: decode may not include' \
	'window.c: core may not include "daemon/loop/' 'window.c: core may not include "detectors/' \
	'window.c: daemon/window may not include "daemon/engine/engine.h"' \
	'weird.h: daemon may not include "daemon/knowledge/oui.h"' \
	'window.c: core may not include <zlib.h>' 'window.c:[0-9]+: asks the system for time' \
	'table.c: detectors may not include "daemon/window/window.h"' \
	'table.c: detectors may not include <fcntl.h>' \
	'table.c: exporters may not include "daemon/engine/engine.h"' \
	'config_rows.c: config may not include <yaml.h>' 'config_rows.c: config may not include "daemon/loop' \
	'capture_file.h: loop may not include "ctl/' \
	'cell.c: ctl may not include "daemon/record/record.h"' \
	'config_rows.c: config may not include <jansson.h>' \
	'capture_file.h: loop may not include "tests/' \
	'live_state.c: loop may not include <seccomp.h>' \
	'profile.c: includes string.h before its own header'

fresh
if [ -r "$NAIAD_BUILD/compile_commands.json" ]; then
	broken daemon/base/hash.h 'struct window_use { struct never_declared x; };'
	sed -i '/#pragma once/d' "$copy/daemon/base/pool.h"
	sed -i '2s/.*/ * a header/' "$copy/daemon/base/arena.h"
	says headers_alone 'hash.h: does not compile alone' 'pool.h: has no #pragma once' \
		'arena.h: its first line does not say'
fi

fresh
if command -v clang-format >/dev/null; then
	broken daemon/base/hash.h 'int  spaced ( void );'
	says format 'clang-format -i daemon/base/hash.h'
fi

fresh
broken daemon/orphan.c '#include "daemon/window/window.h"'
broken tests/unit/test_nothing.c ''
broken tests/unit/window_test.c ''
broken tests/fuzz/fuzz_nothing.c ''
yes '/* line */' | head -n 801 >>"$copy/daemon/base/hash.h"
says names 'orphan.c: has no header' 'there is no nothing.c' 'window_test.c: a test is called' \
	'has no tests/fuzz/corpus/nothing' 'hash.h: [0-9]+ lines'

fresh
broken daemon/base/hash.h 'int blank; \nint carriage;\r\n/* TO''DO: later */\n/* see (/wo''rk/notes) */'
broken tests/captures/unknown.pcap 'x'
sed -i 's/\tBSD-3-Clause\t/\tnone stated\t/' "$copy/tests/captures/MANIFEST.tsv"
broken tests/captures/short.pcap 'x'
broken tests/captures/MANIFEST.tsv 'gone.pcap\trepo\tpath\tMIT\tnothing\nshort.pcap\t\t\tMIT\t'
says hygiene 'hash.h:[0-9]+: ends in blanks' 'hash.h:[0-9]+: ends in a carriage return' \
	'hash.h:[0-9]+: a thing left for later' 'hash.h:[0-9]+: names a path of one machine' \
	'unknown.pcap: has no row' 'names gone.pcap' 'licence is not one' \
	'short.pcap: its row does not have five'

fresh
broken tests/reliability/ledger.tsv 'P3/x\t-\tmany\tx\tfine\tsoon\t1e6\nP3/x\tabcdef0\t1'
sed -i '1s/id/name/' "$copy/tests/reliability/ledger.tsv"
says ledger ':1: is not the line of titles' '"-" is no commit' 'size "many"' 'seed "x"' 'result "fine"' \
	'seconds "soon"' 'executions "1e6"' '3 fields'

fresh
if command -v promtool >/dev/null; then
	sed -i 's/> 0.001$/> 0.1/; 0,/^          runbook: /s//          note: /' "$copy/packaging/prometheus/naiad.rules.yaml"
	broken packaging/prometheus/naiad.rules.yaml '      - alert: NaiadUntested\n        expr: up == 2'
	sed -i 's/"description": "Prometheus can scrape it."/"description": ""/; s/"expr": "rate(/"expr": "rate((/' \
		"$copy/packaging/grafana/sensor_health.json"
	says prometheus 'promtool test rules ' 'an alert has no runbook' 'NaiadUntested: has no test' \
		'sensor_health.json: not so: panels are described' 'parse error'
fi

if command -v git >/dev/null; then
	rm -rf "$copy"
	git init -q "$copy"
	cp -r --parents tests/checks "$copy"
	for subject in "Fix things" "core: ends in a full stop." "core:no space" \
		"core: a subject that goes on and on until it does not fit in sixty"; do
		git -C "$copy" -c user.name=n -c user.email=n@example.org \
			commit -q --allow-empty -m "$subject"
	done
	says commits 'changes": Fix things' 'full stop\.$' 'core:no space' '6[0-9] characters'
fi
finish "$cases" "ways to break the house"
