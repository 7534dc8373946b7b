# numbers.jq -- what a dump of a Redis, or an eve.json, says of how much was seen: WHAT <tab> HOST <tab> WINDOW <tab> N.
#
# $of: "redis" or "eve". Of findings about the same subject 2020 and talk have the last: they are counted as subjects, but for those that are about none, which the last Kalipso reads as about the host. Conversations are those that a host opened, of TCP and UDP, over all its windows ("-"); bytes are payload.

def row($what; $host; $window): [$what, $host, $window, length] | @tsv;
def sums: group_by(.what, .host)[] | [.[0].what, .[0].host, "-", (map(.n) | add)] | @tsv;
def window_of: capture("^profile_(?<host>[0-9a-f.:]+)_timewindow(?<window>[0-9]+)");

def of_redis:
	[inputs | select(.db == "data")] as $keys |
	($keys | map(select(.key | test("^profile_[^_]*_timewindow[0-9]+$")) | . + (.key | window_of))) as $windows |
	($windows | group_by(.host)[] | row("windows"; .[0].host; "-")),
	($windows[] | .host as $host | .window as $window |
		(.value.Evidence // "{}" | fromjson | select(length > 0) |
			if any(type == "string") then
				row("evidence"; $host; $window),
				(map(fromjson | [.type_detection, .detection_info, .type_evidence]) | unique |
					map(select(.[:2] != ["srcip", $host])) |
					row("subjects"; $host; $window))
			else with_entries(select(.key | startswith("object:") or startswith("srcip:\($host):") | not)) |
				row("subjects"; $host; $window) end),
		(.value.OutTuples | fromjson | select(length > 0) | row("tuples"; $host; $window))),
	($keys[] | select(.key == "BlockedProfTW").value |
		if type == "array" then .[] | window_of
		else to_entries[] | (.key | sub("^profile_"; "")) as $host | .value | fromjson[] |
			{ $host, window: sub("^timewindow"; "") } end |
		[.] | row("alerted"; .[0].host; .[0].window)),
	($keys[] | select(.key | test("^profile_[^_]*_timewindow[0-9]+_timeline$")) | (.key | window_of) as $of |
		(.value | if type == "array" then . else keys_unsorted end) | map(select(fromjson | has("timestamp"))) |
		row("timeline", "lines"; $of.host; $of.window)),
	([$windows[] | .host as $host | .value | to_entries[] |
		select(.key | test("^DstPortsClient(TCP|UDP)")).value | fromjson[] |
		{ what: "flows", $host, n: .totalflows }, { what: "packets", $host, n: .totalpkt },
		{ what: "bytes", $host, n: .totalbytes }] | sums),
	([$keys[] | select(.key == "naiad:evidence").value[]] | row("stream"; "-"; "-"));

def of_eve:
	[inputs] as $all |
	($all | map(select(.naiad.kind == "evidence")) | group_by(.naiad.profile, .naiad.window.number)[] |
		row("evidence"; .[0].naiad.profile; .[0].naiad.window.number)),
	($all | map(select(.naiad.kind == "alert")) | group_by(.naiad.profile, .naiad.window.number)[] |
		.[:1] | row("alerted"; .[0].naiad.profile; .[0].naiad.window.number)),
	([$all[] | select(.event_type == "flow" and (.proto == "TCP" or .proto == "UDP")) | .src_ip as $host |
		{ what: "flows", $host, n: 1 }, { what: "packets", $host, n: (.flow | .pkts_toserver + .pkts_toclient) },
		{ what: "bytes", $host, n: (.naiad | .payload_toserver + .payload_toclient) }] | sums),
	($all | map(select(.naiad.kind == "evidence" or .naiad.kind == "alert")) | row("stream"; "-"; "-"));

if $of == "redis" then of_redis else of_eve end
