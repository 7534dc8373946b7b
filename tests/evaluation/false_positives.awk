# false_positives.awk -- docs/FALSE-POSITIVES.md from the kinds there are and what hours.jq says.
BEGIN { FS = "\t" }

from == "kinds" { kind[++kinds] = $1; detector[kinds] = $2; next }
$2 == "slot" { slots[$1] += $4; hosts[$1]++; all += $4; next }
$2 == "kind" { said[$3]++; of_input[$1]++; charged[$3] += $4 == "true"; decisive[$3] += $5 == "true" }

# By name, with an insertion sort: the awk of Debian has none
function sort_inputs(    f, i) {
	for (f in slots) {
		for (i = ++inputs; i > 1 && input[i - 1] > f; i--) input[i] = input[i - 1]
		input[i] = f
	}
}

END {
	if (kinds == 0 || all == 0) exit 1
	sort_inputs()
	hours = all / 12
	print "# False positives\n"
	print "Written by tests/regenerate from a run over hosts that do nothing; a test compares it.\n"
	printf "**Read this first: it is little.** %.1f host-hours, counted in slots of five minutes in which a host at home\n", hours
	print "sent or received. Most of it is one PC of one day; the rest are short captures of single programs. A kind that is"
	printf "silent here may still speak once in %d hours of a host: in a network of a hundred hosts %.0f times a day.\n", hours,
		2400 / hours
	printf "No host was alerted, as the test demands.\n\n"
	print "## By kind\n"
	print "Evidence alone wakes nobody: an alert takes a sum, or a decisive one. *Charged* is what was added to a sum,"
	print "*decisive* what would be an alert alone.\n"
	print "| Detector | Evidence | Found | An hour of a host | Charged | Decisive |"
	print "|---|---|---:|---:|---:|---:|"
	for (i = 1; i <= kinds; i++)
		printf "| %s | `%s` | %d | %s | %d | %d |\n", detector[i], kind[i], said[kind[i]],
			said[kind[i]] ? sprintf("%.3f", said[kind[i]] / hours) : sprintf("< 1 in %d", hours),
			charged[kind[i]], decisive[kind[i]]
	print "\n## What was read\n"
	print "`elcabezzonn__win10-background-20160816` is there twice: as packets, and as Argus tells it. Captures that were put"
	print "together from several span years; only the slots with traffic count.\n"
	print "| Input | Hosts | Host-hours | Evidence |"
	print "|---|---:|---:|---:|"
	for (i = 1; i <= inputs; i++)
		printf "| %s | %d | %.1f | %d |\n", input[i], hosts[input[i]], slots[input[i]] / 12, of_input[input[i]]
}
