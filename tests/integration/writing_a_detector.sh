#!/bin/sh
# docs/WRITING-A-DETECTOR.md does what it says: its commands, as they stand there, in a fresh copy of
# the tree, end in a green test.
set -eu

source=${NAIAD_SOURCE:-$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)}
page=$source/docs/WRITING-A-DETECTOR.md
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

name=$(sed -n "s/^echo 'DETECTOR(\([a-z_]*\))'.*/\1/p" "$page")
[ -n "$name" ] || { echo "the page registers no detector"; exit 1; }
if [ -e "detectors/$name.c" ]; then
	echo "detectors/$name.c exists: the page needs another example"
	exit 1
fi

awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$page" >"$tree/page.sh"
command -v clang-format >/dev/null || sed -i '/^clang-format/d' "$tree/page.sh"

cd "$tree"
sh -eux page.sh
echo "the page's detector $name is written, tested and green"
