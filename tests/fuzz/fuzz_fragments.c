/*
 * fuzz_fragments.c -- any fragments in any order, into a table with little room.
 *
 * Byte 0 chooses policy, version and room. Then four bytes a fragment: what it is (bit 0 more to come, bits
 * 1 and 2 the id, bit 3 that half a minute passes before it, bits 4 to 6 what it is filled with, bit 7 half a
 * unit less), its offset (two) and its length, both in units. What comes out must be made of
 * bytes that were sent for that place, in a header that says how long it is; and nothing may be kept
 * that is not counted.
 */
#include "daemon/reassembly/fragments.h"

#include "daemon/base/time_text.h"
#include "daemon/reassembly/datagram.h"
#include "tests/support/failing_alloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { IDS = 4, UNITS = 8192, TIMEOUT_S = 30, FRAGMENTS_MAX = 100 };

struct play {
	struct fragments *f;
	uint64_t now_ns;
	uint8_t version;
	uint8_t sent[IDS][UNITS]; /* bit n: bytes of value n were sent for this unit */
};

/* `whole` is a datagram of `id`. */
static void
check_whole(const struct play *p, unsigned id, struct cursor whole, size_t header)
{
	size_t len = cursor_left(&whole);
	const uint8_t *at = whole.at;

	assert(len <= DATAGRAM_MAX + 40 && at[0] >> 4 == p->version);
	if (p->version == 4)
		assert((size_t)(at[2] << 8 | at[3]) == len && at[6] == 0 && at[7] == 0);
	else
		assert((size_t)(at[4] << 8 | at[5]) + 40 == len && at[6] == 17);
	/* The header of the first part, whichever it was, was as long as that of any. */
	for (size_t i = header; i < len; i++)
		assert((p->sent[id][(i - header) / 8] & 1U << (at[i] & 7)) != 0);
}

static void
check_stats(const struct play *p)
{
	struct fragments_stats s = fragments_stats(p->f);

	assert(s.waiting <= s.capacity && s.pages <= s.pages_capacity);
	assert(s.waiting <= s.fragments && (s.waiting > 0 || s.pages == 0));
	assert(s.whole + s.incomplete + s.broken + s.evicted + s.waiting <= s.fragments);
}

/* One fragment, as the four bytes at `c` say. */
static void
put(struct play *p, struct cursor *c, const uint8_t *header, size_t header_bytes)
{
	static uint8_t data[UINT8_MAX * 8];
	uint8_t what = cursor_u8(c);
	uint16_t offset = (uint16_t)((cursor_be16(c) & 0x1fff) * 8);
	uint32_t length = cursor_u8(c) * 8U;
	unsigned id = what >> 1 & 3;
	uint8_t fill = what >> 4 & 7;
	uint64_t weirds;

	if ((what & 8) != 0)
		p->now_ns += TIMEOUT_S * NS_PER_S;
	if ((what & 0x80) != 0 && length >= 8)
		length -= 4;
	memset(data, fill, length);
	for (uint32_t unit = offset / 8; unit < UNITS && unit * 8 < offset + length; unit++)
		p->sent[id][unit] |= (uint8_t)(1U << fill);
	struct packet packet = { .fragment = { .id = id,
					 .offset = offset,
					 .next_at = p->version == 6 ? 6 : 0,
					 .more = (what & 1) != 0,
					 .ip_version = p->version,
					 .ip_proto = 17,
					 .data_bytes = length,
					 .header = cursor_over(header, header_bytes),
					 .data = cursor_over(data, length) } };
	assert(!fragments_wants(&packet));
	packet.anomalies = ANOMALY_BIT(ANOMALY_FRAGMENT);
	assert(fragments_wants(&packet));
	struct cursor whole = fragments_put(p->f, &packet, p->now_ns, &weirds);
	if (cursor_left(&whole) > 0)
		check_whole(p, id, whole, header_bytes);
	check_stats(p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct play p;
	static uint8_t header[DATAGRAM_HEADER_MAX];
	struct cursor c = cursor_over(bytes, len);
	uint8_t first = cursor_u8(&c);

	memset(&p, 0, sizeof(p));
	p.version = (first & 4) != 0 ? 6 : 4;
	header[0] = (uint8_t)(p.version << 4);
	header[6] = 44;
	const struct fragments_plan plan = {
		.bytes = (first & 8) != 0 ? (uint64_t)1 << 20 : (uint64_t)80 * 1024,
		.policy = (enum fragments_policy)(first & 3),
		.timeout_ns = TIMEOUT_S * NS_PER_S,
		.hash_key = { { 1, 2 } },
	};
	uint32_t seed = failing_alloc_seed(bytes, len);
	failing_alloc_begin(seed);
	p.f = fragments_new(&plan);
	(void)failing_alloc_end();
	if (p.f == NULL && seed != 0) /* as it may be: once more */
		p.f = fragments_new(&plan);
	if (p.f == NULL)
		abort();
	failing_alloc_begin(1);
	for (unsigned i = 0; i < FRAGMENTS_MAX && cursor_left(&c) >= 4; i++)
		put(&p, &c, header, p.version == 4 ? 20 : 40);
	fragments_expire(p.f, UINT64_MAX);
	assert(failing_alloc_end() == 0);
	assert(fragments_stats(p.f).waiting == 0 && fragments_stats(p.f).pages == 0);
	fragments_free(p.f);
	return 0;
}
