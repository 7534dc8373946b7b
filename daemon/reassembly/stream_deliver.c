/*
 * stream_deliver.c -- first wins, gaps are told, and what is in doubt waits for the receiver's word.
 *
 * Of bytes that came twice the first ones count, as they do for a host that has them already; other
 * bytes in their place are told. A hole is given up when the receiver acknowledges it (it has the
 * bytes, we never will), or when so much waits behind it that it is full: no clock is needed, and one
 * direction alone goes on too. One that is heard alone, from the middle of a connection on, does so
 * early (waits_in_vain()): most of what waits otherwise is of such, and nobody's.
 *
 * A segment that the receiver may not have taken (stream_segment.c says why) is kept, but nothing in
 * it is handed on before the receiver acknowledges it; bytes that are certain take its place. So a
 * sensor and a host that disagree about one segment go on with the same bytes.
 *
 * Cost: the segment's bytes, and a walk over at most STREAM_BLOCKS_MAX blocks.
 */
#include "daemon/reassembly/stream_deliver.h"

#include "daemon/flow/flow_stream.h"
#include "daemon/reassembly/stream_offer.h"
#include "daemon/reassembly/stream_state.h"

enum { ALONE_BLOCKS_MAX = 4 }; /* two full segments */

static void
tell(const struct stream_work *w, enum weird kind)
{
	w->reader->weird(w->reader->context, kind);
}

static bool
has_doubt(const struct stream_side *me)
{
	return me->doubt_from != me->doubt_to;
}

static bool
in_doubt(const struct stream_side *me, uint32_t seq)
{
	return has_doubt(me) && !seq_is_before(seq, me->doubt_from) &&
	       seq_is_before(seq, me->doubt_to);
}

/* ---- out ---- */

/* Acknowledged bytes need not be kept, nor more than the tail of the others. */
static void
release(const struct stream_work *w, unsigned side)
{
	struct stream_side *me = stream_side_of(w, side);
	uint32_t from = seq_is_before(me->acked, me->next) ? me->acked : me->next;

	if (me->next - from > STREAM_TAIL_MAX)
		from = me->next - STREAM_TAIL_MAX;
	stream_kept_forget(&me->kept, &w->table->memory, from);
}

/* Hand on what is kept from `next` on, as far as there is neither hole nor doubt. */
static bool
deliver(const struct stream_work *w, unsigned side, bool is_last)
{
	struct stream_side *me = stream_side_of(w, side);
	enum stream_verdict v = STREAM_TAKEN;

	while ((v == STREAM_TAKEN || v == STREAM_UNWANTED) && !in_doubt(me, me->next)) {
		bool ahead = has_doubt(me) && seq_is_before(me->next, me->doubt_from);
		uint32_t limit = ahead ? me->doubt_from : me->kept.end;
		struct cursor run = stream_kept_run(&me->kept, me->next, limit);
		if (stream_left(&run) == 0)
			break;
		v = stream_offer(w, side, run, is_last);
	}
	release(w, side);
	return v != STREAM_STOP;
}

static bool
skip_to(const struct stream_work *w, unsigned side, uint32_t seq)
{
	struct stream_side *me = stream_side_of(w, side);
	uint32_t missing = seq - me->next;

	me->gap_from = me->next;
	me->gap_to = me->next = seq;
	if (seq_is_before(me->high, seq))
		me->high = seq;
	return w->reader->gap(w->reader->context, side, missing);
}

/*
 * Give up the first hole, or the first doubt, and hand on what comes after it.
 *
 * ret_moved  false when there was none
 */
static bool
give_up(const struct stream_work *w, unsigned side, bool *ret_moved)
{
	struct stream_side *me = stream_side_of(w, side);
	uint32_t from = me->next;
	uint32_t to = stream_kept_next(&me->kept, from, me->kept.end);

	if (in_doubt(me, from)) {
		to = me->doubt_to;
		me->doubt_from = me->doubt_to;
	}
	if (seq_is_before(from, to) && !skip_to(w, side, to))
		return false;
	bool goes_on = deliver(w, side, to == from);
	*ret_moved = me->next != from;
	return goes_on;
}

/* ---- in ---- */

