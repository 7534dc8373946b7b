/*
 * fragments.h -- datagrams whose fragments come in, until they are whole or nobody waits any more.
 *
 * One table for IPv4 and IPv6, bounded in datagrams and in bytes. What cannot be finished goes: after
 * `fragments.timeout` of packet time, or when there is no room, the one that was begun first. What is
 * full, broken or incomplete is counted, and never becomes a packet.
 */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/base/hash.h"
#include "daemon/decode/packet.h"
#include "daemon/settings/settings.h"

#include <stdbool.h>
#include <stdint.h>

struct fragments;

struct fragments_plan {
	uint64_t bytes; /* of memory, all told */
	enum fragments_policy policy;
	uint64_t timeout_ns;
	struct hash_key hash_key;
};

/* Datagrams, but for the first two. */
struct fragments_stats {
	uint64_t fragments; /* that were taken */
	uint64_t
		refused; /* fragments: IP's header or length was wrong, and no host would take them */
	uint64_t whole;
	uint64_t incomplete; /* parts never came */
	uint64_t broken;     /* they contradict themselves: what hosts make of them differs */
	uint64_t evicted;    /* no room: the one begun first went */
	uint64_t waiting, capacity;
	uint64_t pages, pages_capacity; /* of memory for their bytes */
};

/* returns NULL when memory is out */
struct fragments *fragments_new(const struct fragments_plan *plan);
void fragments_free(struct fragments *f);

/* Was all of a fragment captured? Of one that was cut, the first walks on alone, as in Zeek. */
bool fragments_wants(const struct packet *p);

/*
 * Take a fragment that fragments_wants().
 *
 * now_ns      packet time
 * ret_weirds  WEIRD_BIT()s that it showed
 * returns     the datagram that is whole now, from its IP header on, valid until the next call; or an
 *             empty cursor
 * cost        one look-up, and in proportion to its bytes; no allocation
 */
struct cursor fragments_put(
	struct fragments *f, const struct packet *p, uint64_t now_ns, uint64_t *ret_weirds);

/* Packet time is `now_ns`: forget what was waited for too long; UINT64_MAX forgets all. */
void fragments_expire(struct fragments *f, uint64_t now_ns);

struct fragments_stats fragments_stats(const struct fragments *f);
