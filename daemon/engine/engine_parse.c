/*
 * engine_parse.c -- which parser reads a flow, and feeding it.
 *
 * The parsers that can begin so are asked in the order of protocols.def about the first bytes of either
 * side, whatever the ports. Over TCP bytes are held while one of them says that
 * it cannot tell yet; a side that nobody wants is let go, and when the other one is refused as well the
 * flow costs nothing any more. A stream exists only while somebody reads, or asks to.
 */
#include "daemon/engine/engine_parse.h"

#include "daemon/engine/engine_datagram.h"
#include "daemon/engine/engine_state.h"
#include "daemon/engine/engine_talk.h"
#include "daemon/flow/flow_service.h"
#include "daemon/proto/proto.h"
#include "daemon/reassembly/stream_rest.h"
#include "daemon/reassembly/stream_segment.h"

#include <netinet/in.h>

/* Who cannot tell from so many bytes will never know. */
enum { ASK_MAX = 512 };

/* What one call of a stream's reader is about. */
struct feed {
	struct engine *engine;
	struct flow *flow;
	struct speaker *speaker;
	struct stream *stream;
	uint64_t ts_ns;
	uint16_t interface;
	bool was_recognised; /* by this packet, while bytes of the other side are held */
};

/* Who reads a flow; NULL: nobody, or nobody yet. */
static const struct protocol *
reader_of(struct flow *f)
{
	uint8_t parser = *flow_parser(f);

	return parser == FLOW_PARSER_UNASKED || parser > FLOW_PARSER_LAST ? NULL
									  : protocols[parser - 1];
}

/* ---- TCP: a stream's reader ---- */

static struct proto_call
call_of_side(const struct feed *d, unsigned side)
{
	const struct flow_key *ends = flow_ends(d->flow);

	return (struct proto_call){
		.ts_ns = d->ts_ns,
		.interface = d->interface,
		.src = side == 0 ? ends->low : ends->high,
		.dst = side == 0 ? ends->high : ends->low,
		.src_port = side == 0 ? ends->low_port : ends->high_port,
		.dst_port = side == 0 ? ends->high_port : ends->low_port,
		.from_orig = flow_side_is_orig(d->flow, side),
		.state = stream_parser_state(d->stream),
		.trust = d->engine->plan.trust,
		.certificates = &d->engine->certificates,
		.digests = d->engine->settings->protocols.digests,
		.unheard = d->engine->unheard,
		.emit = engine_talk_emit,
		.weird = engine_talk_weird,
		.expect = engine_talk_expect,
		.also = engine_talk_also,
		.context = d->speaker,
	};
}

/* The whole of the parser's state. returns false when there is no room for it */
static bool
wake(const struct feed *d, const struct protocol *p)
{
	return stream_wake(&d->engine->streams, d->stream, p->state_size, proto_state_zeroed(p));
}

static uint8_t
refusal_of(unsigned side)
{
	return side == 0 ? FLOW_PARSER_REFUSED_LOW : FLOW_PARSER_REFUSED_HIGH;
}

static unsigned
orig_side(const struct flow *f)
{
	return flow_side_is_orig(f, 0) ? 0 : 1;
}

static enum stream_verdict ask(
	struct feed *d, unsigned side, struct cursor bytes, bool must_decide, size_t from);

static enum stream_verdict
parse(struct feed *d, unsigned side, struct cursor bytes, bool is_first)
{
	uint8_t *parser = flow_parser(d->flow);
	size_t protocol = *parser - 1U;

	if (!wake(d, protocols[protocol]))
		return STREAM_STOP;
	struct proto_call call = call_of_side(d, side);
	switch (protocols[protocol]->parse(&call, bytes)) {
	case PROTO_MORE:
		return STREAM_TAKEN;
	case PROTO_HANDOVER: /* what opened the way stays the first of the services */
		stream_mistake(&d->engine->streams, d->stream);
		*parser = FLOW_PARSER_UNASKED;
		return STREAM_TAKEN;
	case PROTO_NOT_MINE:
		if (!is_first)
			return STREAM_STOP;
		stream_mistake(&d->engine->streams, d->stream);
		flow_drop_protocol(d->engine->flows, d->flow, protocol);
		*parser = FLOW_PARSER_UNASKED;
		return ask(d, side, bytes, true, protocol + 1);
	case PROTO_DONE:
		break;
	}
	return STREAM_STOP;
}

/* Some parser says that the stream is its own. */
static enum stream_verdict
recognise(struct feed *d, unsigned side, struct cursor bytes, size_t protocol)
{
	if (!stream_recognise(&d->engine->streams, d->stream, protocols[protocol]->state_size,
		    proto_state_zeroed(protocols[protocol])))
		return STREAM_STOP;
	*flow_parser(d->flow) = (uint8_t)(protocol + 1);
	struct proto_call call = call_of_side(d, side);
	engine_talk_recognised(d->engine->flows, d->flow, &call, protocol);
	/* What the other side said came first. */
	if (stream_keeps(d->stream, !side)) {
		d->was_recognised = true;
		return STREAM_HELD;
	}
	return parse(d, side, bytes, true);
}

