/*
 * delivery.h -- at least once, in order: a spool, a peer, and the marks of how far it has got.
 *
 * What is added goes to the spool first and leaves from there. The spool lets a record go when the
 * peer has settled it. What may have arrived already (a restart or a lost connection in between) is
 * sent again, and says so.
 */
#pragma once

#include "exporters/exporter.h"
#include "exporters/peer.h"

struct spool;

struct delivery;

struct delivery_plan {
	const char *name;   /* of the outlet: its spool is <state_dir>/spool/<name> */
	uint64_t spool_max; /* bytes */
	struct peer_plan peer;
	/*
	 * Say in the message that it may be a repeat.
	 *
	 * message  `length` bytes of it, room for DELIVERY_REPEAT_MAX more
	 * returns  its new length
	 */
	size_t (*mark_repeat)(char *message, size_t length);
};

enum { DELIVERY_REPEAT_MAX = 32 };

/* returns 0, or -errno, which is already logged */
int delivery_open(
	struct outlet *o, const struct delivery_plan *plan, struct delivery **ret_delivery);

/* Accept one message, or count the drop with the outlet. */
void delivery_add(struct delivery *d, const char *message, size_t length);

/* As exporter.tick. */
void delivery_tick(struct delivery *d);

/*
 * End. Waits a moment for the peer to take what it was sent; what it was not sent stays in the
 * spool for the next start. Accepts NULL.
 *
 * returns  0, or -errno when something that was accepted is nowhere
 */
int delivery_close(struct delivery *d);
