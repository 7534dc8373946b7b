/* zeek_other.h -- the fields of those of Zeek's logs that are no transactions. */
#pragma once

#include "daemon/transactions/transaction.h"

struct zeek_conn {
	const char *proto, *service;
	uint64_t duration_ns;
	uint64_t orig_bytes, resp_bytes; /* of payload; unset with the duration */
	const char *state, *history;
	uint64_t missed_bytes; /* of both sides */
	uint64_t orig_packets, orig_ip_bytes, resp_packets, resp_ip_bytes;
	uint64_t ip_proto;               /* from Zeek 7.1 on */
	const char *orig_mac, *resp_mac; /* with policy/protocols/conn/mac-logging */
	uint64_t vlan, inner_vlan;       /* with .../vlan-logging */
};

/* Of the script that users of Slips know. */
struct zeek_arp {
	const char *operation;
	const char *eth_src, *eth_dst;
	struct addr sender, target;
	const char *sender_mac, *target_mac;
};

struct zeek_tunnel {
	const char *type, *action;
};

struct zeek_weird {
	const char *name;
	const char *addl, *peer, *source; /* by which the log is known */
	enum truth notice;
};

struct zeek_notice {
	const char *proto, *note, *message;
	struct addr src, dst;
	uint16_t port;
};

extern const struct transaction_field zeek_conn_fields[];
extern const struct transaction_field zeek_arp_fields[];
extern const struct transaction_field zeek_tunnel_fields[];
extern const struct transaction_field zeek_weird_fields[];
extern const struct transaction_field zeek_notice_fields[];
