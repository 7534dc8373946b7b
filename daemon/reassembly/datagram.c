/*
 * datagram.c -- the parts of one datagram; who wins where they overlap.
 *
 * What hosts do with overlapping fragments differs (Shankar and Paxson 2003; Novak 2005), and who knows
 * that can show a sensor another text than the host. So the sensor takes the side of one kind of host,
 * and says whenever the bytes differed:
 *
 *   first    what came first stays
 *   last     what came last replaces it
 *   windows  as first, but a fragment that begins before and ends after an older one replaces it
 *            (Windows up to 2003, as Novak measured it; what Snort and Suricata call so)
 *   linux    since 4.19 (CVE-2018-5391), IPv4 as well as IPv6: a fragment inside a run of bytes that are
 *            here is taken for a duplicate, whatever it says, and ignored; any other overlap drops the
 *            datagram. A run grows only by what is added right at the end of all that is here.
 *
 * IPv6 drops a datagram with overlaps, whatever the policy (RFC 5722); exact duplicates are let be (RFC
 * 8200). What contradicts itself otherwise (two ends, no bytes, bytes beyond 65,535, part of a unit in the
 * middle) some hosts drop and others repair: it is dropped and reported, so nothing is read that a host
 * would not.
 */
#include "daemon/reassembly/datagram.h"

#include "daemon/weird.h"

#include <string.h>

enum {
	IP4_LENGTH_AT = 2,
	IP4_FRAGMENT_AT = 6,
	IP4_CHECKSUM_AT = 10,
	IP6_LENGTH_AT = 4,
	IP6_HEADER = 40,
};

/* First fragments with one of these end inside a header that every host needs first. */
static const uint32_t tiny_bits = ANOMALY_BIT(ANOMALY_TRANSPORT_SHORT) |
				  ANOMALY_BIT(ANOMALY_TCP_OFFSET) | ANOMALY_BIT(ANOMALY_IP_HEADER);

/* ---- units ---- */

/* The page of a unit, or NULL while nothing of it is here. */
static struct datagram_page *
page_of(const struct datagram *d, const struct pool *pages, uint32_t unit)
{
	uint16_t page = d->pages[unit / DATAGRAM_PAGE_UNITS];

	return page == 0 ? NULL : pool_at(pages, page - 1U);
}

static uint64_t
bit_of(uint32_t unit)
{
	return UINT64_C(1) << unit % DATAGRAM_PAGE_UNITS;
}

/* Units past the datagram's last possible one are in no map. */
static bool
unit_is(const struct datagram *d, const struct pool *pages, enum datagram_map map, uint32_t unit)
{
	if (unit >= (uint32_t)DATAGRAM_PAGES * DATAGRAM_PAGE_UNITS)
		return false;
	const struct datagram_page *page = page_of(d, pages, unit);

	return page != NULL && (page->map[map] & bit_of(unit)) != 0;
}

static void
unit_mark(struct datagram_page *page, enum datagram_map map, uint32_t unit, bool value)
{
	if (value)
		page->map[map] |= bit_of(unit);
	else
		page->map[map] &= ~bit_of(unit);
}

static uint8_t *
unit_bytes(struct datagram_page *page, uint32_t unit)
{
	return page->bytes + (size_t)(unit % DATAGRAM_PAGE_UNITS) * DATAGRAM_UNIT;
}

/* ---- one fragment against what is here ---- */

/* The units [first, end) of a fragment. */
struct span {
	uint32_t first, end;
	const uint8_t *bytes;
	uint32_t len;
};

static struct span
span_of(const struct fragment *f)
{
	return (struct span){
		.first = f->offset / DATAGRAM_UNIT,
		.end = (f->offset + f->data_bytes + DATAGRAM_UNIT - 1) / DATAGRAM_UNIT,
		.bytes = f->data.at,
		.len = f->data_bytes,
	};
}

/* The fragment's bytes for a unit; the last unit of a datagram may have fewer than 8. */
static const uint8_t *
span_unit(const struct span *s, uint32_t unit, size_t *ret_len)
{
	uint32_t at = (unit - s->first) * DATAGRAM_UNIT;

	*ret_len = s->len - at < DATAGRAM_UNIT ? s->len - at : DATAGRAM_UNIT;
	return s->bytes + at;
}

struct overlap {
	bool any;
	bool different;  /* the bytes of some unit are others */
	bool inside_run; /* all of it is here, in one run */
	bool duplicate;  /* a fragment with just these units is here */
};

static struct overlap
overlap_of(const struct datagram *d, const struct pool *pages, const struct span *s)
{
	struct overlap o = { .inside_run = true, .duplicate = true };

	for (uint32_t unit = s->first; unit < s->end; unit++) {
		size_t len;
		const uint8_t *bytes = span_unit(s, unit, &len);

		if (!unit_is(d, pages, DATAGRAM_HERE, unit)) {
			o.inside_run = false;
			o.duplicate = false;
			continue;
		}
		o.any = true;
		o.different |= memcmp(unit_bytes(page_of(d, pages, unit), unit), bytes, len) != 0;
		if (unit > s->first && unit_is(d, pages, DATAGRAM_RUNS, unit))
			o.inside_run = false;
		if (unit_is(d, pages, DATAGRAM_STARTS, unit) != (unit == s->first))
			o.duplicate = false;
	}
	if (unit_is(d, pages, DATAGRAM_HERE, s->end) && !unit_is(d, pages, DATAGRAM_STARTS, s->end))
		o.duplicate = false;
	return o;
}

