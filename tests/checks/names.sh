#!/bin/sh
# names.sh -- a file, its header and its test share one name, and no file outgrows a reader.
. "$(dirname -- "$0")/common"

# A row of a .def names a file that has no header of its own: its symbol is all that is seen.
named_by_def() {
	dir=$(dirname -- "$1")
	name=$(basename -- "$1" .c)
	grep -qsE "^[A-Z]+\((${name}|${name#encode_})\)$" "$dir"/*.def
}

# Files that implement one header together, a layer each, include it before all others.
shares_header() {
	first=$(sed -n 's/^#include[[:space:]]*["<]\(.*\)[">].*/\1/p' "$1" | head -n 1)
	[ "$(dirname -- "$first")" = "$(dirname -- "$1")" ] && [ ! -f "${first%.h}.c" ] && [ -f "$first" ]
}

count=0
for file in $(find daemon detectors exporters -name '*.c' -type f | sort); do
	count=$((count + 1))
	case $file in
	*/table.c | daemon/main.c) continue ;;
	esac
	[ -f "${file%.c}.h" ] || named_by_def "$file" || shares_header "$file" ||
		found "$file: has no header, no row in a .def, and no header of its folder it implements"
done

for test in $(find tests/unit tests/detectors -name '*.c' -type f | sort); do
	name=$(basename -- "$test" .c)
	case $name in
	test_*) ;;
	*) found "$test: a test is called test_<what it tests>.c" ;;
	esac
	[ -n "$(find daemon detectors exporters -name "${name#test_}.[ch]" -type f)" ] ||
		found "$test: there is no ${name#test_}.c or .h"
done

for fuzz in $(find tests/fuzz -name 'fuzz_*.c' -type f | sort); do
	name=$(basename -- "$fuzz" .c)
	[ -d "tests/fuzz/corpus/${name#fuzz_}" ] || found "$fuzz: has no tests/fuzz/corpus/${name#fuzz_}"
done

for file in $(ours '*.[ch]'); do
	lines=$(wc -l <"$file")
	if [ "$lines" -gt 800 ]; then
		found "$file: $lines lines; at 800 it is two files"
	elif [ "$lines" -gt 400 ]; then
		echo "$file: warning: $lines lines; 150 to 400 is what one can read"
	fi
done
finish "$count" "files"
