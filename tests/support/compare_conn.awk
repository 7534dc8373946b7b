# compare_conn.awk -- hold our conn.log against Zeek's, row by row.
#
#	awk -v capture=NAME -f compare_conn.awk ZEEK_CONN_LOG OUR_CONN_LOG
#
# Rows are equal when ends, protocol, state, payload bytes and packets of both sides are; every row
# of ours stands for one of Zeek's. Bytes of rows without duration are not compared: Zeek leaves
# them out. Fields are found by their names. Prints one line for the capture and one for each kind
# of difference:
#
#	ROWS <capture> <Zeek's rows> <equal ones> <our rows> <equal with history> <equal with duration>
#	DIFF <capture> <protocol> <Zeek's state> <kind> <Zeek's row> | <our row>
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

/^#/ || NF < 2 {
	next
}

{
	ends = field("id.orig_h") " " field("id.orig_p") " " field("id.resp_h") " " field("id.resp_p") \
		" " field("proto")
	orig_bytes = field("orig_bytes")
	resp_bytes = field("resp_bytes")
	if (field("duration") == "-" || field("duration") + 0 == 0)
		orig_bytes = resp_bytes = "-"
	state = field("conn_state")
	history = field("history")
	duration = sprintf("%.4f", field("duration"))
	row = ends " " state " " orig_bytes " " resp_bytes " " field("orig_pkts") " " field("resp_pkts")
	more = field("ts") " " field("duration") " " field("history")
	if (file == 1) {
		zeek[++zeek_count] = row
		zeek_history[zeek_count] = row " " history
		zeek_duration[zeek_count] = row " " duration
		zeek_ends[zeek_count] = ends
		zeek_more[zeek_count] = more
		zeek_state[zeek_count] = state
		zeek_proto[zeek_count] = field("proto")
	} else {
		our_count++
		ours[row]++
		our_history[row " " history]++
		our_duration[row " " duration]++
		our_rows[row] = our_rows[row] more ";"
		by_ends[ends] = by_ends[ends] row "\t"
	}
}

function field(name) {
	return name in column ? $(column[name]) : "-"
}

# What differs between a row of Zeek's and the closest of ours with the same ends.
function kind_of(z, i, n, rows, best, best_score, score, a, b, k, what) {
	n = split(by_ends[zeek_ends[z]], rows, "\t")
	best_score = -1
	split(zeek[z], a, " ")
	for (i = 1; i < n; i++) {
		if (ours[rows[i]] <= 0)
			continue
		split(rows[i], b, " ")
		score = 0
		for (k = 6; k <= 10; k++)
			score += a[k] == b[k]
		if (score > best_score) {
			best_score = score
			best = rows[i]
		}
	}
	closest = ""
	if (best_score < 0) {
		split(zeek_ends[z], b, " ")
		if (by_ends[b[3] " " b[4] " " b[1] " " b[2] " " b[5]] != "")
			return "roles"
		return by_ends[zeek_ends[z]] == "" ? "missing" : "fewer"
	}
	ours[best]--
	closest = best
	split(best, b, " ")
	what = ""
	if (a[6] != b[6])
		what = what "+state:" b[6]
	if (a[7] != b[7] || a[8] != b[8])
		what = what "+bytes"
	if (a[9] != b[9] || a[10] != b[10])
		what = what "+packets"
	return substr(what, 2)
}

END {
	for (z = 1; z <= zeek_count; z++)
		if (ours[zeek[z]] > 0) {
			ours[zeek[z]]--
			equal++
			is_equal[z] = 1
			if (our_history[zeek_history[z]]-- > 0)
				same_history++
			if (our_duration[zeek_duration[z]]-- > 0)
				same_duration++
		}
	print "ROWS", capture, zeek_count + 0, equal + 0, our_count + 0, same_history + 0, same_duration + 0
	for (z = 1; z <= zeek_count; z++)
		if (!(z in is_equal)) {
			kind = kind_of(z)
			print "DIFF", capture, zeek_proto[z], zeek_state[z], kind, zeek[z], zeek_more[z], "|", \
				closest, our_rows[closest]
		}
}
