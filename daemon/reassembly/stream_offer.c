#include "daemon/reassembly/stream_offer.h"

#include "daemon/reassembly/stream_state.h"

/* `is_last`: a hole that will not be filled comes after them. */
static enum stream_verdict
offer(const struct stream_work *w, unsigned side, struct cursor bytes, bool is_last)
{
	struct stream_side *me = stream_side_of(w, side);
	uint32_t size = stream_left(&bytes);
	uint32_t in_block = (me->next - me->kept.base) % STREAM_BLOCK_BYTES;

	if (size == 0)
		return STREAM_TAKEN;
	enum stream_verdict v = w->reader->bytes(
		w->reader->context, side, bytes, is_last || in_block + size >= STREAM_BLOCK_BYTES);
	if (v == STREAM_TAKEN || v == STREAM_UNWANTED)
		me->next += size;
	return v;
}

/* Offer bytes of which one is urgent: in one piece if that can be, as the host's program gets them. */
static enum stream_verdict
offer_without(const struct stream_work *w, unsigned side, struct cursor bytes, uint32_t before,
	bool is_last)
{
	struct stream_side *me = stream_side_of(w, side);
	uint8_t joined[STREAM_BLOCK_BYTES];
	uint32_t after = stream_left(&bytes) - before - 1;

	if (before + after > sizeof(joined)) {
		enum stream_verdict v =
			offer(w, side, cursor_sub(&bytes, before), /* is_last= */ true);
		if (v == STREAM_HELD || v == STREAM_STOP)
			return v;
		before = 0;
	}
	cursor_bytes(&bytes, joined, before);
	(void)cursor_take(&bytes, 1);
	if (before > 0) {
		cursor_bytes(&bytes, joined + before, after);
		bytes = cursor_over(joined, before + after);
	}
	me->next++;
	me->flags &= (uint8_t)~STREAM_HAS_URGENT;
	enum stream_verdict v = offer(w, side, bytes, is_last);
	if (v == STREAM_HELD && before > 0) {
		me->next--;
		me->flags |= STREAM_HAS_URGENT;
	}
	return v;
}

enum stream_verdict
stream_offer(const struct stream_work *w, unsigned side, struct cursor bytes, bool is_last)
{
	struct stream_side *me = stream_side_of(w, side);
	uint32_t before = me->urgent - me->next;

	if ((me->flags & STREAM_HAS_URGENT) == 0 || before >= stream_left(&bytes))
		return offer(w, side, bytes, is_last);
	return offer_without(w, side, bytes, before, is_last);
}
