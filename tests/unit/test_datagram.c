/*
 * test_datagram.c -- overlaps against naive models of each policy, ends that disagree, bounds.
 *
 * The models work on lists of ranges, as those who described the policies do; they share nothing with
 * the maps of datagram.c.
 */
#include "daemon/reassembly/datagram.h"

#include "daemon/weird.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HEADER4 = 20, HEADER6 = 40, POOL_PAGES = 2 * DATAGRAM_PAGES_MAX };

struct rig {
	struct pool pages;
	struct datagram d;
	enum fragments_policy policy;
	bool is_v6;
	uint64_t weirds; /* of the last put() */
	uint8_t header[DATAGRAM_HEADER_MAX + 1];
	size_t header_bytes;
	uint8_t whole[DATAGRAM_MAX + DATAGRAM_HEADER_MAX];
};

static struct rig *
rig_new(enum fragments_policy policy, bool is_v6)
{
	struct rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	assert_int_equal(pool_init(&r->pages, sizeof(struct datagram_page), POOL_PAGES), 0);
	r->policy = policy;
	r->is_v6 = is_v6;
	r->header_bytes = is_v6 ? HEADER6 : HEADER4;
	memset(r->header, 0x77, sizeof(r->header));
	return r;
}

static void
rig_free(struct rig *r)
{
	datagram_done(&r->d, &r->pages);
	assert_int_equal(r->pages.used, 0);
	pool_done(&r->pages);
	free(r);
}

static struct packet
packet_of(struct rig *r, uint32_t offset, bool more, const void *bytes, uint32_t len)
{
	struct packet p = { 0 };

	p.fragment = (struct fragment){
		.offset = (uint16_t)offset,
		.more = more,
		.next_at = 6,
		.ip_version = r->is_v6 ? 6 : 4,
		.ip_proto = 17,
		.data_bytes = len,
		.header = cursor_over(r->header, r->header_bytes),
		.data = cursor_over(bytes, len),
	};
	return p;
}

/* Put a packet; the pages that it took are those that it was said to want. */
static enum datagram_verdict
put_packet(struct rig *r, const struct packet *p)
{
	uint32_t wanted = datagram_pages_wanted(&r->d, &p->fragment);
	uint32_t used = r->pages.used;

	r->weirds = 0;
	enum datagram_verdict v = datagram_add(&r->d, &r->pages, p, r->policy, &r->weirds);
	assert_true(r->pages.used - used <= wanted);
	return v;
}

static enum datagram_verdict
put(struct rig *r, uint32_t offset, bool more, const void *bytes, uint32_t len)
{
	struct packet p = packet_of(r, offset, more, bytes, len);

	return put_packet(r, &p);
}

/* The data of the whole, without its header. */
static const uint8_t *
join(struct rig *r, size_t *ret_len)
{
	*ret_len = datagram_join(&r->d, &r->pages, r->whole) - r->header_bytes;
	return r->whole + r->header_bytes;
}

/* ---- naive models ---- */

enum { MODEL_UNITS = 20, MODEL_PIECES = 64, MODEL_BYTES = MODEL_UNITS * 8 };

struct piece {
	unsigned start, end; /* units */
	uint8_t bytes[MODEL_BYTES];
};

struct model {
	struct piece kept[MODEL_PIECES]; /* what counts: no two overlap */
	size_t kept_count;
	struct piece seen[MODEL_PIECES]; /* as they came */
	size_t seen_count;
	struct piece runs[MODEL_PIECES];
	size_t run_count, tail;
	unsigned top;
};

static bool
overlaps(const struct piece *a, unsigned start, unsigned end)
{
	return a->start < end && start < a->end;
}

static void
keep(struct model *m, const struct piece *from, unsigned start, unsigned end)
{
	if (start >= end)
		return;
	struct piece *k = &m->kept[m->kept_count++];
	k->start = start;
	k->end = end;
	memcpy(k->bytes, from->bytes + (size_t)(start - from->start) * 8,
		(size_t)(end - start) * 8);
}

/* Who has a unit; NULL for nobody. */
static const struct piece *
owner(const struct model *m, unsigned unit)
{
	for (size_t i = 0; i < m->kept_count; i++)
		if (overlaps(&m->kept[i], unit, unit + 1))
			return &m->kept[i];
	return NULL;
}

