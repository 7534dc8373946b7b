/*
 * conversation.h -- what hosts said to each other, out of a capture, to be said again in other packets.
 *
 * TCP and UDP: who spoke to whom, and in turns what. The packets that brought it are forgotten.
 */
#pragma once

#include "tests/support/packet_build.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CONVERSATION_FLOWS = 16, CONVERSATION_TURNS = 512, CONVERSATION_BYTES = 1 << 16 };

/* Of one side, until the other one speaks, or another flow; over UDP a datagram. */
struct turn {
	uint8_t flow;
	bool from_opener;
	bool is_last; /* of its flow */
	uint32_t at;  /* in what its side says; over UDP 0 */
	uint32_t size;
	const uint8_t *bytes;
};

struct conversation {
	struct conversation_flow {
		struct build opener; /* ends, as the one that opened it sends */
		bool is_tcp;
		uint32_t said[2]; /* bytes of the opener, and of the other side */
		uint32_t next[2]; /* while it is read: number of each side's next byte */
	} flows[CONVERSATION_FLOWS];
	size_t flow_count;
	struct turn turns[CONVERSATION_TURNS];
	size_t turn_count;
	uint8_t bytes[CONVERSATION_BYTES];
	uint32_t size; /* of all turns */
};

/* Read a capture without holes; the test ends when it has one. Both sides of TCP begin with a SYN. */
void conversation_read(struct conversation *ret_c, const char *path);

/* The same between hosts of IPv6: their addresses within 2001:db8::/96. */
void conversation_to_v6(struct conversation *c);
