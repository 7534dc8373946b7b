/* dhcp.h -- an exchange of DHCP messages, of version 4 or 6, as far as one conversation has it. */
#pragma once

#include "daemon/transactions/transaction.h"

enum {
	DHCP_TEXT_MAX = 128, /* of each text, the NUL included; what is past it is left out */
	DHCP_TYPES_MAX = 16, /* messages whose types are told */
	DHCP_ADDRS_MAX = 4,  /* routers, and name servers */
};

/*
 * A text is NULL, an address ::, a list empty when no message said it; of what several said it is the
 * last one's. Broadcast sends the client's messages and the server's through two conversations: each
 * has a row then, and `xid` joins them.
 */
struct obs_dhcp {
	struct addr client_addr; /* the client's, or its relay's, as sender or receiver */
	struct addr server_addr; /* as it calls itself, else as the sender of an answer */
	const char *mac;         /* of the client; version 6: out of its DUID */
	const char *host_name;
	const char *client_fqdn;
	const char *domain;
	struct addr requested_addr;
	struct addr assigned_addr;
	uint64_t lease_time; /* ns */
	const char *client_message, *server_message;
	struct text_list msg_types; /* in their order */
	uint64_t duration;          /* ns, first to last message */
	const char *vendor_class;
	const char *param_list; /* numbers of the options that the client asks for: "1,3,6" */
	struct addr giaddr;     /* the relay that passed it on; version 6: its link's address */
	struct addr subnet_mask;
	struct text_list routers, dns_servers;
	uint64_t xid;
	uint64_t version; /* 4 or 6 */
};
