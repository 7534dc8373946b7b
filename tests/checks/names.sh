#!/bin/sh
# names.sh -- a file, its header and its test share one name, and no file outgrows a reader.
. "$(dirname -- "$0")/common"

# A row of a .def names a file that has no header of its own: its symbol is all that is seen.
named_by_def() {
	dir=$(dirname -- "$1")
	name=$(basename -- "$1" .c)
	grep -qsE "^[A-Z_]+\((${name}|${name#encode_}|${name#eve_}|${name#dialect_}|${name#source_}|${name#screen_})\)$" "$dir"/*.def
}

# Several files may implement one header: then it declares something that this one defines.
shares_header() {
	dir=$(dirname -- "$1")
	for header in $(sed -n "s|^#include \"\($dir/[a-z0-9_]*\.h\)\"\$|\1|p" "$1"); do
		[ -f "$header" ] && [ ! -f "${header%.h}.c" ] || continue
		for function in $(sed -n 's/^\([a-z][a-z0-9_]*\)(.*/\1/p' "$1"); do
			! grep -qE "\\b$function\\(" "$header" || return 0
		done
	done
	return 1
}

# A test is of a unit, or of an aspect of a family of units: test_capture_damage of capture_*.
is_unit() {
	stem=$1
	while :; do
		[ -z "$(find daemon detectors exporters ctl viewer -type f \
			\( -name "$stem.[ch]" -o -name "${stem}_*.[ch]" \))" ] || return 0
		[ "$stem" != "${stem%_*}" ] || return 1
		stem=${stem%_*}
	done
}

count=0
for file in $(find daemon detectors exporters ctl viewer -name '*.c' -type f | sort); do
	count=$((count + 1))
	case $file in
	*/table.c | daemon/main.c | ctl/naiadctl.c | viewer/main.c) continue ;;
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
	is_unit "${name#test_}" ||
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
