/*
 * Each side goes its own way from the first thing seen of it to FIN or RST; RFC 9293's machine
 * cannot be followed from outside, where packets are lost, late, or of one direction only. What the
 * two states mean together is said once, in flow_tcp_state(), when somebody asks.
 *
 * The transitions and the meaning of the letters are Zeek's (docs.zeek.org, conn.log; the TCP
 * analyser of 8.0), so that conn_state means here what it means there. Two heuristics swap the
 * roles: a SYN-ACK that is followed by an ACK or data was an answer whose SYN was lost (a stealth
 * scan would earn a RST), and a SYN that fits a SYN-ACK before it was overtaken on the way.
 */
#include "daemon/flow/flow_tcp.h"

#include "daemon/decode/tcp_options.h"
#include "daemon/flow/flow_history.h"
#include "daemon/flow/flow_stream.h"

#include <string.h>

static bool
has(const struct packet *p, unsigned flags)
{
	return (p->tcp_flags & flags) != 0;
}

static void
become(struct tcp_side *s, enum tcp_side_state state)
{
	if (s->state == state)
		return;
	s->previous = s->state;
	s->state = (uint8_t)state;
}

/* One letter for the segment: what it is, not what it carries, if it is several things. */
static void
write_letter(struct flow *f, unsigned side, const struct packet *p)
{
	struct flow_counts *counts = &f->counts[side];
	/* Counted from the start, which a late SYN may have set anew. */
	uint32_t at = p->tcp_seq - f->tcp[side].start_seq;
	bool again;

	switch (p->tcp_flags & (TCP_SYN | TCP_FIN | TCP_RST)) {
	case 0:
		if (p->payload_bytes > 0)
			(void)flow_history_once(f, side, LETTER_DATA, 'D');
		else if (has(p, TCP_ACK))
			(void)flow_history_once(f, side, LETTER_ACK, 'A');
		break;
	case TCP_SYN:
		/* Any other SYN than the one that the numbers began with is worth a letter. */
		again = flow_history_once(f, side, LETTER_SYN, has(p, TCP_ACK) ? 'H' : 'S');
		if (again && at != 0)
			flow_history_add(f, side, has(p, TCP_ACK) ? 'H' : 'S');
		break;
	case TCP_FIN:
		again = flow_history_once(f, side, LETTER_FIN, 'F');
		if (again && at + p->payload_bytes != counts->fin_at)
			flow_history_add(f, side, 'F');
		counts->fin_at = at + p->payload_bytes;
		break;
	case TCP_RST:
		again = flow_history_once(f, side, LETTER_RST, 'R');
		if (again && at != counts->rst_at)
			flow_history_add(f, side, 'R');
		counts->rst_at = at;
		break;
	case TCP_FIN | TCP_RST:
	case TCP_FIN | TCP_RST | TCP_SYN:
		(void)flow_history_once(f, side, LETTER_FIN_RST, 'I');
		break;
	default:
		(void)flow_history_once(f, side, LETTER_MIXED, 'Q');
		break;
	}
}

/* A window of zero says "wait", unless it comes with or after the end of the other direction. */
static void
note_window(struct flow *f, unsigned side, const struct packet *p)
{
	if (p->tcp_window != 0 || has(p, TCP_RST) || f->tcp[!side].state == SIDE_CLOSED ||
		f->tcp[side].state == SIDE_RESET)
		return;
	struct flow_tallies *t = &f->tallies[side];
	t->zero_windows = (uint8_t)flow_history_tally(f, side, t->zero_windows, UINT8_MAX, 'W');
}

/* returns whether the acknowledgement can be held against what the peer sent */
static bool
take_acknowledgement(struct flow *f, unsigned side, const struct packet *p)
{
	struct tcp_side *peer = &f->tcp[!side];

	if (!has(p, TCP_ACK))
		return false;
	if (peer->state == SIDE_INACTIVE) {
		flow_stream_expect(peer, p->tcp_ack);
		return false;
	}
	return !has(p, TCP_RST) && flow_stream_acknowledge(peer, p->tcp_ack);
}

