#!/bin/sh
# no_static_data.sh -- the engine has no mutable static data: two engines in one process do not meet.
#
# Read off the archives of a release build, since sanitizers add data of their own. `.data.rel` counts
# too: a mutable table of pointers lands there under PIC, and `.data.rel.ro` is the const one. The one
# exception is the log level in base/log.c. And since -O2 sees more than -O0, the whole release is
# built with warnings as errors on the way.
. "$(dirname -- "$0")/common"
command -v size >/dev/null || skip "size(1) of binutils is not installed"

build=$NAIAD_BUILD/checks/release
layers="base decode proto core detectors"
log=$findings.log
trap 'rm -f "$findings" "$log"' EXIT
if ! { CC=$CC cmake -S . -B "$build" -G Ninja \
	-DCMAKE_BUILD_TYPE=Release -DNAIAD_TESTS=OFF -DNAIAD_WERROR=ON &&
	cmake --build "$build"; } >"$log" 2>&1; then
	grep -E 'error|FAILED' "$log" | head -n 40 || tail -n 40 "$log"
	exit 1
fi

count=0
for layer in $layers; do
	listing=$(LC_ALL=C size -A "$build/libnaiad_$layer.a")
	count=$((count + $(echo "$listing" | grep -c '(ex ')))
	bad=$(echo "$listing" | awk '
		/\(ex / { member = $1 }
		/^\.(data|bss|tdata|tbss)/ && $1 !~ /^\.data\.rel\.ro/ && $2 > 0 && member != "log.c.o" {
			print member ": " $2 " bytes of mutable static data in " $1
		}')
	[ -z "$bad" ] || found "$bad"
done
finish "$count" "objects"
