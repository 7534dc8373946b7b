/*
 * site_macs.h -- which network cards there are, and whose address each one bears.
 *
 * Keyed by MAC. A card may bear any number of IPv6 addresses but one IPv4 address: the first is kept, so
 * that a second one can be told from it. Bounded; the one that was silent longest makes room.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/table.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

/* An IPv4 address that its card has not used for so long may be followed by another. */
#define SITE_MAC_VALID_NS (UINT64_C(24) * 3600 * 1000000000)

struct site_mac {
	struct mac mac; /* the key, with `pad` */
	uint8_t pad[2];
	bool has_v4, by_arp; /* ARP is never routed: what it says outweighs what packets say */
	uint8_t others;      /* changes to yet another IPv4 address */
	struct addr v4;      /* if has_v4 */
	struct addr other;   /* the last one that was not `v4` */
	uint64_t seen_ns;    /* when the card last sent */
	uint64_t v4_seen_ns; /* and as `v4` */
	TAILQ_ENTRY(site_mac) age;
};

TAILQ_HEAD(site_mac_list, site_mac);

struct site_macs {
	struct table table;
	struct site_mac_list by_age; /* longest silent first, to the second */
	uint64_t evicted;
};

/* returns 0, or -ENOMEM */
int site_macs_init(struct site_macs *m, uint32_t capacity, const struct hash_key *hash_key);
void site_macs_done(struct site_macs *m);

/*
 * A card sent something as `a`.
 *
 * mac     a card's, not the gateway's: it sends as everybody outside
 * by_arp  in its own name for certain
 */
void site_macs_see(struct site_macs *m, const struct mac *mac, const struct addr *a, bool by_arp,
	uint64_t now_ns);

/* returns what is known, valid until the next change, or NULL */
const struct site_mac *site_macs_find(const struct site_macs *m, const struct mac *mac);

/* It turned out to be a gateway's. */
void site_macs_forget(struct site_macs *m, const struct mac *mac);