static void
first_syn(struct flow *f, unsigned side, const struct packet *p)
{
	struct tcp_side *me = &f->tcp[side];
	struct tcp_side *peer = &f->tcp[!side];

	if (side == flow_orig(f)) {
		become(me, has(p, TCP_ACK) ? SIDE_SYN_ACK_SENT : SIDE_SYN_SENT);
		return;
	}
	if (!has(p, TCP_ACK) && peer->state == SIDE_SYN_ACK_SENT) {
		flow_history_flip(f);
		become(peer, SIDE_ESTABLISHED);
	}
	if (peer->state == SIDE_SYN_SENT)
		become(peer, SIDE_ESTABLISHED);
	become(me, SIDE_ESTABLISHED);
}

/* The first sign of a side is an ACK or data. */
static void
first_other(struct flow *f, unsigned side, const struct packet *p)
{
	struct tcp_side *me = &f->tcp[side];
	const struct tcp_side *peer = &f->tcp[!side];

	/* Some stacks acknowledge a SYN before they answer it. */
	if (side != flow_orig(f) && p->payload_bytes == 0 && peer->state == SIDE_SYN_SENT)
		return;
	if (has(p, TCP_ACK) && peer->state == SIDE_ESTABLISHED) {
		/* The SYN was lost, the answer to it was not. */
		become(me, SIDE_ESTABLISHED);
		return;
	}
	become(me, SIDE_PARTIAL);
}

/* returns whether the side is done */
static bool
step_inactive(struct flow *f, unsigned side, const struct packet *p)
{
	struct tcp_side *me = &f->tcp[side];

	if (has(p, TCP_SYN))
		first_syn(f, side, p);
	if (has(p, TCP_FIN))
		become(me, SIDE_CLOSED);
	if (has(p, TCP_RST))
		become(me, SIDE_RESET);
	if (me->state == SIDE_INACTIVE)
		first_other(f, side, p);
	return has(p, TCP_FIN | TCP_RST);
}

static bool
step_syn_sent(struct tcp_side *me, const struct packet *p)
{
	if (has(p, TCP_FIN))
		become(me, SIDE_CLOSED);
	if (has(p, TCP_RST))
		become(me, SIDE_RESET);
	return has(p, TCP_FIN | TCP_RST);
}

static bool
step_open(struct tcp_side *me, struct tcp_side *peer, const struct packet *p)
{
	if (has(p, TCP_SYN) && !has(p, TCP_ACK) && me->state == SIDE_PARTIAL &&
		peer->state == SIDE_INACTIVE)
		become(me, SIDE_SYN_SENT);
	if (has(p, TCP_FIN) && !has(p, TCP_RST)) {
		become(me, SIDE_CLOSED);
		/* The peer's RST came after its FIN: both ended well after all. */
		if (peer->state == SIDE_RESET && peer->previous == SIDE_CLOSED)
			become(peer, SIDE_CLOSED);
	}
	if (has(p, TCP_RST))
		become(me, SIDE_RESET);
	return has(p, TCP_FIN | TCP_RST);
}

static bool
step(struct flow *f, unsigned side, const struct packet *p)
{
	struct tcp_side *me = &f->tcp[side];
	struct tcp_side *peer = &f->tcp[!side];

	switch ((enum tcp_side_state)me->state) {
	case SIDE_INACTIVE:
		return step_inactive(f, side, p);
	case SIDE_SYN_SENT:
	case SIDE_SYN_ACK_SENT:
		return step_syn_sent(me, p);
	case SIDE_PARTIAL:
	case SIDE_ESTABLISHED:
		return step_open(me, peer, p);
	case SIDE_CLOSED:
		if (!has(p, TCP_RST) || peer->state == SIDE_CLOSED)
			return false;
		become(me, SIDE_RESET);
		return true;
	case SIDE_RESET:
		break;
	}
	return false;
}

static bool
is_open_or_closed_well(const struct tcp_side *s)
{
	return s->state == SIDE_ESTABLISHED ||
	       (s->state == SIDE_CLOSED && s->previous == SIDE_ESTABLISHED);
}

/*
 * The other side has bytes that we have not: they are lost to us. Only in a connection whose numbers
 * are sure; those of a RST, or from before we looked, are not.
 */
