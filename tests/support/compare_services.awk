# compare_services.awk -- is what another program recognised in a flow what we say of it?
#
#	awk -v capture=NAME -f compare_services.awk NAMES OTHERS OUR_CONN_LOG [OUR_OTHER_LOG...]
#
# A line of NAMES is "<their protocol> <our service>", with "same" behind it where that is not expected of us, but no
# false name either; of OTHERS "<tcp|udp> <address> <port> <address> <port>
# <protocol>...", in either direction, where the protocol "guessed" stands for what was not read from the flow
# itself. Protocols that NAMES has not are not compared. What we say of a flow is its service in conn.log, and
# each other log that has a row with its uid: where a proxy hands over, the service is what came last. Prints for
# each flow and protocol:
#
#	SERVICE <our service> <1 if ours says so, else 0> <capture> <what ours says> <ends>
#
# for each flow of whose services theirs has none, and each of them:
#
#	FALSE <our service> <other: theirs names another of NAMES; unknown: none> <capture> <what theirs says> <ends>
#
# and "GUESSED <ends>" for each flow that was guessed.
# An IPv6 address without "::", which nDPI puts where RFC 5952 does not, and twice.
function whole(address, half, part, gap) {
	gap = split(address, half, "::")
	if (gap < 2)
		return address
	if (gap == 3)
		half[1] = half[1] ":0:" half[2]
	if (gap == 3)
		half[2] = half[3]
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

# What a log calls it: Zeek tells Kerberos over TCP from that over UDP, and RDP likewise.
function say(k, service) {
	sub(/_tcp$/, "", service)
	sub(/^rdpeudp$/, "rdp", service)
	if (service != "-" && !((k, service) in says)) {
		says[k, service]
		ours[k] = ours[k] (ours[k] == "" ? "" : ",") service
	}
}

# Is one of our names theirs? Then the others are of what is inside it, or around it.
function agrees(k, i, n, list) {
	n = split(ours[k], list, ",")
	for (i = 1; i <= n; i++)
		if ((k, list[i]) in seen)
			return 1
	return 0
}

function columns_read(i) {
	delete column
	for (i = 2; i <= NF; i++)
		column[$i] = i - 1
}

FILENAME == ARGV[1] {
	if ($3 == "same")
		same_name[$1] = $2
	else
		our_name[$1] = $2
	is_ours[$2]
	next
}
FILENAME == ARGV[2] {
	k = key($1, $2, $3, $4, $5)
	if ($6 == "guessed") {
		print "GUESSED", k
		guessed[k]
		next
	}
	for (i = 6; i <= NF; i++) {
		theirs[k] = theirs[k] (theirs[k] == "" ? "" : ",") $i
		if ($i in same_name)
			seen[k, same_name[$i]]
		if ($i in our_name && !((k, our_name[$i]) in seen)) {
			seen[k, our_name[$i]]
			is_named[k]
			flow[++count] = k
			expected[count] = our_name[$i]
		}
	}
	next
}
$1 == "#fields" { columns_read() }
/^#/ { next }
FILENAME == ARGV[3] {
	k = key($(column["proto"]), $(column["id.orig_h"]), $(column["id.orig_p"]), \
		$(column["id.resp_h"]), $(column["id.resp_p"]))
	of_uid[$(column["uid"])] = k
	n = split($(column["service"]), list, ",")
	for (i = 1; i <= n; i++)
		say(k, list[i])
	next
}
"uid" in column && $(column["uid"]) in of_uid {
	log_name = FILENAME
	sub(/.*\//, "", log_name)
	sub(/\.log$/, "", log_name)
	if (log_name in is_ours)
		say(of_uid[$(column["uid"])], log_name)
}
END {
	for (n = 1; n <= count; n++)
		print "SERVICE", expected[n], (flow[n], expected[n]) in says, capture, \
			ours[flow[n]] == "" ? "-" : ours[flow[n]], flow[n]
	for (k in theirs) {
		n = k in guessed || agrees(k) ? 0 : split(ours[k], list, ",")
		for (i = 1; i <= n; i++)
			if (list[i] in is_ours)
				print "FALSE", list[i], k in is_named ? "other" : "unknown", capture, theirs[k], k
	}
}
