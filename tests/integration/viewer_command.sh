#!/bin/sh
# viewer_command.sh -- naiad-view from the shell: what it takes, how it refuses, and a picture in a pipe.
. "$(dirname -- "$0")/common"
view=$(dirname -- "$NAIAD")/naiad-view
command -v redis-server >/dev/null || skip "redis-server is not installed"

redis=
trap '[ -z "$redis" ] || kill "$redis"; rm -rf "$scratch"' EXIT
redis-server --port 0 --unixsocket "$scratch/redis.sock" --save "" --dir "$scratch" >/dev/null &
redis=$!
for _ in $(seq 600); do
	[ ! -S "$scratch/redis.sock" ] || break
	sleep 0.1
done

# ends STATUS WORDS ARGUMENT... -- it ends so, and says these words
ends() {
	status=$1
	words=$2
	shift 2
	code=0
	"$view" "$@" >"$scratch/said" 2>&1 </dev/null || code=$?
	[ "$code" -eq "$status" ] || fail "$*: ends with $code instead of $status"
	grep -qF -e "$words" "$scratch/said" || fail "$*: does not say '$words' but: $(head -n 3 "$scratch/said")"
}

ends 0 "usage: naiad-view" --help
ends 0 "naiad-view 0." --version
ends 2 "naiad-view: what is to be looked at?"
ends 2 "is no option of naiad-view" --nothing
ends 1 "naiad-view: " "$scratch/is-not-there.db"
ends 2 '\x1b[2J' --keys "$(printf '\033[2J')"
ends 1 "this is no terminal" "redis+unix://$scratch/redis.sock"

# A picture of an empty Redis has all its rows, and nothing but ASCII where nothing else is wanted or known.
for how in "C.UTF-8 --ascii" "C "; do
	# shellcheck disable=SC2086
	LC_ALL=${how%% *} "$view" --print 24x80 ${how#* } "redis+unix://$scratch/redis.sock" >"$scratch/picture" ||
		fail "no picture in $how"
	[ "$(wc -l <"$scratch/picture")" -eq 24 ] || fail "$how: not 24 rows"
	! LC_ALL=C grep -q '[^ -~]' "$scratch/picture" || fail "$how: not ASCII"
	tail -n 1 "$scratch/picture" | grep -q '?:help q:quit$' || fail "$how: has no bar"
done
LC_ALL=C.UTF-8 "$view" --print 24x80 --colours --keys last --send 'h<Esc>h' "redis+unix://$scratch/redis.sock" \
	>"$scratch/picture"
grep -q '┌─Help─' "$scratch/picture" || fail "no help after its key"
[ "$(wc -l <"$scratch/picture")" -eq 48 ] || fail "no second picture of colours"
finish "naiad-view: taken, refused and drawn as it must be"
