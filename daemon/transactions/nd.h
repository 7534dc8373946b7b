/* nd.h -- a message of IPv6's neighbour discovery (RFC 4861): which card bears an address, and who routes. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { ND_PREFIXES_MAX = 8, ND_SERVERS_MAX = 4 };

/* ICMPv6's. */
enum nd_type {
	ND_ROUTER_SOLICIT = 133,
	ND_ROUTER_ADVERT = 134,
	ND_NEIGHBOR_SOLICIT = 135,
	ND_NEIGHBOR_ADVERT = 136,
	ND_REDIRECT = 137,
};

struct nd_prefix {
	struct cidr net;
	bool on_link;    /* its hosts are reached without a router */
	bool autonomous; /* hosts make addresses of their own in it */
	uint32_t valid_s;
};

struct obs_nd {
	const char *type;   /* "router_advertisement", "neighbor_solicitation", ... */
	struct addr sender; /* :: asks whether somebody bears `target` already */
	struct addr receiver;
	struct addr target; /* solicited, advertised; of a redirect: the better first hop */
	const char *mac;    /* as the message says it, NULL if it does not */
	enum truth router;  /* neighbour advertisements: it is one; */
	enum truth solicited;
	enum truth override;              /* what was known before is to be forgotten */
	enum truth managed, other_config; /* router advertisements: ask DHCPv6 */
	uint64_t lifetime;                /* ns; router advertisements: 0 is no default router */
	struct text_list prefixes;        /* "2001:db8::/64" */
	struct text_list dns_servers;
	uint64_t mtu;

	/* What site.c learns; not of the table. */
	enum nd_type icmp_type;
	struct mac card; /* all zero if `mac` is NULL */
	const struct nd_prefix *prefix;
	size_t prefix_count;
};
