/*
 * packet_build.h -- make frames for tests: say what matters, the rest is filled in.
 *
 *	struct build b = build_between("10.0.0.1", 40000, "10.0.0.2", 80);
 *	b.flags = TCP_SYN;
 *	uint8_t buf[BUILD_MAX];
 *	struct frame f = build_frame(&b, buf, build_tcp(buf, &b), ts_ns);
 *
 * Every field that is zero takes its everyday value: Ethernet, addresses' own MACs, ttl 64, right
 * checksums, no payload. The family follows the addresses. Lengths, checksums and next-header
 * chains are right unless a field asks for them to be wrong.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/decode/frame.h"
#include "daemon/decode/packet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a builder may write: 64 KiB of IP, and every header before it. */
enum { BUILD_MAX = 65536 + 256, BUILD_VLAN_MAX = 8, BUILD_EXTENSIONS_MAX = 32 };

enum build_link {
	BUILD_ETHERNET,
	BUILD_RAW,          /* LINKTYPE_RAW: starts with the IP header */
	BUILD_IPV4,         /* LINKTYPE_IPV4 */
	BUILD_IPV6,         /* LINKTYPE_IPV6 */
	BUILD_NULL,         /* BSD loopback, the family little-endian */
	BUILD_NULL_SWAPPED, /* the same, big-endian */
	BUILD_LOOP,         /* OpenBSD's */
	BUILD_SLL,          /* Linux cooked, version 1 */
	BUILD_SLL2,
	BUILD_SNAP,       /* Ethernet 802.3 with a length, LLC and SNAP */
	BUILD_NFLOG,      /* little-endian, with a sender */
	BUILD_WIFI,       /* 802.11 data, from a station to its access point */
	BUILD_WIFI_RELAY, /* the same with four addresses, QoS and HT control */
	BUILD_RADIOTAP,   /* 802.11 QoS data, padded, behind radiotap with a time */
	BUILD_AMSDU,      /* 802.11 with one frame in an A-MSDU */
	BUILD_PBB,        /* Ethernet with a backbone tag in Ethernet, as all that follow */
	BUILD_FABRICPATH,
	BUILD_METADATA,
	BUILD_VN_TAG,
	BUILD_E_TAG,
	BUILD_NSH,
	BUILD_NSH_ETHERNET, /* with metadata of 8 bytes */
	BUILD_PSEUDOWIRE,   /* two labels, a control word, Ethernet */
	BUILD_LINK_COUNT,
};

struct build {
	enum build_link link;
	struct mac src_mac, dst_mac; /* zero: 02:00 and the address's last four bytes */
	uint8_t vlan_count;
	uint16_t vlan[BUILD_VLAN_MAX];      /* ids, outermost first */
	uint16_t vlan_tpid[BUILD_VLAN_MAX]; /* 0: 0x8100 */
	size_t pad_to; /* the frame is filled up with 0xee to so many bytes, as Ethernet pads to 60 */

	struct addr src, dst;
	uint8_t ttl;      /* 0: 64 */
	uint8_t ip_proto; /* for build_ip() only */
	uint16_t ip_id;
	const void *ip_options; /* IPv4, a multiple of 4 up to 40 bytes */
	size_t ip_option_bytes;
	uint8_t extensions
		[BUILD_EXTENSIONS_MAX]; /* IPv6: header types in order, of the least size */
	size_t extension_count;
	bool is_fragment; /* IPv6: put a fragment header last; IPv4: use the three below */
	bool more_fragments;
	uint16_t fragment_offset; /* in units of 8 bytes; > 0 leaves the transport header out */
	bool ip_length_zero; /* as the capturing host sees what it hands to its card to segment */

	uint16_t src_port, dst_port;
	uint8_t flags; /* TCP_* */
	uint32_t seq, ack;
	uint16_t window;         /* 0: 64240 */
	bool window_zero;        /* 0 after all */
	uint16_t urgent;         /* the pointer; TCP_URG is one of the flags */
	uint8_t tcp_offset;      /* header length in 4 bytes as it is said to be; 0: as it is */
	const void *tcp_options; /* a multiple of 4 up to 40 bytes */
	size_t tcp_option_bytes;

	uint8_t icmp_type, icmp_code; /* ICMPv6 when the addresses are IPv6's */
	uint16_t icmp_id, icmp_seq;

	const void *payload; /* NULL: `payload_bytes` of 'x' */
	size_t payload_bytes;
	bool bad_ip_checksum;
	bool bad_checksum;  /* the transport's */
	bool zero_checksum; /* the transport's is left 0 */

	uint16_t arp_operation;    /* 0: 1, a request */
	struct mac arp_sender_mac; /* zero: the frame's source */
	struct mac
		arp_target_mac; /* zero stays zero in a request; in a reply the frame's destination */
};

/* An address from its text; fails the test's assertion when it is none. */
struct addr build_addr(const char *text);
/* A MAC from "02:00:0a:00:00:01". */
struct mac build_mac(const char *text);

/* A build with addresses and ports, everything else everyday. ICMP and ARP ignore the ports. */
struct build build_between(const char *src, uint16_t src_port, const char *dst, uint16_t dst_port);
/* The same conversation in the other direction: sides swapped; seq and ack too. */
struct build build_answer(const struct build *b);

/*
 * Write a frame into `ret_buf`, which has BUILD_MAX bytes (fewer do when the caller knows).
 *
 * returns  its length
 */
size_t build_tcp(uint8_t *ret_buf, const struct build *b);
size_t build_udp(uint8_t *ret_buf, const struct build *b);
size_t build_icmp(uint8_t *ret_buf, const struct build *b); /* an 8-byte header, then the payload */
size_t build_sctp(uint8_t *ret_buf, const struct build *b); /* a 12-byte header, then the payload */
size_t build_ip(uint8_t *ret_buf, const struct build *b);   /* the payload follows IP's header */
size_t build_arp(uint8_t *ret_buf, const struct build *b);

/* The LINKTYPE_* of a build. */
uint16_t build_link_type(const struct build *b);
/* Whether its frames hold both MACs, and can hold VLAN tags. */
bool build_is_ethernet(enum build_link l);
/* Bytes before the IP or ARP header. */
size_t build_link_bytes(const struct build *b);
/* A whole frame: captured == wire == len. */
struct frame build_frame(const struct build *b, const uint8_t *bytes, size_t len, uint64_t ts_ns);
