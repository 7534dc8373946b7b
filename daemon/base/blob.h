/*
 * blob.h -- write numbers and texts into a buffer that somebody else owns; cursor.h reads them back.
 *
 * Little-endian on every machine. The first write that does not fit marks the blob with `overflow`
 * for good: that write and every later one change nothing, so there is never a hole. A struct is
 * written straight through and checked once. What may be left out is tried on a copy of the struct
 * blob, which is kept or thrown away.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct blob {
	uint8_t *bytes;
	size_t size; /* room at `bytes` */
	size_t length;
	bool overflow;
};

/* Empty, over `size` bytes at `memory`, borrowed for the blob's life. */
static inline struct blob
blob_over(void *memory, size_t size)
{
	return (struct blob){ .bytes = memory, .size = size };
}

/* Append `n` bytes that the caller fills in at once. returns where they go, or NULL on overflow */
static inline uint8_t *
blob_extend(struct blob *b, size_t n)
{
	if (b->overflow || n > b->size - b->length) {
		b->overflow = true;
		return NULL;
	}
	uint8_t *here = b->bytes + b->length;
	b->length += n;
	return here;
}

static inline void
blob_bytes(struct blob *b, const void *bytes, size_t n)
{
	uint8_t *at = blob_extend(b, n);

	if (at != NULL && n > 0)
		memcpy(at, bytes, n);
}

/* The lower `n` (1 .. 8) bytes of a number, the lowest first. */
static inline void
blob_number(struct blob *b, uint64_t value, unsigned n)
{
	uint8_t *at = blob_extend(b, n);

	for (unsigned i = 0; at != NULL && i < n; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static inline void
blob_u8(struct blob *b, uint8_t value)
{
	blob_number(b, value, 1);
}

static inline void
blob_u16(struct blob *b, uint16_t value)
{
	blob_number(b, value, 2);
}

static inline void
blob_u32(struct blob *b, uint32_t value)
{
	blob_number(b, value, 4);
}

static inline void
blob_u64(struct blob *b, uint64_t value)
{
	blob_number(b, value, 8);
}

/* Bit for bit: what is read back is equal, a NaN too. */
static inline void
blob_f64(struct blob *b, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	blob_u64(b, bits);
}

/* Its length in two bytes, the text, its NUL: a reader uses it where it lies. Above 65535 bytes it overflows. */
static inline void
blob_text(struct blob *b, const char *text)
{
	size_t length = strlen(text);
	uint8_t *at = length > UINT16_MAX ? NULL : blob_extend(b, 2 + length + 1);

	if (at == NULL) {
		b->overflow = true;
		return;
	}
	at[0] = (uint8_t)length;
	at[1] = (uint8_t)(length >> 8);
	memcpy(at + 2, text, length + 1);
}
