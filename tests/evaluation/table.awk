# table.awk -- what was found beside what is there, a line for each capture, and what of it breaks a promise.
#
# Reads MANIFEST.tsv (its ninth column is the note), truth.tsv, what facts.jq says and the list of the captures that were
# read, in this order and told apart by `from`; `counted`, `alerts` and `kinds` are those of `required`.
BEGIN { FS = OFS = "\t" }

from == "manifest" { if ($9 ~ /^MALICIOUS/) malicious[$1] = 1; next }
from == "truth" {
	if ($0 ~ /^#/) next
	if (NF != 6 || ($5 != "yes" && $5 != "no") || $6 == "") broken("truth.tsv: not a row: " $0)
	verdict[$1] = $2; hosts[$1] = $3; expected[$1] = $4; must[$1] = $5; why[$1] = $6
	next
}
from == "facts" {
	if ($2 == "flow") flows[$1, $3] = $4
	else if ($2 == "kind") kinds_on[$1, $3] = kinds_on[$1, $3] "," $4
	else alerted[$1] = alerted[$1] (alerted[$1] == "" ? "" : ",") $3
	next
}
{ captures[++n] = $1 }

function broken(what) { print "FAILED: " what; failures++ }

# is `item` one of those in `list`
function among(item, list) { return index("," list ",", "," item ",") > 0 }

# The kinds on the hosts of the truth: those that are expected, with "?" if they are not there, and others with "+".
function kinds_of(file,    text, i, count, list, found) {
	count = split(hosts[file], list, ",")
	for (i = 1; i <= count; i++) found = found kinds_on[file, list[i]]
	count = split(expected[file], list, ",")
	for (i = 1; i <= count; i++) {
		if (list[i] == "-") continue
		kinds_there += among(list[i], found)
		kinds_expected++
		text = text " " list[i] (among(list[i], found) ? "" : "?")
	}
	count = split(found, list, ",")
	for (i = 1; i <= count; i++)
		if (list[i] != "" && !among(list[i], expected[file]) && index(text " ", " +" list[i] " ") == 0)
			text = text " +" list[i]
	return text == "" ? " -" : text
}

# An alert is right on one of the hosts of the truth alone.
function right_alert(file,    list, i, count, right) {
	count = split(alerted[file], list, ",")
	for (i = 1; i <= count; i++) {
		if (file in hosts && among(list[i], hosts[file])) right = 1
		else broken(file ": " list[i] " is alerted, and did nothing")
	}
	return right + 0
}

# Flows of the infected device; `most` is those of its busiest address.
function flows_of(file,    list, i, count, sum) {
	count = split(hosts[file], list, ",")
	most = 0
	for (i = 1; i <= count; i++) {
		sum += flows[file, list[i]]
		if (flows[file, list[i]] > most) most = flows[file, list[i]]
	}
	return sum + 0
}

function row(file,    right, result, size, is_counted) {
	right = right_alert(file)
	if (file ~ /^normal\// && !(file in must)) {
		printf "%-8s %5s  %s\n", alerted[file] == "" ? "quiet" : "FALSE", "", file
		return
	}
	if (!(file in must)) { broken(file ": has no row in truth.tsv"); return }
	if ((file in malicious) != (verdict[file] == "MALICIOUS"))
		broken(file ": MANIFEST.tsv says otherwise than truth.tsv")
	size = flows_of(file)
	result = right ? "alert" : must[file] == "yes" ? "OWED" : "silent"
	if (must[file] == "yes") { must_all++; must_there += right }
	is_counted = verdict[file] == "MALICIOUS" && size > 50
	if (verdict[file] == "MALICIOUS") {
		if (most > 50) { by_address++; by_address_there += right }
		if (is_counted) {
			by_device++; by_device_there += right
			if (!right)
				missed = missed sprintf("  %s (%d flows): %s%s\n", file, size,
					must[file] == "yes" ? "owed; " : "", why[file])
		}
	}
	printf "%-8s %5d%s %s\n%16s%s\n%17s%s\n", result, size, (is_counted ? "*" : " "), file,
		"", kinds_of(file), "", why[file]
}

function share(part, whole) { return whole == 0 ? 0 : int(100 * part / whole) }

END {
	print "result   flows  capture (*: counted, for it is malicious and has more than 50 flows of the infected device)"
	print "                 kinds that are expected (?: not there yet), and others (+)"
	print "                 what shows it, or why it stays silent"
	for (i = 1; i <= n; i++) { row(captures[i]); seen[captures[i]] = 1 }
	for (file in must) if (!(file in seen)) broken(file ": is in truth.tsv, and was not read")
	printf "\ncounted by address: %d of %d alerted; by device: %d of %d (%d %%, required %d %%)\n",
		by_address_there, by_address, by_device_there, by_device, share(by_device_there, by_device), counted
	printf "captures that must be alerted: %d of %d (required %d)\n", must_there, must_all, alerts
	printf "kinds that are expected: %d of %d (required %d)\n", kinds_there, kinds_expected, kinds
	printf "counted and not alerted:\n%s", missed
	if (share(by_device_there, by_device) < counted || share(by_address_there, by_address) < counted)
		broken("fewer of the counted hosts are alerted than required")
	if (must_there < alerts) broken("fewer captures are alerted than required")
	if (kinds_there < kinds) broken("fewer kinds are there than required")
	if (must_there > alerts || kinds_there > kinds ||
		(share(by_device_there, by_device) > counted && share(by_address_there, by_address) > counted))
		print "more is found than required: raise tests/evaluation/required"
	exit failures > 0
}