/* Nobody wants what this side says. */
static enum stream_verdict
refuse(struct feed *d, unsigned side)
{
	uint8_t *parser = flow_parser(d->flow);

	if (stream_try_again(d->stream, side))
		return STREAM_UNWANTED;
	if (*parser == refusal_of(!side))
		return STREAM_STOP;
	*parser = refusal_of(side);
	return STREAM_UNWANTED;
}

/*
 * Ask the parsers from index `from` on about the first bytes of a side.
 *
 * ret_protocol  written when the answer is PROTO_YES
 */
static enum proto_guess
guess(const struct engine *e, const struct proto_call *call, struct cursor bytes, size_t from,
	size_t *ret_protocol)
{
	enum proto_guess best = PROTO_NO;
	uint64_t asked = dispatch_asked(&e->dispatch, IPPROTO_TCP, bytes) & UINT64_MAX << from;

	while (asked != 0) {
		size_t i = dispatch_next(&asked);
		enum proto_guess answer = protocols[i]->looks_like(call, bytes);
		if (answer == PROTO_YES) {
			*ret_protocol = i;
			return PROTO_YES;
		}
		if (answer == PROTO_PERHAPS)
			best = PROTO_PERHAPS;
	}
	return best;
}

static enum stream_verdict
ask(struct feed *d, unsigned side, struct cursor bytes, bool must_decide, size_t from)
{
	struct proto_call call = call_of_side(d, side);
	size_t protocol;

	enum proto_guess answer = guess(d->engine, &call, bytes, from, &protocol);
	bool is_short = answer == PROTO_PERHAPS && cursor_left(&bytes) < ASK_MAX;

	if (is_short && !must_decide)
		return STREAM_HELD;
	if (answer == PROTO_YES || engine_talk_is_expected(d->flow, &protocol))
		return recognise(d, side, bytes, protocol);
	/* What a gap has cut short says nothing: what comes after it is asked about anew. */
	return is_short ? STREAM_UNWANTED : refuse(d, side);
}

static enum stream_verdict
on_bytes(void *context, unsigned side, struct cursor bytes, bool must_decide)
{
	struct feed *d = context;
	uint8_t parser = *flow_parser(d->flow);

	if (parser == refusal_of(side))
		return STREAM_UNWANTED;
	if (parser == FLOW_PARSER_UNASKED || parser == refusal_of(!side))
		return ask(d, side, bytes, must_decide, 0);
	return parse(d, side, bytes, false);
}

static bool
on_gap(void *context, unsigned side, uint32_t missing)
{
	struct feed *d = context;
	const struct protocol *reader = reader_of(d->flow);

	if (reader == NULL || reader->gap == NULL)
		return true;
	if (!wake(d, reader))
		return false;
	struct proto_call call = call_of_side(d, side);
	d->engine->stats.stream_gap_bytes += missing;
	return reader->gap(&call, missing) == PROTO_MORE;
}

static void
on_weird(void *context, enum weird kind)
{
	struct feed *d = context;

	engine_talk_weird(d->speaker, kind);
}

/* ---- TCP: segments ---- */

/* Let a parser that wanted more tell what is pending. */
static void
tell_end(const struct feed *d)
{
	const struct protocol *reader = reader_of(d->flow);

	if (reader == NULL || reader->end == NULL)
		return;
	struct proto_call call = call_of_side(d, orig_side(d->flow));
	call.state = stream_last_state(
		&d->engine->streams, d->stream, reader->state_size, proto_state_zeroed(reader));
	reader->end(&call);
}

size_t
engine_parse_keeps(void *context, struct flow *f, const void *state)
{
	const struct protocol *reader = reader_of(f);

	(void)context;
	return reader == NULL || reader->keeps == NULL ? 0 : reader->keeps(state);
}

void
engine_parse_evicted(void *context, struct flow *f, struct stream *s)
{
	struct engine *e = context;
	struct speaker speaker = { e, f, NULL };

	tell_end(&(struct feed){ .engine = e,
		.flow = f,
		.speaker = &speaker,
		.stream = s,
		.ts_ns = e->clock_ns,
		.interface = flow_first_interface(f) });
	*flow_stream(f) = 0;
	if (flow_ends(f)->ip_proto == IPPROTO_TCP)
		*flow_parser(f) = FLOW_PARSER_NONE;
}

/* What was asked about is not read again: its stream goes on where it stands. */
static struct stream *
stream_begin(struct engine *e, struct flow *f, const struct packet *p)
{
	struct stream_start sides[2];
	bool is_fin = (p->tcp_flags & TCP_FIN) != 0;

	for (unsigned side = 0; side < 2; side++) {
		struct flow_tcp_start start = flow_tcp_start(f, side);
		bool is_latest = side == flow_packet_side(f, p) &&
				 start.last == p->tcp_seq + p->payload_bytes + is_fin;
		bool was_asked = *flow_parser(f) == refusal_of(side) || flow_tries(f, side) > 0;
		uint32_t unasked = is_latest ? p->tcp_seq : start.last;
		/* A FIN that went before these bytes, or the one that is behind all. */
		bool is_past = is_latest && !is_fin;
		sides[side] = (struct stream_start){
			.known = start.known,
			.in_middle = !start.has_syn,
			.tries = flow_tries(f, side),
			.is_reset = start.has_reset,
			.has_end = start.has_fin,
			.end = is_past ? p->tcp_seq : start.last - 1,
			.next = was_asked ? unasked : start.first,
			.ttl = start.ttl,
			.window_scale = start.window_scale,
		};
	}
	struct stream *s = stream_new(&e->streams, f, sides);
	*flow_stream(f) = stream_handle(&e->streams, s);
	return s;
}

