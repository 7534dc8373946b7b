#include "daemon/proto/ber.h"

enum { LENGTH_LONG = 0x80, LENGTH_BYTES_MAX = 4, TAG_MANY_BYTES = 0x1f };

bool
ber_read(struct cursor *c, struct ber *ret_value)
{
	struct cursor at = *c;
	uint8_t tag = cursor_u8(&at);
	uint32_t size = cursor_u8(&at);

	if (at.short_read || (tag & TAG_MANY_BYTES) == TAG_MANY_BYTES)
		return false;
	if (size >= LENGTH_LONG) {
		unsigned bytes = size - LENGTH_LONG;
		if (bytes == 0 || bytes > LENGTH_BYTES_MAX)
			return false;
		size = 0;
		for (unsigned i = 0; i < bytes; i++)
			size = size << 8 | cursor_u8(&at);
		if (at.short_read)
			return false;
	}
	size_t left = cursor_left(&at);
	ret_value->tag = tag;
	ret_value->size = size;
	ret_value->value = cursor_sub(&at, size < left ? size : left);
	*c = at;
	return true;
}

bool
ber_read_tag(struct cursor *c, uint8_t tag, struct ber *ret_value)
{
	struct cursor at = *c;

	if (!ber_read(&at, ret_value) || ret_value->tag != tag)
		return false;
	*c = at;
	return true;
}

int32_t
ber_number(const struct ber *b)
{
	struct cursor c = b->value;
	size_t size = cursor_left(&c);

	if (size == 0 || size > 4 || size != b->size)
		return 0;
	uint32_t value = (*c.at & 0x80) != 0 ? UINT32_MAX : 0;
	while (cursor_left(&c) > 0)
		value = value << 8 | cursor_u8(&c);
	return (int32_t)value;
}
