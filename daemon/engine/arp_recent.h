/* arp_recent.h -- the latest ARP messages, so that one that two interfaces see is told once. */
#pragma once

#include "daemon/base/time_text.h"
#include "daemon/decode/packet.h"

#include <stdbool.h>
#include <stdint.h>

enum { ARP_RECENT_MAX = 64 };

/* An interface on which a message is no longer seen for so long stops being the one that counts. */
#define ARP_RECENT_SILENCE_NS (2 * NS_PER_S)

struct arp_seen {
	struct arp arp;
	struct mac eth_src, eth_dst;
	uint16_t interface; /* where it counts */
	uint64_t ts_ns;     /* when it last did */
};

/* Zeroed is empty. */
struct arp_recent {
	struct arp_seen seen[ARP_RECENT_MAX];
	uint32_t count, next;
};

/*
 * Remember an ARP message.
 *
 * p        of kind PACKET_ARP
 * returns  true when it counts; false when the same was counted on another interface within 2 s.
 *          On one interface it counts as often as it is sent
 * cost     a look at the latest ARP_RECENT_MAX messages, whose oldest is forgotten
 */
bool arp_recent_takes(struct arp_recent *r, const struct packet *p);
