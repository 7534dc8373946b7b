#!/bin/sh
# writing.sh -- docs/WRITING-*.md do what they say: their commands, as they stand there, end in green tests.
#
# In a fresh copy of the tree, one page after the other, so that what they have in common is compiled once. The first is the
# one that changes a header of all.
set -eu

source=${NAIAD_SOURCE:-$(CDPATH="" cd -- "$(dirname -- "$0")/../.." && pwd)}
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
for tool in cmake ninja; do
	command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 77; }
done

cd "$source"
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
	git ls-files -z --cached --others --exclude-standard
else
	find . -path ./build -prune -o -type f -print0
fi | tar --null --files-from=- --ignore-failed-read -cf - 2>/dev/null | tar -xf - -C "$tree"
cd "$tree"

# follow PAGE MACRO DIR -- the page adds a line MACRO(name) and DIR/name.c; its commands end in success
follow() {
	name=$(sed -n "s/^echo '$2(\([a-z_]*\))'.*/\1/p" "$1")
	[ -n "$name" ] || { echo "$1 has no line $2(...)"; exit 1; }
	if [ -e "$3/$name.c" ]; then
		echo "$3/$name.c exists: the page needs another example"
		exit 1
	fi
	awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$1" >page.sh
	command -v clang-format >/dev/null || sed -i '/^clang-format/d' page.sh
	sh -eux page.sh || { echo "$1: the command above failed"; exit 1; }
	echo "the $name of $1 is written, tested and green"
}

follow docs/WRITING-A-PARSER.md PROTOCOL daemon/proto
follow docs/WRITING-A-DETECTOR.md DETECTOR detectors
follow docs/WRITING-AN-EXPORTER.md EXPORTER exporters
