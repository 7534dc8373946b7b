# compare_ends.awk -- are the flows that another program found among our connections?
#
#	awk -v capture=NAME -f compare_ends.awk OTHERS OUR_CONN_LOG
#
# A line of OTHERS is "<protocol> <address> <port> <address> <port>", in either direction; each pair
# of ends counts once. Ports count for TCP and UDP only, and of protocols TCP, UDP and ICMP are told
# apart. Prints one line for the capture and one for each flow that is not ours:
#
#	ENDS <capture> <their flows> <found ones>
#	DIFF <capture> <protocol> - unknown <ends>
# An IPv6 address without "::", which nDPI puts where RFC 5952 does not.
function whole(address, half, part, gap) {
	if (split(address, half, "::") < 2)
		return address
	gap = 8 - split(half[1], part, ":") - split(half[2], part, ":")
	address = half[1]
	for (; gap > 0; gap--)
		address = address (address == "" ? "0" : ":0")
	return half[2] == "" ? address : address ":" half[2]
}

function key(proto, a, a_port, b, b_port, swap) {
	if (proto != "tcp" && proto != "udp") {
		a_port = b_port = 0
		if (proto != "icmp")
			proto = "other"
	}
	a = whole(a) " " a_port
	b = whole(b) " " b_port
	return proto " " (a < b ? a " " b : b " " a)
}

FNR == 1 {
	file++
}

$1 == "#fields" {
	for (i = 2; i <= NF; i++)
		column[$i] = i - 1
}

/^#/ {
	next
}

file == 1 {
	theirs[key($1, $2, $3, $4, $5)]
	next
}

{
	ours[key($(column["proto"]), $(column["id.orig_h"]), $(column["id.orig_p"]), \
		$(column["id.resp_h"]), $(column["id.resp_p"]))]
}

END {
	for (k in theirs) {
		count++
		found += k in ours
	}
	print "ENDS", capture, count + 0, found + 0
	for (k in theirs)
		if (!(k in ours)) {
			split(k, part, " ")
			print "DIFF", capture, part[1], "-", "unknown", k
		}
}
