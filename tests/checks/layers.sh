#!/bin/sh
# layers.sh -- base <- decode <- transactions <- proto <- core <- detect <- config <- loop <- main: nobody includes to the right.
#
# Viewer and control program stand beside all that: they see base, what both read (viewer/source), and themselves.
#
# Read off the #include lines, not off what happens to link: static libraries forgive.
. "$(dirname -- "$0")/common"

# The rooms of the core, in the order in which they may include each other.
rooms="daemon daemon/lists daemon/knowledge daemon/intel daemon/settings daemon/site daemon/whitelist daemon/flow
	daemon/reassembly daemon/tuples daemon/record daemon/evidence daemon/window daemon/engine"

# One pass: every include of every file, then the questions.
find daemon detectors exporters ctl viewer -name '*.[ch]' -type f | sort | xargs awk -v rooms="$(echo $rooms)" '
BEGIN { for (i = split(rooms, list, " "); i > 0; i--) rank[list[i]] = i }

# A room of the core: a folder of daemon/, or daemon/ itself for the words that all of them speak.
function room_of(file,   part) {
	return split(file, part, "/") == 2 ? part[1] : part[1] "/" part[2]
}

function layer_of(file) {
	if (file ~ /^daemon\/base\//) return "base"
	if (file ~ /^daemon\/decode\//) return "decode"
	if (file ~ /^daemon\/transactions\//) return "transactions"
	if (file ~ /^daemon\/proto\//) return "proto"
	if (file ~ /^daemon\/input\//) return "input"
	if (file ~ /^daemon\/feeds\//) return "feeds"
	if (file ~ /^daemon\/loop\//) return "loop"
	if (file == "daemon/main.c") return "main"
	if (file ~ /^daemon\/config\//) return "config"
	if (room_of(file) in rank) return "core"
	if (file ~ /^detectors\//) return "detectors"
	if (file ~ /^exporters\//) return "exporters"
	if (file ~ /^ctl\//) return "ctl"
	if (file ~ /^viewer\/(source\/|screens\/map_(land|places)\.)/) return "source" # what the report shows as well
	if (file ~ /^viewer\//) return "viewer"
	if (file ~ /^[a-z_]*_list\.h$/ || file == "naiad_version.h") return "generated"
	return "unknown"
}

# Who may include whom. Two contracts are seen from further left than their layer: what a parser
# hands over, and the files of the core that run detectors.
function may(file, from, to, included) {
	if (to == "unknown" || to == "main") return 0
	if (to == "ctl" || to == "viewer") return from == to
	if (to == "source") return from ~ /^(source|viewer|ctl)$/
	if (from == "core" && to == "core") return rank[room_of(included)] <= rank[room_of(file)]
	if (from == to || from == "main" || from == "loop") return 1
	if (to ~ /^(loop|input|feeds)$/) return 0
	if (from == "feeds") return to ~ /^(base|core)$/
	if (from == "input") return to ~ /^(base|decode|transactions|proto|core|generated)$/
	if (to == "generated") return from ~ /^(transactions|proto|detectors|exporters|ctl|source|viewer)$/
	if (to == "base") return 1
	if (from ~ /^(ctl|source|viewer)$/) return 0
	if (from == "decode") return 0
	if (from == "transactions") return included == "daemon/observation.h"
	if (to == "transactions") return 1
	if (from == "proto") return to == "decode" || included == "daemon/observation.h"
	if (from == "core" && to == "detectors")
		return file ~ /^daemon\/engine\/detect(_call\.h|_raise\.c|\.c)$/ && included == "detectors/detector.h"
	if (from == "core") return to == "decode" || to == "proto"
	if (from == "detectors") return included in seen_by_detectors
	if (from == "exporters") return included in seen_by_exporters
	if (from == "config")
		return to == "core" || included == "detectors/detector.h" || included == "exporters/exporter.h"
	return 0
}

# What the engine and its detectors may ask of the system: no file, socket, clock or thread.
function may_ask(file, layer, header) {
	if (header == "yaml.h") return file == "daemon/config/config_yaml.c"
	if (header ~ /^event2\//) return layer ~ /^(exporters|loop)$/
	if (header == "zlib.h" && file ~ /^exporters\/spool_/) return 1 # for its checksum
	if (header ~ /^(zlib\.h|zstd\.h)$/ && layer == "input") return 1
	if (header ~ /^(seccomp\.h|linux\/landlock\.h)$/) return file ~ /^daemon\/loop\/privilege\//
	if (header ~ /^(pcap\/.*|zlib\.h|zstd\.h)$/) return layer == "loop"
	if (header == "maxminddb.h") return file == "daemon/knowledge/geo.c" || file == "daemon/loop/geo_file.c"
	if (header == "libpsl.h") return file ~ /^daemon\/(knowledge\/public_suffix|loop\/suffix_file)\.c$/
	if (header == "jansson.h") return layer ~ /^(loop|ctl|source)$/
	if (header ~ /curses/) return file == "viewer/term.c"
	if (header == "sqlite3.h") return file ~ /^(exporters\/store|viewer\/source\/source_store)/
	if (header ~ /^hiredis\//) return file ~ /^(exporters\/redis\/redis_protocol|viewer\/source\/source_redis[a-z_]*)\.c$/
	if (header ~ /^openssl\//) return layer ~ /^(proto|core|exporters|loop)$/
	if (layer !~ /^(base|decode|transactions|proto|core|detectors|feeds)$/) return 1
	if (header == "sys/mman.h") return layer == "base" # memory is reserved where arenas are made
	if (header == "arpa/inet.h") return file == "daemon/base/addr.c" # addresses as text
	if (header == "unistd.h") return file == "daemon/base/log.c"
	if (header == "time.h") return layer == "base"
	return header ~ /^(assert|ctype|errno|float|inttypes|limits|math|stdalign|stdarg|stdbool|stddef|stdint|stdio|stdlib|string|strings|netinet\/in|sys\/queue|sys\/types)\.h$/
}

# What is seen through a contract header may be included by name.
function close_over(header, seen,   i, count, list) {
	if (header in seen) return
	seen[header] = 1
	count = split(project[header], list, " ")
	for (i = 1; i <= count; i++) close_over(list[i], seen)
}

FNR == 1 { files[++file_count] = FILENAME; exists[FILENAME] = 1; first = "" }
/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, part, "\"")
	project[FILENAME] = project[FILENAME] " " part[2]
	if (first == "") first = own[FILENAME] = part[2]
}
/^[ \t]*#[ \t]*include[ \t]*</ {
	split($0, part, /[<>]/)
	of_system[FILENAME] = of_system[FILENAME] " " part[2]
	if (first == "") first = own[FILENAME] = part[2]
}
/(^|[^a-z_.>])(time|clock|clock_gettime|gettimeofday|getrandom|rand|random)\(/ && !/^[ \t]*(\/\*|\*)/ {
	if (layer_of(FILENAME) ~ /^(base|decode|proto|core|detectors)$/)
		print FILENAME ":" FNR ": asks the system for time or chance; the engine knows packet time only"
}
END {
	close_over("detectors/detector.h", seen_by_detectors)
	close_over("exporters/exporter.h", seen_by_exporters)
	close_over("daemon/knowledge/port_names.h", seen_by_detectors) # facts: they ask nobody
	close_over("daemon/knowledge/organisation.h", seen_by_detectors)
	close_over("daemon/knowledge/port_names.h", seen_by_exporters)
	close_over("daemon/tuples/features.h", seen_by_exporters) # worked out of the tuples of a window when somebody asks
	close_over("daemon/record/loss_span.h", seen_by_exporters) # when an outlet lost something, as an engine says it
	close_over("daemon/record/record_wire.h", seen_by_exporters)
	close_over("daemon/record/window_wire.h", seen_by_exporters)
	for (f = 1; f <= file_count; f++) {
		file = files[f]
		layer = layer_of(file)
		count = split(project[file], list, " ")
		for (i = 1; i <= count; i++)
			if (!may(file, layer, layer_of(list[i]), list[i]))
				print file ": " (layer == layer_of(list[i]) ? room_of(file) : layer) \
					" may not include \"" list[i] "\""
		count = split(of_system[file], list, " ")
		for (i = 1; i <= count; i++)
			if (!may_ask(file, layer, list[i]))
				print file ": " layer " may not include <" list[i] ">"
		header = file
		sub(/\.c$/, ".h", header)
		if (header != file && (header in exists) && own[file] != header)
			print file ": includes " own[file] " before its own header"
	}
	print file_count > "/dev/stderr"
}' >"$findings" 2>"$findings.count"
count=$(cat "$findings.count")
rm -f "$findings.count"
cat "$findings"
finish "$count" "files"
