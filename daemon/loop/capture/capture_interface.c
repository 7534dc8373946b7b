#include "daemon/loop/capture/capture_interface.h"

#include "daemon/base/time_text.h"
#include "daemon/decode/decode.h"
#include "daemon/loop/capture/capture_link.h"

enum {
	OPTION_END = 0,
	OPTION_NAME = 2,
	OPTION_TSRESOL = 9,
	OPTION_TSOFFSET = 14,
	DECIMALS_NS = 9,
	DECIMALS_DEFAULT = 6,
};

/* In 2262: damage must not carry the clock so far that adding to a time wraps around. */
#define TIME_MAX_NS ((uint64_t)INT64_MAX)
#define SECONDS_MAX ((int64_t)(TIME_MAX_NS / NS_PER_S))

static uint16_t
u16(struct cursor *c, bool big_endian)
{
	return big_endian ? cursor_be16(c) : cursor_le16(c);
}

static void
set_resolution(struct capture_interface *i, uint8_t resolution)
{
	unsigned n = resolution & 0x7f;

	if ((resolution & 0x80) != 0) {
		i->scale = CAPTURE_SCALE_BINARY;
		i->exponent = (uint8_t)n;
		return;
	}
	i->scale = n <= DECIMALS_NS ? CAPTURE_SCALE_UP : CAPTURE_SCALE_DOWN;
	unsigned steps = n <= DECIMALS_NS ? DECIMALS_NS - n : n - DECIMALS_NS;
	i->factor = 1;
	/* 10^-29 s and finer are nonsense; dividing by the largest power gives about zero */
	for (unsigned k = 0; k < steps && i->factor <= UINT64_MAX / 10; k++)
		i->factor *= 10;
}

static void
set_offset(struct capture_interface *i, int64_t seconds)
{
	if (seconds > SECONDS_MAX)
		seconds = SECONDS_MAX;
	if (seconds < -SECONDS_MAX)
		seconds = -SECONDS_MAX;
	i->offset_ns = seconds * (int64_t)NS_PER_S;
}

/* Section 3.5: options until "end" or until they make no sense any more. */
static void
read_options(struct cursor *c, bool big_endian, struct capture_interface *i)
{
	for (;;) {
		uint16_t code = u16(c, big_endian);
		uint16_t length = u16(c, big_endian);
		struct cursor value = cursor_sub(c, length);
		(void)cursor_take(c, (4 - length % 4u) % 4);
		if (c->short_read || code == OPTION_END)
			return;
		if (code == OPTION_NAME)
			i->name = value;
		if (code == OPTION_TSRESOL && length == 1)
			set_resolution(i, cursor_u8(&value));
		if (code == OPTION_TSOFFSET && length == 8)
			set_offset(i,
				(int64_t)(big_endian ? cursor_be64(&value) : cursor_le64(&value)));
	}
}

bool
capture_interface_read(struct cursor body, bool big_endian, struct capture_interface *ret_interface)
{
	struct capture_interface i = { .factor = 1 };

	i.link = capture_link_of(u16(&body, big_endian));
	(void)cursor_take(&body, 2);
	i.snap_bytes = big_endian ? cursor_be32(&body) : cursor_le32(&body);
	if (body.short_read)
		return false;
	i.followed = decode_link_name(i.link) != NULL;
	set_resolution(&i, DECIMALS_DEFAULT);
	read_options(&body, big_endian, &i);
	*ret_interface = i;
	return true;
}

/* ns in `ticks` of 2^-n s, rounded down: 10^9 is 2^9 * 5^9, which keeps it in 64 bits. */
static uint64_t
binary_ns(uint64_t ticks, unsigned n)
{
	const uint64_t five_to_the_9th = 1953125;
	uint64_t seconds = n < 64 ? ticks >> n : 0;
	uint64_t fraction = n < 64 ? ticks & ((UINT64_C(1) << n) - 1) : ticks;

	if (seconds > (uint64_t)SECONDS_MAX)
		return TIME_MAX_NS;
	if (n > 43) { /* 43 bits of fraction are 0.1 ps */
		fraction = n - 43 < 64 ? fraction >> (n - 43) : 0;
		n = 43;
	}
	fraction *= five_to_the_9th;
	return seconds * NS_PER_S + (n >= 9 ? fraction >> (n - 9) : fraction << (9 - n));
}

uint64_t
capture_interface_ns(const struct capture_interface *i, uint64_t ticks)
{
	uint64_t ns;

	switch (i->scale) {
	case CAPTURE_SCALE_UP:
		ns = ticks > TIME_MAX_NS / i->factor ? TIME_MAX_NS : ticks * i->factor;
		break;
	case CAPTURE_SCALE_DOWN:
		ns = ticks / i->factor;
		break;
	case CAPTURE_SCALE_BINARY:
	default:
		ns = binary_ns(ticks, i->exponent);
	}
	if (i->offset_ns == 0)
		return ns < TIME_MAX_NS ? ns : TIME_MAX_NS;
	if (i->offset_ns < 0 && (uint64_t)-i->offset_ns > ns)
		return 0;
	ns = (ns < TIME_MAX_NS ? ns : TIME_MAX_NS) + (uint64_t)i->offset_ns;
	return ns < TIME_MAX_NS ? ns : TIME_MAX_NS;
}
