/*
 * site_device.h -- the devices of the place: each network card, and the addresses that it had.
 *
 * Keyed by MAC. People think in devices, profiles in addresses: this is what joins them. Of each device the last
 * SITE_DEVICE_ADDRESSES addresses are kept. A device of which something is new waits to be told, first come
 * first served. Bounded; the one that was silent longest makes room.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/table.h"
#include "daemon/site/site_mac.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

enum {
	SITE_DEVICE_ADDRESSES = 8
}; /* a host has some IPv6 addresses at a time, and new ones daily */

struct site_device_address {
	struct addr addr;
	uint64_t seen_ns; /* when the device last sent as it */
};

struct site_device {
	struct mac mac; /* the key, with `pad` */
	uint8_t pad[2];
	bool is_router; /* it carries packets from and to the outside, or announces that it does */
	bool has_news;
	uint8_t address_count;
	uint32_t forgotten; /* addresses that made room for later ones */
	uint64_t seen_ns;
	TAILQ_ENTRY(site_device) age;
	struct site_device_address
		addresses[SITE_DEVICE_ADDRESSES]; /* in the order of first sight */
	struct site_mac bears;
	uint64_t first_ns;
	uint64_t news_ns; /* if has_news: since when */
	TAILQ_ENTRY(site_device) news;
};

TAILQ_HEAD(site_device_list, site_device);

struct site_devices {
	struct table table;
	struct site_device_list by_age; /* longest silent first, to the second */
	struct site_device_list news;   /* the one that has waited longest first */
	uint64_t evicted;
};

/* returns 0, or -ENOMEM */
int site_devices_init(struct site_devices *d, uint32_t capacity, const struct hash_key *hash_key);
void site_devices_done(struct site_devices *d);

/*
 * A device sent something in its own name as `a`.
 *
 * mac      a card's
 * returns  the device, valid until the next change: what it bears is for the caller to say
 */
struct site_device *site_devices_see(
	struct site_devices *d, const struct mac *mac, const struct addr *a, uint64_t now_ns);

/* It is a router. returns as site_devices_see() */
struct site_device *site_devices_route(
	struct site_devices *d, const struct mac *mac, uint64_t now_ns);

/* returns what is known, valid until the next change, or NULL */
const struct site_device *site_devices_find(const struct site_devices *d, const struct mac *mac);

/* The one that sent last, or, of those that sent before `after`, the last; NULL: there is none. */
const struct site_device *site_devices_latest(
	const struct site_devices *d, const struct site_device *after);

/* One of its addresses has a new name. Nothing happens when the card is not known. */
void site_devices_name(struct site_devices *d, const struct mac *mac, uint64_t now_ns);

/*
 * Take the device whose news have waited longest.
 *
 * before_ns  younger news wait on
 * returns    valid until the next change, or NULL
 */
const struct site_device *site_devices_news(struct site_devices *d, uint64_t before_ns);
