/*
 * stream_segment.c -- what can be known from outside about how a host takes a segment.
 *
 * Three answers. Every host drops it (wrong checksum, outside the window): it changes nothing. Hosts
 * take it: its bytes are handed on. It may never reach the host, or be dropped by some (a lower TTL
 * than its sender's others, an older time stamp, bytes after a FIN or RST, data in a SYN): its bytes
 * wait for the receiver's acknowledgement. The last two of three are told where somebody may have
 * meant it (Ptacek and Newsham 1998).
 *
 * A RST is one only where a host would take it: at the next number (RFC 5961 section 3.2; the answer
 * to others in the window is a challenge, and the connection goes on).
 *
 * Not told: a TTL that is lower by TTL_SLACK or less, a segment that a host drops for its own reasons
 * (firewalls, its memory), and a window that was announced before we looked.
 */
#include "daemon/reassembly/stream_segment.h"

#include "daemon/decode/tcp_options.h"
#include "daemon/flow/flow_stream.h"
#include "daemon/reassembly/stream_state.h"

enum {
	TTL_SLACK = 2, /* paths of one flow differ by so much */
	ACK_AHEAD_MAX =
		1
		<< 20, /* what may have passed us unseen before an acknowledgement is not believed */
	WINDOW_MAX = 1 << 30, /* RFC 7323 section 2.3 */
	NO_DOUBT = WEIRD_COUNT,
};

static bool
has(const struct packet *p, unsigned flags)
{
	return (p->tcp_flags & flags) != 0;
}

static void
tell(const struct stream_work *w, enum weird kind)
{
	w->reader->weird(w->reader->context, kind);
}

/* ---- may the host refuse the whole segment? ---- */

/* A FIN or RST is no less than bytes; an acknowledgement alone hides nothing. */
static bool
is_from_farther(const struct stream_side *me, const struct packet *p)
{
	return (p->payload_bytes > 0 || has(p, TCP_FIN | TCP_RST)) && me->ttl != 0 &&
	       p->ttl + TTL_SLACK < me->ttl;
}

/* Told once for each way that the segments of a side take. */
static void
note_farther(const struct stream_work *w, struct stream_side *me, const struct packet *p)
{
	if (me->doubt_ttl != p->ttl)
		tell(w, WEIRD_STREAM_TTL);
	me->doubt_ttl = p->ttl;
}

/* A segment with something new and a time stamp from before (RFC 7323 section 5.3). */
static bool
is_from_before(const struct stream_side *me, const struct packet *p, const struct tcp_options *o)
{
	uint32_t end = p->tcp_seq + p->payload_bytes + has(p, TCP_FIN);

	return o->has_timestamp && (me->flags & STREAM_HAS_TIME) != 0 &&
	       seq_is_before(o->timestamp, me->time) && seq_is_after(end, me->next) &&
	       !has(p, TCP_RST);
}

static bool
acknowledges_what_nobody_sent(const struct stream_side *peer, const struct packet *p)
{
	int32_t ahead = seq_distance(p->tcp_ack, peer->high);

	return has(p, TCP_ACK) && (peer->flags & STREAM_STARTED) != 0 &&
	       (ahead > ACK_AHEAD_MAX ||
		       seq_distance(p->tcp_ack, peer->acked) < -(int32_t)ACK_AHEAD_MAX);
}

static int
doubt_of_segment(const struct stream_side *me, const struct stream_side *peer,
	const struct packet *p, const struct tcp_options *o)
{
	bool is_signed = (me->flags & STREAM_SIGNS) != 0;

	if (!has(p, TCP_ACK | TCP_RST) || (has(p, TCP_RST) && has(p, TCP_FIN)))
		return WEIRD_STREAM_FLAGS;
	if (is_from_before(me, p, o))
		return WEIRD_STREAM_TIME;
	if ((me->flags & STREAM_SPOKE) != 0 && o->has_signature != is_signed)
		return WEIRD_STREAM_SIGNATURE;
	if (acknowledges_what_nobody_sent(peer, p))
		return WEIRD_STREAM_ACK;
	return NO_DOUBT;
}

/* What a certain segment says of its sender. */
static void
learn(const struct stream_work *w, struct stream_side *me, const struct packet *p,
	const struct tcp_options *o)
{
	if (me->ttl != 0 && p->ttl > me->ttl + TTL_SLACK)
		tell(w, WEIRD_STREAM_TTL);
	if (p->ttl > me->ttl)
		me->ttl = p->ttl;
	if (o->has_timestamp && !seq_is_after(p->tcp_seq, me->next)) {
		me->time = o->timestamp;
		me->flags |= STREAM_HAS_TIME;
	}
	if (o->has_signature)
		me->flags |= STREAM_SIGNS;
	me->flags |= STREAM_SPOKE;
}

/* ---- what it acknowledges ---- */

static bool
take_acknowledgement(const struct stream_work *w, unsigned side, const struct packet *p)
{
	const struct stream_side *me = stream_side_of(w, side);
	struct stream_side *peer = stream_side_of(w, !side);
	uint32_t ack = p->tcp_ack;

	if (!has(p, TCP_ACK) || has(p, TCP_RST))
		return true;
	if ((peer->flags & STREAM_STARTED) == 0)
		stream_side_start(peer, ack, true);
	uint32_t window = (uint32_t)p->tcp_window << (has(p, TCP_SYN) ? 0 : me->window_scale);
	bool is_first = (peer->flags & STREAM_HAS_EDGE) == 0;
	if (is_first || seq_is_after(ack + window, peer->edge))
		peer->edge = ack + window;
	peer->flags |= STREAM_HAS_EDGE;
	/* A window only grows: what came from beyond it by now was outside when it came. */
	if (is_first && stream_deliver_doubt(w, !side, peer->edge))
		tell(w, WEIRD_STREAM_WINDOW);
	/* The number of a FIN is no byte. */
	if ((peer->flags & STREAM_ENDS) != 0 && ack == peer->end + 1)
		ack--;
	return stream_deliver_acknowledged(w, !side, ack);
}

