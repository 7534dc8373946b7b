# crash_rules.jq -- kalipso.md 5 and the rules of 6.3, on the keys that `dump` printed. $dialect: last, 2020, talk.
#
# Prints a sentence for each thing that would end a Kalipso, leave a screen of it empty, or obey what the wire said.

# The types of the keys it reads; other types end it.
def types: {
	last: { profiles: "set", tws: "zset", timeline: "zset", hostIP: "set", BlockedProfTW: "hash", window: "hash",
		evidence: "hash", profile: "hash", DNSresolution: "hash", IPsInfo: "hash" },
	"2020": { timeline: "zset", hostIP: "set", BlockedProfTW: "set", window: "hash", DNSresolution: "hash",
		IPsInfo: "hash" },
	talk: { timeline: "list", hostIP: "string", BlockedProfTW: "set", window: "hash", IPsInfo: "hash" }
}[$dialect];

def window_key: "profile_(?<address>[0-9a-f.:]+)_timewindow(?<number>[0-9]+)";
def class:
	if test("^" + window_key + "$") then "window"
	elif test("^" + window_key + "_timeline$") then "timeline"
	elif test("^profile_") then "profile"
	elif test("^tws") then "tws"
	elif test("^evidence") then "evidence"
	else . end;

# json(NAME; KIND) -- a text as JSON of that kind, or a finding as {finding}
def json($name; $kind):
	. as $text | (try { it: fromjson } catch { finding: "\($name): is not JSON: \($text[:60])" }) |
	if has("it") and (.it | type) != $kind then { finding: "\($name): is no JSON \($kind)" } else . end;
def found(condition; $sentence): if condition then empty else $sentence end;

# What Kalipso's boxes or its terminal obey, in any text of a value; a text that is JSON is looked into.
def texts: .. | strings, (objects | keys_unsorted[]);
def obeyed: test("[{}\\x00-\\x1f\\x7f-\\x9f]");
def as_json: . as $text | try fromjson catch $text;
def all_texts: texts | if startswith("{") then as_json | texts else . end;
def harmless($name):
	as_json | select([all_texts] | join(" ") | obeyed) | all_texts | select(obeyed) |
	"\($name): a brace or a control character: \(.[:60] | @json)";

def tuple_key: if $dialect == "last" then "[0-9a-f.:]+-[0-9]+-[a-z0-9-]+" else "[0-9a-f.:]+:[0-9]+:[a-z0-9-]+" end;
def peer: if $dialect == "last" then split("-")[0] else split(":") | .[:-2] | join(":") end;
def tuples($name):
	(select(keys_unsorted | join(" ") | test("^(\(tuple_key)( |$))*$") | not) | keys_unsorted[] |
		found(test("^\(tuple_key)$"); "\($name): a tuple is called \(.)")),
	(to_entries[] | .key as $key |
	found(.value | type == "array" and (.[0] | type) == "string"; "\($name): the letters of \($key) are no text"),
	found(.value | type == "array" and (.[1] | type) == "array"; "\($name): \($key) has no times"));

# A table of ports or addresses: three totals, and who is behind it in the form of the dialect.
def table($name):
	to_entries[] | .key as $key |
	found(.value | [.totalflows?, .totalpkt?, .totalbytes?] | map(type) == ["number", "number", "number"];
		"\($name): \($key) has not three totals"),
	(.value | objects | .dstips // empty | to_entries[] |
		if $dialect == "last"
		then found(.value | type == "object" and (.pkts | type) == "number"; "\($name): \(.key) in dstips has no pkts")
		else found(.value | type == "number"; "\($name): \(.key) in dstips is no number") end);

def evidence($name):
	to_entries[] | .key as $key | .value |
	if $dialect == "last" then
		if type != "string" then "\($name): \($key) is no string with JSON in it" else
			json("\($name): \($key)"; "object") | .finding // (.it |
				found([.type_detection, .detection_info, .type_evidence, .description] |
					map(type) | unique == ["string"]; "\($name): \($key) shows \"undefined\"")) end
	else found(type == "array" or type == "string"; "\($name): \($key) is neither a list nor a text") end;

def window($name):
	(keys_unsorted[] | found(test(" ") | not; "\($name): a field with a space: \(.)")),
	found(has("OutTuples"); "\($name): has no OutTuples"),
	(to_entries[] | .key as $field | (.value | json("\($name) \($field)"; "object")) | .finding // (.it |
		if $field == "OutTuples" or $field == "InTuples" then tuples("\($name) \($field)")
		elif $field == "Evidence" then evidence("\($name) \($field)")
		else table("\($name) \($field)") end));

def timeline($name):
	(if type == "object" then keys_unsorted else . end)[] |
	json($name; "object") | .finding // (.it |
		if has("timestamp") then
			found(.timestamp | type == "string" and test("[.]"); "\($name): a time without a point"),
			(if $dialect == "last" then
				found(.info | type == "object" or . == "" or . == null; "\($name): info is no object")
			else found(.info | type == "string" or . == null; "\($name): info is no text") end)
		else found($dialect == "talk" and has("Method"); "\($name): a line without a time") end);

