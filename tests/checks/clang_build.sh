#!/bin/sh
# clang_build.sh -- the other compiler accepts everything too, warnings being errors.
. "$(dirname -- "$0")/common"
command -v clang >/dev/null || skip "clang is not installed"

build=$NAIAD_BUILD/checks/clang
log=$findings.log
trap 'rm -f "$findings" "$log"' EXIT
# What it makes is looked at by nobody: no words for a debugger.
if ! { cmake --preset dev -B "$build" -DCMAKE_C_COMPILER=clang -DCMAKE_C_FLAGS_DEBUG=-g0 &&
	cmake --build "$build"; } >"$log" 2>&1; then
	grep -E 'error|warning|FAILED' "$log" | head -n 60 || tail -n 60 "$log"
	exit 1
fi
finish "$(find "$build" -name '*.o' | wc -l)" "objects"
