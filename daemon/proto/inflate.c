/*
 * inflate.c -- deflate, read bit by bit (RFC 1951).
 *
 * Codes are found by counting: for each length the first code and the index of its first symbol
 * (section 3.2.2). That is slow beside a table, and what is unpacked here is short. A stream that is cut,
 * damaged or no such stream ends where it stops making sense: what was unpacked until then is the answer.
 */
#include "daemon/proto/inflate.h"

#include <stdbool.h>

enum {
	CODE_BITS_MAX = 15,
	LITERAL_CODES = 288,
	DISTANCE_CODES = 32,
	LENGTH_CODES = 19,
	END_OF_BLOCK = 256,
	FIRST_LENGTH = 257,
	LENGTHS_KNOWN = 29,
	DISTANCES_KNOWN = 30,
};

struct bits {
	struct cursor from;
	uint32_t held;
	unsigned count;
	bool is_over; /* the input ended: bits that are not there are zeros */
};

struct output {
	uint8_t *bytes;
	size_t used, size;
};

/* A canonical code: how many codes each length has, and the symbols in their order. */
struct code {
	uint16_t count[CODE_BITS_MAX + 1];
	uint16_t symbol[LITERAL_CODES];
};

static unsigned
bits_take(struct bits *b, unsigned count)
{
	while (b->count < count) {
		b->held |= (uint32_t)cursor_u8(&b->from) << b->count;
		b->count += 8;
		b->is_over |= b->from.short_read;
	}
	unsigned value = b->held & ((1U << count) - 1);
	b->held >>= count;
	b->count -= count;
	return value;
}

static void
code_make(struct code *c, const uint8_t *lengths, size_t symbols)
{
	uint16_t next[CODE_BITS_MAX + 2] = { 0 };

	*c = (struct code){ 0 };
	for (size_t i = 0; i < symbols; i++)
		c->count[lengths[i]]++;
	c->count[0] = 0;
	for (unsigned bits = 1; bits <= CODE_BITS_MAX; bits++)
		next[bits + 1] = (uint16_t)(next[bits] + c->count[bits]);
	for (size_t i = 0; i < symbols; i++)
		if (lengths[i] != 0)
			c->symbol[next[lengths[i]]++] = (uint16_t)i;
}

/* returns a symbol, or -1 when no code begins like that */
static int
code_read(const struct code *c, struct bits *b)
{
	unsigned code = 0;
	unsigned first = 0;
	unsigned index = 0;

	for (unsigned bits = 1; bits <= CODE_BITS_MAX; bits++) {
		code = code << 1 | bits_take(b, 1);
		if (code < first + c->count[bits])
			return c->symbol[index + code - first];
		index += c->count[bits];
		first = (first + c->count[bits]) << 1;
	}
	return -1;
}

static bool
output_add(struct output *o, uint8_t byte)
{
	if (o->used == o->size)
		return false;
	o->bytes[o->used++] = byte;
	return true;
}

/* Repeat what was unpacked `distance` bytes ago. returns false when it is over */
static bool
output_repeat(struct output *o, size_t distance, size_t length)
{
	if (distance > o->used)
		return false;
	while (length-- > 0)
		if (!output_add(o, o->bytes[o->used - distance]))
			return false;
	return true;
}

/* The length that a symbol and the bits behind it say (section 3.2.5). */
static size_t
length_read(struct bits *b, unsigned symbol)
{
	static const uint16_t base[LENGTHS_KNOWN] = { 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19,
		23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258 };
	unsigned extra = symbol < 8 || symbol == LENGTHS_KNOWN - 1 ? 0 : symbol / 4 - 1;

	return base[symbol] + bits_take(b, extra);
}

static size_t
distance_read(struct bits *b, unsigned symbol)
{
	unsigned extra = symbol < 4 ? 0 : symbol / 2 - 1;
	size_t base = symbol < 4 ? symbol + 1 : ((size_t)(2 + symbol % 2) << extra) + 1;

	return base + bits_take(b, extra);
}

/* One block's data. returns false when there is nothing behind it that could be read */
static bool
block_read(
	struct bits *b, const struct code *literals, const struct code *distances, struct output *o)
{
	while (!b->is_over) {
		int symbol = code_read(literals, b);
		if (b->is_over || symbol < 0)
			return false;
		if (symbol == END_OF_BLOCK)
			return true;
		if (symbol < END_OF_BLOCK) {
			if (!output_add(o, (uint8_t)symbol))
				return false;
			continue;
		}
		if (symbol >= FIRST_LENGTH + LENGTHS_KNOWN)
			return false;
		size_t length = length_read(b, (unsigned)symbol - FIRST_LENGTH);
		int far = code_read(distances, b);
		if (far < 0 || far >= DISTANCES_KNOWN)
			return false;
		size_t distance = distance_read(b, (unsigned)far);
		if (b->is_over || !output_repeat(o, distance, length))
			return false;
	}
	return false;
}

