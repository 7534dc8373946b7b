# shape.jq -- of the keys that `dump` printed: what is there and of which type, a line each, with no value in it.
#
# PLACE <tab> TYPE, where a place is a database, a key, a field, and a path into a JSON value. Names stand between bytes
# of 1, for `shape` to put their class there. An array whose items have one type has them as [], another one by number. A
# string that is itself JSON goes on after a "!". Of timelines the order of the members belongs to the shape.

def name: "\u0001\(.)\u0001";
def is_json: startswith("{") or startswith("[");

# A text that is JSON, as that; null: it is not. Kalipso takes no bare word or number for JSON.
def as_json: if is_json then (try fromjson catch null) else null end;

# inside(PLACE) -- the lines of a JSON value
def inside($place):
	[$place, type],
	if type == "object" then
		to_entries[] | (.key | name) as $name | .value | inside("\($place).\($name)")
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
	else [$place, (if tonumber? // null != null then "text of a number" else "text" end)] end;

def member($place):
	as_json as $json |
	if $json != null then $json | inside($place), (objects | [$place + " order", (keys_unsorted | join(", "))])
	else [$place, "text " + name] end;

[inputs | select(.key | startswith("naiad:") | not) |
	"\(.db) \(.key | name)" as $place | .type as $type |
	[$place, $type],
	(.value |
		if $type == "hash" then to_entries[] | .key as $field | .value | text("\($place) \($field | name)")
		elif $type == "zset" then keys_unsorted[] | member($place + " member")
		elif $type == "set" or $type == "list" then .[] | member($place + " member")
		else member($place + " value") end)][] | @tsv
