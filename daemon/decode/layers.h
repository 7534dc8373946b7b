/* layers.h -- what the decoders hand each other; private to daemon/decode. */
#pragma once

#include "daemon/decode/packet.h"

#include <string.h>

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
		s->bytes = cursor_sub(&s->bytes, n);
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

enum { MAC_BYTES = 6, ETHER_HEADER = 14 };

static inline struct mac
mac_from(const uint8_t bytes[MAC_BYTES])
{
	struct mac m;

	memcpy(m.byte, bytes, MAC_BYTES);
	return m;
}

/*
 * One more header is about to be followed that may hold another of its kind.
 * returns false, and notes it, past LINK_DEPTH_MAX of them: they would cost a step of the stack each
 */
static inline bool
link_deeper(struct packet *p)
{
	if (p->link_depth == LINK_DEPTH_MAX) {
		packet_note(p, ANOMALY_LINK_DEPTH);
		return false;
	}
	p->link_depth++;
	return true;
}

/* As decode() leaves it before it starts: all zero but `arp`. */
void packet_clear(struct packet *p);

/*
 * Each decoder takes what is left of the frame, sets its members of the packet and hands on. On
 * what it cannot follow it notes an anomaly and returns; what was set before stands.
 */
void link_decode(uint16_t link, struct part *rest, struct packet *p);
void ether_type_decode(uint16_t ether_type, struct part *rest, struct packet *p);
/* LLC, of which only SNAP with Ethernet's types (RFC 1042) is followed. */
void llc_decode(struct part *rest, struct packet *p);
void sll_decode(struct part *rest, struct packet *p);
void sll2_decode(struct part *rest, struct packet *p);
void loopback_decode(struct part *rest, struct packet *p);
void nflog_decode(struct part *rest, struct packet *p);
void wifi_decode(struct part *rest, struct packet *p);
/* The same from an access point that may have turned frame control, and then all numbers (CAPWAP). */
void wifi_swapped_decode(struct part *rest, struct packet *p);
void radiotap_decode(struct part *rest, struct packet *p);
/* One of the headers of link_carrier.c, after the type that announces it. */
void carrier_decode(uint16_t ether_type, struct part *rest, struct packet *p);
void nsh_decode(struct part *rest, struct packet *p);
void mpls_decode(struct part *rest, struct packet *p);
void ppp_decode(struct part *rest, struct packet *p);
void pppoe_decode(struct part *rest, struct packet *p);
void arp_decode(struct part *rest, struct packet *p);
/* By the version in the first four bits, whatever the link layer announced. */
void ip_decode(struct part *rest, struct packet *p);
void ip4_decode(struct part *rest, struct packet *p);
void ip6_decode(struct part *rest, struct packet *p);
/* Take the ends that a routing header, or destination options, name; `header` is the whole of it. */
void ip6_routing_decode(struct cursor header, struct packet *p);
void ip6_options_decode(struct cursor header, struct packet *p);
/* `rest` ends where IP's length says. */
void transport_decode(struct part *rest, struct packet *p);
void tcp_decode(struct part *rest, struct packet *p);
void udp_decode(struct part *rest, struct packet *p);
void icmp_decode(struct part *rest, struct packet *p);

/* As capture files number them. */
enum link_type {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_PPP = 9,
	LINK_RAW_BSD = 12, /* DLT_RAW's numbers, which some programs write into files as they are */
	LINK_RAW_OPENBSD = 14,
	LINK_PPP_SERIAL = 50,
	LINK_PPP_ETHER = 51,
	LINK_RAW = 101,
	LINK_WIFI = 105,
	LINK_LOOP = 108,
	LINK_LINUX_SLL = 113,
	LINK_RADIOTAP = 127,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_NFLOG = 239,
	LINK_LINUX_SLL2 = 276,
};

enum ether_type {
	ETHER_TYPE_MIN = 0x0600, /* below it is a length, or one of Linux's own protocol numbers */
	ETHER_IP4 = 0x0800,
	ETHER_ARP = 0x0806,
	ETHER_VLAN = 0x8100,
	ETHER_IP6 = 0x86dd,
	ETHER_MPLS = 0x8847,
	ETHER_MPLS_UPSTREAM = 0x8848,
	ETHER_PPPOE_SESSION = 0x8864,
	ETHER_VLAN_PROVIDER = 0x88a8,
	ETHER_BACKBONE = 0x88e7,
	ETHER_FABRICPATH = 0x8903,
	ETHER_METADATA = 0x8909, /* Cisco's: TrustSec */
	ETHER_VN_TAG = 0x8926,
	ETHER_E_TAG = 0x893f,
	ETHER_NSH = 0x894f,
	ETHER_VLAN_OLD = 0x9100, /* QinQ before 802.1ad */
};

/* Inline because nearly every frame begins here (measured: a call costs 2 ns of 16). */
static inline void
ethernet_decode(struct part *rest, struct packet *p)
{
	struct cursor header = cursor_sub(&rest->bytes, ETHER_HEADER);

	if (header.short_read) {
		packet_note(p, ANOMALY_LINK_SHORT);
		return;
	}
	p->dst_mac = mac_from(cursor_take(&header, MAC_BYTES));
	p->src_mac = mac_from(cursor_take(&header, MAC_BYTES));
	p->has_mac = true;
	uint16_t type = cursor_be16(&header);
	if (type == ETHER_IP4 || type == ETHER_IP6)
		ip_decode(rest, p);
	else
		ether_type_decode(type, rest, p);
}

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
