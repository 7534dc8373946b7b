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
cache=$NAIAD_BUILD/checks/tidy
mkdir -p "$cache"
common_hash=$({
	clang-tidy --version
	echo "$analyze"
	cat .clang-tidy tests/.clang-tidy
	ours '*.h' | xargs cat
} | sha256sum | cut -c1-64)

# HASH CACHE BUILD FILE: silent when clean, its findings otherwise
# shellcheck disable=SC2016
one='
	key=$({ echo "$1 $4"; cat "$4"; } | sha256sum | cut -c1-64)
	[ ! -e "$2/$key" ] || exit 0
	if clang-tidy --quiet -p "$3" --extra-arg=-Xclang --extra-arg=-analyzer-config \
		--extra-arg=-Xclang --extra-arg=mode="$5" "$4" >"$2/$$.out" 2>/dev/null; then
		: >"$2/$key"
	else
		grep -E "(warning|error):" "$2/$$.out" | sed "s|^$PWD/||" || echo "$4: clang-tidy failed"
	fi
	rm -f "$2/$$.out"
'
files=$(for file in $(ours '*.c'); do
	! grep -q "\"file\": \"$PWD/$file\"" "$NAIAD_BUILD/compile_commands.json" || echo "$file"
done)
echo "$files" | xargs -P 2 -I '{}' \
	sh -c "$one" tidy "$common_hash" "$cache" "$NAIAD_BUILD" '{}' "$analyze" | sort -u >"$findings"
cat "$findings"
finish "$(echo "$files" | grep -c .)" "files"