static const uint8_t *
bytes_at(const struct piece *p, unsigned unit)
{
	return p->bytes + (size_t)(unit - p->start) * 8;
}

/* Old pieces lose what `wins` says, then the new one gets what nobody has. */
static void
model_merge(struct model *m, const struct piece *n,
	bool (*wins)(const struct piece *, const struct piece *))
{
	struct piece old[MODEL_PIECES];
	size_t old_count = m->kept_count;

	memcpy(old, m->kept, sizeof(old));
	m->kept_count = 0;
	for (size_t i = 0; i < old_count; i++) {
		if (!overlaps(&old[i], n->start, n->end) || !wins(n, &old[i])) {
			keep(m, &old[i], old[i].start, old[i].end);
			continue;
		}
		keep(m, &old[i], old[i].start, n->start < old[i].start ? old[i].start : n->start);
		keep(m, &old[i], n->end > old[i].end ? old[i].end : n->end, old[i].end);
	}
	unsigned start = n->start;
	for (unsigned unit = n->start; unit <= n->end; unit++)
		if (unit == n->end || owner(m, unit) != NULL) {
			keep(m, n, start, unit);
			start = unit + 1;
		}
}

static bool
never(const struct piece *n, const struct piece *old)
{
	(void)n;
	(void)old;
	return false;
}

static bool
always(const struct piece *n, const struct piece *old)
{
	(void)n;
	(void)old;
	return true;
}

static bool
surrounds(const struct piece *n, const struct piece *old)
{
	return n->start < old->start && n->end > old->end;
}

/* As inet_frag_queue_insert() of Linux 4.19. returns -1 to drop, 0 to ignore, 1 to keep */
static int
model_linux(struct model *m, const struct piece *n)
{
	if (m->run_count > 0 && m->top < n->end) {
		if (n->start < m->top)
			return -1;
		if (n->start == m->top) {
			m->runs[m->tail].end = n->end;
			return 1;
		}
	} else {
		for (size_t i = 0; i < m->run_count; i++) {
			if (!overlaps(&m->runs[i], n->start, n->end))
				continue;
			return n->start >= m->runs[i].start && n->end <= m->runs[i].end ? 0 : -1;
		}
	}
	if (n->end > m->top)
		m->tail = m->run_count;
	m->runs[m->run_count++] = (struct piece){ .start = n->start, .end = n->end };
	return 1;
}

/* What a fragment shows: WEIRD_BIT()s. */
static uint64_t
model_weirds(const struct model *m, const struct piece *n, bool *ret_any, bool *ret_duplicate)
{
	bool different = false;

	*ret_any = false;
	*ret_duplicate = false;
	for (unsigned unit = n->start; unit < n->end; unit++) {
		const struct piece *o = owner(m, unit);
		*ret_any |= o != NULL;
		different |= o != NULL && memcmp(bytes_at(o, unit), bytes_at(n, unit), 8) != 0;
	}
	for (size_t i = 0; i < m->seen_count; i++)
		if (m->seen[i].start == n->start && m->seen[i].end == n->end)
			*ret_duplicate = true;
	if (different)
		return WEIRD_BIT(WEIRD_FRAGMENT_DIFFERENT);
	return *ret_any && !*ret_duplicate ? WEIRD_BIT(WEIRD_FRAGMENT_OVERLAP) : 0;
}

/* returns -1 when the datagram is to be dropped */
static int
model_put(struct model *m, enum fragments_policy policy, bool is_v6, const struct piece *n,
	uint64_t *ret_weirds)
{
	bool any;
	bool duplicate;
	int verdict = 1;

	*ret_weirds = model_weirds(m, n, &any, &duplicate);
	bool is_repeated = duplicate && *ret_weirds == 0;
	if (policy == FRAGMENTS_LINUX)
		verdict = model_linux(m, n);
	else if (is_v6 && any)
		verdict = is_repeated ? 0 : -1;
	if (verdict < 0)
		return -1;
	if (verdict > 0)
		model_merge(m, n,
			policy == FRAGMENTS_LAST      ? always
			: policy == FRAGMENTS_WINDOWS ? surrounds
						      : never);
	m->seen[m->seen_count++] = *n;
	if (n->end > m->top)
		m->top = n->end;
	return 0;
}

/*
 * Is the exact duplicate of a fragment that was cut by others recognised? Only some are, and it matters
 * to nobody but the counter of overlaps: leave them out of what is compared.
 */
