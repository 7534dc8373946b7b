#include "tests/evasion/deliver.h"

#include <netinet/in.h>

enum { FRAGMENT_UNIT = 8, IP4_HEADER = 20, IP6_HEADER = 40 };

/* Of both sides: so near the last number that all but the shortest go over it. */
#define FIRST_SEQ (UINT32_MAX - 99)

/* One delivery under way. */
struct work {
	struct told *told;
	const struct conversation *conversation;
	const struct delivery *delivery;
	uint64_t at_ns;
	uint16_t ip_id; /* of the next packet */
};

static void
send_frame(const struct work *w, const struct build *b, const uint8_t *bytes, size_t size)
{
	const struct frame f = build_frame(b, bytes, size, w->at_ns);

	told_frames(w->told, &f, 1);
}

/* ---- parts ---- */

/* Of how many parts. `cut`: of `size`; DELIVER_WHOLE, 0 and past the end are none. */
static uint32_t
parts_count(const struct parts *p, uint32_t size, uint32_t cut)
{
	if (p->size > 0)
		return size > 0 ? (size + p->size - 1) / p->size : 1;
	return cut > 0 && cut < size ? 2 : 1;
}

/* Where the `i`th to be sent begins and ends. */
static void
part_at(const struct parts *p, uint32_t size, uint32_t cut, uint32_t i, uint32_t *ret_from,
	uint32_t *ret_to)
{
	uint32_t count = parts_count(p, size, cut);
	uint32_t half = (count + 1) / 2;

	if (p->order == BACKWARDS)
		i = count - 1 - i;
	if (p->order == EVEN_FIRST)
		i = i < half ? 2 * i : 2 * (i - half) + 1;
	uint32_t step = p->size > 0 ? p->size : cut;
	*ret_from = i == 0 ? 0 : i * step;
	*ret_to = i + 1 == count ? size : *ret_from + step;
	*ret_from -= *ret_from < p->overlap ? *ret_from : p->overlap;
}

/* ---- packets ---- */

static void
send_fragments(struct work *w, const struct build *whole, const uint8_t *data, uint32_t size,
	uint8_t ip_proto, uint32_t cut)
{
	static uint8_t bytes[BUILD_MAX];
	const struct parts *p = &w->delivery->fragments;
	uint32_t count = parts_count(p, size, cut);
	uint32_t from;
	uint32_t to;

	for (uint32_t i = 0; i < count; i++) {
		struct build b = *whole;
		part_at(p, size, cut, i, &from, &to);
		b.ip_proto = ip_proto;
		b.is_fragment = true;
		b.fragment_offset = (uint16_t)(from / FRAGMENT_UNIT);
		b.more_fragments = to < size;
		b.payload = data + from;
		b.payload_bytes = to - from;
		size_t length = build_ip(bytes, &b);
		for (unsigned n = 0; n <= p->twice; n++)
			send_frame(w, &b, bytes, length);
	}
}

static void
send_packet(struct work *w, const struct build *built, bool is_tcp, uint32_t cut)
{
	static uint8_t bytes[BUILD_MAX];
	struct build b = *built;
	bool is_v4 = addr_is_v4(&b.src);

	b.ip_id = w->ip_id++;
	size_t length = is_tcp ? build_tcp(bytes, &b) : build_udp(bytes, &b);
	size_t data_at = build_link_bytes(&b) + (is_v4 ? IP4_HEADER : IP6_HEADER);
	uint32_t size = (uint32_t)(length - data_at);
	if (parts_count(&w->delivery->fragments, size, cut) > 1)
		send_fragments(
			w, &b, bytes + data_at, size, is_tcp ? IPPROTO_TCP : IPPROTO_UDP, cut);
	else
		send_frame(w, &b, bytes, length);
}

/* ---- TCP ---- */

/* A segment of that side, whose next byte is the `at`th it says, when the other side has said `heard`. */
static struct build
segment(const struct conversation_flow *f, bool from_opener, uint32_t at, uint32_t heard)
{
	struct build b = from_opener ? f->opener : build_answer(&f->opener);

	b.flags = TCP_ACK;
	b.seq = FIRST_SEQ + at;
	b.ack = FIRST_SEQ + heard;
	return b;
}

static void
send_bare(struct work *w, struct build b, uint8_t flags)
{
	b.flags = flags;
	send_packet(w, &b, true, DELIVER_WHOLE);
}

