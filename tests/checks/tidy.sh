#!/bin/sh
# tidy.sh -- clang-tidy over every file of the house that is built; a clean file is remembered.
#
# What is remembered is a hash of the file, of all headers, of the checks and of the tool.
#
# The analyzer looks at one function at a time: through calls (ANALYZE=deep) it takes six times as long, and is
# for before a release.
. "$(dirname -- "$0")/common"
command -v clang-tidy >/dev/null || skip "clang-tidy is not installed"
[ -r "$NAIAD_BUILD/compile_commands.json" ] || skip "there is no compile_commands.json in $NAIAD_BUILD"

analyze=${ANALYZE:-shallow}
common_hash=$({
	clang-tidy --version
	echo "$analyze"
	cat .clang-tidy tests/.clang-tidy
	ours '*.h' | xargs cat
} | sha256sum | cut -c1-64)
cache=$NAIAD_BUILD/checks/tidy/$common_hash
mkdir -p "$cache"

# CACHE BUILD ANALYZE HASH FILE: silent when clean, its findings otherwise
# shellcheck disable=SC2016
one='
	if clang-tidy --quiet -p "$2" --extra-arg=-Xclang --extra-arg=-analyzer-config \
		--extra-arg=-Xclang --extra-arg=mode="$3" "$5" >"$1/$$.out" 2>/dev/null; then
		: >"$1/$4.${5##*/}"
	else
		grep -E "(warning|error):" "$1/$$.out" | sed "s|^$PWD/||" || echo "$5: clang-tidy failed"
	fi
	rm -f "$1/$$.out"
'
built=$(sed -n "s|^ *\"file\": \"$PWD/\([^\"]*\)\".*|\1|p" "$NAIAD_BUILD/compile_commands.json")
files=$(ours '*.c' | grep -xF "$built")
echo "$files" | xargs sha256sum | while read -r hash file; do
	[ -e "$cache/$hash.${file##*/}" ] || echo "$hash $file"
done | xargs -r -n 2 -P 2 sh -c "$one" tidy "$cache" "$NAIAD_BUILD" "$analyze" | sort -u >"$findings"
cat "$findings"
finish "$(echo "$files" | grep -c .)" "files"
