#!/bin/sh
# commits.sh -- "area: what changes", at most 60 characters, and a body after an empty line.
. "$(dirname -- "$0")/common"
git() { command git -c safe.directory='*' "$@"; }
command -v git >/dev/null || skip "git is not installed"
[ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$(pwd -P)" ] || skip "this is no git clone"

subjects=$(git log --no-merges --format='%h %s' HEAD)
count=$(echo "$subjects" | grep -c .)
bad=$(echo "$subjects" | awk '
	{ hash = $1; subject = substr($0, length(hash) + 2) }
	subject !~ /^[a-z0-9_.\/-]+(, [a-z0-9_.\/-]+)*: [^ ].*[^.]$/ {
		print hash ": not \"area: what changes\": " subject
	}
	length(subject) > 60 { print hash ": " length(subject) " characters, 60 is the most: " subject }')
[ -z "$bad" ] || found "$bad"
finish "$count" "commits"
