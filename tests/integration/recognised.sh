#!/bin/sh
# recognised.sh -- protocols that nDPI and Arkime recognise, we do.
#
# Over the captures of the collection that have their results beside them; the names below are the protocols
# that we read. A flow that the other program names counts once. Left out, and counted, are the flows that nDPI
# says it guessed: by port, address, a rule, or what it remembers of other flows. RECOGNISED_DIFFERENCES=FILE
# keeps the flows that we know by another name, or by none, and those that they do not know by ours.
. "$(dirname -- "$0")/common"

LEAST=95      # in 100, of all
MOST_FALSE=25 # flows with a name of ours that the other program does not have

compare=$NAIAD_SOURCE/tests/support/compare_services.awk
cat >"$scratch/names" <<-END
	DNS dns
	dns dns
	MDNS dns
	mdns dns
	LLMNR dns
	llmnr dns
	nbns dns
	AVASTSecureDNS dns same
	NetBIOS dns same
	TLS ssl
	tls ssl
	DTLS dtls
	dtls dtls
	IMAPS ssl
	POPS ssl
	SMTPS ssl
	HTTP http
	HTTP_Proxy http
	SOAP http
	http http
	QUIC quic
	quic quic
	SSH ssh
	ssh ssh
	FTP_CONTROL ftp
	ftp ftp
	SMTP smtp
	smtp smtp
	POP3 pop3
	pop3 pop3
	IMAP imap
	imap imap
	Telnet telnet
	telnet telnet
	IRC irc
	irc irc
	DHCP dhcp
	dhcp dhcp
	DHCPV6 dhcp
	dhcpv6 dhcp
	NTP ntp
	ntp ntp
	SSDP ssdp
	SNMP snmp
	snmp snmp
	SMBv1 smb
	SMBv23 smb
	smb smb
	DCE_RPC dce_rpc
	dcerpc dce_rpc
	Kerberos krb
	krb5 krb
	RDP rdp
	rdp rdp
	MySQL mysql
	mysql mysql
	Redis redis
	RESP redis
	redis redis
	MQTT mqtt
	mqtt mqtt
	SIP sip
	sip sip
	SOCKS socks
	socks socks
	STUN stun
	stun stun
	BitTorrent bittorrent
	bittorrent bittorrent
	OpenVPN openvpn
	openvpn openvpn
	Mining stratum
	WireGuard wireguard
	wireguard wireguard
END

[ -d "$wide" ] || skip "the collection of captures is not there"
settings=$scratch/zeek.yaml
# What is not compared is not made: there are many captures.
printf 'flow:\n  timeouts: zeek\n  checksums: false\nlogs:\n  zeek: tsv\neve:\n  enabled: false\ndevices:\n  enabled: false\nprotocols:\n  trust_store: ""\n' >"$settings"

# of_ndpi FILE -- what it recognised: "	1	TCP 10.0.0.1:80 <-> [2001:db8::1]:81 [VLAN: 5][proto: 91.126/TLS.Google]..."
of_ndpi() {
	sed -nE 's|^	[0-9]+	(TCP\|UDP) ([^ ]+) <?->? ([^ ]+) .*\[proto: [^/]*/([^]]*)\].*\[Confidence: ([^]]*)\]\[FPC.*|\1 \2 \3 \4 \5|p' "$1" |
		awk '{
			for (i = 2; i <= 3; i++) {
				gsub(/[][]/, "", $i)
				port = $i
				sub(/.*:/, "", port)
				sub(/:[0-9]*$/, "", $i)
				$i = $i " " port
			}
			gsub(/\./, " ", $4)
			confidence = $5 (NF > 5 ? " " $6 : "")
			if (confidence !~ /^(DPI|DPI .(partial|aggressive).|Unknown)$/)
				$4 = "guessed"
			print tolower($1), $2, $3, $4
		}'
}

of_arkime() {
	jq -r '.sessions3[].body | select(.ipProtocol == 6 or .ipProtocol == 17) |
		[(if .ipProtocol == 6 then "tcp" else "udp" end), .source.ip, (.source.port | tostring),
		 .destination.ip, (.destination.port | tostring)] + (.protocol // []) | join(" ")' "$1"
}

find "$wide" -name ndpi-flows.txt -o -name arkime-sessions.json | sort | while read -r file; do
	capture=${file%.expected/*}
	[ -f "$capture" ] || continue
	case $file in
	*ndpi-flows.txt) of_ndpi "$file" ;;
	*) of_arkime "$file" ;;
	esac >"$scratch/theirs"
	rm -rf "$scratch/out"
	mkdir "$scratch/out"
	"$NAIAD" -c "$settings" -r "$capture" -o "$scratch/out" >"$scratch/naiad" 2>&1 || true
	logs=$scratch/out/zeek
	[ -f "$logs/conn.log" ] || continue
	# shellcheck disable=SC2046 # names of logs have no spaces
	awk -v capture="${capture#"$wide"/}" -f "$compare" "$scratch/names" "$scratch/theirs" \
		"$logs/conn.log" $(find "$logs" -name '*.log' ! -name conn.log)
done >"$scratch/all"
grep '^SERVICE' "$scratch/all" >"$scratch/result"
grep '^FALSE' "$scratch/all" >"$scratch/false" || true

[ -z "${RECOGNISED_DIFFERENCES:-}" ] || { awk '$3 == 0' "$scratch/result" && cat "$scratch/false"; } >"$RECOGNISED_DIFFERENCES"
awk '{ all[$2]++; found[$2] += $3 } END { for (s in all) printf "%-12s %5d flows %5d recognised %6.2f %%\n", s, all[s], found[s], 100 * found[s] / all[s] }' \
	"$scratch/result" | sort
awk '{ said[$3]++ } END {
	printf "%d flows with a service of ours that they know by another name, %d that they do not know\n",
		said["other"], said["unknown"]
}' "$scratch/false"
[ "$(wc -l <"$scratch/false")" -le "$MOST_FALSE" ] || fail "more than $MOST_FALSE flows have a name that others do not know"
echo "$(grep -c '^GUESSED' "$scratch/all" || true) flows left out, which nDPI guessed"
awk -v least="$LEAST" '{ all++; found += $3 } END {
	printf "all          %5d flows %5d recognised %6.2f %%\n", all, found, 100 * found / (all + (all == 0))
	exit all == 0 || 100 * found / all < least
}' "$scratch/result" || fail "fewer than $LEAST in 100 flows are recognised"
finish "what others recognise is recognised"
