#!/bin/sh
# format.sh -- what clang-format would change is wrong.
. "$(dirname -- "$0")/common"
command -v clang-format >/dev/null || skip "clang-format is not installed"

count=0
for file in $(ours '*.[ch]'); do
	count=$((count + 1))
	clang-format --dry-run -Werror "$file" >/dev/null 2>&1 || found "$file: run clang-format -i $file"
done
finish "$count" "files"
