#!/bin/sh
# zeek_logs.sh -- what was said is what Zeek heard: our logs against Zeek's, field by field.
#
# A row below is a log, the columns that tell its rows apart, the fields that are compared, and how many in 100
# rows must be equal in each. Every capture of the collection that has such a log of Zeek's is analysed once.
# ZEEK_LOG=dns looks at one log only; ZEEK_DIFFERENCES=FILE keeps the values that differ. docs/ZEEK-DIFFERENCES.md
# says what they are. Rows of conn.log of which we know all that Zeek knows, and more, count, and are shown.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/release"
NAIAD=$release # hundreds of captures; others read them under sanitizers

compare=$NAIAD_SOURCE/tests/support/compare_fields.awk
ends=id.orig_h,id.orig_p,id.resp_h,id.resp_p
rows() {
	cat <<-END
		conn $ends service 99
		dns $ends,trans_id query,qtype,qtype_name,rcode,answers,proto,TC,RD,Z,TTLs,rejected 98
		dns $ends,trans_id rtt,AA,RA 95
		dns $ends,trans_id qclass 77
		ssl $ends version,cipher,server_name,established,resumed,next_protocol,last_alert 98
		ssl $ends curve,ssl_history,cert_chain_fps,sni_matches_cert 98
		x509 fingerprint certificate.subject,certificate.issuer,certificate.serial 98
		x509 fingerprint certificate.not_valid_before,certificate.not_valid_after,basic_constraints.ca 98
		x509 fingerprint certificate.key_alg,certificate.key_type,certificate.key_length,certificate.exponent 98
		x509 fingerprint san.dns 97
		ssh $ends client,server,auth_success 98
		ssh $ends version,auth_attempts,direction,cipher_alg,mac_alg,compression_alg,kex_alg,host_key_alg,host_key 98
		smtp $ends helo,mailfrom,rcptto,last_reply 98
		ftp $ends user,command,reply_code,reply_msg 98
		dhcp mac mac,requested_addr,assigned_addr,host_name 98
		dhcp mac client_fqdn,domain,lease_time,server_message 98
		ntp $ends version,mode,stratum,poll,precision,num_exts,ref_id 98
		ntp $ends root_delay,root_disp,ref_time,org_time,rec_time,xmt_time 92
		snmp $ends duration,version,community,get_bulk_requests,get_responses,set_requests,display_string,up_since 91
		snmp $ends get_requests 83
		sip $ends,call_id,seq,status_code method,uri,date,request_from,request_to,response_from,response_to,reply_to 73
		sip $ends,call_id,seq,status_code subject,user_agent,status_msg,request_body_len,response_body_len 73
		http $ends,trans_depth method,host,uri,status_code,user_agent,resp_mime_types 98
		http $ends,trans_depth referrer,version,origin,request_body_len,status_msg,info_code,username,proxied,resp_filenames 98
		http $ends,trans_depth response_body_len 85
		files $ends,is_orig,source mime_type 82
		files $ends,is_orig,source seen_bytes 68
		irc $ends nick,user,command 98
		rdp $ends cookie,security_protocol 98
		rdp $ends result 65
		mysql $ends,cmd,arg success,rows,response 95
		mqtt_connect $ends proto_name,proto_version,client_id,connect_status,will_topic,will_payload 93
		socks $ends version,user,status,request.name,request_p,bound.host,bound_p 98
		socks $ends request.host 85
		smb_mapping $ends,path service,native_file_system,share_type 98
		smb_files $ends,action,name size,prev_name 90
		dce_rpc $ends named_pipe,endpoint,operation 98
		ntlm $ends username,hostname,domainname,server_nb_computer_name,server_dns_computer_name 90
		ntlm $ends success 85
		kerberos $ends request_type,client,service,success,error_msg,cipher,forwardable,renewable 90
	END
}