static uint64_t
comparable(uint64_t weirds)
{
	return weirds & ~WEIRD_BIT(WEIRD_FRAGMENT_OVERLAP);
}

/* ---- tests ---- */

static unsigned
below(unsigned *seed, unsigned n)
{
	*seed = *seed * 1103515245U + 12345U;
	return (*seed >> 16) % n;
}

/* Everybody's bytes are those of the model. */
static void
check_whole(struct rig *r, const struct model *m, unsigned base)
{
	size_t len;
	const uint8_t *bytes = join(r, &len) + (size_t)base * 8;

	assert_int_equal(len, base * 8 + MODEL_BYTES - 3);
	for (unsigned unit = 0; unit < MODEL_UNITS; unit++)
		assert_memory_equal(bytes + (size_t)unit * 8, bytes_at(owner(m, unit), unit),
			unit == MODEL_UNITS - 1 ? 5 : 8);
}

/* `base` units come first, and what is random after them: from 54 on across the end of a page. */
static void
play_random(enum fragments_policy policy, bool is_v6, unsigned base, unsigned seed)
{
	static const uint8_t before[DATAGRAM_PAGE];
	struct rig *r = rig_new(policy, is_v6);
	struct model *m = calloc(1, sizeof(*m));
	bool is_dropped = false;
	bool has_overlapped = false;

	assert_non_null(m);
	if (base > 0) {
		assert_int_equal(put(r, 0, true, before, base * 8), DATAGRAM_WAITS);
		m->run_count = 1; /* it ends where the model begins */
	}
	for (unsigned i = 0; i < 16 && !is_dropped; i++) {
		struct piece n = { .start = below(&seed, MODEL_UNITS - 1) };
		uint64_t weirds;
		/* Of three, one brings what it should; and often it follows what is there, or repeats. */
		bool is_honest = below(&seed, 3) != 0;
		if (below(&seed, 3) == 0 && m->top < MODEL_UNITS - 1)
			n.start = m->top;
		n.end = n.start + 1 +
			below(&seed, MODEL_UNITS - 1 - n.start < 6 ? MODEL_UNITS - 1 - n.start : 6);
		if (below(&seed, 4) == 0 && m->seen_count > 0)
			n = m->seen[below(&seed, (unsigned)m->seen_count)];
		for (unsigned at = 0; at < (n.end - n.start) * 8; at++)
			n.bytes[at] = (uint8_t)(n.start * 8 + at + (is_honest ? 0 : 100 + i));
		is_dropped = model_put(m, policy, is_v6, &n, &weirds) < 0;
		enum datagram_verdict v =
			put(r, (base + n.start) * 8, true, n.bytes, (n.end - n.start) * 8);
		assert_int_equal(v, is_dropped ? DATAGRAM_BROKEN : DATAGRAM_WAITS);
		if (has_overlapped)
			assert_int_equal(comparable(r->weirds), comparable(weirds));
		else
			assert_int_equal(r->weirds, weirds);
		has_overlapped |= weirds != 0;
	}
	/* The rest, and the end: whatever is here already wins or loses by the rules. */
	for (unsigned unit = 0; unit < MODEL_UNITS && !is_dropped; unit++) {
		static const uint8_t filler[8] = { 9, 9, 9, 9, 9, 9, 9, 9 };
		bool is_last = unit == MODEL_UNITS - 1;
		if (owner(m, unit) != NULL)
			continue;
		struct piece n = { .start = unit, .end = unit + 1 };
		uint64_t weirds;
		memcpy(n.bytes, filler, 8);
		assert_int_equal(model_put(m, policy, is_v6, &n, &weirds), 0);
		assert_int_equal(put(r, (base + unit) * 8, !is_last, filler, is_last ? 5 : 8),
			is_last ? DATAGRAM_COMPLETE : DATAGRAM_WAITS);
	}
	if (!is_dropped)
		check_whole(r, m, base);
	free(m);
	rig_free(r);
}

static void
any_overlaps_end_as_in_the_naive_models(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 4000; seed++)
		for (enum fragments_policy p = FRAGMENTS_FIRST; p <= FRAGMENTS_WINDOWS; p++) {
			play_random(p, false, seed % 2 * 54, seed);
			play_random(p, true, seed % 2 * 54, seed);
		}
}

