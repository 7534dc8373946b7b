-- dump.lua -- every key of a database: its name, its type, its value; a zset with scores, a stream with its entries
local all = {}
for _, key in ipairs(redis.call("KEYS", "*")) do
	local kind = redis.call("TYPE", key).ok
	local value
	if kind == "hash" then
		value = redis.call("HGETALL", key)
	elseif kind == "set" then
		value = redis.call("SMEMBERS", key)
	elseif kind == "zset" then
		value = redis.call("ZRANGE", key, 0, -1, "WITHSCORES")
	elseif kind == "list" then
		value = redis.call("LRANGE", key, 0, -1)
	elseif kind == "stream" then
		value = redis.call("XRANGE", key, "-", "+")
	else
		value = redis.call("GET", key)
	end
	all[#all + 1] = { key, kind, value, redis.call("TTL", key) }
end
return all
