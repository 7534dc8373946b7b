/* decode.h -- frame to packet: link.c, arp.c, ip4.c, ip6.c, tcp.c, udp.c, icmp.c behind one door. */
#pragma once

#include "daemon/decode/frame.h"
#include "daemon/decode/packet.h"

/*
 * Understand a frame.
 *
 * f           any bytes whatever; only read through cursors
 * ret_packet  written whole; its cursors point into f->bytes
 * cost        no allocation, no table look-up; checksums are computed over the captured bytes
 */
void decode(const struct frame *f, struct packet *ret_packet);

/* Name of a link type that decode() follows ("EN10MB"), or NULL for one that it does not. */
const char *decode_link_name(uint16_t link);

/* Short name of an anomaly for counters and records: "ip_checksum". */
const char *anomaly_name(enum packet_anomaly a);
/* The layer it belongs to: "link", "arp", "ip", "transport". */
const char *anomaly_layer(enum packet_anomaly a);
