/*
 * packet.h -- one frame, understood as far as its bytes allow.
 *
 * Everything here is a value or a view into the frame; nothing outlives the call. Malformed input
 * is not an error: decoding stops at the layer that broke, an anomaly bit says which, and whatever
 * was understood before it still counts.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/cursor.h"
#include "daemon/decode/frame.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>

enum packet_kind {
	PACKET_OTHER, /* a link-layer protocol we do not follow (LLDP, STP, ...), or too short to tell */
	PACKET_ARP,
	PACKET_IP, /* IPv4 or IPv6: addresses and `ip_proto` are set */
	PACKET_KIND_COUNT,
};

/* Why decoding stopped early, or what was odd. One bit each; counted by engine as decode_errors. */
enum packet_anomaly {
	ANOMALY_LINK_SHORT,   /* the frame ends inside its link header */
	ANOMALY_LINK_UNKNOWN, /* a link type that we do not decode */
	ANOMALY_VLAN_DEPTH,   /* more tags than VLAN_DEPTH_MAX, or labels than MPLS_DEPTH_MAX */
	ANOMALY_LINK_DEPTH, /* more than LINK_DEPTH_MAX headers that carry frames or Ethernet's types */
	ANOMALY_LINK_AGGREGATE, /* several frames in one, of which the first was read */
	ANOMALY_ARP_SHORT,
	ANOMALY_ARP_FORM,   /* not Ethernet and IPv4 */
	ANOMALY_IP_SHORT,   /* the captured bytes end inside the IP header or its extensions */
	ANOMALY_IP_VERSION, /* neither 4 nor 6 where IP was announced */
	ANOMALY_IP_HEADER,  /* header length below the minimum, or past the total length */
	ANOMALY_IP_LENGTH,  /* the packet says it is longer than the frame was on the wire */
	ANOMALY_IP_CHECKSUM, /* header checksum is wrong and not 0: counted, never a reason to ignore */
	ANOMALY_IP_EXTENSIONS, /* more than EXTENSIONS_MAX IPv6 extension headers */
	ANOMALY_IP_REROUTED,   /* extension headers name other ends than IPv6's own header */
	ANOMALY_FRAGMENT, /* part of a fragmented packet (every one of them): `fragment` is set */
	ANOMALY_FRAGMENT_LATER, /* not the first part: no ports */
	ANOMALY_TRANSPORT_SHORT, /* captured bytes, or IP's length, end inside the transport header */
	ANOMALY_TCP_OFFSET,      /* data offset below 5, or past the segment */
	ANOMALY_UDP_LENGTH,      /* UDP's length is below 8, or past the IP payload */
	ANOMALY_TRANSPORT_CHECKSUM, /* never set by decode(): the engine asks packet_checksum() */
	ANOMALY_TUNNEL_HEADER,      /* a tunnel's header that cannot be, or one that nobody uses */
	ANOMALY_TUNNEL_DEPTH,       /* more tunnels in each other than TUNNEL_DEPTH_MAX */
	ANOMALY_COUNT,
};

#define ANOMALY_BIT(a) (UINT32_C(1) << (a))

enum {
	VLAN_DEPTH_MAX = 4,
	MPLS_DEPTH_MAX = 8,
	LINK_DEPTH_MAX = 8,
	EXTENSIONS_MAX = 16,
	TUNNEL_DEPTH_MAX = 4,
};

enum tcp_flag {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_PSH = 0x08,
	TCP_ACK = 0x10,
	TCP_URG = 0x20,
};

struct arp {
	uint16_t operation; /* 1 request, 2 reply */
	struct mac sender_mac, target_mac;
	struct addr sender, target;
};

/* A part of a datagram, and where in it. Lengths follow the wire, the views what was captured. */
struct fragment {
	uint32_t id;
	uint16_t offset;    /* of its data in the datagram's, in bytes: a multiple of 8 */
	uint16_t next_at;   /* IPv6: where in `header` the fragment header is named */
	bool more;          /* it is not the last */
	uint8_t ip_version; /* 4 or 6 */
	uint8_t ip_proto;   /* of what is in the datagram: IPv6 may have further headers there */
	uint32_t data_bytes;
	struct cursor header; /* IP's, with the IPv6 headers before the fragment header */
	struct cursor data;
};

struct packet {
	uint64_t ts_ns;
	enum packet_kind kind;
	uint32_t anomalies; /* ANOMALY_BIT()s */
	uint16_t interface; /* below INTERFACES_MAX, whose last one stands for all further ones */

	bool has_mac;
	uint8_t vlan_count;            /* 0 .. VLAN_DEPTH_MAX */
	uint16_t vlan[VLAN_DEPTH_MAX]; /* ids, outermost first */
	/* What it came out of, if it travelled inside another packet; all zero on the outside. */
	uint32_t tunnel_id; /* VNI, key, TEID or session of the innermost one, 0 if it has none */
	uint64_t
		tunnel_chain; /* stands for all of them and their ends: equal for packets that came the same way */
	uint8_t tunnel_depth; /* 0 .. TUNNEL_DEPTH_MAX */
	uint8_t tunnel;       /* enum tunnel_kind of the innermost one */
	uint8_t link_depth; /* headers before IP that carry frames or types: 0 .. LINK_DEPTH_MAX */

	/*
	 * If has_mac: the innermost frame's. Linux cooked captures and NFLOG know only the sender: there
	 * dst_mac is all zero.
	 */
	struct mac src_mac, dst_mac;

	/* PACKET_IP: who it is from and for; see ip6_ends.c for where that is not the header's word. */
	alignas(16) struct addr src; /* no address lies across a cache line */
	struct addr dst;
	uint8_t ip_proto; /* of the transport: after IPv6 extension headers */
	uint8_t ttl;      /* hop limit */
	bool has_ports;   /* the transport header was read: src_port .. tcp_window below are set */
	/*
	 * Length of the IP packet with its header, as the header says; what the wire held when the
	 * header says 0 (segmentation left to the card; jumbograms) or more than that.
	 */
	uint32_t ip_bytes;

	/*
	 * Ports in host order. ICMP and ICMPv6: type and code as sent (icmp_type, icmp_code), and the
	 * ports as Zeek numbers them are the flow table's business.
	 */
	uint16_t src_port, dst_port;
	uint8_t icmp_type, icmp_code;
	uint8_t tcp_flags; /* TCP_*; ECN's two bits are left out, so that == TCP_SYN finds a SYN */
	uint16_t tcp_window;
	uint32_t tcp_seq, tcp_ack;
	/*
	 * Transport payload on the wire, by the headers' lengths, captured or not; and the part of it
	 * that was captured. Without ports (other protocols, later fragments, a transport header cut
	 * short) it is all that follows the IP headers that were read.
	 */
	uint32_t payload_bytes;
	struct cursor payload;
	/* Transport header, options and payload as captured; empty in later fragments. */
	struct cursor transport;

	/* One of them or none is written: the last members, so that decode() can leave them out. */
	union {
		struct arp arp;           /* PACKET_ARP */
		struct fragment fragment; /* ANOMALY_FRAGMENT */
	};
};

/* Is it damaged in a way for which every host drops it? Its checksums are known only if they were asked for. */
static inline bool
packet_is_damaged(const struct packet *p)
{
	return (p->anomalies & (ANOMALY_BIT(ANOMALY_IP_CHECKSUM) | ANOMALY_BIT(ANOMALY_TCP_OFFSET) |
				       ANOMALY_BIT(ANOMALY_TRANSPORT_CHECKSUM))) != 0;
}
