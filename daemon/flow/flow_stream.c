/*
 * Distances are kept in 32 bits with a count of how often they wrapped, so connections of any length
 * count right. Numbers that jump by more than 1 MiB on a SYN or RST are not believed, nor is any
 * number after a RST: what follows one is often made up (Zeek's TCP analyser has the same rules).
 *
 * One hole and one island of bytes beyond it are remembered. When a second hole opens above the
 * first, the bytes in it count as seen: missed bytes are then too few, never too many.
 */
#include "daemon/flow/flow_stream.h"

#include "daemon/flow/flow_state.h"

enum { JUMP_MAX = 1 << 20 };

uint32_t
flow_stream_segment_end(const struct packet *p)
{
	uint32_t length = (p->tcp_flags & TCP_RST) != 0 ? 0 : p->payload_bytes;

	length += (p->tcp_flags & TCP_SYN) != 0;
	length += (p->tcp_flags & TCP_FIN) != 0;
	return p->tcp_seq + length;
}

static void
start(struct tcp_side *me, uint32_t start_seq, uint32_t last_seq)
{
	if (start_seq != me->start_seq || me->state == SIDE_INACTIVE) {
		me->next_seq = start_seq + 1;
		me->island_from = me->island_to = 0;
	}
	me->start_seq = me->ack_seq = start_seq;
	me->last_seq = last_seq;
	me->last_high = me->ack_high = 0;
}

void
flow_stream_open(struct tcp_side *me, const struct packet *p)
{
	bool is_syn = (p->tcp_flags & TCP_SYN) != 0;
	bool again = false;

	switch ((enum tcp_side_state)me->state) {
	case SIDE_INACTIVE:
		/* Without a SYN the numbers begin as if there had been one. */
		if (is_syn)
			start(me, p->tcp_seq, flow_stream_segment_end(p));
		else
			start(me, p->tcp_seq - 1, p->tcp_seq);
		return;
	case SIDE_SYN_SENT:
	case SIDE_SYN_ACK_SENT:
		again = is_syn && p->tcp_seq != me->start_seq;
		break;
	case SIDE_PARTIAL:
	case SIDE_ESTABLISHED:
		/* What went before did not open the connection; this SYN will. */
		again = is_syn;
		break;
	case SIDE_RESET:
		/* A RST that came before anything else may have been forged. */
		again = is_syn && me->previous == SIDE_INACTIVE;
		break;
	case SIDE_CLOSED:
		break;
	}
	if (again)
		start(me, p->tcp_seq, flow_stream_segment_end(p));
}

void
flow_stream_expect(struct tcp_side *peer, uint32_t ack)
{
	start(peer, ack - 1, ack - 1);
}

/* Is `seq` before `start_seq`, seen from `at_seq`, which is `at_high` times 2^32 and more beyond it? */
static bool
is_before(uint32_t seq, uint32_t start_seq, uint32_t at_seq, uint16_t at_high)
{
	return at_high == 0 && seq_distance(seq, at_seq) <= 0 && at_seq - seq > at_seq - start_seq;
}

static void
move(uint32_t start_seq, uint32_t *seq, uint16_t *high, uint32_t to)
{
	if (to - start_seq < *seq - start_seq)
		++*high;
	*seq = to;
}

bool
flow_stream_advance(struct tcp_side *me, const struct packet *p)
{
	uint32_t end = flow_stream_segment_end(p);
	int32_t distance = seq_distance(end, me->last_seq);

	if ((p->tcp_flags & (TCP_SYN | TCP_RST)) != 0 &&
		(distance > JUMP_MAX || distance < -JUMP_MAX))
		return true;
	/* Of a long connection only SYN and FIN may have been kept: the distance can look negative. */
	if ((p->tcp_flags & TCP_FIN) != 0 && me->last_seq == me->start_seq + 1) {
		move(me->start_seq, &me->last_seq, &me->last_high, end);
		return true;
	}
	if (me->state == SIDE_RESET)
		return true;
	if (distance > 0) {
		move(me->start_seq, &me->last_seq, &me->last_high, end);
		return true;
	}
	return p->payload_bytes == 0;
}

bool
flow_stream_acknowledge(struct tcp_side *peer, uint32_t ack)
{
	int32_t distance = seq_distance(ack, peer->ack_seq);

	/* A zero far ahead is a stack that does not fill the field in. */
	if (is_before(ack, peer->start_seq, peer->ack_seq, peer->ack_high) ||
		(ack == 0 && distance > JUMP_MAX))
		return false;
	if (distance > 0)
		move(peer->start_seq, &peer->ack_seq, &peer->ack_high, ack);
	return true;
}

/* What is known without a hole may have grown up to the island. */
static void
join_island(struct tcp_side *me)
{
	if (me->island_from == me->island_to || seq_is_after(me->island_from, me->next_seq))
		return;
	if (seq_is_after(me->island_to, me->next_seq))
		me->next_seq = me->island_to;
	me->island_from = me->island_to = 0;
}

void
flow_stream_fill(struct tcp_side *me, uint32_t seq, uint32_t bytes)
{
	uint32_t end = seq + bytes;

	if (seq_distance(end, me->next_seq) <= 0)
		return;
	if (seq_distance(seq, me->next_seq) <= 0) {
		me->next_seq = end;
		join_island(me);
	} else if (me->island_from == me->island_to) {
		me->island_from = seq;
		me->island_to = end;
	} else {
		if (seq_is_before(seq, me->island_from))
			me->island_from = seq;
		if (seq_is_after(end, me->island_to))
			me->island_to = end;
	}
}

uint32_t
flow_stream_give_up(struct tcp_side *me, uint32_t ack)
{
	/* The number of a FIN is no byte. */
	if ((me->flags & SIDE_FIN_SEEN) != 0 && seq_distance(ack, me->last_seq) >= 0)
		ack = me->last_seq - 1;
	if (seq_distance(ack, me->next_seq) <= 0)
		return 0;

	uint32_t to = ack;
	if (me->island_from != me->island_to && seq_is_before(me->island_from, ack))
		to = me->island_from;
	uint32_t hole = to - me->next_seq;
	me->next_seq = to;
	join_island(me);
	return hole;
}

uint64_t
flow_stream_bytes(const struct tcp_side *me, const struct tcp_side *peer)
{
	uint64_t last = (uint64_t)me->last_high << 32 | (me->last_seq - me->start_seq);
	uint64_t acked = (uint64_t)me->ack_high << 32 | (me->ack_seq - me->start_seq);

	/* Half a connection that was found out and broken off: its numbers belong to another one. */
	if (me->previous == SIDE_SYN_SENT && me->state == SIDE_RESET &&
		peer->state == SIDE_INACTIVE && acked > 1)
		return 0;

	uint64_t bytes = last > acked ? last : acked;
	if (bytes > 0)
		bytes--; /* the SYN */
	if (bytes > 0 && (me->flags & SIDE_FIN_SEEN) != 0)
		bytes--;
	return bytes;
}
