/* tcp_options.c -- kind, length, value (RFC 9293 section 3.1). */
#include "daemon/decode/tcp_options.h"

enum {
	OFFSET_AT = 12,
	URGENT_AT = 18,
	HEADER_MIN = 20,
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_WINDOW_SCALE = 3,
	OPTION_TIMESTAMP = 8,
	OPTION_MD5 = 19,
	OPTION_AO = 29,
};

/* The options as captured; empty when there are none, or the header is not whole. */
static struct cursor
options_of(const struct packet *p)
{
	struct cursor c = p->transport;

	(void)cursor_take(&c, OFFSET_AT);
	size_t header_bytes = (size_t)(cursor_u8(&c) >> 4) * 4;
	(void)cursor_take(&c, HEADER_MIN - OFFSET_AT - 1);
	if (c.short_read || header_bytes < HEADER_MIN)
		return (struct cursor){ 0 };
	return cursor_sub(&c, header_bytes - HEADER_MIN);
}

static void
option_note(struct tcp_options *o, uint8_t kind, struct cursor value)
{
	size_t size = cursor_left(&value);

	if (kind == OPTION_WINDOW_SCALE && size == 1) {
		uint8_t scale = cursor_u8(&value);
		o->has_window_scale = true;
		o->window_scale = scale < TCP_WINDOW_SCALE_MAX ? scale : TCP_WINDOW_SCALE_MAX;
	} else if (kind == OPTION_TIMESTAMP && size == 8) {
		o->has_timestamp = true;
		o->timestamp = cursor_be32(&value);
	} else if (kind == OPTION_MD5 || kind == OPTION_AO) {
		o->has_signature = true;
	}
}

struct tcp_options
tcp_options_read(const struct packet *p)
{
	struct tcp_options o = { 0 };

	for (struct cursor c = options_of(p); cursor_left(&c) > 0;) {
		uint8_t kind = cursor_u8(&c);
		if (kind == OPTION_END)
			break;
		if (kind == OPTION_NOP)
			continue;
		uint8_t size = cursor_u8(&c);
		if (size < 2)
			break;
		struct cursor value = cursor_sub(&c, size - 2);
		if (value.short_read)
			break;
		option_note(&o, kind, value);
	}
	return o;
}

uint16_t
tcp_urgent(const struct packet *p)
{
	struct cursor c = p->transport;

	if ((p->tcp_flags & TCP_URG) == 0)
		return 0;
	(void)cursor_take(&c, URGENT_AT);
	return cursor_be16(&c);
}
