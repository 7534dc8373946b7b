# compare_fields.awk -- field by field: what of Zeek's log (first file) is in ours (second file).
#
#   awk -v log_name=dns -v key=id.orig_h,id.orig_p,id.resp_h,id.resp_p -v fields=query,qtype -f compare_fields.awk ZEEK OURS
#
# Rows that have the same values at `key` are held against each other in their order; a set of Zeek's has none.
# Prints
#   FIELD log name rows equal more   a row that we have not is unequal in all fields; see below
#   DIFF log name key zeek ours   one for each value that differs; ours is "no row" if there is none
#   GLUED log name key zeek       one for each value of Zeek's that is several lines at once, and counts as equal:
#                                 the first of them is the value in one of our rows with this key
# The services of a connection are a set: all of Zeek's, in any order, are equal. Where ours has others besides
# ("-" is none), the row is not equal, and counts as "more".
# Tab-separated logs with a #fields line each; a file that is missing or empty has no rows.
BEGIN {
	FS = "\t"
	key_count = split(key, key_name, ",")
	field_count = split(fields, field_name, ",")
}
function key_of(columns,   i, text) {
	text = ""
	for (i = 1; i <= key_count; i++)
		text = text (key_name[i] in columns ? $columns[key_name[i]] : "?") " "
	return text
}
# The members of a set, sorted.
function sorted(text,   member, count, i, j, one) {
	count = split(text, member, ",")
	for (i = 2; i <= count; i++) {
		one = member[i]
		for (j = i - 1; j > 0 && member[j] > one; j--)
			member[j + 1] = member[j]
		member[j + 1] = one
	}
	text = member[1]
	for (i = 2; i <= count; i++)
		text = text "," member[i]
	return text
}
# Are all members of `theirs` in `ours`?
function has_all(theirs, ours,   member, count, i) {
	count = theirs == "-" ? 0 : split(theirs, member, ",")
	for (i = 1; i <= count; i++)
		if (index("," ours ",", "," member[i] ",") == 0)
			return 0
	return ours != "-" && ours != "no row"
}
function value_of(field) {
	if (!(field in at))
		return "no column"
	return is_set[at[field]] ? sorted($at[field]) : $at[field]
}
# Is the first of several lines in one of our rows?
function is_glued(theirs, k, f,   i) {
	if (!sub(/\\x0d\\x0a.*/, "", theirs))
		return 0
	for (i = 1; i <= seen[2, k]; i++)
		if (value[2, k, i, f] == theirs)
			return 1
	return 0
}
FNR == 1 { file = FILENAME == ARGV[1] ? 1 : 2; split("", at) }
/^#fields/ {
	for (i = 2; i <= NF; i++)
		at[$i] = i - 1
	next
}
/^#types/ {
	for (i = 2; i <= NF; i++)
		is_set[i - 1] = $i ~ /^set/
	next
}
/^#/ || NF == 0 { next }
{
	k = key_of(at)
	n = ++seen[file, k]
	for (i = 1; i <= field_count; i++)
		value[file, k, n, field_name[i]] = value_of(field_name[i])
	if (file == 1) {
		rows++
		row_key[rows] = k
		row_nth[rows] = n
	}
}
END {
	for (r = 1; r <= rows; r++)
		for (i = 1; i <= field_count; i++) {
			f = field_name[i]
			theirs = value[1, row_key[r], row_nth[r], f]
			has = (2, row_key[r], row_nth[r], f) in value
			ours = has ? value[2, row_key[r], row_nth[r], f] : "no row"
			is_equal = theirs == ours || (f == "service" && sorted(theirs) == sorted(ours))
			if (!is_equal && is_glued(theirs, row_key[r], f)) {
				is_equal = 1
				printf "GLUED\t%s\t%s\t%s\t%s\n", log_name, f, row_key[r], theirs
			}
			if (is_equal)
				equal[f]++
			else if (f == "service" && has_all(theirs, ours))
				more[f]++
			else
				printf "DIFF\t%s\t%s\t%s\t%s\t%s\n", log_name, f, row_key[r], theirs, ours
		}
	for (i = 1; i <= field_count; i++)
		printf "FIELD\t%s\t%s\t%d\t%d\t%d\n", log_name, field_name[i], rows, equal[field_name[i]], more[field_name[i]]
}
