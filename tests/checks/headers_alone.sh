#!/bin/sh
# headers_alone.sh -- each header compiles in an empty file, with the flags of the house.
. "$(dirname -- "$0")/common"
commands=$NAIAD_BUILD/compile_commands.json
[ -r "$commands" ] || skip "$commands is not there"

# The house's own words, not the build's: warnings, language, definitions, search paths.
flags=$(grep '"command".*daemon/main\.c' "$commands" | head -n 1 | tr ' ' '\n' |
	grep -E '^-(W[a-z]|std=|D_DEFAULT|I)' | grep -v '^-Wl,' | tr '\n' ' ')
count=0
for header in $(ours '*.h'); do
	count=$((count + 1))
	grep -q '^#pragma once$' "$header" || found "$header: has no #pragma once"
	head -n 2 "$header" | grep -q "$(basename -- "$header") -- " ||
		found "$header: its first line does not say what it is for"
	# shellcheck disable=SC2086
	printf '#include "%s"\nextern int not_empty;\n' "$header" |
		$CC $flags -Werror -Wno-pragma-once-outside-header -fsyntax-only -x c - ||
		found "$header: does not compile alone"
done
finish "$count" "headers"
