#!/bin/sh
# trust.sh -- chains of certificates are verified against the trust store: from files, and live in the sandbox.
#
# A CA is made, and a server that shows what it signed; openssl's client talks to it over the test's own network.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"
for tool in openssl tcpdump; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done

address=127.0.0.1 port=4433
server=
trap '[ -z "$server" ] || kill "$server"; sensor_gone || kill -9 "$sensor"; rm -rf "$scratch"' EXIT

# key_and NAME SUBJECT [OPTION...] -- a certificate and its key
key_and() {
	name=$1 subject=$2
	shift 2
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "$subject" \
		-keyout "$scratch/$name.key" -out "$scratch/$name.pem" "$@" 2>"$scratch/openssl" ||
		fail "openssl: $(cat "$scratch/openssl")"
}

key_and authority "/CN=Test Authority" -addext keyUsage=critical,keyCertSign
key_and another "/CN=Another Authority"
key_and host "/CN=www.example.org" -CA "$scratch/authority.pem" -CAkey "$scratch/authority.key" \
	-addext basicConstraints=CA:FALSE -addext subjectAltName=DNS:www.example.org
chmod 644 "$scratch"/*.pem

listens() { openssl s_client -connect "$address:$port" </dev/null; }
talk() {
	openssl s_client -connect "$address:$port" -servername www.example.org </dev/null >"$scratch/client" 2>&1 ||
		fail "openssl's client: $(cat "$scratch/client")"
}
openssl s_server -accept "$address:$port" -key "$scratch/host.key" -cert "$scratch/host.pem" -tls1_2 -quiet \
	>"$scratch/server" 2>&1 </dev/null &
server=$!
await "the server" listens

# ---- a file ----

tcpdump -i lo -U -w "$scratch/talk.pcap" "tcp port $port" >"$scratch/tcpdump" 2>&1 &
watcher=$!
await "tcpdump" grep -q listening "$scratch/tcpdump"
talk
fin_seen() { tcpdump -r "$scratch/talk.pcap" 'tcp[tcpflags] & tcp-fin != 0' 2>/dev/null | grep -q .; }
await "the end of the talk" fin_seen
kill "$watcher"
wait "$watcher" || true

# verdict STORE -- what ssl.log says of the chain, with that trust store; EVE must say the same
verdict() {
	printf 'logs: {zeek: json}\nflow: {checksums: false}\nprotocols: {trust_store: "%s"}\n' "$1" >"$scratch/files.yaml"
	rm -rf "$scratch/files"
	"$NAIAD" -c "$scratch/files.yaml" -r "$scratch/talk.pcap" -o "$scratch/files" >"$scratch/naiad" 2>&1 ||
		fail "naiad ended with $?: $(cat "$scratch/naiad")"
	sed -n 's/.*"validation_status":"\([^"]*\)".*/\1/p' "$scratch/files/zeek/ssl.log" >"$scratch/verdict"
	sed -n '/"event_type":"tls"/s/.*"validation_status":"\([^"]*\)".*/\1/p' "$scratch/files/eve.json" |
		cmp - "$scratch/verdict" >&2 || fail "EVE says something else than ssl.log"
	cat "$scratch/verdict"
}

# wants STORE VERDICT -- that this is what it says
wants() {
	got=$(verdict "$1")
	[ "$got" = "$2" ] || fail "with the trust store '$1' the chain is '$got', not '$2'"
}

wants "$scratch/authority.pem" ok
wants "$scratch/another.pem" 'unable to get local issuer certificate'
! grep -q 'certificates:' "$scratch/naiad" || fail "a good store is complained of: $(cat "$scratch/naiad")"
wants "" ""
! grep -q 'certificates:' "$scratch/naiad" || fail "no store is complained of: $(cat "$scratch/naiad")"
wants "$scratch/nowhere.pem" ""
[ "$(grep -c 'certificates: cannot read .*/nowhere.pem.* set protocols.trust_store' "$scratch/naiad")" -eq 1 ] ||
	fail "a store that is not there is not told in one line: $(cat "$scratch/naiad")"

# ---- live ----

# The store is closed to the user that the sensor becomes: it is read before that.
chmod 600 "$scratch/authority.pem"
sensor_settings 'logs: {zeek: json}' "protocols: {trust_store: $scratch/authority.pem}" 'flow: {checksums: false}'
sensor_start -i lo -o "$scratch/out"
talk
verified() { grep -q '"validation_status":"ok"' "$scratch/out/zeek/ssl.log"; }
await "a verified chain" verified
sensor_stop
[ "$status" -eq 0 ] || fail "the sensor ended with $status: $(tail -n 3 "$scratch/log")"
finish "chains are verified from files and live"
