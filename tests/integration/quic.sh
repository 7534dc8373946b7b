#!/bin/sh
# quic.sh -- QUIC as Zeek's own tests have it, and hellos as nDPI reads them.
#
# Zeek's quic.log lies beside the captures of its tests; nDPI names server, protocol and JA4 of each flow. JA4 is compared
# in the parts that nDPI makes as the specification says (ciphers, extensions): of the first part it takes other letters.
# Google's and Facebook's own versions are recognised, not read. QUIC_DIFFERENCES=FILE keeps what differs.
. "$(dirname -- "$0")/common"
[ -d "$wide" ] || skip "the collection of captures is not there"

compare=$NAIAD_SOURCE/tests/support/compare_fields.awk
fields=version,client_initial_dcid,client_scid,server_scid,server_name,client_protocol
settings=$scratch/zeek.yaml
# What is not compared is not made: there are many captures.
printf 'flow:\n  checksums: false\nlogs:\n  zeek: tsv\neve:\n  enabled: false\ndevices:\n  enabled: false\nprotocols:\n  trust_store: ""\n' >"$settings"

# run CAPTURE -- our quic.log of it; an empty one when there is nothing to log
run() {
	rm -rf "$scratch/out"
	mkdir "$scratch/out"
	"$NAIAD" -c "$settings" -r "$1" -o "$scratch/out" >"$scratch/naiad" 2>&1 </dev/null || true
	[ -f "$scratch/out/zeek/quic.log" ] || {
		mkdir -p "$scratch/out/zeek"
		: >"$scratch/out/zeek/quic.log"
	}
}

for log in "$wide"/*/*.expected/zeek/*/quic.log; do
	run "${log%.expected/*}"
	# Some of these logs lost the word before their columns.
	sed '/^ts	/s/^/#fields	/' "$log" >"$scratch/theirs"
	awk -v log_name=quic -v key=id.orig_h,id.orig_p,id.resp_h,id.resp_p -v fields=$fields \
		-f "$compare" "$scratch/theirs" "$scratch/out/zeek/quic.log" </dev/null
done >"$scratch/zeek"

# Values of nDPI: FLOW protocol server alpn ja4, the last three "-" where it has none. Of QUIC over UDP, as versions of the IETF.
ndpi() {
	awk '
	function value(name,   at) {
		at = index($0, "[" name ": ")
		if (at == 0) return "-"
		at = substr($0, at + length(name) + 3)
		return substr(at, 1, index(at, "]") - 1)
	}
	$2 == "UDP" && /\[proto: 188[.\/]/ {
		version = value("QUIC ver")
		if (version !~ /^(V-|Draft)/) next
		alpn = value("(Advertised) ALPNs")
		sub(/;.*/, "", alpn)
		ja4 = value("JA4")
		sub(/^[^_]*_/, "", ja4)
		end = $3
		sub(/^.*:/, "", end)
		print end "\t" value("Hostname/SNI") "\t" alpn "\t" ja4
	}' "$1"
}

for flows in $(grep -lE 'UDP .*proto: 188[./]' "$wide"/*/*.expected/ndpi-flows.txt); do
	ndpi "$flows" >"$scratch/theirs"
	[ -s "$scratch/theirs" ] || continue
	run "${flows%.expected/*}"
	awk -F '\t' -v capture="${flows#"$wide"/}" '
	BEGIN { split("recognised server protocol ja4", name, " ") }
	/^#fields/ { for (i = 2; i <= NF; i++) at[$i] = i - 1; next }
	/^#/ || NF < 4 { next }
	FILENAME == ARGV[1] {
		ours[$at["id.orig_p"], 1] = "quic"
		ours[$at["id.orig_p"], 2] = $at["server_name"]
		ours[$at["id.orig_p"], 3] = $at["client_protocol"]
		ja4 = $at["ja4"]
		sub(/^[^_]*_/, "", ja4)
		ours[$at["id.orig_p"], 4] = ja4
		next
	}
	{
		theirs[1] = "quic"
		for (i = 2; i <= 4; i++) theirs[i] = $i
		for (i = 1; i <= 4; i++) {
			if (theirs[i] == "-") continue
			is_equal = ours[$1, i] == theirs[i]
			print "FIELD\tndpi\t" name[i] "\t1\t" is_equal
			if (!is_equal)
				print "DIFF\tndpi\t" name[i] "\t" $1 "\t" theirs[i] "\t" ours[$1, i] "\t" capture
		}
	}' "$scratch/out/zeek/quic.log" "$scratch/theirs"
done >"$scratch/ndpi"

cat "$scratch/zeek" "$scratch/ndpi" >"$scratch/result"
[ -z "${QUIC_DIFFERENCES:-}" ] || grep '^DIFF' "$scratch/result" >"$QUIC_DIFFERENCES" || true
# share WHOSE FIELD LEAST -- print how many are equal; fewer than LEAST in 100 is a failure
share() {
	awk -F '\t' -v whose="$1" -v field="$2" -v least="$3" '
		$1 == "FIELD" && $2 == whose && $3 == field { all += $4; equal += $5 }
		END {
			part = all > 0 ? 100 * equal / all : 0
			printf "%-5s %-20s %3d of %3d %6.2f %%\n", whose, field, equal, all, part
			exit part < least
		}' "$scratch/result" || fail "$1 $2: fewer than $3 in 100 are equal"
}
# Seven rows; one is of a version that nobody uses, which is no QUIC to us.
for field in $(echo $fields | tr , ' '); do
	share quic "$field" 87
done
for field in recognised server protocol ja4; do
	share ndpi "$field" 98
done
finish "QUIC is told as by others"