/*
 * The units that a fragment takes although they are here. With `windows` those of fragments that begin
 * after it and end before it: past the one that it begins in, up to the one that it ends in.
 */
static struct span
span_won(const struct datagram *d, const struct pool *pages, const struct span *s,
	enum fragments_policy policy)
{
	struct span won = *s;

	if (policy == FRAGMENTS_LAST)
		return won;
	if (policy == FRAGMENTS_FIRST || policy == FRAGMENTS_LINUX)
		return (struct span){ 0 };
	if (unit_is(d, pages, DATAGRAM_HERE, won.first))
		do
			won.first++;
		while (won.first < s->end && unit_is(d, pages, DATAGRAM_HERE, won.first) &&
			!unit_is(d, pages, DATAGRAM_STARTS, won.first));
	if (unit_is(d, pages, DATAGRAM_HERE, s->end - 1))
		do
			won.end--;
		while (!unit_is(d, pages, DATAGRAM_STARTS, won.end));
	return won;
}

static struct datagram_page *
page_get(struct datagram *d, struct pool *pages, uint32_t unit)
{
	uint16_t *page = &d->pages[unit / DATAGRAM_PAGE_UNITS];

	if (*page == 0)
		*page = (uint16_t)(pool_index(pages, pool_take(pages)) + 1);
	return pool_at(pages, *page - 1U);
}

/* Write the units that are missing, and those that it wins. */
static void
fill(struct datagram *d, struct pool *pages, const struct span *s, enum fragments_policy policy)
{
	struct span won = span_won(d, pages, s, policy);
	bool is_added = s->first * DATAGRAM_UNIT == d->top;
	bool goes_on = false; /* the unit before this one is the fragment's */

	for (uint32_t unit = s->first; unit < s->end; unit++) {
		struct datagram_page *page = page_get(d, pages, unit);
		bool is_here = unit_is(d, pages, DATAGRAM_HERE, unit);
		size_t len;
		const uint8_t *bytes = span_unit(s, unit, &len);

		if (is_here && (unit < won.first || unit >= won.end)) {
			goes_on = false;
			continue;
		}
		memcpy(unit_bytes(page, unit), bytes, len);
		unit_mark(page, DATAGRAM_HERE, unit, true);
		unit_mark(page, DATAGRAM_STARTS, unit, !goes_on);
		unit_mark(page, DATAGRAM_RUNS, unit, !goes_on && !is_added);
		d->units += !is_here;
		goes_on = true;
	}
}

/* ---- one fragment ---- */

static bool
is_oversize(const struct packet *p)
{
	const struct fragment *f = &p->fragment;
	size_t header = cursor_left(&f->header);

	/* IPv6's length does not count the IP header itself. */
	return f->offset + f->data_bytes + header >
	       DATAGRAM_MAX + (f->ip_version == 4 ? 0U : IP6_HEADER);
}

static bool
is_tiny(const struct packet *p)
{
	return p->fragment.offset == 0 && (p->anomalies & tiny_bits) != 0;
}

/* Nothing ends before what is here, goes on after the last, or ends twice in two places. */
static bool
end_agrees(const struct datagram *d, const struct fragment *f)
{
	uint32_t end = f->offset + f->data_bytes;

	if (f->more)
		return end <= d->top || !d->has_end;
	return d->has_end ? end == d->top : end >= d->top;
}

/* What makes hosts drop it, or the datagram with it. */
static uint64_t
faults_of(const struct datagram *d, const struct packet *p)
{
	const struct fragment *f = &p->fragment;
	uint64_t faults = 0;

	if (is_oversize(p))
		faults |= WEIRD_BIT(WEIRD_FRAGMENT_OVERSIZE);
	if (f->data_bytes == 0 || (f->more && f->data_bytes % DATAGRAM_UNIT != 0))
		faults |= WEIRD_BIT(WEIRD_FRAGMENT_LENGTH);
	if (cursor_left(&f->header) > DATAGRAM_HEADER_MAX)
		faults |= WEIRD_BIT(WEIRD_FRAGMENT_HEADER);
	if (is_tiny(p) &&
		f->ip_version == 6) /* RFC 8200 section 4.5: all headers are in the first */
		faults |= WEIRD_BIT(WEIRD_FRAGMENT_TINY);
	if (faults == 0 && !end_agrees(d, f))
		faults |= WEIRD_BIT(WEIRD_FRAGMENT_END);
	return faults;
}

