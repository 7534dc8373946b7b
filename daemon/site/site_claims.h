/*
 * site_claims.h -- which network card claims an address, which one did before, and who asked.
 *
 * Keyed by address, of both families. ARP moves a claim from card to card; a packet only confirms it, or
 * makes the first: routers forward what others sent. Bounded; the one confirmed longest ago makes room.
 */
#pragma once

#include "daemon/base/table.h"
#include "daemon/observation.h"
#include "daemon/site/site.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

enum { SITE_REQUESTS = 256 };

/* An answer that comes later than that after the question was not asked for. */
#define SITE_ASKED_NS (UINT64_C(2) * 1000000000)

struct site_claim_entry {
	struct addr addr; /* the key */
	struct site_claim claim;
	TAILQ_ENTRY(site_claim_entry) age;
};

TAILQ_HEAD(site_claim_list, site_claim_entry);

/* Somebody asked for somebody. */
struct site_request {
	struct addr sender, target;
	uint64_t ts_ns;
};

struct site_claims {
	struct table table;
	struct site_claim_list by_age; /* confirmed longest ago first, to the second */
	struct site_request requests[SITE_REQUESTS]; /* the latest ones, in a ring */
	uint32_t request_count, request_next;
	uint64_t first_ns; /* of all that was learned: what was asked before it nobody knows */
	uint64_t evicted;
};

/* returns 0, or -ENOMEM */
int site_claims_init(struct site_claims *c, uint32_t capacity, const struct hash_key *hash_key);
void site_claims_done(struct site_claims *c);

/* Learn from an ARP message whose sender has an address and a card. */
void site_claims_arp(struct site_claims *c, const struct obs_arp *arp, uint64_t now_ns);

/* Learn from a packet that `mac` sent as `a`. */
void site_claims_packet(
	struct site_claims *c, const struct addr *a, const struct mac *mac, uint64_t now_ns);

/* returns what is known, valid until the next change, or NULL */
const struct site_claim *site_claims_find(const struct site_claims *c, const struct addr *a);
