/* flow_key.h -- which conversation a packet belongs to, and which end of it looks like a server's. */
#pragma once

#include "daemon/flow/flow.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Make the key of the flow that `p` belongs to.
 *
 * returns  false when it belongs to none: not IP, a later fragment, a transport header cut short
 */
bool flow_key_make(const struct packet *p, struct flow_key *ret_key);

/* Is it ICMP or ICMPv6, whose flows have a type and a code where others have ports? */
static inline bool
flow_key_is_icmp(uint8_t ip_proto)
{
	return ip_proto == IPPROTO_ICMP || ip_proto == IPPROTO_ICMPV6;
}

/*
 * The type of ICMP that answers `type`, or is answered by it; -1 when there is none.
 *
 * ip_proto  IPPROTO_ICMP or IPPROTO_ICMPV6
 */
int flow_key_icmp_answer(uint8_t ip_proto, uint8_t type);

/* The hash under which a table keeps `key`. Most keys are IPv4's, and cost half of the others. */
uint64_t flow_key_hash(const struct flow_key *key, const struct hash_key *hash_key);

/* Which end of `key` sent `p`: 0 the low one, 1 the high one. */
unsigned flow_key_side(const struct flow_key *key, const struct packet *p);

/* The ports of a flow as Zeek writes them; `orig` is the index of the end that opened it. */
void flow_key_ports(const struct flow_key *key, unsigned orig, uint16_t *ret_orig_port,
	uint16_t *ret_resp_port);

/*
 * Does the first packet of a conversation look like an answer? By its ports; where both are the same one of
 * DNS and its kin, by what it says.
 */
bool flow_key_looks_answered(const struct packet *p);

/* Does the responder have one of the ports of DNS and its kin (53, 137, 5353, 5355)? */
bool flow_key_is_dns(const struct flow_key *key, unsigned orig);