/* Keep bytes at or after `next`, making room for them. returns false when the reader has stopped */
static bool
keep(const struct stream_work *w, unsigned side, uint32_t seq, struct cursor bytes, bool replace,
	bool *different)
{
	struct stream_side *me = stream_side_of(w, side);

	for (bool has_room = true; has_room;) {
		if (seq_is_before(seq, me->next)) {
			uint32_t past = me->next - seq;
			if (past >= stream_left(&bytes))
				return true;
			(void)cursor_take(&bytes, past);
			seq += past;
		}
		switch (stream_kept_put(
			&me->kept, &w->table->memory, seq, bytes, replace, different)) {
		case STREAM_PUT_ALL:
			return true;
		case STREAM_PUT_NO_MEMORY:
			has_room = stream_evict_other(w->table, w->stream);
			break;
		case STREAM_PUT_FULL:
			if (!give_up(w, side, &has_room))
				return false;
			break;
		}
	}
	w->table->refused++;
	return true;
}

/* Keep bytes that are certain; those that were in doubt give way. */
static bool
keep_certain(const struct stream_work *w, unsigned side, uint32_t seq, struct cursor bytes,
	bool *different)
{
	struct stream_side *me = stream_side_of(w, side);
	uint32_t end = seq + stream_left(&bytes);

	if (!has_doubt(me) || !seq_is_before(me->doubt_from, end) ||
		!seq_is_before(seq, me->doubt_to))
		return keep(w, side, seq, bytes, false, different);

	uint32_t from = seq_is_before(me->doubt_from, seq) ? seq : me->doubt_from;
	uint32_t to = seq_is_before(end, me->doubt_to) ? end : me->doubt_to;
	struct cursor before = cursor_sub(&bytes, from - seq);
	struct cursor inside = cursor_sub(&bytes, to - from);
	if (!seq_is_before(me->doubt_from, from))
		me->doubt_from = to;
	else if (to == me->doubt_to)
		me->doubt_to = from;
	return keep(w, side, seq, before, false, different) &&
	       keep(w, side, from, inside, true, different) &&
	       keep(w, side, to, bytes, false, different);
}

/* Bytes that were handed on: no other stream has to go for them. */
static void
keep_tail(const struct stream_work *w, unsigned side, uint32_t seq, struct cursor bytes)
{
	bool different = false;

	(void)stream_kept_put(
		&stream_side_of(w, side)->kept, &w->table->memory, seq, bytes, false, &different);
}

/* Nothing makes room for bytes that may be nobody's. */
static void
keep_doubtful(const struct stream_work *w, unsigned side, uint32_t seq, struct cursor bytes,
	bool *different)
{
	if (stream_kept_put(&stream_side_of(w, side)->kept, &w->table->memory, seq, bytes, false,
		    different) != STREAM_PUT_ALL)
		w->table->refused++;
}

static void
doubt(struct stream_side *me, uint32_t from, uint32_t to)
{
	if (!has_doubt(me)) {
		me->doubt_from = from;
		me->doubt_to = to;
		return;
	}
	if (seq_is_before(from, me->doubt_from))
		me->doubt_from = from;
	if (seq_is_before(me->doubt_to, to))
		me->doubt_to = to;
}

/* The usual case: nothing waits, and this is what comes next. It is kept only so far as it is the tail. */
static bool
take_next(const struct stream_work *w, unsigned side, struct cursor bytes)
{
	struct stream_side *me = stream_side_of(w, side);
	uint32_t seq = me->next;
	bool different = false;

	enum stream_verdict v = stream_offer(w, side, bytes, false);
	if (v == STREAM_TAKEN) {
		uint32_t past = stream_left(&bytes) > STREAM_TAIL_MAX
					? stream_left(&bytes) - STREAM_TAIL_MAX
					: 0;
		(void)cursor_take(&bytes, past);
		keep_tail(w, side, seq + past, bytes);
	} else if (v == STREAM_HELD && !keep(w, side, seq, bytes, false, &different)) {
		return false;
	}
	release(w, side);
	return v != STREAM_STOP;
}

/*
 * What was handed on or given up already: is it the same? Not asked of bytes that the receiver has
 * acknowledged: nothing changes them any more, and keep-alives bring one of no meaning.
 */
static void
look_back(const struct stream_work *w, unsigned side, uint32_t seq, struct cursor bytes,
	bool *different)
{
	struct stream_side *me = stream_side_of(w, side);
	uint32_t end = seq + stream_left(&bytes);

	if (me->gap_from != me->gap_to && seq_is_before(seq, me->gap_to) &&
		seq_is_before(me->gap_from, end))
		tell(w, WEIRD_STREAM_LATE);
	if (!seq_is_before(me->acked, end))
		return;
	if (seq_is_before(seq, me->acked)) {
		(void)cursor_take(&bytes, me->acked - seq);
		seq = me->acked;
	}
	*different |= stream_kept_differs(&me->kept, seq, bytes);
}

