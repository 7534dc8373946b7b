/*
 * datagram.h -- one IP datagram while its fragments come in: which bytes are here, and whose they are.
 *
 * Its bytes lie in pages out of a pool that all datagrams share. Of each unit of 8 bytes, the step of
 * fragment offsets, a page knows whether it is here and whether a fragment begins with it; so a fragment
 * costs as much as it has bytes, however many there are and however they overlap.
 */
#pragma once

#include "daemon/base/pool.h"
#include "daemon/decode/packet.h"
#include "daemon/settings/settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	DATAGRAM_MAX = 65535,
	DATAGRAM_UNIT = 8,
	DATAGRAM_PAGE_UNITS = 64,
	DATAGRAM_PAGE = DATAGRAM_UNIT * DATAGRAM_PAGE_UNITS,
	DATAGRAM_PAGES = (DATAGRAM_MAX + DATAGRAM_PAGE) / DATAGRAM_PAGE,
	/* What comes before the data: IPv4's is at most 60 bytes; IPv6's longer chains are refused. */
	DATAGRAM_HEADER_MAX = DATAGRAM_PAGE,
	DATAGRAM_PAGES_MAX = DATAGRAM_PAGES + 1, /* of one datagram, its header's included */
};

enum datagram_map {
	DATAGRAM_HERE,   /* the unit's bytes are here */
	DATAGRAM_STARTS, /* a fragment begins with it */
	DATAGRAM_RUNS,   /* a fragment that was not added at the very end begins with it */
	DATAGRAM_MAPS,
};

struct datagram_page {
	uint64_t map[DATAGRAM_MAPS]; /* bit n: unit n of the page */
	uint8_t bytes[DATAGRAM_PAGE];
};

/* All zero is a datagram without a fragment. */
struct datagram {
	uint32_t units; /* that are here */
	uint32_t top;   /* where the bytes end that are here, or may come once has_end is set */
	bool has_end;   /* the last fragment was here */
	uint16_t header_bytes, next_at;
	uint8_t ip_version, ip_proto;
	uint16_t pages[DATAGRAM_PAGES]; /* index + 1 into the pool, 0 is none; this one as well: */
	uint16_t header_page;
};

/* What became of a fragment. */
enum datagram_verdict {
	DATAGRAM_WAITS,    /* parts are missing */
	DATAGRAM_COMPLETE, /* datagram_join() has all it needs */
	DATAGRAM_BROKEN,   /* no stack would read it, or each its own way: to be dropped */
};

/*
 * Take a fragment of this datagram.
 *
 * p           a fragment of which every byte was captured
 * pages       of struct datagram_page, at most UINT16_MAX; there must be as many to spare as
 *             datagram_pages_wanted() says
 * ret_weirds  WEIRD_BIT()s are added
 * cost        in proportion to the bytes of the fragment
 * source      RFC 791, RFC 815, RFC 5722, RFC 8200 section 4.5
 */
enum datagram_verdict datagram_add(struct datagram *d, struct pool *pages, const struct packet *p,
	enum fragments_policy policy, uint64_t *ret_weirds);

/* Pages that a fragment will take from the pool. */
uint32_t datagram_pages_wanted(const struct datagram *d, const struct fragment *f);

/*
 * Put a complete datagram together, with a header that says it was never in parts.
 *
 * ret_bytes  DATAGRAM_MAX + DATAGRAM_HEADER_MAX
 * returns    its length
 */
size_t datagram_join(const struct datagram *d, const struct pool *pages, uint8_t *ret_bytes);

/* Give its pages back. */
void datagram_done(struct datagram *d, struct pool *pages);
