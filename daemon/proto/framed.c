#include "daemon/proto/framed.h"

#include <string.h>

static uint64_t
smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Byte by byte, so that a cut cannot matter. returns false when no message begins so */
static bool
read_size(
	struct framed *f, uint8_t *buffer, size_t room, framed_size *size_of, struct cursor *bytes)
{
	while (f->size == 0 && cursor_left(bytes) > 0) {
		if (f->got == room)
			return false;
		buffer[f->got++] = cursor_u8(bytes);
		f->size = size_of(cursor_over(buffer, f->got));
		if (f->size != 0 && (f->size == FRAMED_NONE || f->size < f->got))
			return false;
	}
	return true;
}

/* Step over the rest of a message. returns false when it goes on */
static bool
pass(struct framed *f, struct cursor *bytes)
{
	size_t some = smaller(cursor_left(bytes), f->size - f->got);

	(void)cursor_take(bytes, some);
	f->got += some;
	if (f->got < f->size)
		return false;
	*f = (struct framed){ 0 };
	return true;
}

enum framed_verdict
framed_next(struct framed *f, uint8_t *buffer, size_t room, framed_size *size_of,
	struct cursor *bytes, struct cursor *ret_message)
{
	if (f->is_past && !pass(f, bytes))
		return FRAMED_MORE;
	if (!read_size(f, buffer, room, size_of, bytes))
		return FRAMED_BROKEN;
	if (f->size == 0)
		return FRAMED_MORE;
	uint64_t kept = smaller(f->size, room);
	size_t some = smaller(cursor_left(bytes), kept - f->got);
	cursor_bytes(bytes, buffer + f->got, some);
	f->got += some;
	if (f->got < kept)
		return FRAMED_MORE;
	f->is_past = true;
	*ret_message = cursor_over(buffer, kept);
	return FRAMED_MESSAGE;
}

bool
framed_gap(struct framed *f, uint32_t missing)
{
	if (f->size == f->got && f->is_past)
		*f = (struct framed){ 0 };
	if (f->size == 0 || missing > f->size - f->got) {
		*f = (struct framed){ .is_lost = true };
		return false;
	}
	f->got += missing;
	f->is_past = true;
	return true;
}
