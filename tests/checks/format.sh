#!/bin/sh
# format.sh -- what clang-format would change is wrong.
. "$(dirname -- "$0")/common"
command -v clang-format >/dev/null || skip "clang-format is not installed"

# One start of the tool for all files: its findings name the file first.
ours '*.[ch]' | xargs clang-format --dry-run -Werror 2>&1 | sed -n 's/^\([^:]*\):[0-9]*:.*error:.*/\1/p' |
	sort -u | sed 's/.*/&: run clang-format -i &/' >"$findings"
cat "$findings"
finish "$(ours '*.[ch]' | wc -l)" "files"