[ -d "$wide" ] || skip "the collection of captures is not there"
settings=$scratch/zeek.yaml
# What is not compared is not made: there are many captures.
printf 'flow:\n  timeouts: zeek\n  checksums: false\nlogs:\n  zeek: tsv\neve:\n  enabled: false\ndevices:\n  enabled: false\nprotocols:\n  trust_store: ""\n' >"$settings"
"$NAIAD" -T -c "$settings" >"$scratch/naiad" 2>&1 || {
	fail "naiad refuses its settings: $(cat "$scratch/naiad")"
	finish
}
rows | awk -v only="${ZEEK_LOG:-}" 'only == "" || $1 == only' >"$scratch/rows"

# Captures that have at least one of these logs.
awk '{ print $1 }' "$scratch/rows" | sort -u | while read -r log; do
	find "$wide" -path "*.expected/zeek-default/$log.log"
done | sed 's/\.expected\/zeek-default\/.*//' | sort -u >"$scratch/captures"

# in_time LOG -- the same, in the order of its times
in_time() {
	grep '^#' "$1" || true
	grep -v '^#' "$1" | sort -s -n -k 1,1 || true
}

# as_zeek_joins DNS_LOG -- what a host announces is the answer to what it asked; how many rows that was goes to "joined"
as_zeek_joins() {
	[ -f "$1" ] || return 0
	in_time "$1" >"$scratch/ours"
	awk -f "$NAIAD_SOURCE/tests/support/join_dns.awk" "$scratch/ours" >"$scratch/whole"
	in_time "$scratch/whole" >"$1"
	grep '^#joined' "$1" >>"$scratch/joined"
}

: >"$scratch/joined"
while read -r capture; do
	rm -rf "$scratch/out"
	mkdir "$scratch/out"
	"$NAIAD" -c "$settings" -r "$capture" -o "$scratch/out" >"$scratch/naiad" 2>&1 </dev/null || true
	as_zeek_joins "$scratch/out/zeek/dns.log" </dev/null
	while read -r log key fields least; do
		theirs=$capture.expected/zeek-default/$log.log
		ours=$scratch/out/zeek/$log.log
		[ -f "$theirs" ] || continue
		[ -f "$ours" ] || : >"$ours"
		# Zeek joins what is said in several conversations, and writes it when it gives it up.
		if [ "$log" = dhcp ]; then
			awk -f "$NAIAD_SOURCE/tests/support/join_dhcp.awk" "$ours" </dev/null >"$scratch/whole"
			in_time "$scratch/whole" </dev/null >"$scratch/ours"
			ours=$scratch/ours
		fi
		if [ "$log" = dhcp ] || [ "$log" = dns ]; then
			in_time "$theirs" </dev/null >"$scratch/theirs"
			theirs=$scratch/theirs
		fi
		awk -v log_name="$log" -v key="$key" -v fields="$fields" -f "$compare" "$theirs" "$ours" </dev/null |
			sed "s|\$|	${capture#"$wide"/}|"
	done <"$scratch/rows"
done <"$scratch/captures" >"$scratch/result"

[ -z "${ZEEK_DIFFERENCES:-}" ] || grep '^DIFF' "$scratch/result" >"$ZEEK_DIFFERENCES" || true
awk -F '\t' '$1 == "GLUED" { n[$2 "." $3]++ }
	END { for (f in n) print f ": " n[f] " rows in which Zeek glued lines together that are rows of ours" }' "$scratch/result"
awk '{ n += $2 } END { if (n) print "dns: of ours, " n " rows of an announcement are joined with those of a question" }' "$scratch/joined"
while read -r log _ fields least; do
	for field in $(echo "$fields" | tr , ' '); do
		awk -F '\t' -v log_name="$log" -v field="$field" -v least="$least" '
			$1 == "FIELD" && $2 == log_name && $3 == field { all += $4; equal += $5; more += $6; n++ }
			END {
				share = all > 0 ? 100 * (equal + more) / all : 0
				printf "%-6s %-28s %4d captures %6d rows %6d equal %6.2f %%", log_name, field, n, all, equal, share
				if (more > 0)
					printf " with %d of which we know more", more
				print ""
				exit share < least
			}' "$scratch/result" || fail "$log.$field: fewer than $least in 100 rows are as Zeek's"
	done
done <"$scratch/rows"
finish "logs are Zeek's"
