/*
 * site_network.h -- which networks are ours, and which cards are gateways.
 *
 * Networks are told at the start, or else learned: the private range (RFC 1918) of the first private IPv4
 * address that sent something, and those of IPv6 that routers announce. A gateway is learned for each interface.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/blob.h"
#include "daemon/base/cursor.h"
#include "daemon/decode/frame.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	SITE_NETWORKS_MAX = 128,
	SITE_ANNOUNCED_MAX = 8, /* by routers; the one that ends first makes room */
};

/* A gateway that has carried nothing for so long may be followed by another card. */
#define SITE_GATEWAY_VALID_NS (UINT64_C(600) * 1000000000)

struct site_gateway {
	struct mac mac; /* all zero: none is known */
	bool has_addr;
	struct addr addr; /* its own, if has_addr */
	uint64_t seen_ns; /* when it last carried something */
};

/* A network of IPv6 that a router announced. */
struct site_announced {
	struct cidr net;
	uint64_t until_ns; /* 0: none */
};

/* Zeroed knows nothing. */
struct site_network {
	struct cidr local[SITE_NETWORKS_MAX];
	uint32_t local_count;
	bool learned; /* `local` is: one network, that nobody told us */
	struct site_announced
		announced[SITE_ANNOUNCED_MAX]; /* not over a restart: told again soon */
	struct site_gateway gateways[INTERFACES_MAX];
	uint32_t gateway_end; /* no gateway is known from this interface on */
};

/* One network of ours; further ones than SITE_NETWORKS_MAX are left out. */
void site_network_add(struct site_network *n, const struct cidr *net);

/* An address sent something: the first private one tells the network, if nobody did. */
void site_network_see(struct site_network *n, const struct addr *a);

/*
 * A router announced a network, until `until_ns`. Nothing happens where our networks were told, nor for one that is
 * larger than a link's, link-local, a group's, or of IPv4.
 */
void site_network_announced(
	struct site_network *n, const struct cidr *net, uint64_t until_ns, uint64_t now_ns);

bool site_network_is_local(const struct site_network *n, const struct addr *a);

/*
 * `mac` carried something to or from the outside on an interface.
 *
 * returns  true when it is the interface's gateway from now on, and was not before
 */
bool site_network_carried(
	struct site_network *n, uint16_t interface, const struct mac *mac, uint64_t now_ns);

/* A gateway's card speaks in its own name. Nothing happens when it has an address already, or is none. */
void site_network_name_gateway(struct site_network *n, const struct mac *mac, const struct addr *a);

bool site_network_is_gateway_mac(const struct site_network *n, const struct mac *mac);
bool site_network_is_gateway(const struct site_network *n, const struct addr *a);

/* Is there something to save? What was told is not. */
bool site_network_is_learned(const struct site_network *n);
/* Write down what was learned. */
void site_network_save(const struct site_network *n, struct blob *b);
/*
 * Know again what site_network_save() wrote; a network that was told meanwhile stands.
 *
 * now_ns   nothing was seen later than that
 * returns  false, and nothing is taken, when `saved` cannot be what was written
 */
bool site_network_restore(struct site_network *n, struct cursor saved, uint64_t now_ns);
