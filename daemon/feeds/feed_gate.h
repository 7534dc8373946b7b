/*
 * feed_gate.h -- what no list may do to us, whoever wrote it: accuse half of the world, or our own network.
 */
#pragma once

#include "daemon/feeds/feed.h"

enum { FEED_GATE_BOGONS = 20 };

struct feed_gate {
	const struct cidr *
		ours; /* home networks, the interfaces' prefixes, gateways, resolvers; the caller's */
	size_t ours_count;
	/* Is it a name below which anybody registers ("com", "co.uk")? NULL: not known. */
	bool (*is_public_suffix)(void *user, struct intel_text name);
	void *user;
	uint64_t skipped; /* addresses of nobody on the Internet, public suffixes */
	size_t bogon_count;
	struct cidr bogons[FEED_GATE_BOGONS];
};

void feed_gate_init(struct feed_gate *g, const struct cidr *ours, size_t ours_count);

/*
 * Judge an indicator.
 *
 * ret_take  whether it is to be taken: what is nobody's is passed over, and no harm
 * returns   FEED_ACCEPTED, or why the whole list is refused
 */
enum feed_refusal feed_gate_check(
	struct feed_gate *g, const struct intel_indicator *what, bool *ret_take);

/*
 * Judge a list that was read to its end.
 *
 * count   what was taken of it
 * before  what was taken of it the last time; 0: there was none
 */
enum feed_refusal feed_gate_count(uint64_t count, uint64_t before);