static void
two_parts_make_a_whole_in_any_order(void **state)
{
	(void)state;
	for (int is_v6 = 0; is_v6 < 2; is_v6++)
		for (int swapped = 0; swapped < 2; swapped++) {
			struct rig *r = rig_new(FRAGMENTS_FIRST, is_v6);
			size_t len;
			if (!swapped)
				assert_int_equal(put(r, 0, true, "aaaaaaaa", 8), DATAGRAM_WAITS);
			assert_int_equal(put(r, 8, false, "bbb", 3),
				swapped ? DATAGRAM_WAITS : DATAGRAM_COMPLETE);
			if (swapped)
				assert_int_equal(put(r, 0, true, "aaaaaaaa", 8), DATAGRAM_COMPLETE);
			assert_int_equal(r->weirds, 0);
			assert_memory_equal(join(r, &len), "aaaaaaaabbb", 11);
			assert_int_equal(len, 11);
			rig_free(r);
		}
}

/* Ends in every place of a unit, and of a page. */
static void
it_is_whole_when_the_last_byte_is_here(void **state)
{
	uint8_t bytes[DATAGRAM_PAGE + 16];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 3);
	for (uint32_t total = 9; total <= sizeof(bytes); total++) {
		struct rig *r = rig_new(FRAGMENTS_FIRST, false);
		size_t len;
		assert_int_equal(put(r, 8, false, bytes + 8, total - 8), DATAGRAM_WAITS);
		assert_int_equal(put(r, 0, true, bytes, 8), DATAGRAM_COMPLETE);
		assert_memory_equal(join(r, &len), bytes, total);
		assert_int_equal(len, total);
		rig_free(r);
	}
}

static void
the_whole_has_a_header_that_was_never_in_parts(void **state)
{
	struct rig *r = rig_new(FRAGMENTS_FIRST, false);
	size_t len;

	(void)state;
	(void)put(r, 0, true, "aaaaaaaa", 8);
	memset(r->header, 0x11, sizeof(r->header)); /* a later part's is not kept */
	assert_int_equal(put(r, 8, false, "b", 1), DATAGRAM_COMPLETE);
	(void)join(r, &len);
	assert_memory_equal(r->whole,
		"\x77\x77\0\x1d\x77\x77\0\0\x77\x77\0\0\x77\x77\x77\x77\x77\x77\x77\x77", 20);
	rig_free(r);

	r = rig_new(FRAGMENTS_FIRST, true);
	r->header_bytes = 48; /* an extension between: its length counts */
	(void)put(r, 0, true, "aaaaaaaa", 8);
	assert_int_equal(put(r, 8, false, "b", 1), DATAGRAM_COMPLETE);
	(void)join(r, &len);
	assert_memory_equal(r->whole, "\x77\x77\x77\x77\0\x11\x11\x77", 8);
	rig_free(r);
}

/* With last, the header as well is that of the last first part. */
static void
whose_header_it_is_goes_by_the_policy(void **state)
{
	(void)state;
	for (enum fragments_policy policy = FRAGMENTS_FIRST; policy <= FRAGMENTS_WINDOWS;
		policy++) {
		struct rig *r = rig_new(policy, false);
		size_t len;
		(void)put(r, 0, true, "aaaaaaaa", 8);
		memset(r->header, 0x11, sizeof(r->header));
		(void)put(r, 0, true, "aaaaaaaa", 8);
		assert_int_equal(put(r, 8, false, "b", 1), DATAGRAM_COMPLETE);
		(void)join(r, &len);
		assert_int_equal(r->whole[0], policy == FRAGMENTS_LAST ? 0x11 : 0x77);
		rig_free(r);
	}
}

