#!/bin/sh
# checks_can_fail.sh -- break a copy of the tree in each way the checks look for, and hear them say so.
#
# A check that cannot fail passes for ever. Those that take a build to see anything (no_static_data,
# tidy, clang_build) are not here.
. "$(dirname -- "$0")/common"

copy=$findings.tree
trap 'rm -rf "$findings" "$copy"' EXIT
mkdir "$copy"
tracked | grep -v '^tests/fuzz/corpus/' | tr '\n' '\0' | xargs -0 cp --parents -t "$copy"
cases=0

# says CHECK PATTERN FILE -- the check fails on the copy with a finding like PATTERN; then FILE is mended
says() {
	cases=$((cases + 1))
	status=0
	said=$(NAIAD_SOURCE=$copy "$NAIAD_SOURCE/tests/checks/$1.sh" 2>&1) || status=$?
	if [ "$status" -ne 1 ] || ! echo "$said" | grep -qE -- "$2"; then
		found "$1: status $status and no \"$2\" though $3 is broken"
	fi
	rm -f "$copy/$3"
	[ ! -f "$3" ] || cp --parents "$3" "$copy"
}

# broken FILE LINE -- append a line
broken() {
	printf '%b\n' "$2" >>"$copy/$1"
}

broken daemon/base/hash.c '#include "daemon/record.h"'
says layers 'base may not include "daemon/record.h"' daemon/base/hash.c
broken daemon/decode/decode.c '#include "daemon/proto/proto.h"'
says layers 'decode may not include' daemon/decode/decode.c
broken daemon/window.c '#include "daemon/loop/capture_file.h"'
says layers 'core may not include' daemon/window.c
broken daemon/window.c '#include "detectors/detector.h"'
says layers 'core may not include' daemon/window.c
broken detectors/table.c '#include "daemon/window.h"'
says layers 'detectors may not include' detectors/table.c
broken exporters/table.c '#include "daemon/engine.h"'
says layers 'exporters may not include' exporters/table.c
broken daemon/config_rows.c '#include <yaml.h>'
says layers 'may not include <yaml.h>' daemon/config_rows.c
broken daemon/window.c '#include <zlib.h>'
says layers 'core may not include <zlib.h>' daemon/window.c
broken detectors/table.c '#include <fcntl.h>'
says layers 'detectors may not include <fcntl.h>' detectors/table.c
broken daemon/window.c '\treturn clock_gettime(0, x);'
says layers 'asks the system for time' daemon/window.c
sed -i '1,/^#include/s/^#include.*/#include <string.h>/' "$copy/daemon/window.c"
says layers 'before its own header' daemon/window.c

if [ -r "$NAIAD_BUILD/compile_commands.json" ]; then
	broken daemon/base/hash.h 'struct window_use { struct never_declared x; };'
	says headers_alone 'hash.h: does not compile alone' daemon/base/hash.h
	sed -i '/#pragma once/d' "$copy/daemon/base/hash.h"
	says headers_alone 'hash.h: has no #pragma once' daemon/base/hash.h
	sed -i '2s/.*/ * a header/' "$copy/daemon/base/hash.h"
	says headers_alone 'does not say what it is for' daemon/base/hash.h
fi

if command -v clang-format >/dev/null; then
	broken daemon/base/hash.h 'int  spaced ( void );'
	says format 'clang-format -i daemon/base/hash.h' daemon/base/hash.h
fi

broken daemon/orphan.c '#include "daemon/window.h"'
says names 'orphan.c: has no header' daemon/orphan.c
broken tests/unit/test_nothing.c ''
says names 'there is no nothing.c' tests/unit/test_nothing.c
broken tests/fuzz/fuzz_nothing.c ''
says names 'has no tests/fuzz/corpus/nothing' tests/fuzz/fuzz_nothing.c
yes '/* line */' | head -n 801 >>"$copy/daemon/base/hash.h"
says names 'hash.h: [0-9]+ lines' daemon/base/hash.h

broken daemon/base/hash.h 'int blank; '
says hygiene 'hash.h:[0-9]+: ends in blanks' daemon/base/hash.h
broken daemon/base/hash.h 'int carriage;\r'
says hygiene 'carriage return' daemon/base/hash.h
broken daemon/base/hash.h '/* TO''DO: later */'
says hygiene 'issue number' daemon/base/hash.h
broken docs-of-nobody.md 'see /wo''rk/notes'
says hygiene 'path of one machine' docs-of-nobody.md
broken tests/captures/unknown.pcap 'x'
says hygiene 'unknown.pcap: has no row' tests/captures/unknown.pcap
broken tests/captures/MANIFEST.tsv 'gone.pcap\trepo\tpath\tMIT\tnothing'
says hygiene 'names gone.pcap' tests/captures/MANIFEST.tsv
sed -i 's/BSD-3-Clause/none stated/' "$copy/tests/captures/MANIFEST.tsv"
says hygiene 'licence is not one' tests/captures/MANIFEST.tsv
sed -i 's/\tBSD-3-Clause\t.*/\tBSD-3-Clause\t/' "$copy/tests/captures/MANIFEST.tsv"
says hygiene 'five filled columns' tests/captures/MANIFEST.tsv

if command -v git >/dev/null; then
	for subject in "Fix things" "core: ends in a full stop." "core:no space" \
		"core: a subject that goes on and on until it does not fit in sixty"; do
		rm -rf "$copy/.git"
		git -C "$copy" init -q
		git -C "$copy" -c user.name=n -c user.email=n@example.org \
			commit -q --allow-empty -m "$subject"
		says commits 'area: what changes|characters' .git/none
	done
fi
finish "$cases" "ways to break the house"
