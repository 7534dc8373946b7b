/*
 * site.h -- what is known about all hosts of the place together.
 *
 * Detectors look things up here and never write: the engine learns from observations. It knows which
 * addresses DNS has named, which network cards there are and what they claim, which networks are
 * ours, and who the gateway is.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/blob.h"
#include "daemon/base/cursor.h"
#include "daemon/base/hash.h"
#include "daemon/base/text_view.h"
#include "daemon/intel/intel.h"
#include "daemon/knowledge/listed.h"
#include "daemon/site/site_names.h"

#include <stdbool.h>
#include <stdint.h>

struct geo;
struct oui;
struct public_suffix;
struct site;
struct site_device;
struct observation;

struct site_stats {
	uint64_t names_learned; /* addresses */
	uint64_t names_evicted; /* the one that was named longest ago made room */
	uint64_t names;         /* known now */
	uint64_t names_capacity;
	uint64_t macs; /* devices and claims together */
	uint64_t macs_capacity;
	uint64_t macs_evicted; /* what was silent longest made room */
};

/* How much a site may know. */
struct site_plan {
	uint32_t names; /* addresses whose names are kept, > 0 */
	uint32_t macs;  /* devices, and as many claims, > 0 */
	/* Borrowed for its life; what is NULL leaves unknown what it would tell. */
	struct geo *geo;
	struct public_suffix *suffixes;
	const struct oui *vendors;
};

/* A card that claims an address. */
struct site_claimant {
	struct mac mac;    /* all zero: nobody */
	uint64_t since_ns; /* when it first did */
	uint64_t seen_ns;  /* when it last did */
	uint64_t
		unasked_ns; /* when it last did by an ARP reply that nobody had asked for; 0: never */
};

/* Who claims an address: the card that did last, and the one before it. */
struct site_claim {
	struct site_claimant now, before;
};

/* Make an empty site. returns NULL when memory is out */
struct site *site_new(const struct site_plan *plan, const struct hash_key *hash_key);
void site_free(struct site *s);

/* Bytes that a name, and a device with a claim, cost at most. */
uint64_t site_name_bytes(void);
uint64_t site_mac_bytes(void);

/* One network of ours, before anything is learned. Without any, the first private address tells it. */
void site_add_local(struct site *s, const struct cidr *net);

/* Learn from an observation (OBS_DNS, OBS_NAME, OBS_DHCP, OBS_TLS, OBS_QUIC, OBS_HTTP, OBS_ARP, OBS_ND, OBS_FLOW_*); others are ignored. */
void site_learn(struct site *s, const struct observation *o);

/*
 * Was `a` the answer to a DNS query within the last 24 hours of packet time before `now_ns`?
 * Nobody who scans resolves names first (detections §2.1).
 */
bool site_is_resolved(const struct site *s, const struct addr *a, uint64_t now_ns);

/*
 * What an address is called: the names by which DNS servers gave it to those who asked, those by which
 * it calls itself, and, where there is room, those by which clients called it; of the last 24 hours.
 *
 * ret_names  the newest first
 * returns    how many
 */
uint32_t site_name_of(const struct site *s, const struct addr *a, uint64_t now_ns,
	struct site_name ret_names[SITE_NAMES_OF_ADDRESS]);

/*
 * The IPv4 address that a card was first seen with, and still is of late.
 *
 * returns  NULL when it is not known, link-local, or not the card's own: the gateway's card, and one that
 *          sends as three addresses, speak for others
 */
const struct addr *site_mac_owner(const struct site *s, const struct mac *mac);

/* Which cards claim `a`: valid until the next observation, NULL when none does. */
const struct site_claim *site_claim_of(const struct site *s, const struct addr *a);

/*
 * Take the device (site_device.h) whose news have waited longest: it is new, or has a new address or name.
 *
 * before_ns  younger news wait on
 * returns    valid until the next observation, or NULL
 */
const struct site_device *site_device_news(struct site *s, uint64_t before_ns);

