#include "daemon/base/wire.h"

#include <assert.h>
#include <string.h>

static struct cursor *
source(const struct wire *w)
{
	assert(w->in != NULL);
	return w->in;
}

void
wire_u8(struct wire *w, uint8_t *v)
{
	if (w->out != NULL)
		blob_u8(w->out, *v);
	else
		*v = cursor_u8(source(w));
}

void
wire_u16(struct wire *w, uint16_t *v)
{
	if (w->out != NULL)
		blob_u16(w->out, *v);
	else
		*v = cursor_le16(source(w));
}

void
wire_u32(struct wire *w, uint32_t *v)
{
	if (w->out != NULL)
		blob_u32(w->out, *v);
	else
		*v = cursor_le32(source(w));
}

void
wire_u64(struct wire *w, uint64_t *v)
{
	if (w->out != NULL)
		blob_u64(w->out, *v);
	else
		*v = cursor_le64(source(w));
}

void
wire_double(struct wire *w, double *v)
{
	uint64_t bits = 0;

	memcpy(&bits, v, sizeof(bits));
	wire_u64(w, &bits);
	memcpy(v, &bits, sizeof(bits));
}

unsigned
wire_choice(struct wire *w, unsigned v, unsigned count)
{
	uint8_t byte = (uint8_t)v;

	wire_u8(w, &byte);
	if (byte < count)
		return byte;
	w->bad = true;
	return 0;
}

bool
wire_bool(struct wire *w, bool v)
{
	return wire_choice(w, v, 2) != 0;
}

void
wire_bytes(struct wire *w, void *bytes, size_t size)
{
	if (w->out != NULL) {
		blob_bytes(w->out, bytes, size);
		return;
	}
	const uint8_t *from = cursor_take(source(w), size);
	if (from != NULL)
		memcpy(bytes, from, size);
}

void
wire_chars(struct wire *w, char *text, size_t size)
{
	wire_bytes(w, text, size);
	if (w->out == NULL && memchr(text, '\0', size) == NULL) {
		w->bad = true;
		text[size - 1] = '\0';
	}
}

const void *
wire_view(struct wire *w, const void *items, size_t *count, size_t item_size)
{
	uint32_t n = (uint32_t)*count;

	wire_u32(w, &n);
	*count = n;
	if (w->out != NULL) {
		blob_bytes(w->out, items, n * item_size);
		return items;
	}
	if (n > cursor_left(source(w)) / item_size)
		w->bad = true;
	const void *view = w->bad ? NULL : cursor_take(source(w), n * item_size);
	if (view == NULL)
		*count = 0;
	return view;
}

void
wire_string(struct wire *w, const char **text)
{
	size_t size = w->out != NULL ? strlen(*text) + 1 : 0;
	const char *view = wire_view(w, *text, &size, 1);

	if (view == NULL || size == 0 || memchr(view, '\0', size) != view + size - 1) {
		w->bad = true;
		view = "";
	}
	*text = view;
}

void
wire_addr(struct wire *w, struct addr *a)
{
	wire_bytes(w, a->byte, sizeof(a->byte));
}
