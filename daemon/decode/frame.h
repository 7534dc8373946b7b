/* frame.h -- bytes as the link delivered them, with the time and the place they came from. */
#pragma once

#include <stdint.h>

/* Interfaces that are told apart; those with a higher number count as the last one. */
enum { INTERFACES_MAX = 32 };

struct frame {
	uint64_t ts_ns;       /* when it was captured, ns since the epoch */
	const uint8_t *bytes; /* `captured` of them; the reader's, valid for the call */
	uint32_t captured;    /* bytes at `bytes` */
	uint32_t wire;        /* bytes it had on the wire, >= captured unless the file lies */
	uint16_t link;        /* LINKTYPE_*, as pcap files number them */
	uint16_t interface;   /* which of the capture's, 0 .. */
};
