# join_dhcp.awk -- our dhcp.log with the rows of one exchange joined, as Zeek joins them across conversations.
#
# Rows of the same xid are one, if they began within 12 s (Zeek: 10 to 20) and are not more than 9 (Zeek: of 10
# conversations): its first time, and of each field what the latest row says; of a host's name the first one.
BEGIN { FS = OFS = "\t" }
/^#/ {
	if ($1 == "#fields")
		for (i = 2; i <= NF; i++)
			at[$i] = i - 1
	print
	next
}
{
	xid = $at["xid"]
	if (!(xid in open) || $1 - began[xid] > 12 || ++joined[xid] == 9) {
		open[xid] = ++count
		joined[xid] = 0
		began[xid] = $1
		row[count] = $0
		next
	}
	n = split(row[open[xid]], old, FS)
	for (i = 2; i <= NF; i++)
		if ($i != "-" && (i != at["host_name"] || old[i] == "-"))
			old[i] = $i
	if ($1 < old[1])
		began[xid] = old[1] = $1
	line = old[1]
	for (i = 2; i <= n; i++)
		line = line OFS old[i]
	row[open[xid]] = line
}
END {
	for (i = 1; i <= count; i++)
		print row[i]
}
