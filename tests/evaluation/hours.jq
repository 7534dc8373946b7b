# What false_positives.sh asks of the records: "FILE slot HOST COUNT", the slots of five minutes in which a host at home
# sent or received; "FILE kind KIND COUNTED DECISIVE SENTENCE" of each evidence on its account; "FILE alert HOST".
def local:
	. == "147.32.81.167" or
	(test("^(10\\.|192\\.168\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|fe80:|f[cd][0-9a-f]{2}:)") and (endswith(".255") | not));
def slot: .[0:19] | strptime("%Y-%m-%dT%H:%M:%S") | mktime / 300 | floor;

reduce inputs as $e ({ slots: {}, said: [] };
	(input_filename | split("/")[-2]) as $file |
	if $e.event_type == "flow" then
		($e.flow.start | slot) as $first |
		([($e.flow.end | slot), $first + 288] | min) as $last | # a day of silence is no day of watching
		reduce ([$e.src_ip, $e.dest_ip] | .[] | select(local)) as $host (.;
			reduce range($first; $last + 1) as $s (.; .slots[$file][$host]["\($s)"] = 1))
	elif $e.naiad.kind == "evidence" and ($e.naiad.profile | local) then
		.said += ["\($file)\tkind\t\($e.naiad.type)\t\($e.naiad.counted)\t\($e.naiad.decisive)\t\($e.naiad.text)"]
	elif $e.naiad.kind == "alert" and ($e.naiad.profile | local) then
		.said += ["\($file)\talert\t\($e.naiad.profile)"]
	else . end) |
.said[],
(.slots | to_entries[] | .key as $file | .value | to_entries[] | "\($file)\tslot\t\(.key)\t\(.value | length)")
