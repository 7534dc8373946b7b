/*
 * site_mac.h -- whose IPv4 address a network card bears.
 *
 * A card may bear any number of IPv6 addresses but one IPv4 address: the first is kept, so that a second one can
 * be told from it.
 */
#pragma once

#include "daemon/base/addr.h"

#include <stdbool.h>
#include <stdint.h>

/* An IPv4 address that its card has not used for so long may be followed by another. */
#define SITE_MAC_VALID_NS (UINT64_C(24) * 3600 * 1000000000)

/* All zero: it bears none yet. */
struct site_mac {
	bool has_v4, by_arp; /* ARP is never routed: what it says outweighs what packets say */
	uint8_t others;      /* changes to yet another IPv4 address */
	struct addr v4;      /* if has_v4 */
	struct addr other;   /* the last one that was not `v4` */
	uint64_t v4_seen_ns; /* when the card last sent as `v4` */
};

/*
 * The card sent something as `a`. It is not a gateway's: that sends as everybody outside.
 *
 * by_arp  in its own name for certain
 */
void site_mac_see(struct site_mac *m, const struct addr *a, bool by_arp, uint64_t now_ns);
