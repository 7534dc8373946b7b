# What table.sh asks of the records: "FILE flow ADDRESS COUNT", of ended flows at either end; "FILE kind ADDRESS KIND",
# of evidence on its account; "FILE alert ADDRESS".
reduce inputs as $e ({};
	(input_filename | split("/")[-3:-1] | join("/")) as $file |
	if $e.event_type == "flow" then
		reduce ([$e.src_ip, $e.dest_ip] | unique[]) as $a (.; .[$file].flow[$a] += 1)
	elif $e.naiad.kind == "evidence" then .[$file].kind["\($e.naiad.profile)\t\($e.naiad.type)"] = true
	elif $e.naiad.kind == "alert" then .[$file].alert[$e.naiad.profile] = true
	else . end) |
to_entries[] | .key as $file |
	(.value.flow // {} | to_entries[] | "\($file)\tflow\t\(.key)\t\(.value)"),
	(.value.kind // {} | keys[] | "\($file)\tkind\t\(.)"),
	(.value.alert // {} | keys[] | "\($file)\talert\t\(.)")