/* Nothing waits, and nobody reads: the stream can go until the other side speaks. */
static bool
is_idle(struct flow *f, const struct stream *s)
{
	uint8_t parser = *flow_parser(f);

	return (parser == refusal_of(0) && !stream_keeps(s, 1)) ||
	       (parser == refusal_of(1) && !stream_keeps(s, 0));
}

/*
 * Most sides begin with an everyday segment that nobody wants: for those no stream is made. Nor for
 * those of which the beginning was not seen, as long as nobody knows what they say.
 *
 * returns  true when that was so
 */
static bool
is_refused_at_once(struct engine *e, struct flow *f, unsigned side, const struct packet *p)
{
	struct flow_tcp_start start = flow_tcp_start(f, side);
	bool is_in_order = start.has_syn ? p->tcp_seq == start.first
					 : p->tcp_seq + p->payload_bytes == start.last;
	bool is_everyday = is_in_order && !start.has_fin && !start.has_reset &&
			   p->ttl == start.ttl && (p->tcp_flags & ~TCP_PSH) == TCP_ACK &&
			   !packet_is_damaged(p);
	struct speaker speaker = { e, f, p };
	struct proto_call call = engine_talk_call(&speaker, p);
	size_t protocol;

	if (!is_everyday || guess(e, &call, p->payload, 0, &protocol) != PROTO_NO ||
		engine_talk_is_expected(f, &protocol))
		return false;
	if (!start.has_syn && flow_tries(f, side) < STREAM_MIDDLE_TRIES) {
		flow_tries_count(f, side);
		return true;
	}
	if (start.has_syn && side == orig_side(f))
		engine_talk_foreign_to_http(&speaker);
	uint8_t *parser = flow_parser(f);
	*parser = *parser == FLOW_PARSER_UNASKED ? refusal_of(side) : FLOW_PARSER_NONE;
	return true;
}

static void
parse_segment(struct engine *e, struct flow *f, const struct packet *p)
{
	uint16_t handle = *flow_stream(f);

	if (handle == 0 && p->payload_bytes == 0)
		return;
	unsigned side = flow_packet_side(f, p);
	if (handle == 0 &&
		(*flow_parser(f) == refusal_of(side) || is_refused_at_once(e, f, side, p)))
		return;
	struct stream *s =
		handle == 0 ? stream_begin(e, f, p) : stream_of_handle(&e->streams, handle);
	struct speaker speaker = { e, f, p };
	struct feed feed = { e, f, &speaker, s, p->ts_ns, p->interface, false };
	const struct stream_reader reader = { &feed, on_bytes, on_gap, on_weird };
	const struct stream_work work = { &e->streams, s, &reader };

	stream_touch(&e->streams, s, e->clock_ns);
	bool goes_on = stream_segment(&work, side, p);
	if (goes_on && feed.was_recognised)
		goes_on = stream_deliver_again(&work, !side) && stream_deliver_again(&work, side);
	if (goes_on && stream_is_over(s, side, p->tcp_ack)) {
		tell_end(&feed);
		goes_on = false;
	}
	if (!goes_on)
		*flow_parser(f) = FLOW_PARSER_NONE;
	if (!goes_on || is_idle(f, s))
		engine_talk_stream_leave(e, f, s);
}

void
engine_parse_end(struct engine *e, struct flow *f, enum flow_end_reason why)
{
	if (*flow_stream(f) == 0)
		return;
	struct stream *s = stream_of_handle(&e->streams, *flow_stream(f));
	struct speaker speaker = { e, f, NULL };
	struct feed feed = { .engine = e,
		.flow = f,
		.speaker = &speaker,
		.stream = s,
		.ts_ns = e->clock_ns,
		.interface = flow_first_interface(f) };
	const struct stream_reader reader = { &feed, on_bytes, on_gap, on_weird };
	const struct stream_work work = { &e->streams, s, &reader };

	if (flow_ends(f)->ip_proto != IPPROTO_TCP) {
		tell_end(&feed);
	} else {
		e->stream_was_cut |= why == FLOW_END_REUSED && stream_is_open(s);
		if (stream_deliver_rest(&work, 0) && stream_deliver_rest(&work, 1))
			tell_end(&feed);
	}
	engine_talk_stream_leave(e, f, s);
}

void
engine_parse(struct engine *e, struct flow *f, const struct packet *p)
{
	if (p->ip_proto == IPPROTO_TCP)
		parse_segment(e, f, p);
	else if (p->payload_bytes > 0 && !packet_is_damaged(p))
		engine_datagram(e, f, p); /* damaged, no host reads it */
}
