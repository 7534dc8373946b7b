#!/bin/sh
# live_redis.sh -- what the mirror of a running sensor takes from elsewhere, through the writer's sandbox.
#
# A server that wants a password, which lies in a file; what others think of addresses, in a directory; and the
# sensor's own addresses. The writer is confined before it opens any of it.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"
. "$NAIAD_SOURCE/tests/redis/server"
for tool in redis-server redis-cli tcpreplay jq; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done

# The writer has the directory around its output directory: these are elsewhere.
elsewhere=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill -9 "$server"; sensor_gone || kill -9 "$sensor"; rm -rf "$scratch" "$elsewhere"' EXIT

secret=swordfish
mkdir "$scratch/redis" "$elsewhere/secret" "$elsewhere/reputation"
echo "$secret" >"$elsewhere/secret/password"
chmod -R a+rX "$elsewhere"
redis_start "$scratch/redis"
redis-cli -s "$redis_socket" CONFIG SET requirepass "$secret" >/dev/null

# mirrored DB COMMAND...
mirrored() {
	db=$1
	shift
	redis-cli -s "$redis_socket" -n "$db" --no-auth-warning -a "$secret" --raw "$@"
}
has_profile() { [ "$(mirrored 0 SISMEMBER profiles "profile_$host")" = 1 ]; }
is_rated() { mirrored 1 HGET IPsInfo "$host" | jq -e '.VirusTotal.URL == 0.25' >/dev/null; }

host=10.0.0.0 # the first of the sweeps
echo "{\"address\":\"$host\",\"url\":0.25}" >"$elsewhere/reputation/a.jsonl"
ip addr add 192.0.2.77/24 dev lan0
sensor_settings "redis: {enabled: true, reputation: $elsewhere/reputation, targets: [{path: $redis_socket, password_file: $elsewhere/secret/password}]}" \
	'home_network: [10.0.0.0/8]'
sensor_start
sweeps 0 1
await "the host in a Redis with a password" has_profile
await "what others think of it" is_rated
[ "$(mirrored 0 SMEMBERS hostIP)" = 192.0.2.77 ] || fail "hostIP is $(mirrored 0 SMEMBERS hostIP)"
sensor_stop
[ "$status" -eq 0 ] || fail "the sensor ended with $status: $(tail -n 5 "$scratch/log")"
! grep -E 'AddressSanitizer|runtime error|Permission denied' "$scratch/log" || fail "the line above"
! grep -q "$secret" "$scratch/log" || fail "the password is in the log"
redis_stop
finish "a mirror with a password, reputation and the sensor's own address, from inside the sandbox"
