/* layers.h -- what the decoders hand each other; private to daemon/decode. */
#pragma once

#include "daemon/decode/packet.h"

/*
 * A part of a frame: the captured bytes, and how many more of it there were on the wire. Lengths
 * follow the wire, reads the capture.
 */
struct part {
	struct cursor bytes;
	uint32_t cut;
};

/* Bytes on the wire. */
static inline uint32_t
part_bytes(const struct part *s)
{
	return (uint32_t)cursor_left(&s->bytes) + s->cut;
}

/*
 * What is captured of it, never short. A cursor that was just moved is not copied whole: its members
 * were stored one by one, and loading them as one block waits for the stores (measured: 3 ns each).
 */
static inline struct cursor
part_view(const struct part *s)
{
	return cursor_over(s->bytes.at, cursor_left(&s->bytes));
}

/* End the part after `n` bytes on the wire, as a length field demands; past its end it stays as it is. */
static inline void
part_bound(struct part *s, uint32_t n)
{
	uint32_t left = (uint32_t)cursor_left(&s->bytes);

	if (n <= left) {
		/* By members, for the reason below. */
		struct cursor kept = cursor_sub(&s->bytes, n);
		s->bytes.at = kept.at;
		s->bytes.end = kept.end;
		s->cut = 0;
	} else if (n - left < s->cut) {
		s->cut = n - left;
	}
}

static inline void
packet_note(struct packet *p, enum packet_anomaly a)
{
	p->anomalies |= ANOMALY_BIT(a);
}

/* As decode() leaves it before it starts: all zero but `arp`. */
void packet_clear(struct packet *p);

/*
 * Each decoder takes what is left of the frame, sets its members of the packet and hands on. On
 * what it cannot follow it notes an anomaly and returns; what was set before stands.
 */
void link_decode(uint16_t link, struct part *rest, struct packet *p);
void ether_type_decode(uint16_t ether_type, struct part *rest, struct packet *p);
void ppp_decode(struct part *rest, struct packet *p);
void pppoe_decode(struct part *rest, struct packet *p);
void arp_decode(struct part *rest, struct packet *p);
/* By the version in the first four bits, whatever the link layer announced. */
void ip_decode(struct part *rest, struct packet *p);
void ip4_decode(struct part *rest, struct packet *p);
void ip6_decode(struct part *rest, struct packet *p);
/* `rest` ends where IP's length says. */
void transport_decode(struct part *rest, struct packet *p);
void tcp_decode(struct part *rest, struct packet *p);
void udp_decode(struct part *rest, struct packet *p);
void icmp_decode(struct part *rest, struct packet *p);

enum ether_type {
	ETHER_IP4 = 0x0800,
	ETHER_ARP = 0x0806,
	ETHER_VLAN = 0x8100,
	ETHER_IP6 = 0x86dd,
	ETHER_MPLS = 0x8847,
	ETHER_MPLS_UPSTREAM = 0x8848,
	ETHER_PPPOE_SESSION = 0x8864,
	ETHER_VLAN_PROVIDER = 0x88a8,
	ETHER_VLAN_OLD = 0x9100, /* QinQ before 802.1ad */
};

enum ip_proto {
	IP_PROTO_HOP_BY_HOP = 0,
	IP_PROTO_ICMP = 1,
	IP_PROTO_IGMP = 2,
	IP_PROTO_IPIP = 4,
	IP_PROTO_TCP = 6,
	IP_PROTO_EGP = 8,
	IP_PROTO_UDP = 17,
	IP_PROTO_DCCP = 33,
	IP_PROTO_IP6 = 41,
	IP_PROTO_ROUTING = 43,
	IP_PROTO_FRAGMENT = 44,
	IP_PROTO_RSVP = 46,
	IP_PROTO_GRE = 47,
	IP_PROTO_ESP = 50,
	IP_PROTO_AH = 51,
	IP_PROTO_ICMP6 = 58,
	IP_PROTO_NONE = 59,
	IP_PROTO_DESTINATION = 60,
	IP_PROTO_EIGRP = 88,
	IP_PROTO_OSPF = 89,
	IP_PROTO_ETHERIP = 97,
	IP_PROTO_PIM = 103,
	IP_PROTO_VRRP = 112,
	IP_PROTO_L2TP = 115,
	IP_PROTO_SCTP = 132,
	IP_PROTO_MOBILITY = 135,
	IP_PROTO_UDPLITE = 136,
	IP_PROTO_MPLS = 137,
	IP_PROTO_HIP = 139,
	IP_PROTO_SHIM6 = 140,
	IP_PROTO_ETHERNET = 143,
};