/* Devices, the one that sent last first: as site_devices_latest(). And how many there are. */
const struct site_device *site_device_latest(const struct site *s, const struct site_device *after);
uint64_t site_device_count(const struct site *s);

/*
 * Who made the card that claims an address (oui.h).
 *
 * returns  a name, as the list has it; NULL when it is not known, or the card speaks for others as well: a
 *          gateway's, and one that sends as three addresses
 */
const char *site_vendor_of(const struct site *s, const struct addr *a);

/* Is `a` in a network of ours? No, as long as none is known. */
bool site_is_local(const struct site *s, const struct addr *a);
/* The first network of ours, to be named; NULL as long as none is known. */
const struct cidr *site_local_network(const struct site *s);

/* Is it the address, the card, of a gateway? What is not known is none. */
bool site_is_gateway(const struct site *s, const struct addr *a);
bool site_is_gateway_mac(const struct site *s, const struct mac *mac);

/*
 * What somebody has registered of a name (public_suffix.h): "example.co.uk" of "www.example.co.uk".
 *
 * name     from the wire
 * returns  a view into `name`, in its case; empty for a public suffix, an address, a single label, what is no name,
 *          and without a list of public suffixes
 */
struct text_view site_registrable(const struct site *s, const char *name);

/*
 * Is a name or an address in a list, one of our own (listed.h) or one that was given (intel.h)? Either may be NULL. What
 * is in none is just not known.
 */
bool site_listed(
	const struct site *s, enum list_category c, const char *name, const struct addr *a);

/*
 * From now on look things up in these lists, which the caller keeps until others are given.
 *
 * i  NULL: there are none
 */
void site_set_intel(struct site *s, const struct intel *i);
bool site_has_intel(const struct site *s);

/*
 * What lists of a category (LIST_MALICIOUS, LIST_KNOWN_GOOD, LIST_TOR) say: intel.h.
 *
 * room     overwritten; the texts in it are valid until the next observation
 * returns  the first hit, the one with the highest level; NULL: nobody says anything, which never accuses
 */
const struct intel_hit *site_intel_addr(
	const struct site *s, enum list_category c, const struct addr *a, struct intel_found *room);
/* ret_is_parent  not the name itself is listed, but one above it; may be NULL */
const struct intel_hit *site_intel_name(const struct site *s, enum list_category c,
	const char *name, struct intel_found *room, bool *ret_is_parent);
const struct intel_hit *site_intel_digest(const struct site *s, enum list_category c,
	enum intel_digest kind, const char *text, struct intel_found *room);
/* Of the autonomous system that an address belongs to. */
const struct intel_hit *site_intel_asn(
	const struct site *s, enum list_category c, const struct addr *a, struct intel_found *room);

/*
 * Which autonomous system an address belongs to, and in which country it is (geo.h).
 *
 * ret_org  its name as the database has it, or NULL; valid until the next observation. May be NULL
 * returns  0, NULL: not known
 */
uint32_t site_asn(const struct site *s, const struct addr *a, const char **ret_org);
const char *site_country(const struct site *s, const struct addr *a);

/*
 * Write down which addresses are resolved, those confirmed last first, as many as fit; their names are
 * learned anew.
 *
 * returns  how many
 */
uint32_t site_save(const struct site *s, struct blob *b);

/*
 * Learn what site_save() wrote, into a site that knows no names yet.
 *
 * now_ns    names that are not valid any more by then are left out
 * ret_count how many were learned
 * returns   false, and nothing is learned, when `names` cannot be what was written
 */
bool site_restore(struct site *s, struct cursor names, uint64_t now_ns, uint32_t *ret_count);

/*
 * The same for the networks and gateways that were learned; cards and their claims are learned anew within
 * minutes, and are not worth the room.
 *
 * site_place_is_learned  is there something to write?
 */
bool site_place_is_learned(const struct site *s);
void site_place_save(const struct site *s, struct blob *b);
bool site_place_restore(struct site *s, struct cursor place, uint64_t now_ns);

struct site_stats site_stats(const struct site *s);
