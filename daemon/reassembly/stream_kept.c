#include "daemon/reassembly/stream_kept.h"

#include "daemon/flow/flow_stream.h"

#include <stddef.h>
#include <string.h>

enum { WORD_BITS = 64, WORDS = STREAM_BLOCK_BYTES / WORD_BITS };

struct stream_block {
	struct stream_block *next;
	uint32_t seq; /* of its first byte */
	uint64_t have[WORDS];
	uint8_t bytes[STREAM_BLOCK_BYTES];
};

/* Bits `from` up to, not with, `to`. */
static uint64_t
bits(uint32_t from, uint32_t to)
{
	uint64_t below = to == WORD_BITS ? UINT64_MAX : (UINT64_C(1) << to) - 1;

	return below & (UINT64_MAX << from);
}

/* The first byte whose bit is in the word behind that of `at`. */
static uint32_t
next_word(uint32_t at)
{
	return at - at % WORD_BITS + WORD_BITS;
}

static uint32_t
smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

void
stream_kept_init(struct stream_kept *k, uint32_t seq)
{
	*k = (struct stream_kept){ .base = seq, .end = seq };
}

void
stream_kept_done(struct stream_kept *k, struct buddy *memory)
{
	for (struct stream_block *b; (b = k->first) != NULL;) {
		k->first = b->next;
		buddy_give(memory, b, sizeof(*b));
	}
	stream_kept_init(k, k->end);
}

/* The first block that ends after `seq`. */
static struct stream_block *
block_from(const struct stream_kept *k, uint32_t seq)
{
	struct stream_block *b = k->first;

	if (k->last != NULL && !seq_is_before(seq, k->last->seq))
		b = k->last;
	while (b != NULL && !seq_is_before(seq, b->seq + STREAM_BLOCK_BYTES))
		b = b->next;
	return b;
}

/* The block that `seq` belongs into, made if it is not there. */
static struct stream_block *
block_for(struct stream_kept *k, struct buddy *memory, uint32_t seq, enum stream_put *ret_why)
{
	uint32_t start = seq - (seq - k->base) % STREAM_BLOCK_BYTES;
	struct stream_block **link = &k->first;

	if (k->last != NULL && k->last->seq == start)
		return k->last;
	if (k->last != NULL && seq_is_before(k->last->seq, start))
		link = &k->last->next;
	while (*link != NULL && seq_is_before((*link)->seq, start))
		link = &(*link)->next;
	if (*link != NULL && (*link)->seq == start)
		return *link;

	*ret_why = k->count == STREAM_BLOCKS_MAX ? STREAM_PUT_FULL : STREAM_PUT_NO_MEMORY;
	struct stream_block *b =
		k->count == STREAM_BLOCKS_MAX ? NULL : buddy_take(memory, sizeof(*b));
	if (b == NULL)
		return NULL;
	memset(b, 0, offsetof(struct stream_block, bytes));
	b->seq = start;
	b->next = *link;
	*link = b;
	if (b->next == NULL)
		k->last = b;
	k->count++;
	return b;
}

/* Is one of these bytes, which lie in one word of `b`, there with another value? */
static bool
word_differs(const struct stream_block *b, uint32_t at, const uint8_t *bytes, uint32_t size)
{
	uint64_t have = b->have[at / WORD_BITS] >> at % WORD_BITS;

	if ((have & bits(0, size)) == bits(0, size))
		return memcmp(&b->bytes[at], bytes, size) != 0;
	for (uint32_t i = 0; i < size; i++)
		if ((have >> i & 1) != 0 && b->bytes[at + i] != bytes[i])
			return true;
	return false;
}

static void
word_put(struct stream_block *b, uint32_t at, const uint8_t *bytes, uint32_t size, bool replace)
{
	uint64_t mask = bits(at % WORD_BITS, at % WORD_BITS + size);
	uint64_t *have = &b->have[at / WORD_BITS];

	if (!replace && (*have & mask) == mask)
		return;
	if (replace || (*have & mask) == 0) {
		memcpy(&b->bytes[at], bytes, size);
	} else {
		for (uint32_t i = 0; i < size; i++)
			if ((*have >> (at % WORD_BITS + i) & 1) == 0)
				b->bytes[at + i] = bytes[i];
	}
	*have |= mask;
}

/* The bits of the word of `at` that stand for bytes before `to`. */
static uint64_t
word_mask(uint32_t at, uint32_t to)
{
	return bits(at % WORD_BITS, smaller(WORD_BITS, to - at + at % WORD_BITS));
}