static void
codes_fixed(struct code *literals, struct code *distances)
{
	uint8_t lengths[LITERAL_CODES];

	for (unsigned i = 0; i < LITERAL_CODES; i++)
		lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	code_make(literals, lengths, LITERAL_CODES);
	for (unsigned i = 0; i < DISTANCE_CODES; i++)
		lengths[i] = 5;
	code_make(distances, lengths, DISTANCE_CODES);
}

/* The codes of a block that brings its own (section 3.2.7). returns false when they make no sense */
static bool
codes_read(struct bits *b, struct code *literals, struct code *distances)
{
	static const uint8_t order[LENGTH_CODES] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3,
		13, 2, 14, 1, 15 };
	uint8_t lengths[LITERAL_CODES + DISTANCE_CODES] = { 0 };
	unsigned literal_count = bits_take(b, 5) + FIRST_LENGTH;
	unsigned distance_count = bits_take(b, 5) + 1;
	unsigned length_count = bits_take(b, 4) + 4;

	for (unsigned i = 0; i < length_count; i++)
		lengths[order[i]] = (uint8_t)bits_take(b, 3);
	code_make(literals, lengths, LENGTH_CODES);
	for (unsigned i = 0; i < LENGTH_CODES; i++)
		lengths[i] = 0;
	for (unsigned i = 0; i < literal_count + distance_count;) {
		int symbol = code_read(literals, b);
		unsigned times = 1;
		unsigned value = 0;
		if (b->is_over || symbol < 0 || (symbol == 16 && i == 0))
			return false;
		if (symbol < 16) {
			value = (unsigned)symbol;
		} else if (symbol == 16) {
			times = 3 + bits_take(b, 2);
			value = lengths[i - 1];
		} else {
			times = symbol == 17 ? 3 + bits_take(b, 3) : 11 + bits_take(b, 7);
		}
		while (times-- > 0 && i < literal_count + distance_count)
			lengths[i++] = (uint8_t)value;
	}
	if (literal_count > LITERAL_CODES - 2 || distance_count > DISTANCES_KNOWN)
		return false;
	code_make(distances, lengths + literal_count, distance_count);
	code_make(literals, lengths, literal_count);
	return true;
}

/* A block that was not compressed. returns false when there is nothing behind it that could be read */
static bool
stored_read(struct bits *b, struct output *o)
{
	b->held = 0; /* the rest of the byte; whole bytes are never held here */
	b->count = 0;
	uint16_t size = cursor_le16(&b->from);
	(void)cursor_le16(&b->from);
	for (; size > 0; size--) {
		uint8_t byte = cursor_u8(&b->from);
		if (b->from.short_read || !output_add(o, byte))
			return false;
	}
	return !b->from.short_read;
}

static void
deflate_read(struct cursor packed, struct output *o)
{
	struct bits b = { .from = packed };
	struct code literals;
	struct code distances;
	bool is_last = false;
	bool goes_on = true;

	while (goes_on && !is_last && !b.is_over) {
		is_last = bits_take(&b, 1) != 0;
		switch (bits_take(&b, 2)) {
		case 0:
			goes_on = stored_read(&b, o);
			break;
		case 1:
			codes_fixed(&literals, &distances);
			goes_on = block_read(&b, &literals, &distances, o);
			break;
		case 2:
			goes_on = codes_read(&b, &literals, &distances) &&
				  block_read(&b, &literals, &distances, o);
			break;
		default:
			return;
		}
	}
}

/* Move past a gzip member's header (RFC 1952 section 2.3). returns false when there is none */
static bool
gzip_skip(struct cursor *c)
{
	enum {
		MAGIC = 0x1f8b,
		DEFLATE = 8,
		HAS_CHECK = 2,
		HAS_EXTRA = 4,
		HAS_NAME = 8,
		HAS_COMMENT = 16
	};

	if (cursor_be16(c) != MAGIC || cursor_u8(c) != DEFLATE)
		return false;
	uint8_t flags = cursor_u8(c);
	(void)cursor_take(c, 6); /* time, how hard it was tried, system */
	if ((flags & HAS_EXTRA) != 0)
		(void)cursor_take(c, cursor_le16(c));
	for (unsigned text = HAS_NAME; text <= HAS_COMMENT; text <<= 1)
		while ((flags & text) != 0 && cursor_u8(c) != 0)
			continue;
	if ((flags & HAS_CHECK) != 0)
		(void)cursor_take(c, 2);
	return !c->short_read;
}

/* The same for a zlib stream (RFC 1950 section 2.2). */
static bool
zlib_skip(struct cursor *c)
{
	uint16_t head = cursor_be16(c);

	return !c->short_read && head % 31 == 0 && (head >> 8 & 15) == 8 && (head & 0x20) == 0;
}

size_t
inflate_head(struct cursor packed, uint8_t *ret_bytes, size_t size)
{
	struct output o = { .size = size };
	struct cursor c = packed;

	o.bytes = ret_bytes;
	if (!gzip_skip(&c)) {
		c = packed;
		if (!zlib_skip(&c))
			c = packed; /* some servers send bare deflate as "deflate" */
	}
	deflate_read(c, &o);
	return o.used;
}
