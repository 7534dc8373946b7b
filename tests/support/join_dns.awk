# join_dns.awk -- our dns.log, in the order of its times, with what a host asks and announces to a group joined, as
# Zeek joins it: what it announces answers its oldest question of the same conversation.
#
# Only of multicast DNS; the flags that the question has to say stay its own. Ends in a comment that says how many rows
# were joined: "#joined 12".
BEGIN {
	FS = OFS = "\t"
	split("query qclass qclass_name qtype qtype_name TC RD Z", kept, " ")
}
/^#/ {
	if ($1 == "#fields")
		for (i = 2; i <= NF; i++)
			at[$i] = i - 1
	print
	next
}
{
	row[++count] = $0
	uid = $at["uid"]
	if ($at["id.orig_p"] != 5353 || $at["id.resp_p"] != 5353 || $at["rtt"] != "-")
		next
	if ($at["rcode"] == "-") {
		question[uid, ++asked[uid]] = count
		next
	}
	if (announced[uid] == asked[uid])
		next
	n = question[uid, ++announced[uid]]
	split(row[n], old, FS)
	for (i in kept)
		$at[kept[i]] = old[at[kept[i]]]
	$at["rtt"] = sprintf("%.6f", $1 - old[1])
	$1 = old[1]
	row[n] = $0
	delete row[count]
	joined++
}
END {
	for (i = 1; i <= count; i++)
		if (i in row)
			print row[i]
	print "#joined " joined + 0
}
