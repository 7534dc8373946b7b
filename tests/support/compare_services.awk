# compare_services.awk -- is what another program recognised in a flow what we say of it?
#
#	awk -v capture=NAME -f compare_services.awk NAMES OTHERS OUR_CONN_LOG
#
# A line of NAMES is "<their protocol> <our service>"; of OTHERS "<tcp|udp> <address> <port> <address> <port>
# <protocol>...", in either direction. Protocols that NAMES has not are not compared. Prints one line for
# each flow and protocol that is:
#
#	SERVICE <our service> <1 if ours says so, else 0> <capture> <what ours says> <ends>
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

function key(proto, a, a_port, b, b_port) {
	a = whole(a) " " a_port
	b = whole(b) " " b_port
	return proto " " (a < b ? a " " b : b " " a)
}

function has(services, service, list, n) {
	for (n = split(services, list, ","); n > 0; n--)
		if (list[n] == service)
			return 1
	return 0
}

FNR == 1 { file++ }
file == 1 { our_name[$1] = $2; next }
file == 2 {
	k = key($1, $2, $3, $4, $5)
	for (i = 6; i <= NF; i++)
		if ($i in our_name && !((k, our_name[$i]) in seen)) {
			seen[k, our_name[$i]]
			flow[++count] = k
			expected[count] = our_name[$i]
		}
	next
}
$1 == "#fields" {
	for (i = 2; i <= NF; i++)
		column[$i] = i - 1
}
/^#/ { next }
{
	k = key($(column["proto"]), $(column["id.orig_h"]), $(column["id.orig_p"]), \
		$(column["id.resp_h"]), $(column["id.resp_p"]))
	ours[k] = ours[k] (k in ours && ours[k] != "" ? "," : "") $(column["service"])
}
END {
	for (n = 1; n <= count; n++)
		print "SERVICE", expected[n], has(ours[flow[n]], expected[n]), capture, \
			ours[flow[n]] == "" ? "-" : ours[flow[n]], flow[n]
}
