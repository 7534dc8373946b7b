# shape.jq -- of the keys that `dump` printed: what is there and of which type, a line each, with no value in it.
#
# PLACE <tab> TYPE, where a place is a database, a class of keys, a field, and a path into a JSON value:
#   data profile_<address>_timewindow<n> OutTuples.<address>-<port>-<proto>[0]	string
# An array whose items have one type has them as [], another one by number. A string that is itself JSON goes on after
# a "!". Of timelines the order of the members belongs to the shape, for they are shown in it.

def is_address: test("^[0-9]{1,3}([.][0-9]{1,3}){3}$|^[0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]*$");
def protocol: "(tcp|udp|icmp|ipv6-icmp|igmp|ip[0-9]+)";

# What a name is one of.
def class:
	if test("^[a-zA-Z_][a-zA-Z_ /]*$") then .
	elif test("^[0-9]+$") then "<number>"
	elif test("^[0-9a-f.:]+-[0-9]+-" + protocol + "$") then "<address>-<port>-<proto>"
	elif test("^[0-9a-f.:]+:[0-9]+:" + protocol + "$") then "<address>:<port>:<proto>"
	elif is_address then "<address>"
	elif test("^timewindow[0-9]+$") then "timewindow<n>"
	elif test("^(tws|evidence)?profile_[0-9a-f.:]+(_timewindow[0-9]+)?(_timeline)?$") then
		sub("profile_[0-9a-f.:]+"; "profile_<address>") | sub("timewindow[0-9]+"; "timewindow<n>")
	elif test("^[a-zA-Z_]+:.*:[a-zA-Z_&. ]+$") then "<what>:<which>:<kind>"
	elif test("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$") then "<id>"
	else . end;

# A text that is JSON, as that; null: it is not. Kalipso takes no bare word or number for JSON.
def as_json: if test("^[{\\[]") then (try fromjson catch null) else null end;

# inside(PLACE) -- the lines of a JSON value
def inside($place):
	[$place, type],
	if type == "object" then
		to_entries | group_by(.key | class)[] | (.[0].key | class) as $class |
		.[].value | inside("\($place).\($class)")
	elif type == "array" then
		if map(type) | unique | length > 1 then
			to_entries[] | .key as $at | .value | inside("\($place)[\($at)]")
		else
			.[] | inside("\($place)[]")
		end
	elif type == "string" then
		as_json | values | inside($place + "!")
	else empty end;

# text(PLACE) -- the lines of a value of Redis
def text($place):
	as_json as $json |
	if $json != null then $json | inside($place)
	elif test("^-?[0-9.]+$") and (is_address | not) then [$place, "text of a number"]
	else [$place, "text"] end;

def member($place):
	as_json as $json |
	if $json != null then $json | inside($place), (objects | [$place + " order", (keys_unsorted | join(", "))])
	else [$place, "text " + class] end;

[inputs | select(.key | startswith("naiad:") | not) |
	"\(.db) \(.key | class)" as $place | .type as $type |
	[$place, $type],
	(.value |
		if $type == "hash" then to_entries[] | .key as $field | .value | text("\($place) \($field | class)")
		elif $type == "zset" then keys_unsorted[] | member($place + " member")
		elif $type == "set" or $type == "list" then .[] | member($place + " member")
		else member($place + " value") end)] |
unique[] | @tsv
