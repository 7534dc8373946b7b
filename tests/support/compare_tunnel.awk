# compare_tunnel.awk -- hold our tunnel.log against Zeek's: which tunnels were discovered.
#
#	awk -v capture=NAME -f compare_tunnel.awk ZEEK_TUNNEL_LOG OUR_TUNNEL_LOG
#
# Rows are equal when type and both ends are; only DISCOVER counts. Prints one line for the capture
# and one for each row that is not ours:
#
#	TUNNELS <capture> <Zeek's rows> <equal ones> <our rows>
#	DIFF <capture> tunnel <type> missing|roles <Zeek's ends>
BEGIN {
	FS = "\t"
}

FNR == 1 {
	file++
}

$1 == "#fields" {
	delete column
	for (i = 2; i <= NF; i++)
		column[$i] = i - 1
}

/^#/ || $(column["action"]) != "Tunnel::DISCOVER" {
	next
}

{
	from = $(column["id.orig_h"]) " " $(column["id.orig_p"])
	to = $(column["id.resp_h"]) " " $(column["id.resp_p"])
	type = $(column["tunnel_type"])
	if (file == 1) {
		zeek[++zeek_count] = type " " from " " to
		zeek_back[zeek_count] = type " " to " " from
	} else {
		our_count++
		ours[type " " from " " to]++
	}
}

END {
	for (z = 1; z <= zeek_count; z++)
		if (ours[zeek[z]]-- > 0)
			equal++
		else
			differs[z] = ours[zeek_back[z]] > 0 ? "roles" : "missing"
	print "TUNNELS", capture, zeek_count + 0, equal + 0, our_count + 0
	for (z = 1; z <= zeek_count; z++)
		if (z in differs) {
			type = zeek[z]
			sub(/ .*/, "", type)
			print "DIFF", capture, "tunnel", type, differs[z], substr(zeek[z], length(type) + 2)
		}
}
