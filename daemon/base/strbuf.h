/*
 * strbuf.h -- build one line of text in a buffer that somebody else owns.
 *
 * The first append that does not fit marks the buffer `truncated` for good: that append and every
 * later one, short ones too, change nothing, so the text never has a hole. A line
 * is written straight through and checked once. The text is always NUL-terminated.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct strbuf {
	char *text;
	size_t length;
	size_t capacity; /* bytes at `text`, the NUL included */
	bool truncated;
};

/* Start empty over `capacity` (> 0) bytes at `memory`, borrowed for the buffer's life. */
void strbuf_init(struct strbuf *b, char *memory, size_t capacity);
/* Empty it again; what was truncated is forgotten. */
void strbuf_reset(struct strbuf *b);

/*
 * Append `length` bytes that the caller fills in at once.
 *
 * returns  where they go, or NULL when they do not fit or something before them did not
 */
static inline char *
strbuf_extend(struct strbuf *b, size_t length)
{
	if (b->truncated || length >= b->capacity - b->length) {
		b->truncated = true;
		return NULL;
	}
	char *here = b->text + b->length;
	b->length += length;
	b->text[b->length] = '\0';
	return here;
}

void strbuf_char(struct strbuf *b, char c);
void strbuf_bytes(struct strbuf *b, const char *bytes, size_t length);
void strbuf_text(struct strbuf *b, const char *text);
void strbuf_u64(struct strbuf *b, uint64_t value);
void strbuf_i64(struct strbuf *b, int64_t value);
/* `value` in decimal, filled up with zeros to at least `width` (1 .. 20) digits. */
void strbuf_u64_padded(struct strbuf *b, uint64_t value, unsigned width);
/*
 * `value` with `decimals` (0 .. 9) digits after the point, rounded half away from zero, without the
 * sign of a zero. Fast below 2^63; beyond that, and for NaN and infinities, what printf() writes.
 */
void strbuf_double(struct strbuf *b, double value, unsigned decimals);
/* "12 hosts", "1 host": `unit` is in the plural, or no word that has one ("s", "pkt"). */
void strbuf_quantity(struct strbuf *b, uint64_t count, const char *unit);
/* Slow; for text that people read, never on the packet path. */
void strbuf_printf(struct strbuf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
