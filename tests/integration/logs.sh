#!/bin/sh
# logs.sh -- a log is read the same from a file, packed, through a pipe and out of a directory, and what became of
# its lines stands in run.json.
. "$(dirname -- "$0")/common"
command -v jq >/dev/null || skip "jq is not installed"

mkdir "$scratch/logs" "$scratch/logs/2026-11-24"
echo 'logs: {zeek: json}' >"$scratch/json.yaml"
"$NAIAD" -r "$captures/lab-scan.pcap" -c "$scratch/json.yaml" -o "$scratch/a" >/dev/null || fail "no logs to begin with"
conn=$scratch/a/zeek/conn.log
lines=$(wc -l <"$conn")

# read_as NAME ARGUMENT... -- without a word
read_as() {
	name=$1
	shift
	"$NAIAD" "$@" -o "$scratch/$name" >"$scratch/$name.out" 2>"$scratch/$name.err" || fail "$name: exit $?: $(cat "$scratch/$name.err")"
	[ -s "$scratch/$name.err" ] && fail "$name: $(cat "$scratch/$name.err")"
	jq -r '.inputs[] | "\(.kind) \(.log) \(.lines) \(.read) \(.skipped) \(.bad)"' "$scratch/$name/run.json" >"$scratch/$name.inputs"
}

# same_bytes NAME [AS]
same_bytes() {
	cmp -s "$scratch/${2:-file}/eve.json" "$scratch/$1/eve.json" || fail "$1: other events than from the file"
}

same_findings() {
	[ "$(findings "$1")" = "$(findings file)" ] || fail "$1: other findings than from the file"
}

# Who did what to whom. Pieces may say of themselves that they are sorted otherwise than the whole, and the first of them
# does not say what the second has begun before.
findings() {
	jq -c 'select(.event_type == "alert") | [.src_ip, .dest_ip, .alert] |
		del(.[2].metadata["time_window_start", "time_window_end"])' "$scratch/$1/eve.json" |
		sed 's/"[0-9a-f-]\{36\}"/""/g' | sort
}

gzip -c "$conn" >"$scratch/conn.gz"
head -n 100 "$conn" >"$scratch/logs/conn.log.1"
tail -n +101 "$conn" | gzip >"$scratch/logs/2026-11-24/conn.00:00:00-01:00:00.log.gz"
read_as file -r "$conn"
[ "$(cat "$scratch/file.inputs")" = "zeek conn $lines $lines 0 0" ] || fail "run.json: $(cat "$scratch/file.inputs")"
[ -n "$(findings file)" ] || fail "nothing was found in the log"
# A plain file is put in order, what is packed or comes through a pipe is not: it is as the file is as it lies.
echo 'read: {sort: never}' >"$scratch/never.yaml"
read_as lies -r "$conn" -c "$scratch/never.yaml"
same_findings lies
read_as packed -r "$scratch/conn.gz"
same_bytes packed lies
read_as typed -r "$conn" --input-type zeek
same_bytes typed
read_as stdin -r - <"$conn"
same_bytes stdin
mkfifo "$scratch/fifo"
cat "$conn" >"$scratch/fifo" &
read_as pipe -r "$scratch/fifo"
same_bytes pipe lies
read_as directory -r "$scratch/logs"
same_findings directory
[ "$(wc -l <"$scratch/directory.inputs")" -eq 2 ] || fail "run.json: $(cat "$scratch/directory.inputs")"
grep -q "lines of 2 files" "$scratch/directory.out" || fail "$(head -n 2 "$scratch/directory.out")"

# Of a log of which no line can be read the run fails; one good line is a log with damage.
echo 'no line of any log' >"$scratch/bad"
for type in zeek eve argus nfdump; do
	status=0
	"$NAIAD" -r "$scratch/bad" --input-type "$type" -o "$scratch/none" >/dev/null 2>"$scratch/err" || status=$?
	[ "$status" -eq 4 ] || fail "only bad lines as $type: exit $status"
	grep -q '/bad:1: .* is no .*the line is skipped' "$scratch/err" || fail "$type, no reason: $(cat "$scratch/err")"
	grep -q '/bad: none of its 1 lines could be read' "$scratch/err" || fail "$type, no name: $(cat "$scratch/err")"
done
head -n 1 "$conn" >>"$scratch/bad"
"$NAIAD" -r "$scratch/bad" --input-type zeek -o "$scratch/one" >/dev/null 2>"$scratch/err" || fail "one bad line: exit $?"
grep -q '/bad:1: .*the line is skipped' "$scratch/err" || fail "$(cat "$scratch/err")"
finish "a log is the same from a file, packed, by a pipe and in pieces"
