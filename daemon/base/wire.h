/*
 * wire.h -- one value, written or read: a list of fields that serves both directions.
 *
 * A `wire` either writes a value or reads it, so what is packed and what is unpacked cannot drift apart.
 * What is read is believed in nothing: what nobody writes marks the wire as bad, and something harmless
 * takes its place.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/blob.h"
#include "daemon/base/cursor.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire {
	struct blob *out;  /* writing; NULL: reading */
	struct cursor *in; /* reading */
	bool bad;          /* read what nobody writes */
};

/* Little-endian numbers. */
void wire_u8(struct wire *w, uint8_t *v);
void wire_u16(struct wire *w, uint16_t *v);
void wire_u32(struct wire *w, uint32_t *v);
void wire_u64(struct wire *w, uint64_t *v);
void wire_double(struct wire *w, double *v);

/* returns `v` when writing, and what was read when reading: one of `count` values */
unsigned wire_choice(struct wire *w, unsigned v, unsigned count);
bool wire_bool(struct wire *w, bool v);

/* An array that lies in the struct itself; and a text that does, its NUL included. */
void wire_bytes(struct wire *w, void *bytes, size_t size);
void wire_chars(struct wire *w, char *text, size_t size);

/*
 * An array that a struct points to; reading, it stays where it is, without alignment.
 *
 * count    of its items; written when reading
 * returns  the array, NULL when it was not there
 */
const void *wire_view(struct wire *w, const void *items, size_t *count, size_t item_size);
/* A text that a struct points to; "" when it was not there. */
void wire_string(struct wire *w, const char **text);

void wire_addr(struct wire *w, struct addr *a);
