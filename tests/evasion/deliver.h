/*
 * deliver.h -- a conversation in packets: whole or cut, in any order, twice, overlapped, in fragments.
 *
 * Every delivery says the same. Time stands still in it, so that what is told of it can be the same too.
 */
#pragma once

#include "tests/evasion/conversation.h"
#include "tests/support/told.h"

enum order { IN_ORDER, BACKWARDS, EVEN_FIRST };

/* How something long is taken apart. All zero: it stays whole. */
struct parts {
	uint32_t size;    /* of each but the last; 0: one part, or two where there is a cut */
	uint32_t overlap; /* each but the first begins so many bytes earlier, with the same bytes */
	enum order order;
	bool twice; /* each is sent two times */
};

struct delivery {
	const char *name;
	struct parts segments;    /* of a turn, over TCP */
	struct parts fragments;   /* of a packet, in bytes of IP's payload: multiples of 8 */
	bool again;               /* a turn that was acknowledged is sent once more */
	bool only_v4;             /* hosts of IPv6 refuse it */
	bool datagrams_backwards; /* over UDP, of those that one side sends in a row */
	const char *odd;          /* what is told of the packets themselves; NULL: nothing */
};

/* No cut. */
#define DELIVER_WHOLE UINT32_MAX

/*
 * Have an engine see it.
 *
 * at_ns  when all of it is said
 * cut    before this byte of all turns in a row there is a cut: over TCP between two segments, over UDP
 *        between two fragments, at the next byte where one may begin
 */
void deliver(struct told *t, const struct conversation *c, const struct delivery *d, uint64_t at_ns,
	uint32_t cut);
