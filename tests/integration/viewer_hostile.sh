#!/bin/sh
# viewer_hostile.sh -- texts that would drive a terminal reach it as text: from a store that somebody else wrote, and from a Redis.
#
# Each text of a store gets what clears, colours, names and turns (tests/viewer/hostile.sql). No byte of it is in a picture of
# any screen at any size, nor among what the viewer sends to its terminal; there the same pictures stand. And the mouse.
. "$(dirname -- "$0")/common"
. "$NAIAD_SOURCE/tests/redis/server"
for tool in redis-server redis-cli sqlite3; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done
. "$(dirname -- "$0")/terminal"

server=
trap 'terminal_end; [ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT
mkdir "$scratch/redis"
redis_start "$scratch/redis"
echo "redis: {enabled: true, targets: [{dialect: last, path: $redis_socket}]}" >"$scratch/settings.yaml"
analyse evil "$captures/lab-scan.pcap" -c "$scratch/settings.yaml"
cp -r "$scratch/evil" "$scratch/lab"
sqlite3 "$scratch/evil/naiad.db" <"$NAIAD_SOURCE/tests/viewer/hostile.sql" >"$scratch/evil.sql"
sqlite3 "$scratch/evil/naiad.db" <"$scratch/evil.sql" || fail "the store was not filled"

# Of a Redis every text within its JSON.
redis-cli -s "$redis_socket" EVAL '
	local evil = "\":\"\\u001b[2J\\u001b]0;pwned\\u0007\\u009b31m\\r\\n\\u202e"
	local function worse(text) return (string.gsub(text, "\":\"", function() return evil end)) end
	for _, key in ipairs(redis.call("KEYS", "*")) do
		local kind = redis.call("TYPE", key).ok
		if kind == "hash" then
			local all = redis.call("HGETALL", key)
			for i = 1, #all, 2 do redis.call("HSET", key, all[i], worse(all[i + 1])) end
		elseif kind == "zset" then
			local all = redis.call("ZRANGE", key, 0, -1, "WITHSCORES")
			for i = 1, #all, 2 do
				redis.call("ZREM", key, all[i])
				redis.call("ZADD", key, all[i + 1], worse(all[i]))
			end
		end
	end' 0 >/dev/null
url=redis+unix://$redis_socket

# What no picture has: control characters but the ends of its lines, those of 8 bits, marks that turn text.
BAD='[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]|\xd8\x9c'

# clean WHAT FILE
clean() {
	! LC_ALL=C grep -aqP "$BAD" "$2" || fail "$1: $(LC_ALL=C grep -aP "$BAD" "$2" | head -n 1 | cat -v)"
}

for bad in '\033[2J' '\302\233' '\342\200\256' '\r'; do
	printf "$bad" | LC_ALL=C grep -aqP "$BAD" || fail "$bad would not be found"
done
seen=0
for what in evil "$url"; do
	for keys in '' e c b p n h i m z a zx F hl v T '?' G '<Tab>G' '<Tab><Tab>G'; do
		for size in 3x10 24x80 100x300; do
			[ "$size" != 3x10 ] || [ -z "$keys" ] || continue # it says that it is too small
			(cd "$scratch" && "$view" --print "$size" --send "$keys" "$what") >"$scratch/picture" ||
				fail "$what, $keys, $size: it failed"
			clean "$what, $keys, $size" "$scratch/picture"
			[ "$(wc -l <"$scratch/picture")" -eq "${size%x*}" ] || fail "$what, $keys, $size: not so many rows"
			seen=$((seen + $(grep -c 'x1b\[2J' "$scratch/picture" || true)))
		done
	done
done
[ "$seen" -gt 500 ] || fail "hostile texts were in $seen rows only"
for keys in '' a h; do
	(cd "$scratch" && "$view" --print 24x80 --ascii --send "$keys" evil) >"$scratch/picture"
	LC_ALL=C awk '!/^[ -~]*$/ || length > 80 { bad = 1 } END { exit bad }' "$scratch/picture" ||
		fail "--ascii, $keys: more than ASCII, or than 80"
done

# What is sent to a terminal: it is cleared and named by none of these, and a picture is where it should be.
terminal_begin 80 24 "PS1='ready> ' ENV= exec sh -i"
stands "a shell" grep -q "ready>"
terminal pipe-pane "cat >'$scratch/sent'"
# through_terminal NAME
through_terminal() {
	for keys in '' z h a; do
		[ -z "$keys" ] || press "$keys"
		(cd "$scratch" && printed 24x80 "$keys" evil) >"$scratch/expected"
		stands "$1: $keys" cmp -s - "$scratch/expected"
		press Escape
	done
}
press "'$view' evil" Enter
through_terminal "hostile"
press q
stands "the end" grep -q "ready> *$"
LC_ALL=C grep -aq '38;5;' "$scratch/sent" || fail "there were no colours"

terminal pipe-pane
terminal pipe-pane "cat >'$scratch/sent_plain'"
press "NO_COLOR=1 '$view' evil" Enter
through_terminal "NO_COLOR"
press q
stands "the end" grep -q "ready> *$"
! LC_ALL=C grep -aqP '\x1b\[[0-9;]*(3[0-8]|4[0-8]|9[0-7])(;[0-9]*)*m' "$scratch/sent_plain" || fail "NO_COLOR: there are colours"
terminal pipe-pane

# clicked TERM BYTES -- a click into the eighth row of the tree, as that terminal tells it
clicked() {
	(cd "$scratch" && printed 24x80 "<Click 7 5>" lab) >"$scratch/expected"
	(cd "$scratch" && printed 24x80 "" lab) | cmp -s - "$scratch/expected" && fail "a click changes nothing"
	press "TERM=$1 '$view' lab" Enter
	stands "$1" grep -q "Hosts 11"
	terminal send-keys -l -- "$(printf "$2")"
	stands "a click in $1" cmp -s - "$scratch/expected"
	press q
	stands "the end" grep -q "ready> *$"
}
clicked xterm-256color '\033[<0;6;8M\033[<0;6;8m'
clicked tmux-256color '\033[M &('

# Sizes come last: what was scrolled in one is in the next.
terminal pipe-pane "cat >'$scratch/sent_sizes'"
press "'$view' evil" Enter
stands "hostile, once more" grep -q "Hosts 11"
for size in 10x3 300x100; do
	columns=${size%x*}
	rows=${size#*x}
	terminal resize-window -x "$columns" -y "$rows"
	(cd "$scratch" && printed "${rows}x$columns" "" evil) >"$scratch/expected"
	stands "hostile, $size" cmp -s - "$scratch/expected"
done
press q
stands "the end" grep -q "ready> *$"
for sent in sent sent_plain sent_sizes; do
	[ -s "$scratch/$sent" ] || fail "nothing was sent"
	! LC_ALL=C grep -aqP '\x1b\][0-9]|\x1b\[2J|\x1bc|\x07|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]|\xe2\x81[\xa6-\xa9]|\xc0\xaf' \
		"$scratch/$sent" || fail "$sent: what the wire said was sent to the terminal"
done
finish "$seen rows with hostile texts, and none drove a terminal"