/* The usual case: none of them is there. returns false, and nothing happened, when some are */
static bool
put_new(struct stream_block *b, uint32_t at, struct cursor bytes)
{
	uint32_t to = at + stream_left(&bytes);
	uint32_t first = at / WORD_BITS;
	uint32_t last = (to - 1) / WORD_BITS;
	uint64_t head = word_mask(at, to);
	uint64_t tail = bits(0, to - last * WORD_BITS);
	uint64_t there = b->have[first] & head;

	/* What lies between the two is whole words: the compiler takes several at once. */
	for (uint32_t i = first + 1; i < last; i++)
		there |= b->have[i];
	if (last > first)
		there |= b->have[last] & tail;
	if (there != 0)
		return false;
	b->have[first] |= head;
	for (uint32_t i = first + 1; i < last; i++)
		b->have[i] = UINT64_MAX;
	if (last > first)
		b->have[last] |= tail;
	cursor_bytes(&bytes, &b->bytes[at], to - at);
	return true;
}

/* Word by word, where some may be there already. */
static void
put_over(
	struct stream_block *b, uint32_t at, struct cursor bytes, bool replace, bool *ret_different)
{
	for (uint32_t size; (size = stream_left(&bytes)) > 0;) {
		uint32_t n = smaller(next_word(at) - at, size);
		const uint8_t *piece = cursor_take(&bytes, n);
		*ret_different |= word_differs(b, at, piece, n);
		word_put(b, at, piece, n, replace);
		at += n;
	}
}

enum stream_put
stream_kept_put(struct stream_kept *k, struct buddy *memory, uint32_t seq, struct cursor bytes,
	bool replace, bool *ret_different)
{
	for (uint32_t size; (size = stream_left(&bytes)) > 0;) {
		enum stream_put why;
		struct stream_block *b = block_for(k, memory, seq, &why);
		if (b == NULL)
			return why;
		uint32_t at = seq - b->seq;
		struct cursor piece = cursor_sub(&bytes, smaller(STREAM_BLOCK_BYTES - at, size));
		seq += stream_left(&piece);
		if (!put_new(b, at, piece))
			put_over(b, at, piece, replace, ret_different);
		if (seq_is_before(k->end, seq))
			k->end = seq;
	}
	return STREAM_PUT_ALL;
}

bool
stream_kept_differs(const struct stream_kept *k, uint32_t seq, struct cursor bytes)
{
	for (const struct stream_block *b = block_from(k, seq); b != NULL; b = b->next) {
		if (seq_is_before(seq, b->seq)) {
			uint32_t gap = smaller(b->seq - seq, stream_left(&bytes));
			(void)cursor_take(&bytes, gap);
			seq += gap;
		}
		for (uint32_t at = seq - b->seq; at < STREAM_BLOCK_BYTES;) {
			uint32_t n = smaller(next_word(at) - at, stream_left(&bytes));
			if (n == 0)
				return false;
			if (word_differs(b, at, cursor_take(&bytes, n), n))
				return true;
			at += n;
			seq += n;
		}
	}
	return false;
}

struct cursor
stream_kept_run(const struct stream_kept *k, uint32_t seq, uint32_t limit)
{
	const struct stream_block *b = block_from(k, seq);

	if (b == NULL || seq_is_before(seq, b->seq) || !seq_is_before(seq, limit))
		return (struct cursor){ 0 };
	uint32_t from = seq - b->seq;
	uint32_t most = smaller(STREAM_BLOCK_BYTES, from + (limit - seq));
	uint32_t to = from;
	while (to < most) {
		uint64_t missing = ~b->have[to / WORD_BITS] >> to % WORD_BITS;
		if (missing != 0) {
			to += (uint32_t)__builtin_ctzll(missing);
			break;
		}
		to = next_word(to);
	}
	return cursor_over(&b->bytes[from], smaller(to, most) - from);
}

uint32_t
stream_kept_next(const struct stream_kept *k, uint32_t seq, uint32_t limit)
{
	for (const struct stream_block *b = block_from(k, seq); b != NULL; b = b->next) {
		uint32_t at = seq_is_before(seq, b->seq) ? 0 : seq - b->seq;
		while (at < STREAM_BLOCK_BYTES) {
			uint64_t have = b->have[at / WORD_BITS] >> at % WORD_BITS;
			if (have != 0) {
				uint32_t found = b->seq + at + (uint32_t)__builtin_ctzll(have);
				return seq_is_before(found, limit) ? found : limit;
			}
			at = next_word(at);
		}
	}
	return limit;
}

void
stream_kept_forget(struct stream_kept *k, struct buddy *memory, uint32_t seq)
{
	for (struct stream_block *b;
		(b = k->first) != NULL && !seq_is_before(seq, b->seq + STREAM_BLOCK_BYTES);) {
		k->first = b->next;
		if (b->next == NULL)
			k->last = NULL;
		k->count--;
		buddy_give(memory, b, sizeof(*b));
	}
	if (!seq_is_before(seq, k->base))
		k->base = seq - (seq - k->base) % STREAM_BLOCK_BYTES;
	if (seq_is_before(k->end, seq))
		k->end = seq;
}