static void
note_gaps(struct flow *f, unsigned from, uint32_t ack)
{
	struct tcp_side *s = &f->tcp[from];

	bool sure = is_open_or_closed_well(s) && is_open_or_closed_well(&f->tcp[!from]);
	for (uint32_t hole; (hole = flow_stream_give_up(s, ack)) > 0;) {
		if (!sure)
			continue;
		uint32_t room = UINT32_MAX - f->missed_bytes[from];
		f->missed_bytes[from] += hole < room ? hole : room;
		struct flow_tallies *t = &f->tallies[from];
		t->gaps = (uint16_t)flow_history_tally(f, from, t->gaps, UINT16_MAX, 'G');
	}
}

static void
flip_if_answer(struct flow *f, const struct packet *p)
{
	if (strcmp(f->history, "H") != 0 || has(p, TCP_SYN | TCP_FIN | TCP_RST) ||
		(!has(p, TCP_ACK) && p->payload_bytes == 0))
		return;
	f->history[0] = '\0';
	flow_history_flip(f);
	flow_history_add(f, !flow_orig(f), 'H');
}

/* ---- window scales ---- */

enum {
	SCALE_UNKNOWN, /* its SYN was not seen, or it offers the most that there is */
	SCALE_NONE,    /* its SYN offered none */
	SCALE_ZERO,    /* and so on, to 13 */
};

static unsigned
scale_of(const struct tcp_side *me)
{
	return (unsigned)(me->flags & SIDE_SCALE_MASK) / SIDE_SCALE_ONE;
}

static void
note_window_scale(struct flow *f, unsigned side, const struct packet *p)
{
	struct tcp_options o = tcp_options_read(p);
	unsigned scale = SCALE_NONE;

	if (o.has_window_scale)
		scale = o.window_scale == TCP_WINDOW_SCALE_MAX ? SCALE_UNKNOWN
							       : SCALE_ZERO + o.window_scale;
	struct tcp_side *me = &f->tcp[side];
	me->flags = (uint8_t)(((unsigned)me->flags & ~(unsigned)SIDE_SCALE_MASK) |
			      scale * SIDE_SCALE_ONE);
}

uint8_t
flow_tcp_window_scale(const struct flow *f, unsigned side)
{
	unsigned mine = scale_of(&f->tcp[side]);
	unsigned other = scale_of(&f->tcp[!side]);

	if (mine == SCALE_NONE || other == SCALE_NONE)
		return 0;
	return mine == SCALE_UNKNOWN ? TCP_WINDOW_SCALE_MAX : (uint8_t)(mine - SCALE_ZERO);
}

void
flow_tcp_packet(struct flow *f, unsigned side, const struct packet *p)
{
	struct tcp_side *me = &f->tcp[side];

	/* The state first: it lies in a line that is hot, the history does not. */
	if (f->tcp[flow_orig(f)].state == SIDE_SYN_ACK_SENT)
		flip_if_answer(f, p);
	flow_stream_open(me, p);
	write_letter(f, side, p);
	note_window(f, side, p);
	if (has(p, TCP_SYN))
		note_window_scale(f, side, p);
	if (has(p, TCP_FIN))
		me->flags |= SIDE_FIN_SEEN;
	bool acknowledges = take_acknowledgement(f, side, p);
	if (!flow_stream_advance(me, p)) {
		struct flow_tallies *t = &f->tallies[side];
		t->retransmits =
			(uint16_t)flow_history_tally(f, side, t->retransmits, UINT16_MAX, 'T');
	}
	if (step(f, side, p))
		me->flags |= SIDE_DONE;
	if (acknowledges)
		note_gaps(f, !side, p->tcp_ack);
	if (p->payload_bytes > 0)
		flow_stream_fill(me, p->tcp_seq + has(p, TCP_SYN), p->payload_bytes);
}