static void
open_flow(struct work *w, const struct conversation_flow *f)
{
	struct build syn = segment(f, true, 0, 0);

	syn.seq--;
	syn.ack = 0;
	send_bare(w, syn, TCP_SYN);
	syn = segment(f, false, 0, 0);
	syn.seq--;
	send_bare(w, syn, TCP_SYN | TCP_ACK);
	send_bare(w, segment(f, true, 0, 0), TCP_ACK);
}

static void
close_flow(struct work *w, const struct conversation_flow *f)
{
	send_bare(w, segment(f, true, f->said[0], f->said[1]), TCP_FIN | TCP_ACK);
	send_bare(w, segment(f, false, f->said[1], f->said[0] + 1), TCP_FIN | TCP_ACK);
	send_bare(w, segment(f, true, f->said[0] + 1, f->said[1] + 1), TCP_ACK);
}

static void
send_segments(struct work *w, const struct turn *turn, uint32_t heard, uint32_t cut)
{
	const struct conversation_flow *f = &w->conversation->flows[turn->flow];
	const struct parts *p = &w->delivery->segments;
	uint32_t count = parts_count(p, turn->size, cut);
	uint32_t from;
	uint32_t to;

	for (uint32_t i = 0; i < count; i++) {
		part_at(p, turn->size, cut, i, &from, &to);
		struct build b = segment(f, turn->from_opener, turn->at + from, heard);
		b.payload = turn->bytes + from;
		b.payload_bytes = to - from;
		for (unsigned n = 0; n <= p->twice; n++)
			send_packet(w, &b, true, DELIVER_WHOLE);
	}
}

/* said: of that flow, bytes of both sides so far */
static void
send_turn(struct work *w, const struct turn *turn, uint32_t said[2], uint32_t cut)
{
	const struct conversation_flow *f = &w->conversation->flows[turn->flow];
	uint32_t heard = said[turn->from_opener];

	if (said[0] == 0 && said[1] == 0)
		open_flow(w, f);
	send_segments(w, turn, heard, cut);
	said[!turn->from_opener] = turn->at + turn->size;
	send_bare(w, segment(f, !turn->from_opener, heard, turn->at + turn->size), TCP_ACK);
	if (w->delivery->again)
		send_segments(w, turn, heard, DELIVER_WHOLE);
	if (turn->is_last)
		close_flow(w, f);
}

/* ---- UDP ---- */

static void
send_datagram(struct work *w, const struct turn *turn, uint32_t cut)
{
	const struct build *o = &w->conversation->flows[turn->flow].opener;
	struct build b = turn->from_opener ? *o : build_answer(o);

	b.payload = turn->bytes;
	b.payload_bytes = turn->size;
	send_packet(w, &b, false,
		cut < turn->size ? (cut / FRAGMENT_UNIT + 1) * FRAGMENT_UNIT : DELIVER_WHOLE);
}

/* How many datagrams one side sends in a row from the `i`th turn on. */
static size_t
flight(const struct conversation *c, size_t i)
{
	size_t end = i;

	while (end < c->turn_count && c->turns[end].flow == c->turns[i].flow &&
		c->turns[end].from_opener == c->turns[i].from_opener)
		end++;
	return end - i;
}

void
deliver(struct told *t, const struct conversation *c, const struct delivery *d, uint64_t at_ns,
	uint32_t cut)
{
	struct work w = { t, c, d, at_ns, 1 };
	uint32_t said[CONVERSATION_FLOWS][2] = { 0 };

	for (size_t i = 0; i < c->turn_count;) {
		const struct turn *turn = &c->turns[i];
		bool is_tcp = c->flows[turn->flow].is_tcp;
		size_t count = is_tcp ? 1 : flight(c, i);
		for (size_t n = 0; n < count; n++) {
			turn = &c->turns[d->datagrams_backwards ? i + count - 1 - n : i + n];
			uint32_t turn_before = (uint32_t)(turn->bytes - c->bytes);
			uint32_t cut_here = cut == DELIVER_WHOLE || cut < turn_before
						    ? DELIVER_WHOLE
						    : cut - turn_before;
			if (is_tcp)
				send_turn(&w, turn, said[turn->flow], cut_here);
			else
				send_datagram(&w, turn, cut_here);
		}
		i += count;
	}
}