static void
header_keep(struct datagram *d, struct pool *pages, const struct fragment *f)
{
	struct cursor header = f->header;

	d->header_bytes = (uint16_t)cursor_left(&header);
	d->next_at = f->next_at;
	d->ip_version = f->ip_version;
	d->ip_proto = f->ip_proto;
	if (d->header_page == 0)
		d->header_page = (uint16_t)(pool_index(pages, pool_take(pages)) + 1);
	struct datagram_page *page = pool_at(pages, d->header_page - 1U);
	cursor_bytes(&header, page->bytes, d->header_bytes);
}

static bool
is_complete(const struct datagram *d)
{
	return d->has_end && d->header_page != 0 &&
	       d->units == (d->top + DATAGRAM_UNIT - 1) / DATAGRAM_UNIT;
}

/* Would the header's length field hold it? Only now both are known. */
static bool
fits(const struct datagram *d)
{
	return d->header_bytes + d->top <= DATAGRAM_MAX + (d->ip_version == 4 ? 0U : IP6_HEADER);
}

/* Take the bytes of a fragment without faults. returns false when that drops the datagram */
static bool
take(struct datagram *d, struct pool *pages, const struct packet *p, enum fragments_policy policy,
	uint64_t *ret_weirds)
{
	const struct fragment *f = &p->fragment;
	struct span s = span_of(f);
	struct overlap o = overlap_of(d, pages, &s);
	bool is_repeated = o.duplicate && !o.different;
	bool is_ignored = is_repeated || (policy == FRAGMENTS_LINUX && o.inside_run);

	if (o.different)
		*ret_weirds |= WEIRD_BIT(WEIRD_FRAGMENT_DIFFERENT);
	else if (o.any && !o.duplicate)
		*ret_weirds |= WEIRD_BIT(WEIRD_FRAGMENT_OVERLAP);
	if (o.any && !is_ignored && (policy == FRAGMENTS_LINUX || f->ip_version == 6))
		return false;

	if (!is_ignored)
		fill(d, pages, &s, policy);
	if (f->offset + f->data_bytes > d->top)
		d->top = f->offset + f->data_bytes;
	d->has_end |= !f->more;
	if (f->offset == 0 && (d->header_page == 0 || policy == FRAGMENTS_LAST))
		header_keep(d, pages, f);
	return true;
}

enum datagram_verdict
datagram_add(struct datagram *d, struct pool *pages, const struct packet *p,
	enum fragments_policy policy, uint64_t *ret_weirds)
{
	uint64_t faults = faults_of(d, p);

	if (is_tiny(p))
		*ret_weirds |= WEIRD_BIT(WEIRD_FRAGMENT_TINY);
	*ret_weirds |= faults;
	if (faults != 0 || !take(d, pages, p, policy, ret_weirds))
		return DATAGRAM_BROKEN;
	if (!is_complete(d))
		return DATAGRAM_WAITS;
	if (fits(d))
		return DATAGRAM_COMPLETE;
	*ret_weirds |= WEIRD_BIT(WEIRD_FRAGMENT_OVERSIZE);
	return DATAGRAM_BROKEN;
}

uint32_t
datagram_pages_wanted(const struct datagram *d, const struct fragment *f)
{
	uint32_t first = f->offset / DATAGRAM_PAGE;
	uint32_t end = (f->offset + f->data_bytes + DATAGRAM_PAGE - 1) / DATAGRAM_PAGE;
	uint32_t wanted = f->offset == 0 && d->header_page == 0;

	for (uint32_t page = first; page < end && page < DATAGRAM_PAGES; page++)
		wanted += d->pages[page] == 0;
	return wanted;
}

/* ---- the whole ---- */

static void
put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

size_t
datagram_join(const struct datagram *d, const struct pool *pages, uint8_t *ret_bytes)
{
	const struct datagram_page *header = pool_at(pages, d->header_page - 1U);
	uint8_t *data = ret_bytes + d->header_bytes;

	memcpy(ret_bytes, header->bytes, d->header_bytes);
	for (uint32_t at = 0; at < d->top; at += DATAGRAM_PAGE) {
		uint32_t left = d->top - at;
		const struct datagram_page *page =
			pool_at(pages, d->pages[at / DATAGRAM_PAGE] - 1U);
		memcpy(data + at, page->bytes, left < DATAGRAM_PAGE ? left : DATAGRAM_PAGE);
	}
	if (d->ip_version == 4) {
		put16(ret_bytes + IP4_LENGTH_AT, d->header_bytes + d->top);
		put16(ret_bytes + IP4_FRAGMENT_AT, 0);
		put16(ret_bytes + IP4_CHECKSUM_AT, 0); /* each fragment's own was right */
	} else {
		put16(ret_bytes + IP6_LENGTH_AT, d->header_bytes - IP6_HEADER + d->top);
		ret_bytes[d->next_at] = d->ip_proto;
	}
	return d->header_bytes + d->top;
}

void
datagram_done(struct datagram *d, struct pool *pages)
{
	if (d->header_page != 0)
		pool_give(pages, pool_at(pages, d->header_page - 1U));
	for (unsigned i = 0; i < DATAGRAM_PAGES; i++)
		if (d->pages[i] != 0)
			pool_give(pages, pool_at(pages, d->pages[i] - 1U));
	*d = (struct datagram){ 0 };
}
