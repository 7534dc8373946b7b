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
};

/* One window's. All zero: it was spoken with nobody. */
struct port_protocol_state {
	struct port_protocol_peer *spoken; /* by hash of the address; the later of two stays */
	uint32_t places;                   /* 0, PORT_PROTOCOL_FEW or PORT_PROTOCOL_PEERS */
	uint8_t told;                      /* for weak_level() */
};

/* Is the protocol among those in a flow's service ("smtp,ssl")? */
bool port_protocol_is_in(const struct port_protocol *p, const char *service);

/* The protocol was spoken with `peer`. Without memory it is not kept. */
void port_protocol_spoke(
	struct detect *d, struct port_protocol_state *s, const struct addr *peer, uint64_t now_ns);

/* Was it, within `within_ns` before or after `now_ns`? */
bool port_protocol_spoken(const struct detect *d, const struct port_protocol_state *s,
	const struct addr *peer, uint64_t now_ns, uint64_t within_ns);

/*
 * Is a conversation at the port one in which its protocol would have been recognised, and was not? Both sides
 * talked, it was seen from its SYN, something was carried, and who saw it names protocols.
 */
bool port_protocol_is_foreign(const struct port_protocol *p, const struct obs_flow *f);
