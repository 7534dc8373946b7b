/*
 * port_protocol.h -- a well-known port at which something else than its protocol is spoken.
 *
 * What the detectors of HTTPS's and HTTP's ports have in common: which conversations are odd, and with whom the
 * protocol was spoken of late. Who has just spoken it properly with a peer and then says something that cannot be
 * read has met a conversation that lost packets, not a hidden server.
 */
#pragma once

#include "detectors/detector.h"

enum {
	PORT_PROTOCOL_FEW = 4,
	PORT_PROTOCOL_PEERS = 32
}; /* with whom it was spoken of late, in a window */

/* The protocol that belongs to a port of TCP. */
struct port_protocol {
	uint16_t port;
	const char *service; /* as a flow has it */
	enum obs_kind said;  /* what tells that it was spoken, at any port */
};

/* One window's. All zero: it was spoken with nobody. */
struct port_protocol_state {
	struct port_protocol_peer *spoken; /* by hash of the address; the later of two stays */
	uint32_t places;                   /* 0, PORT_PROTOCOL_FEW or PORT_PROTOCOL_PEERS */
	uint8_t told;                      /* for weak_level() */
};

/* A detector's wants(): does it tell of the protocol, or of something else at its port, by a client? */
bool port_protocol_wants(const struct port_protocol *p, const struct observation *o);

/*
 * Is it something to be told: a conversation in which the protocol would have been recognised and was not, with
 * a peer that was not told before and with whom it was not spoken within `near_ns`?
 *
 * Both sides talked then, it was seen from its SYN, something was carried, and who saw it names protocols. What
 * tells that the protocol was spoken is remembered; without memory it is not.
 */
bool port_protocol_is_news(const struct port_protocol *p, struct detect *d,
	struct port_protocol_state *s, const struct observation *o, uint64_t near_ns);
