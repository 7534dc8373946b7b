/*
 * checksum.c -- one plain loop, which compilers turn into vectors.
 *
 * The sum is the same in any byte order until its two bytes are swapped (RFC 1071 section 2 B), so
 * words are added as the machine reads them and the result is turned over once, through memory,
 * which is right on either kind of machine. 32-bit words in a 64-bit sum need no carry: 2^32 of
 * them fit, a segment has 2^14. The halves of 64-bit words have a sum each, so that fewer additions wait
 * for the one before them.
 */
#include "daemon/decode/checksum.h"

#include "daemon/decode/decode.h"
#include "daemon/decode/layers.h"

#include <string.h>

/* With one of these the segment's bytes are not all here, or where it ends is in doubt. */
static const uint32_t not_whole = ANOMALY_BIT(ANOMALY_FRAGMENT) | ANOMALY_BIT(ANOMALY_IP_LENGTH) |
				  ANOMALY_BIT(ANOMALY_TRANSPORT_SHORT) |
				  ANOMALY_BIT(ANOMALY_TCP_OFFSET) | ANOMALY_BIT(ANOMALY_UDP_LENGTH);

/* The sum in the machine's byte order, not folded. */
static uint64_t
sum_words(struct cursor bytes)
{
	size_t words = cursor_left(&bytes) / sizeof(uint64_t);
	const uint8_t *at = cursor_take(&bytes, words * sizeof(uint64_t));
	uint64_t low = 0;
	uint64_t high = 0;

	for (size_t i = 0; i < words; i++) {
		uint64_t word;
		memcpy(&word, at + i * sizeof(word), sizeof(word));
		low += word & UINT32_MAX;
		high += word >> 32;
	}
	uint64_t sum = low + high;
	if (cursor_left(&bytes) >= sizeof(uint32_t)) {
		uint32_t half;
		memcpy(&half, cursor_take(&bytes, sizeof(half)), sizeof(half));
		sum += half;
	}
	while (cursor_left(&bytes) > 0) {
		uint8_t pair[2] = { cursor_u8(&bytes), 0 };
		uint16_t quarter;
		if (cursor_left(&bytes) > 0)
			pair[1] = cursor_u8(&bytes);
		memcpy(&quarter, pair, sizeof(quarter));
		sum += quarter;
	}
	return sum;
}

/* Between the machine's byte order and the wire's, either way. */
static uint16_t
turn(uint16_t sum)
{
	uint8_t bytes[2];

	memcpy(bytes, &sum, sizeof(bytes));
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

uint16_t
checksum_sum(struct cursor bytes)
{
	return turn(checksum_fold(sum_words(bytes)));
}

/* sum_words() of an address, for each packet twice. */
static uint64_t
sum_addr(const struct addr *a)
{
	uint32_t word[4];

	memcpy(word, a->byte, sizeof(word));
	return (uint64_t)word[0] + word[1] + word[2] + word[3];
}

/* Addresses, length and protocol (RFC 9293 section 3.1, RFC 8200 section 8.1), as sum_words() does. */
static uint64_t
pseudo_header(const struct packet *p, uint32_t segment_bytes)
{
	uint64_t sum = turn(checksum_fold(p->ip_proto + (uint64_t)segment_bytes));

	/* The prefix that marks IPv4 in an address would add 0xffff twice, which is nothing. */
	return sum + sum_addr(&p->src) + sum_addr(&p->dst);
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
	if (checksum_fold(pseudo + sum_words(p->transport)) == 0xffff)
		return CHECKSUM_RIGHT;
	/* Linux leaves the pseudo header's sum for the card to go on from, others leave nothing. */
	if (sent == 0 || sent == turn(checksum_fold(pseudo)))
		return CHECKSUM_OFFLOADED;
	return CHECKSUM_WRONG;
}
