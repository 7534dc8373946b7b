/*
 * checksum.c -- eight bytes a step.
 *
 * The sum is the same in any byte order until its two bytes are swapped (RFC 1071 section 2 B), so
 * words are added as the machine reads them and the result is turned over once, through memory,
 * which is right on either kind of machine. 32-bit halves in 64-bit sums need no carry: 2^32 words
 * fit, a segment has 2^14.
 */
#include "daemon/decode/checksum.h"

#include "daemon/decode/decode.h"
#include "daemon/decode/layers.h"

#include <string.h>

enum { BLOCK = 32 };

/* With one of these the segment's bytes are not all here, or where it ends is in doubt. */
static const uint32_t not_whole = ANOMALY_BIT(ANOMALY_FRAGMENT) | ANOMALY_BIT(ANOMALY_IP_LENGTH) |
				  ANOMALY_BIT(ANOMALY_TRANSPORT_SHORT) |
				  ANOMALY_BIT(ANOMALY_TCP_OFFSET) | ANOMALY_BIT(ANOMALY_UDP_LENGTH);

uint16_t
checksum_sum(struct cursor bytes)
{
	uint64_t low = 0;
	uint64_t high = 0;
	uint64_t word[BLOCK / 8];

	while (cursor_left(&bytes) >= BLOCK) {
		memcpy(word, cursor_take(&bytes, BLOCK), BLOCK);
		for (unsigned i = 0; i < BLOCK / 8; i++) {
			low += word[i] & 0xffffffff;
			high += word[i] >> 32;
		}
	}
	size_t left = cursor_left(&bytes);
	memset(word, 0, sizeof(word));
	if (left > 0)
		memcpy(word, cursor_take(&bytes, left), left);
	for (unsigned i = 0; i < BLOCK / 8; i++) {
		low += word[i] & 0xffffffff;
		high += word[i] >> 32;
	}

	uint8_t turned[2];
	uint16_t native = checksum_fold(low + high);
	memcpy(turned, &native, sizeof(turned));
	return (uint16_t)(turned[0] << 8 | turned[1]);
}

/* Addresses, length and protocol (RFC 9293 section 3.1, RFC 8200 section 8.1). */
static uint64_t
pseudo_header(const struct packet *p, uint32_t segment_bytes)
{
	uint64_t sum = p->ip_proto + (uint64_t)segment_bytes;

	/* The prefix that marks IPv4 in an address would add 0xffff twice, which is nothing. */
	sum += checksum_sum(cursor_over(p->src.byte, sizeof(p->src.byte)));
	sum += checksum_sum(cursor_over(p->dst.byte, sizeof(p->dst.byte)));
	return sum;
}

/* Where in its header a protocol keeps the checksum; 0 for one that we do not verify. */
static size_t
checksum_offset(uint8_t ip_proto)
{
	switch (ip_proto) {
	case IP_PROTO_TCP:
		return 16;
	case IP_PROTO_UDP:
		return 6;
	case IP_PROTO_ICMP:
	case IP_PROTO_ICMP6:
		return 2;
	default:
		return 0;
	}
}

enum checksum_state
packet_checksum(const struct packet *p)
{
	size_t offset = checksum_offset(p->ip_proto);

	if (!p->has_ports || offset == 0 || (p->anomalies & not_whole) != 0 ||
		cursor_left(&p->payload) != p->payload_bytes)
		return CHECKSUM_UNKNOWN;

	struct cursor look = p->transport;
	cursor_take(&look, offset);
	uint16_t sent = cursor_be16(&look);
	if (sent == 0 && p->ip_proto == IP_PROTO_UDP)
		return CHECKSUM_UNKNOWN; /* none; IPv6 allows it to tunnels (RFC 6936) */

	uint64_t pseudo = 0;
	if (p->ip_proto != IP_PROTO_ICMP)
		pseudo = pseudo_header(p, (uint32_t)cursor_left(&p->transport));
	if (checksum_fold(pseudo + checksum_sum(p->transport)) == 0xffff)
		return CHECKSUM_RIGHT;
	/* Linux leaves the pseudo header's sum for the card to go on from, others leave nothing. */
	if (sent == 0 || sent == checksum_fold(pseudo))
		return CHECKSUM_OFFLOADED;
	return CHECKSUM_WRONG;
}