/*
 * Seen from the middle on, recognised by nobody, and its receiver is not heard: no acknowledgement will
 * ever give up the hole, so it goes as soon as more waits behind it than comes out of order.
 */
static bool
waits_in_vain(const struct stream_work *w, unsigned side)
{
	const struct stream_side *me = stream_side_of(w, side);

	return me->kept.count > ALONE_BLOCKS_MAX && me->tries > 0 && !w->stream->is_recognised &&
	       (stream_side_of(w, !side)->flags & STREAM_SPOKE) == 0;
}

bool
stream_deliver_bytes(const struct stream_work *w, unsigned side, uint32_t seq, struct cursor bytes,
	bool doubtful)
{
	struct stream_side *me = stream_side_of(w, side);
	uint32_t end = seq + stream_left(&bytes);
	bool different = false;
	bool goes_on = true;

	/* A reader that holds bytes may have been acknowledged more than it has taken. */
	uint32_t known = seq_is_before(me->next, me->acked) ? me->acked : me->next;
	if (seq_is_before(seq, known)) {
		uint32_t past = known - seq;
		if (past > stream_left(&bytes))
			past = stream_left(&bytes);
		look_back(w, side, seq, cursor_sub(&bytes, past), &different);
		seq += past;
	}
	if (!doubtful && seq_is_before(me->high, end))
		me->high = end;
	if (stream_left(&bytes) == 0) {
		/* nothing new */
	} else if (doubtful) {
		doubt(me, seq, end);
		keep_doubtful(w, side, seq, bytes, &different);
	} else if (seq == me->next && !seq_is_before(seq, me->kept.end)) {
		goes_on = take_next(w, side, bytes);
	} else {
		goes_on = keep_certain(w, side, seq, bytes, &different) && deliver(w, side, false);
		for (bool moved = true; goes_on && moved && waits_in_vain(w, side);)
			goes_on = give_up(w, side, &moved);
	}
	if (different)
		tell(w, WEIRD_STREAM_DIFFERENT);
	return goes_on;
}

/* The receiver's word ends the doubt; if that was for the way it took, it is the way now. */
static void
believe(struct stream_side *me, uint32_t ack)
{
	if (!has_doubt(me) || !seq_is_before(me->doubt_from, ack))
		return;
	if (seq_is_before(ack, me->doubt_to)) {
		me->doubt_from = ack;
		return;
	}
	me->doubt_from = me->doubt_to;
	if (me->doubt_ttl != 0)
		me->ttl = me->doubt_ttl;
}

bool
stream_deliver_acknowledged(const struct stream_work *w, unsigned side, uint32_t ack)
{
	struct stream_side *me = stream_side_of(w, side);

	if (!seq_is_before(me->acked, ack))
		return true;
	me->acked = ack;
	believe(me, ack);
	/* The usual case: all of it was handed on, and nothing waits behind it. */
	if (!seq_is_before(me->next, ack) && !seq_is_before(me->next, me->kept.end)) {
		release(w, side);
		return true;
	}
	for (bool is_last = false;;) {
		uint32_t from = me->next;
		if (!deliver(w, side, is_last))
			return false;
		if (!seq_is_before(me->next, ack) || (is_last && me->next == from))
			return true;
		/* A hole; or the reader holds what comes before one. */
		struct cursor held = stream_kept_run(&me->kept, me->next, ack);
		is_last = stream_left(&held) > 0;
		if (is_last && me->next + stream_left(&held) == ack)
			return true;
		if (!is_last && !skip_to(w, side, stream_kept_next(&me->kept, me->next, ack)))
			return false;
	}
}

bool
stream_deliver_doubt(const struct stream_work *w, unsigned side, uint32_t seq)
{
	struct stream_side *me = stream_side_of(w, side);

	if (!seq_is_before(seq, me->kept.end) || seq_is_before(seq, me->next))
		return false;
	doubt(me, seq, me->kept.end);
	return true;
}

bool
stream_deliver_again(const struct stream_work *w, unsigned side)
{
	return deliver(w, side, false);
}

bool
stream_deliver_rest(const struct stream_work *w, unsigned side)
{
	bool moved = true;

	if (!deliver(w, side, false))
		return false;
	while (moved)
		if (!give_up(w, side, &moved))
			return false;
	return true;
}
