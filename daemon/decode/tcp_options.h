/* tcp_options.h -- the options of a TCP header, for those who ask: most packets are never asked. */
#pragma once

#include "daemon/decode/packet.h"

#include <stdbool.h>
#include <stdint.h>

enum { TCP_WINDOW_SCALE_MAX = 14 }; /* RFC 7323 section 2.3 */

struct tcp_options {
	bool has_window_scale;
	bool has_timestamp;
	bool has_signature;   /* TCP-MD5 (RFC 2385) or TCP-AO (RFC 5925) */
	uint8_t window_scale; /* 0 .. TCP_WINDOW_SCALE_MAX */
	uint32_t timestamp;   /* of the sender */
};

/*
 * Read the options of a TCP segment. A broken one ends the list, as it does in the stacks of hosts,
 * and what came before it counts; of two of a kind the last one does.
 */
struct tcp_options tcp_options_read(const struct packet *p);

/* Where its urgent data ends, counted from its own number; 0 when it has none. */
uint16_t tcp_urgent(const struct packet *p);
