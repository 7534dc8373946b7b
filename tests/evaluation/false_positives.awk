# false_positives.awk -- docs/FALSE-POSITIVES.md: from the kinds there are, what hours.jq says, truth.tsv, and who is
# alerted under each profile ("PROFILE<tab>FOLDER/FILE<tab>REASON"); told apart by `from`.
BEGIN {
	FS = "\t"
	profiles = split("quiet balanced paranoid", profile, " ")
}

from == "kinds" { kind[++kinds] = $1; detector[$1] = $2; next }
from == "truth" { if ($0 !~ /^#/) { must[$1] = $5; due += $5 == "yes"; undue += $5 == "no" } next }
from == "read" { read += $1 ~ /^normal\//; next }
from == "alerts" {
	if (($1, $2) in alerted) next
	alerted[$1, $2]
	count[$1, $2 in must ? must[$2] : "normal"]++
	if (!($2 in must)) wrong = wrong sprintf("* %s, %s: %s\n", $1, $2, $3)
	next
}
$2 == "slot" { slots[$1] += $4; hosts[$1]++; all += $4; next }
$2 == "kind" {
	if (!said[$3]++) sentence[$3] = $6
	of_input[$1]++
	charged[$3] += $4 == "true"
	decisive[$3] += $5 == "true"
}

# By name, with an insertion sort: the awk of Debian has none
function sort_inputs(    f, i) {
	for (f in slots) {
		for (i = ++inputs; i > 1 && input[i - 1] > f; i--) input[i] = input[i - 1]
		input[i] = f
	}
}

# The most talkative first; those of the same number as they come.
function sort_kinds(    k, i, n) {
	for (k = 1; k <= kinds; k++)
		if (said[kind[k]]) {
			for (i = ++n; i > 1 && said[heard[i - 1]] < said[kind[k]]; i--) heard[i] = heard[i - 1]
			heard[i] = kind[k]
		}
	return n
}

function cell(text) { gsub(/\|/, "\\|", text); return text }

# A row of the table of the profiles.
function by_profile(what, which,    p) {
	printf "| %s |", what
	for (p = 1; p <= profiles; p++) printf " %d |", count[profile[p], which]
	print ""
}

END {
	if (kinds == 0 || all == 0 || due == 0 || read == 0) exit 1
	sort_inputs()
	heard_count = sort_kinds()
	hours = all / 12
	print "# False positives\n"
	print "Written by tests/regenerate from a run over hosts that do nothing; a test compares it.\n"
	printf "**Read this first: it is little.** %.1f host-hours, counted in slots of five minutes in which a host at home\n", hours
	print "sent or received. Most of it is one PC of one day; the rest are short captures of single programs. No host was"
	print "alerted, as the test demands. What that is worth: by the rule of three, somebody who watches a hundred such hosts"
	printf "may still be woken up to %d times a day, and only more hours can make that number smaller.\n\n", 2400 * 3 / hours
	print "## By profile\n"
	print "What `profile` decides (its settings are in DETECTORS.md), over five folders of captures. *Due* are those whose"
	print "truth (tests/evaluation/truth.tsv) demands an alert; in the others there is an attack, or a part of one, that is"
	print "too little to be told from what healthy hosts do.\n"
	print "| Alerted | quiet | balanced | paranoid |"
	print "|---|---:|---:|---:|"
	by_profile("of " due " captures in which an alert is due", "yes")
	by_profile("of " undue " others with something bad in them", "no")
	by_profile("of " read " healthy captures and log directories", "normal")
	print "\nOf any profile, from a capture's evidence to its verdict: `tests/evaluation/run DIR --profile NAME`, then"
	print "`tests/evaluation/table.sh DIR`. Quiet alerts only where it could hardly be anything else: the rest is evidence"
	print "all the same, and lists of threat intelligence, which are not used here, add to it. Paranoid is for a hunt."
	if (wrong != "") printf "\nHealthy, and alerted:\n\n%s", wrong
	print "\n## By kind\n"
	print "Evidence alone wakes nobody: an alert takes a sum, or a decisive one. *Charged* is what was added to a sum,"
	print "*decisive* what would be an alert alone. Under balanced.\n"
	print "| Evidence | Found | An hour of a host | A day of 100 hosts | Charged | Decisive | The first of them |"
	print "|---|---:|---:|---:|---:|---:|---|"
	for (i = 1; i <= heard_count; i++) {
		k = heard[i]
		printf "| `%s` | %d | %.3f | %.0f | %d | %d | %s |\n", k, said[k], said[k] / hours, 2400 * said[k] / hours,
			charged[k], decisive[k], cell(sentence[k])
	}
	printf "\nSilent in all %.0f hours, so that each is probably said less than %d times a day of 100 hosts:\n\n", hours,
		2400 * 3 / hours
	print "| Detector | Evidence |"
	print "|---|---|"
	for (i = 1; i <= kinds; i++)
		if (!said[kind[i]]) {
			silent[detector[kind[i]]] = silent[detector[kind[i]]] (silent[detector[kind[i]]] == "" ? "" : ", ") "`" kind[i] "`"
			last[detector[kind[i]]] = i
		}
	for (i = 1; i <= kinds; i++)
		if (last[detector[kind[i]]] == i) printf "| %s | %s |\n", detector[kind[i]], silent[detector[kind[i]]]
	print "\n## What was read\n"
	print "Captures of ten minutes and more, and of the log directories at hand the only one whose makers call its host"
	print "healthy. `elcabezzonn__win10-background-20160816` is there twice: as packets, and as Argus tells it. Captures that"
	print "were put together from several span years; only the slots with traffic count.\n"
	print "| Input | Hosts | Host-hours | Evidence |"
	print "|---|---:|---:|---:|"
	for (i = 1; i <= inputs; i++)
		printf "| %s | %d | %.1f | %d |\n", input[i], hosts[input[i]], slots[input[i]] / 12, of_input[input[i]]
}
