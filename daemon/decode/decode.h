/* decode.h -- frame to packet: link*.c, arp.c, ip*.c, tcp.c, udp.c, icmp.c behind one door. */
#pragma once

#include "daemon/decode/frame.h"
#include "daemon/decode/packet.h"

/*
 * Understand a frame.
 *
 * f           any bytes whatever; only read through cursors
 * ret_packet  written whole (`arp` and `fragment` where they apply); its cursors point into f->bytes
 * cost        no allocation, no table look-up, no pass over the payload
 */
void decode(const struct frame *f, struct packet *ret_packet);

/*
 * Understand a datagram that was put together from fragments, as if it had come in one frame.
 *
 * of          any of its fragments: time, interface, MACs, VLANs and tunnels are taken from it
 * bytes       the IP header and all that follows
 * ret_packet  as above; its cursors point into `bytes`
 */
void decode_datagram(const struct packet *of, struct cursor bytes, struct packet *ret_packet);

enum checksum_state {
	CHECKSUM_UNKNOWN, /* none was sent, or not all of the segment is here, or nothing we know */
	CHECKSUM_RIGHT,
	CHECKSUM_WRONG,
	CHECKSUM_OFFLOADED, /* left to the sender's card, as captures on the sending host show it */
};

/*
 * Verify the transport checksum (TCP, UDP, ICMP, ICMPv6) of a decoded packet.
 *
 * p       from decode(), its frame still in place
 * cost    one pass over the segment, 50 to 100 times decode() at full size; hence not part of it
 * source  RFC 1071; RFC 768: 0 is none; RFC 8200 section 8.1
 */
enum checksum_state packet_checksum(const struct packet *p);

/* Name of a link type that decode() follows ("EN10MB"), or NULL for one that it does not. */
const char *decode_link_name(uint16_t link);

/*
 * Name of a transport protocol, as records show it: "tcp", "udp", "sctp"; "icmp" for ICMPv6 as
 * well, as Zeek has it; "unknown_transport" for what has no name here.
 */
const char *ip_proto_name(uint8_t ip_proto);

/* Short name of an anomaly for counters and records: "ip_checksum". */
const char *anomaly_name(enum packet_anomaly a);
/* The layer it belongs to: "link", "arp", "ip", "transport", "tunnel". */
const char *anomaly_layer(enum packet_anomaly a);
