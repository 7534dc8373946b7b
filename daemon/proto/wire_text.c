#include "daemon/proto/wire_text.h"

#include "daemon/base/strbuf.h"

#include <stdint.h>
#include <string.h>

enum {
	SURROGATE = 0xd800,     /* of a pair, the first half */
	SURROGATE_LOW = 0xdc00, /* the second */
	SURROGATE_END = 0xe000,
	REPLACEMENT = 0xfffd,
	SUPPLEMENT = 0x10000,
};

static void
byte_write(struct strbuf *out, uint8_t b)
{
	if (b == 0)
		strbuf_text(out, "\\x00");
	else
		strbuf_char(out, (char)b);
}

size_t
wire_text(char *ret_text, size_t room, struct cursor bytes)
{
	struct strbuf out;

	strbuf_init(&out, ret_text, room);
	while (cursor_left(&bytes) > 0 && !out.truncated) {
		size_t left = cursor_left(&bytes);
		size_t fits = out.capacity - 1 - out.length;
		size_t clean = strnlen((const char *)bytes.at, left < fits ? left : fits);
		strbuf_bytes(&out, (const char *)cursor_take(&bytes, clean), clean);
		if (clean < left)
			byte_write(&out, cursor_u8(&bytes));
	}
	return out.length;
}

/* One code point; only whole ones are written. */
static void
point_write(struct strbuf *out, uint32_t point)
{
	char utf8[4];
	size_t size = 0;

	if (point < 0x80) {
		byte_write(out, (uint8_t)point);
		return;
	}
	if (point < 0x800) {
		utf8[size++] = (char)(0xc0 | point >> 6);
	} else if (point < SUPPLEMENT) {
		utf8[size++] = (char)(0xe0 | point >> 12);
		utf8[size++] = (char)(0x80 | (point >> 6 & 0x3f));
	} else {
		utf8[size++] = (char)(0xf0 | point >> 18);
		utf8[size++] = (char)(0x80 | (point >> 12 & 0x3f));
		utf8[size++] = (char)(0x80 | (point >> 6 & 0x3f));
	}
	utf8[size++] = (char)(0x80 | (point & 0x3f));
	strbuf_bytes(out, utf8, size);
}

static uint32_t
point_read(struct cursor *c)
{
	uint32_t first = cursor_le16(c);
	struct cursor after = *c;
	uint32_t second = cursor_le16(&after);

	if (first < SURROGATE || first >= SURROGATE_END)
		return first;
	if (first >= SURROGATE_LOW || second < SURROGATE_LOW || second >= SURROGATE_END)
		return REPLACEMENT;
	*c = after;
	return SUPPLEMENT + ((first - SURROGATE) << 10) + (second - SURROGATE_LOW);
}

size_t
wire_text_utf16(char *ret_text, size_t room, struct cursor bytes)
{
	struct strbuf out;

	strbuf_init(&out, ret_text, room);
	while (cursor_left(&bytes) > 1 && !out.truncated)
		point_write(&out, point_read(&bytes));
	return out.length;
}