/* ---- what it brings ---- */

/* Would the host take none of these bytes? */
static bool
is_outside(const struct stream_side *me, uint32_t seq, uint32_t end)
{
	if (seq_distance(end, me->next) > WINDOW_MAX || seq_distance(end, me->next) < -WINDOW_MAX)
		return true;
	return (me->flags & STREAM_HAS_EDGE) != 0 && seq_is_after(seq, me->edge);
}

static int
doubt_of_bytes(const struct stream_side *me, uint32_t seq, uint32_t end)
{
	if ((me->flags & STREAM_RESET) != 0)
		return WEIRD_STREAM_AFTER_RESET;
	if ((me->flags & STREAM_ENDS) != 0 && seq_is_after(end, me->end))
		return WEIRD_STREAM_AFTER_FIN;
	if ((me->flags & STREAM_HAS_EDGE) != 0 && seq_is_after(end, me->edge) && end - seq > 1)
		return WEIRD_STREAM_WINDOW;
	return NO_DOUBT;
}

/* One byte past a window is how one asks whether it has opened: no oddity, and mostly not taken. */
static bool
is_probe(const struct stream_side *me, uint32_t seq, uint32_t end)
{
	return (me->flags & STREAM_HAS_EDGE) != 0 && end - seq == 1 && seq == me->edge;
}

static void
note_urgent(const struct stream_work *w, struct stream_side *me, const struct packet *p)
{
	uint16_t pointer = tcp_urgent(p);

	if (pointer == 0 || seq_is_before(p->tcp_seq + pointer - 1, me->next))
		return;
	me->urgent = p->tcp_seq + pointer - 1;
	me->flags |= STREAM_HAS_URGENT;
	tell(w, WEIRD_STREAM_URGENT);
}

static bool
take_bytes(const struct stream_work *w, unsigned side, const struct packet *p, bool doubtful)
{
	struct stream_side *me = stream_side_of(w, side);
	const struct stream_side *peer = stream_side_of(w, !side);
	uint32_t end = p->tcp_seq + p->payload_bytes;

	if (is_outside(me, p->tcp_seq, end)) {
		if (p->payload_bytes > 0)
			tell(w, WEIRD_STREAM_WINDOW);
		return true;
	}
	int why = p->payload_bytes > 0 ? doubt_of_bytes(me, p->tcp_seq, end) : NO_DOUBT;
	if (why != NO_DOUBT)
		tell(w, (enum weird)why);
	doubtful |= why != NO_DOUBT || is_probe(me, p->tcp_seq, end) ||
		    (peer->flags & STREAM_RESET) != 0;
	if (!doubtful)
		note_urgent(w, me, p);
	if (has(p, TCP_FIN) && !doubtful && (me->flags & STREAM_ENDS) == 0) {
		me->end = end;
		me->flags |= STREAM_ENDS;
	}
	return stream_deliver_bytes(w, side, p->tcp_seq, p->payload, doubtful);
}

/* ---- RST and SYN ---- */

static void
take_reset(const struct stream_work *w, struct stream_side *me, const struct packet *p)
{
	bool after_fin = (me->flags & STREAM_ENDS) != 0 && p->tcp_seq == me->end + 1;

	if ((me->flags & STREAM_RESET) != 0)
		return;
	if (p->tcp_seq == me->next || p->tcp_seq == me->high || after_fin)
		me->flags |= STREAM_RESET;
	else
		tell(w, WEIRD_STREAM_RESET);
}

/* Data in a SYN (RFC 7413) is taken only by a host that has given out a cookie: its answer will tell. */
static bool
take_syn(const struct stream_work *w, unsigned side, const struct packet *p)
{
	struct stream_side *me = stream_side_of(w, side);
	uint32_t first = p->tcp_seq + 1;

	if (has(p, TCP_FIN | TCP_RST)) {
		tell(w, WEIRD_STREAM_FLAGS);
		return true;
	}
	if (first != me->first) {
		if (me->next != me->first || me->kept.count > 0) {
			tell(w, WEIRD_STREAM_SYN);
			return true;
		}
		stream_side_start(me, first, false);
	}
	if (!take_acknowledgement(w, side, p))
		return false;
	if (p->payload_bytes == 0)
		return true;
	tell(w, WEIRD_STREAM_SYN_DATA);
	return stream_deliver_bytes(w, side, first, p->payload, true);
}

bool
stream_segment(const struct stream_work *w, unsigned side, const struct packet *p)
{
	struct stream_side *me = stream_side_of(w, side);
	const struct stream_side *peer = stream_side_of(w, !side);

	if (packet_is_damaged(p))
		return true;
	if ((me->flags & STREAM_STARTED) == 0)
		stream_side_start(me, p->tcp_seq + has(p, TCP_SYN), !has(p, TCP_SYN));
	if (has(p, TCP_SYN))
		return take_syn(w, side, p);

	struct tcp_options o = tcp_options_read(p);
	int why = doubt_of_segment(me, peer, p, &o);
	if (why != NO_DOUBT) {
		tell(w, (enum weird)why);
		return has(p, TCP_RST) || take_bytes(w, side, p, true);
	}
	bool is_farther = is_from_farther(me, p);
	if (is_farther)
		note_farther(w, me, p);
	else
		learn(w, me, p, &o);
	if (!take_acknowledgement(w, side, p))
		return false;
	if (!has(p, TCP_RST))
		return take_bytes(w, side, p, is_farther);
	if (!is_farther)
		take_reset(w, me, p);
	return true;
}
