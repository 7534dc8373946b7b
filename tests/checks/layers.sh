#!/bin/sh
# layers.sh -- base <- decode <- proto <- core <- detect <- loop <- main: nobody includes to the right.
#
# Read off the #include lines, not off what happens to link: static libraries forgive.
. "$(dirname -- "$0")/common"

# What may be seen through a contract header may be included by name: its daemon/ headers, closed over.
closure() {
	todo=$1
	seen=
	while [ -n "$todo" ]; do
		next=
		for header in $todo; do
			case " $seen " in *" $header "*) continue ;; esac
			seen="$seen $header"
			[ -f "$header" ] || continue
			next="$next $(sed -n 's/^#include "\(.*\)"$/\1/p' "$header" | tr '\n' ' ')"
		done
		todo=$(echo $next)
	done
	echo "$seen"
}
detector_sees=$(closure detectors/detector.h)
exporter_sees=$(closure exporters/exporter.h)

layer_of() {
	case $1 in
	daemon/base/*) echo base ;;
	daemon/decode/*) echo decode ;;
	daemon/proto/*) echo proto ;;
	daemon/loop/*) echo loop ;;
	daemon/main.c) echo main ;;
	daemon/config_item.h) echo core ;; # the rows' vocabulary; those who walk the rows are config
	daemon/config*|daemon/options.*) echo config ;;
	daemon/*/*) echo unknown ;;
	daemon/*) echo core ;;
	detectors/*) echo detectors ;;
	exporters/*) echo exporters ;;
	*_list.h) echo generated ;;
	*) echo unknown ;;
	esac
}

among() {
	case " $2 " in *" $1 "*) return 0 ;; esac
	return 1
}

# project FILE LAYER INCLUDED -- may it?
project() {
	to=$(layer_of "$3")
	case $2:$to in
	base:base | decode:base | decode:decode) ;;
	proto:base | proto:decode | proto:proto | proto:generated) ;;
	proto:core) [ "$3" = daemon/observation.h ] || return 1 ;; # what a parser hands over
	core:base | core:decode | core:proto | core:core) ;;
	core:detectors) [ "$1 $3" = "daemon/detect.c detectors/detector.h" ] || return 1 ;;
	detectors:base | detectors:detectors | detectors:generated) ;;
	detectors:core) among "$3" "$detector_sees" || return 1 ;;
	exporters:base | exporters:exporters | exporters:generated) ;;
	exporters:core) among "$3" "$exporter_sees" || return 1 ;;
	config:base | config:core | config:config) ;;
	config:detectors) [ "$3" = detectors/detector.h ] || return 1 ;;
	config:exporters) [ "$3" = exporters/exporter.h ] || return 1 ;;
	loop:unknown | loop:main) return 1 ;;
	loop:*) ;;
	main:unknown) return 1 ;;
	main:*) ;;
	*) return 1 ;;
	esac
}

# What the engine and its detectors may ask of the system: no file, socket, clock or thread.
pure="assert.h ctype.h errno.h float.h inttypes.h limits.h math.h netinet/in.h stdalign.h stdarg.h
	stdbool.h stddef.h stdint.h stdio.h stdlib.h string.h strings.h sys/queue.h sys/types.h time.h"
pure=$(echo $pure)

system() {
	case $3 in
	yaml.h) [ "$1" = daemon/config_yaml.c ] || return 1 ;;
	pcap.h | pcap/* | zlib.h | zstd.h | event2/*) [ "$2" = loop ] || return 1 ;;
	openssl/*) [ "$2" = core ] || [ "$2" = exporters ] || return 1 ;;
	time.h) [ "$2" != detectors ] && [ "$2" != decode ] && [ "$2" != proto ] || return 1 ;;
	# One reservation of memory at the start, made where pools and arenas are made.
	sys/mman.h) [ "$2" = base ] || [ "$2" = loop ] || [ "$1" = daemon/engine_memory.c ] || return 1 ;;
	unistd.h) [ "$1" = daemon/base/log.c ] || among "$2" "exporters config loop main" || return 1 ;;
	*)
		case $2 in
		base | decode | proto | core | detectors) among "$3" "$pure" || return 1 ;;
		esac
		;;
	esac
}

count=0
for file in $(find daemon detectors exporters -name '*.[ch]' -type f | sort); do
	count=$((count + 1))
	layer=$(layer_of "$file")
	for included in $(sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\(.*\)".*/\1/p' "$file"); do
		project "$file" "$layer" "$included" || found "$file: $layer may not include \"$included\""
	done
	for included in $(sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*<\(.*\)>.*/\1/p' "$file"); do
		system "$file" "$layer" "$included" || found "$file: $layer may not include <$included>"
	done
	case $file in
	*.c)
		own=${file%.c}.h
		first=$(sed -n 's/^#include[[:space:]]*["<]\(.*\)[">].*/\1/p' "$file" | head -n 1)
		if [ -f "$own" ] && [ "$first" != "$own" ]; then
			found "$file: includes $first before its own header"
		fi
		;;
	esac
	case $layer in
	base | decode | proto | core | detectors)
		if grep -nE '\b(time|clock|clock_gettime|gettimeofday|getrandom|rand|random)\(' "$file" |
			grep -vE '^[0-9]+:[[:space:]]*(/?\*|//)'; then
			found "$file: asks the system for time or chance; the engine knows packet time only"
		fi
		;;
	esac
done
finish "$count" "files"