static void
ends_that_disagree_break_it(void **state)
{
	static const struct {
		uint32_t offset[2], len[2];
		bool more[2];
		bool breaks;
	} cases[] = {
		{ { 8, 8 }, { 8, 8 }, { false, false }, false }, /* the same end twice */
		{ { 8, 8 }, { 8, 7 }, { false, false }, true },
		{ { 8, 8 }, { 8, 9 }, { false, false }, true },
		{ { 8, 16 }, { 8, 8 }, { false, true }, true }, /* past the end */
		{ { 8, 0 }, { 8, 8 }, { false, true }, false },
		{ { 8, 0 }, { 8, 16 }, { false, true },
			false }, /* up to the end, with more to come */
		{ { 16, 8 }, { 8, 8 }, { true, false }, true }, /* an end before what is here */
		{ { 16, 8 }, { 8, 16 }, { true, false }, false },
		{ { 16, 24 }, { 8, 1 }, { true, false }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rig *r = rig_new(FRAGMENTS_FIRST, false);
		assert_int_equal(put(r, cases[i].offset[0], cases[i].more[0], "xxxxxxxxxxxxxxxx",
					 cases[i].len[0]),
			DATAGRAM_WAITS);
		enum datagram_verdict v = put(r, cases[i].offset[1], cases[i].more[1],
			"xxxxxxxxxxxxxxxx", cases[i].len[1]);
		assert_int_equal(v == DATAGRAM_BROKEN, cases[i].breaks);
		assert_int_equal(r->weirds & WEIRD_BIT(WEIRD_FRAGMENT_END),
			cases[i].breaks ? WEIRD_BIT(WEIRD_FRAGMENT_END) : 0);
		rig_free(r);
	}
}

static void
a_part_without_bytes_or_with_half_a_unit_in_the_middle_breaks_it(void **state)
{
	static const struct {
		uint32_t len;
		bool more, breaks;
	} cases[] = { { 0, true, true }, { 0, false, true }, { 7, true, true }, { 9, true, true },
		{ 8, true, false }, { 7, false, false }, { 9, false, false } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rig *r = rig_new(FRAGMENTS_FIRST, i % 2 == 0);
		assert_int_equal(put(r, 8, cases[i].more, "xxxxxxxxx", cases[i].len),
			cases[i].breaks ? DATAGRAM_BROKEN : DATAGRAM_WAITS);
		assert_int_equal(r->weirds, cases[i].breaks ? WEIRD_BIT(WEIRD_FRAGMENT_LENGTH) : 0);
		rig_free(r);
	}
}

/* The length field is the bound: with IPv4 the header is in it, with IPv6 only what comes after 40 bytes. */
static void
no_datagram_is_longer_than_its_length_field_can_say(void **state)
{
	static const uint8_t bytes[16];

	(void)state;
	for (int is_v6 = 0; is_v6 < 2; is_v6++)
		for (uint32_t header = is_v6 ? 40 : 20; header <= 60; header += 4)
			for (int over = 0; over < 2; over++) {
				uint32_t most = 65535 + (is_v6 ? 40U : 0U) - header;
				uint32_t offset = most / 8 * 8 - 8;
				struct rig *r = rig_new(FRAGMENTS_FIRST, is_v6);
				r->header_bytes = header;
				assert_int_equal(put(r, offset, false, bytes,
							 most - offset + (uint32_t)over),
					over ? DATAGRAM_BROKEN : DATAGRAM_WAITS);
				assert_int_equal(
					r->weirds, over ? WEIRD_BIT(WEIRD_FRAGMENT_OVERSIZE) : 0);
				rig_free(r);
			}
}

/* Parts may come with headers of other lengths: only that of the first one will be sent on. */
static void
a_long_first_header_may_make_it_too_long_at_the_end(void **state)
{
	uint8_t *bytes = calloc(1, DATAGRAM_MAX);

	(void)state;
	assert_non_null(bytes);
	for (uint32_t header = 20; header <= 24; header += 4) {
		struct rig *r = rig_new(FRAGMENTS_FIRST, false);
		size_t len;
		assert_int_equal(put(r, 8, false, bytes, 65535 - 20 - 8), DATAGRAM_WAITS);
		r->header_bytes = header;
		assert_int_equal(put(r, 0, true, bytes, 8),
			header == 20 ? DATAGRAM_COMPLETE : DATAGRAM_BROKEN);
		assert_int_equal(r->weirds, header == 20 ? 0 : WEIRD_BIT(WEIRD_FRAGMENT_OVERSIZE));
		if (header == 20) {
			(void)join(r, &len);
			assert_int_equal(len, 65515);
			assert_int_equal(r->pages.used, DATAGRAM_PAGES_MAX);
		}
		rig_free(r);
	}
	free(bytes);
}

static void
headers_that_nobody_needs_break_it(void **state)
{
	(void)state;
	for (int over = 0; over < 2; over++) {
		struct rig *r = rig_new(FRAGMENTS_FIRST, true);
		r->header_bytes = DATAGRAM_HEADER_MAX + (size_t)over;
		assert_int_equal(
			put(r, 0, true, "aaaaaaaa", 8), over ? DATAGRAM_BROKEN : DATAGRAM_WAITS);
		assert_int_equal(r->weirds, over ? WEIRD_BIT(WEIRD_FRAGMENT_HEADER) : 0);
		rig_free(r);
	}
}

/* IPv4 hosts take a first part that cuts the transport header; IPv6 hosts need not (RFC 8200). */
static void
a_tiny_first_part_is_reported_and_breaks_ipv6(void **state)
{
	static const enum packet_anomaly tiny[] = { ANOMALY_TRANSPORT_SHORT, ANOMALY_TCP_OFFSET,
		ANOMALY_IP_HEADER };

	(void)state;
	for (size_t i = 0; i < 3; i++)
		for (int is_v6 = 0; is_v6 < 2; is_v6++)
			for (uint32_t offset = 0; offset <= 8; offset += 8) {
				struct rig *r = rig_new(FRAGMENTS_FIRST, is_v6);
				struct packet p = packet_of(r, offset, true, "aaaaaaaa", 8);
				bool is_tiny = offset == 0;
				p.anomalies = ANOMALY_BIT(tiny[i]);
				assert_int_equal(put_packet(r, &p),
					is_tiny && is_v6 ? DATAGRAM_BROKEN : DATAGRAM_WAITS);
				assert_int_equal(
					r->weirds, is_tiny ? WEIRD_BIT(WEIRD_FRAGMENT_TINY) : 0);
				rig_free(r);
			}
}

static void
the_last_few_bytes_are_compared_as_well(void **state)
{
	(void)state;
	for (int differs = 0; differs < 2; differs++) {
		struct rig *r = rig_new(FRAGMENTS_FIRST, false);
		(void)put(r, 8, false, "abc", 3);
		assert_int_equal(put(r, 8, false, differs ? "abd" : "abc", 3), DATAGRAM_WAITS);
		assert_int_equal(r->weirds, differs ? WEIRD_BIT(WEIRD_FRAGMENT_DIFFERENT) : 0);
		rig_free(r);
	}
}

/* A page is wanted once, and a header by the first part only. */
static void
pages_are_wanted_where_none_is(void **state)
{
	static const uint8_t bytes[3 * DATAGRAM_PAGE];
	struct rig *r = rig_new(FRAGMENTS_FIRST, false);
	struct packet p = packet_of(r, DATAGRAM_PAGE - 8, true, bytes, 16);

	(void)state;
	assert_int_equal(datagram_pages_wanted(&r->d, &p.fragment), 2);
	(void)put_packet(r, &p);
	assert_int_equal(r->pages.used, 2);
	assert_int_equal(datagram_pages_wanted(&r->d, &p.fragment), 0);
	p = packet_of(r, 0, true, bytes, DATAGRAM_PAGE);
	assert_int_equal(datagram_pages_wanted(&r->d, &p.fragment), 1);
	p = packet_of(r, 0, true, bytes, DATAGRAM_PAGE * 3);
	assert_int_equal(datagram_pages_wanted(&r->d, &p.fragment), 2);
	(void)put_packet(r, &p);
	assert_int_equal(r->pages.used, 4);
	p = packet_of(r, 65528, true, bytes, 16); /* past all that there can be */
	assert_int_equal(datagram_pages_wanted(&r->d, &p.fragment), 1);
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_overlaps_end_as_in_the_naive_models),
		cmocka_unit_test(two_parts_make_a_whole_in_any_order),
		cmocka_unit_test(it_is_whole_when_the_last_byte_is_here),
		cmocka_unit_test(the_whole_has_a_header_that_was_never_in_parts),
		cmocka_unit_test(whose_header_it_is_goes_by_the_policy),
		cmocka_unit_test(ends_that_disagree_break_it),
		cmocka_unit_test(a_part_without_bytes_or_with_half_a_unit_in_the_middle_breaks_it),
		cmocka_unit_test(no_datagram_is_longer_than_its_length_field_can_say),
		cmocka_unit_test(a_long_first_header_may_make_it_too_long_at_the_end),
		cmocka_unit_test(headers_that_nobody_needs_break_it),
		cmocka_unit_test(a_tiny_first_part_is_reported_and_breaks_ipv6),
		cmocka_unit_test(the_last_few_bytes_are_compared_as_well),
		cmocka_unit_test(pages_are_wanted_where_none_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
