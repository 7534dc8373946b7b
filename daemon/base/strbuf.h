/*
 * strbuf.h -- build one line of text in a buffer that somebody else owns.
 *
 * The first append that does not fit marks the buffer `truncated` for good and changes nothing;
 * a line is written straight through and checked once. The text is always NUL-terminated.
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

void strbuf_char(struct strbuf *b, char c);
void strbuf_bytes(struct strbuf *b, const char *bytes, size_t length);
void strbuf_text(struct strbuf *b, const char *text);
void strbuf_u64(struct strbuf *b, uint64_t value);
void strbuf_i64(struct strbuf *b, int64_t value);
/* `value` in decimal, filled up with zeros to at least `width` (1 .. 20) digits. */
void strbuf_u64_padded(struct strbuf *b, uint64_t value, unsigned width);
/* `value` with `decimals` (0 .. 9) digits after the point, rounded half away from zero; |value| < 2^53. */
void strbuf_double(struct strbuf *b, double value, unsigned decimals);
/* Slow; for text that people read, never on the packet path. */
void strbuf_printf(struct strbuf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