bool
flow_tcp_reuses(const struct flow *f, const struct packet *p)
{
	unsigned orig = flow_orig(f);
	const struct tcp_side *opener = &f->tcp[orig];
	const struct tcp_side *other = &f->tcp[!orig];

	if (!has(p, TCP_SYN))
		return false;
	if (has(p, TCP_ACK) && opener->state != SIDE_INACTIVE)
		return false;
	if (((opener->flags | other->flags) & SIDE_DONE) != 0)
		return true;
	if (has(p, TCP_ACK))
		return p->tcp_seq != other->start_seq;
	/* Retransmitted, or overtaken by its answer? */
	return p->tcp_seq != opener->start_seq &&
	       !(opener->state == SIDE_SYN_ACK_SENT && other->state == SIDE_INACTIVE &&
		       p->tcp_seq == other->start_seq);
}

/* A SYN and its answer were all there was. */
static bool
handshake_hangs(const struct tcp_side *orig, const struct tcp_side *resp)
{
	return orig->letters == LETTER_SYN && resp->letters == LETTER_SYN;
}

enum flow_class
flow_tcp_class(const struct flow *f)
{
	const struct tcp_side *orig = &f->tcp[flow_orig(f)];
	const struct tcp_side *resp = &f->tcp[!flow_orig(f)];
	bool is_reset = orig->state == SIDE_RESET || resp->state == SIDE_RESET;
	bool is_one_sided = orig->state == SIDE_INACTIVE || resp->state == SIDE_INACTIVE;

	if ((orig->flags & resp->flags & SIDE_DONE) != 0 ||
		(((orig->flags | resp->flags) & SIDE_DONE) != 0 && (is_reset || is_one_sided)))
		return is_reset ? FLOW_TCP_RESET : FLOW_TCP_CLOSED;
	if (resp->state != SIDE_INACTIVE)
		return handshake_hangs(orig, resp) ? FLOW_TCP_HANGING : FLOW_TCP_OPEN;
	/* A SYN in the middle of what was going on is no attempt. */
	bool is_attempt = (orig->state == SIDE_SYN_SENT || orig->state == SIDE_SYN_ACK_SENT) &&
			  orig->previous == SIDE_INACTIVE;
	return is_attempt ? FLOW_TCP_ATTEMPT : FLOW_TCP_OPEN;
}

/* "S", then nothing of the originator's but SYNs and data, and then its RST: /^S[^HAFGIQ]*R/ */
static bool
gave_up_before_answer(const char *history)
{
	return history[0] == 'S' && history[strcspn(history, "HAFGIQR")] == 'R';
}

static bool
is_silent(const struct tcp_side *s)
{
	return s->state == SIDE_INACTIVE || s->state == SIDE_PARTIAL;
}

static enum conn_state
state_after_reset(const struct flow *f, const struct tcp_side *orig, const struct tcp_side *resp)
{
	if (resp->state == SIDE_RESET) {
		if (orig->state == SIDE_SYN_SENT || orig->state == SIDE_SYN_ACK_SENT ||
			(orig->state == SIDE_RESET && flow_stream_bytes(orig, resp) == 0 &&
				flow_stream_bytes(resp, orig) == 0))
			return CONN_REJ;
		return is_silent(orig) ? CONN_RSTRH : CONN_RSTR;
	}
	if (!is_silent(resp))
		return CONN_RSTO;
	return gave_up_before_answer(f->history) ? CONN_RSTOS0 : CONN_OTH;
}

enum conn_state
flow_tcp_state(const struct flow *f)
{
	const struct tcp_side *orig = &f->tcp[flow_orig(f)];
	const struct tcp_side *resp = &f->tcp[!flow_orig(f)];

	if (orig->state == SIDE_RESET || resp->state == SIDE_RESET)
		return state_after_reset(f, orig, resp);
	if (orig->state == SIDE_CLOSED && resp->state == SIDE_CLOSED)
		return CONN_SF;
	if (orig->state == SIDE_CLOSED)
		return is_silent(resp) ? CONN_SH : CONN_S2;
	if (resp->state == SIDE_CLOSED)
		return is_silent(orig) ? CONN_SHR : CONN_S3;
	if (orig->state == SIDE_SYN_SENT && resp->state == SIDE_INACTIVE)
		return CONN_S0;
	if (orig->state == SIDE_ESTABLISHED && resp->state == SIDE_ESTABLISHED)
		return CONN_S1;
	return CONN_OTH;
}
