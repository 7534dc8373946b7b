/*
 * fuzz_feed.c -- any bytes as a list of indicators.
 *
 * Read whole and in slices, the same is taken; what is taken counts in the first pass, finds room in the second, and
 * is found afterwards.
 */
#include "daemon/feeds/feed.h"
#include "daemon/feeds/feed_gate.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { INPUT_MOST = 24 << 10, ROOM = 8 << 20 };

struct pass {
	struct feed_gate gate;
	struct intel_room room;
	struct intel_build *build; /* in the second pass */
	uint64_t hash;             /* of what was taken */
};

static void
mix(struct pass *p, const void *bytes, size_t length)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < length; i++)
		p->hash = (p->hash ^ at[i]) * UINT64_C(1099511628211);
}

static void
check(const struct intel_indicator *what)
{
	assert(what->level < THREAT_COUNT && what->type < INTEL_TYPE_COUNT);
	assert(what->description.length <= FEED_OBJECT_MAX);
	assert(what->type != INTEL_NETWORK || cidr_contains(&what->network, &what->network.base));
	assert(what->type != INTEL_NAME || memchr(what->text.at, '\0', what->text.length) == NULL);
}

static enum feed_refusal
take(void *user, const struct intel_indicator *what)
{
	struct pass *p = user;
	bool is_taken;
	enum feed_refusal refusal = feed_gate_check(&p->gate, what, &is_taken);

	check(what);
	if (refusal != FEED_ACCEPTED || !is_taken)
		return refusal;
	mix(p, &what->type, sizeof(what->type));
	mix(p, what->description.at, what->description.length);
	mix(p, what->tag.at, what->tag.length);
	if (p->build == NULL) {
		bool is_counted = intel_room_add(&p->room, what);
		assert(is_counted);
		return FEED_ACCEPTED;
	}
	return intel_build_add(p->build, 0, what) == 0 ? FEED_ACCEPTED : FEED_TOO_LARGE;
}

static enum feed_refusal
read_pass(struct pass *p, const char *text, size_t length, size_t slice, struct feed_stats *ret)
{
	const struct feed_plan plan = { .level = THREAT_MEDIUM, .take = take, .user = p };
	struct feed *f = feed_new(&plan);

	assert(f != NULL);
	feed_gate_init(&p->gate, NULL, 0);
	for (size_t at = 0; at < length; at += slice)
		(void)feed_read(f, text + at, length - at < slice ? length - at : slice);
	enum feed_refusal refusal = feed_end(f);
	*ret = feed_stats(f);
	feed_free(f);
	return refusal;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct hash_key key = { { 1, 2 } };
	const char *text = (const char *)bytes;
	struct pass first = { .hash = 1 };
	struct pass second = { .hash = 1 };
	struct feed_stats whole;
	struct feed_stats cut;

	if (len > INPUT_MOST)
		return 0;
	enum feed_refusal refusal = read_pass(&first, text, len, len + 1, &whole);
	assert(whole.indicators <= whole.lines * FEED_LINE_MAX);
	if (refusal == FEED_BINARY) /* told by slices: earlier or later */
		return 0;
	int result = intel_build_new(&first.room, ROOM, &key, &second.build);
	assert(result == 0 && intel_build_list(second.build, "x", LIST_MALICIOUS, false) == 0);
	assert(read_pass(&second, text, len, 1 + len / 7, &cut) == refusal);
	assert(second.hash == first.hash && memcmp(&cut, &whole, sizeof(cut)) == 0);
	struct intel *i = intel_build_done(second.build);
	assert(intel_count(i) <= first.room.count && intel_bytes(i) <= ROOM);
	intel_free(i);
	return 0;
}
