/*
 * dhcp_exchange.h -- the messages of one DHCP exchange, joined: what dhcp.c and dhcp6.c share.
 *
 * A conversation may carry the exchanges of many clients at once: those of all that have no address yet
 * are one conversation. A few are kept open; when a further one comes, the oldest is told as it stands.
 */
#pragma once

#include "daemon/proto/proto.h"
#include "daemon/transactions/dhcp.h"

#include <stdbool.h>
#include <stdint.h>

enum dhcp_text {
	DHCP_HOST_NAME,
	DHCP_CLIENT_FQDN,
	DHCP_DOMAIN,
	DHCP_CLIENT_MESSAGE,
	DHCP_SERVER_MESSAGE,
	DHCP_VENDOR_CLASS,
	DHCP_PARAM_LIST,
	DHCP_TEXTS,
};

struct dhcp_addrs {
	uint8_t count;
	struct addr at[DHCP_ADDRS_MAX];
};

/* What an exchange has said so far; of a parser's to write. All zero says nothing. */
struct dhcp_exchange {
	uint64_t began_ns, last_ns;
	const char *types[DHCP_TYPES_MAX];
	uint64_t lease_ns; /* 0 is none */
	uint32_t xid;
	uint8_t type_count; /* 0: free */
	uint8_t version;
	bool has_mac, has_lease;
	struct mac mac;
	struct addr client, server, requested, assigned, giaddr, subnet_mask;
	struct dhcp_addrs routers, dns_servers;
	char text[DHCP_TEXTS][DHCP_TEXT_MAX];
};

enum { DHCP_EXCHANGES = 3 };

/* A conversation's state. */
struct dhcp_exchanges {
	struct dhcp_exchange at[DHCP_EXCHANGES];
};

/*
 * The exchange to which a message with this number belongs: one that is open and not older than 12 s,
 * or a new one.
 */
struct dhcp_exchange *dhcp_exchange_of(struct proto_call *call, uint32_t xid);

/*
 * A message was read into `x`.
 *
 * type     its name, of static storage
 * is_last  nothing more is to come of the exchange in this conversation: it is told
 */
void dhcp_exchange_add(
	struct proto_call *call, struct dhcp_exchange *x, const char *type, bool is_last);

/* The conversation ends: tell what is open. */
void dhcp_exchange_end(struct proto_call *call);

/* Add an address, as long as there is room. */
void dhcp_addrs_add(struct dhcp_addrs *list, struct addr a);
