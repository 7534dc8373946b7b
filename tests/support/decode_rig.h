/* decode_rig.h -- put frames through decode() in ways that hurt, and check what must always hold. */
#pragma once

#include "daemon/decode/decode.h"
#include "tests/support/packet_build.h"

#include <stdbool.h>

enum rig_transport {
	RIG_TCP,
	RIG_UDP,
	RIG_ICMP,
	RIG_SCTP,
	RIG_OTHER, /* b->ip_proto, no header of its own */
	RIG_TRANSPORT_COUNT,
};

/* A conversation of 9 bytes over link `l`, from port 40001 to 443; over IPv6 if the link or `six` says so. */
struct build rig_seed(enum build_link l, bool six);

/* Build by kind of transport. returns the frame's length */
size_t rig_build(uint8_t *ret_buf, const struct build *b, enum rig_transport t);

/*
 * Decode a copy of the frame in a block of exactly its captured size, so that a sanitizer sees the
 * first byte read too far, and check what holds for every packet.
 *
 * returns  the packet; its cursors are good until the next call
 */
struct packet rig_decode(const struct frame *f);

/* The same of so many bytes, all captured. */
struct packet rig_bytes(uint16_t link, const void *bytes, size_t len);

/* Build and decode in one go. */
struct packet rig_packet(const struct build *b, enum rig_transport t);

/* True when exactly the anomalies in `bits` were noted. */
bool rig_anomalies(const struct packet *p, uint32_t bits);

/* Decode with the capture cut at every length, and check what must be known at each. */
void rig_cut_everywhere(const struct build *b, enum rig_transport t);

/* Give every byte of the frame every value, one at a time; whatever comes out must hold together. */
void rig_change_every_byte(const struct build *b, enum rig_transport t);

/* What holds of every packet that came from `f`; asserts. */
void rig_check(const struct frame *f, const struct packet *p);
