/*
 * peer.h -- somebody who takes messages: a Unix datagram socket, UDP, or TCP with octet counting.
 *
 * Connects by itself and again with a growing pause, never blocks, and tells two things about the
 * messages of the present connection: how many were *delivered*, which our own end does not undo,
 * and how many are *settled*, for which no repeat is needed whatever happens to the peer. How well
 * that can be known depends on the transport; peer_unix.c, peer_udp.c and peer_tcp.c say how.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;
struct peer;

enum peer_transport {
	PEER_UNIX,
	PEER_UDP,
	PEER_TCP, /* RFC 6587 3.4.1: each message after its length and a blank */
};

struct peer_plan {
	const char *outlet; /* for whom, in the log */
	enum peer_transport transport;
	const char *path; /* PEER_UNIX */
	const char *host; /* else: an address, or a name to be resolved */
	uint16_t port;
};

/* Who is told. Neither may close the peer. */
struct peer_owner {
	void *context;
	void (*ready)(void *context); /* it came up, or takes more */
	void (*lost)(void *context); /* it went down; peer_settled() is final for that connection */
};

/*
 * Begin to connect; peer_tick() does the rest.
 *
 * plan     strings are borrowed for the peer's life
 * now_ns   monotonic
 * returns  0, or -ENOMEM
 */
int peer_open(struct event_base *base, const struct peer_plan *plan, const struct peer_owner *owner,
	uint64_t now_ns, struct peer **ret_peer);

bool peer_is_up(const struct peer *p);

/*
 * Hand over one message.
 *
 * returns  0; -EAGAIN: later; -EMSGSIZE: never, it is too long for the transport; any other -errno:
 *          the peer is down now, and owner.lost() has been called
 */
int peer_send(struct peer *p, const char *bytes, size_t length);

/* Messages of this connection that were handed over, are delivered, are settled. */
uint64_t peer_sent(const struct peer *p);
uint64_t peer_delivered(const struct peer *p);
uint64_t peer_settled(const struct peer *p);

/* Would a look soon tell more? Else it is enough to look now and then. */
bool peer_is_waiting(const struct peer *p);

/* Learn what was taken meanwhile. May find the peer gone, and call owner.lost(). */
void peer_look(struct peer *p);

/*
 * Whom this connection is to: the same number means the same receiver, that has not been restarted.
 * 0 when the transport cannot tell.
 */
uint64_t peer_identity(const struct peer *p);

/* Several times a second: connect when it is time, give up what takes too long, look. */
void peer_tick(struct peer *p, uint64_t now_ns);

/* Accepts NULL. Calls nobody. */
void peer_close(struct peer *p);
