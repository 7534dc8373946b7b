/*
 * A bridge hands a frame out on another port, a router on another link: who listens on both sees
 * every packet twice, at times that differ by less than the order in which the two interfaces are
 * read. So copies are not looked for packet by packet. Each direction of a flow is counted on the
 * interface that brought its first packet, and what other interfaces bring of it is a copy, until
 * that interface has been silent for 2 s while they were not: the path has changed, or the port is
 * down, and the one that speaks is counted from there on.
 *
 * Silence costs the packets that count nothing: a copy notes how many of them there were. When a
 * later copy finds the same number, none came in between. The number's 16 and the time's 32 bits
 * wrap around after 65,536 packets and 24 days; the worst of it is one packet that counts twice.
 *
 * Not told apart: one direction spread over several links packet by packet (round-robin bonds, not
 * LACP, which spreads by flow): of it one link is counted. And not joined: the two sides of an
 * address translation, whose flows have other ends.
 */
#include "daemon/flow/flow_interface.h"

#include "daemon/base/time_text.h"

static bool
is_silent(struct flow *f, unsigned side, uint64_t now_ns)
{
	struct flow_party *party = &f->parties[side];
	uint16_t packets = (uint16_t)f->counts[side].packets;
	uint32_t now_ms = (uint32_t)(now_ns / NS_PER_MS);

	if (now_ns > f->last_ns && now_ns - f->last_ns > FLOW_INTERFACE_SILENCE_NS)
		return true;
	if (packets == party->echoed_packets)
		return (int32_t)(now_ms - party->echoed_ms) >
		       (int32_t)(FLOW_INTERFACE_SILENCE_NS / NS_PER_MS);
	party->echoed_packets = packets;
	party->echoed_ms = now_ms;
	return false;
}

bool
flow_interface_takes(struct flow *f, unsigned side, const struct packet *p)
{
	f->observed_on |= UINT32_C(1) << p->interface;
	if (f->counted_on[side] != INTERFACES_MAX && !is_silent(f, side, p->ts_ns))
		return false;
	f->counted_on[side] = (uint8_t)p->interface;
	return true;
}