def resolved($name):
	if $dialect == "2020" then found(type == "array" and all(type == "string"); "\($name): is no list of names")
	else
		found((.domains? | type) == "array" and (.domains | all(type == "string")); "\($name): has no domains"),
		found((.length? | type) == "number" and
			([range(0; .length) as $at | .[$at | tostring] | type] | unique - ["string"] == []);
			"\($name): does not look like a list as well")
	end;

def known($name):
	(select(has("asn")) | if $dialect == "last" then found(.asn | type == "object" and (.asnorg | type) == "string";
		"\($name): asn has no asnorg") else found(.asn | type == "string"; "\($name): asn is no text") end),
	found([.geocountry, .reverse_dns] | map(type) - ["string", "null"] == []; "\($name): a name that is no text"),
	(select(has("SNI")) | found(.SNI | type == "array" and all((.server_name? | type) == "string");
		"\($name): SNI is no list of server names")),
	(select(has("VirusTotal")) | found(.VirusTotal | [.URL?, .down_file?, .ref_file?, .com_file?] | map(type) |
		unique == ["number"]; "\($name): VirusTotal has not four numbers"));

[inputs] as $all |
($all | map(select(.db == "data" and (.key | startswith("naiad:") | not)))) as $data |
($all | map(select(.db == "addresses" and (.key | startswith("naiad:") | not)))) as $cache |
($data | map({ key, value }) | from_entries) as $at |
($data | map(select(.key | class == "window"))) as $windows |
((if $dialect == "talk" then $data else $cache end) | map(select(.key == "IPsInfo").value) | first // {}) as $info |

found($windows != []; "there is no window: nothing was looked at"),

# Names and types.
(($data + $cache)[] | types[.key | class] as $type |
	found($type == null or $type == .type; "\(.key): is a \(.type), read as a \($type)")),
($all[] | select(.db == "data" and (.key | test("timeline"))) |
	found(.key | class == "timeline"; "\(.key): every key with \"timeline\" in its name is taken for a profile")),
($cache[] |
	found(.key == "IPsInfo"; "\(.key): is not read in the database of addresses")),

# Windows, and what makes them visible.
($windows[] | select(.type == "hash") | .key as $key | .value | window($key)),
($data[] | select(.key | class == "timeline") | .key as $key |
	($at[$key[:-9]] | found(type == "object"; "\($key): its window has no hash")),
	(.value | select(type == "object" or type == "array") | timeline($key))),
(if $dialect == "last" then
	($at.profiles // [] | arrays[] | found($at["tws" + .] | type == "object"; "\(.): no windows of it are told")),
	($data[] | select(.key | class == "tws") | .key as $key | .value | objects | keys_unsorted[] |
		found($at[$key[3:] + "_" + .] | type == "object"; "\($key): \(.) has no hash")),
	($data[] | select((.key | class == "evidence") and .type == "hash") | .key as $key | .value | to_entries[] |
		.key as $window | (.value | json("\($key) \($window)"; "object")) | .finding // (.it | evidence("\($key) \($window)"))),
	($windows[] | select(.value | objects | has("Evidence")) |
		(.key | capture("(?<profile>profile_.*)_(?<window>timewindow[0-9]+)$")) as $name |
		.value.Evidence as $evidence | ($at["evidence" + $name.profile] // {})[$name.window]? // null |
		found(. == $evidence; "evidence\($name.profile) \($name.window): is not what the window has")),
	($at.BlockedProfTW // {} | objects | to_entries[] |
		found(.key | startswith("profile_"); "BlockedProfTW: the field \(.key) ends it at start"),
		(.value | json("BlockedProfTW"; "array") | .finding // (.it | found(all(test("^timewindow[0-9]+$"));
			"BlockedProfTW: a window is called otherwise"))))
else
	($at.BlockedProfTW // [] | arrays[] | found(test("^" + window_key + "$"); "BlockedProfTW: \(.) is no window"))
end),

# Addresses: each that can be selected has an entry.
($windows | map(.key | capture(window_key).address) +
	(map(.value | objects | (.OutTuples, .InTuples) // empty | (try fromjson catch {}) | objects |
		keys_unsorted[] | peer)) | unique[] |
	. as $address | found($info | type == "object" and has($address); "IPsInfo: has nothing of \($address)")),
($info | objects | to_entries[] | .key as $key | (.value | json("IPsInfo \($key)"; "object")) |
	.finding // (.it | known("IPsInfo \($key)"))),
(if $dialect != "talk" then
	$at.DNSresolution // {} | objects | to_entries[] | .key as $key |
	(.value | json("DNSresolution \($key)"; if $dialect == "2020" then "array" else "object" end)) |
	.finding // (.it | resolved("DNSresolution \($key)"))
else empty end),

# Whatever came from the wire.
(($data + $cache)[] | .key as $key | .key, (.value | if type == "object" then to_entries[] | .key, .value | strings
	elif type == "array" then .[] | strings else strings end) | harmless($key))
