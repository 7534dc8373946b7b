/*
 * engine_datagram.c -- who reads a flow of datagrams: whoever recognises one of the first that have a payload.
 *
 * Or a later one, when who read the flow until then has handed on: a call's DTLS comes behind its STUN.
 *
 * What a parser remembers of a flow lies where streams do, and makes room as they do: it is told what is
 * pending, and reads on with nothing to remember.
 */
#include "daemon/engine/engine_datagram.h"

#include "daemon/engine/engine_state.h"
#include "daemon/engine/engine_talk.h"
#include "daemon/flow/flow_service.h"
#include "daemon/reassembly/stream_rest.h"

#include <netinet/in.h>

/* What its parser remembers, zeroed if that is nothing yet. returns NULL when there is no room */
static struct stream *
state_of(struct engine *e, struct flow *f, const struct protocol *protocol)
{
	static const struct stream_start no_numbers[2];
	uint16_t handle = *flow_stream(f);

	if (handle != 0) {
		struct stream *s = stream_of_handle(&e->streams, handle);
		stream_touch(&e->streams, s, e->clock_ns);
		return stream_wake(
			       &e->streams, s, protocol->state_size, proto_state_zeroed(protocol))
			       ? s
			       : NULL;
	}
	struct stream *s = stream_new(&e->streams, f, no_numbers);
	*flow_stream(f) = stream_handle(&e->streams, s);
	if (stream_recognise(&e->streams, s, protocol->state_size, proto_state_zeroed(protocol)))
		return s;
	engine_talk_stream_leave(e, f, s);
	return NULL;
}

/* What a parser reads of a datagram: a type and a code are no ports, so they are in it. */
static struct cursor
message_of(const struct packet *p)
{
	return p->ip_proto == IPPROTO_ICMP || p->ip_proto == IPPROTO_ICMPV6 ? p->transport
									    : p->payload;
}

/* returns  whether somebody says that it is his own, but for who has handed on; that one is its parser then */
static bool
recognise_datagram(
	struct engine *e, struct flow *f, const struct proto_call *call, const struct packet *p)
{
	size_t before = flow_service(f);
	struct cursor message = message_of(p);
	uint64_t asked = dispatch_asked(&e->dispatch, p->ip_proto, message);

	while (asked != 0) {
		size_t i = dispatch_next(&asked);
		if (i == before || protocols[i]->looks_like(call, message) != PROTO_YES)
			continue;
		engine_talk_recognised(e->flows, f, call, i);
		*flow_parser(f) = (uint8_t)(i + 1);
		return true;
	}
	return false;
}

/* Nobody wants it: the next ones are asked about as well, more of them if who read the flow before has handed on. */
static void
refuse_datagram(struct flow *f, const struct packet *p)
{
	unsigned side = flow_packet_side(f, p);
	uint8_t most = !flow_has_service(f) ? ENGINE_DATAGRAM_FIRST : ENGINE_DATAGRAM_TRIES;

	if (flow_tries(f, side) >= most)
		*flow_parser(f) = FLOW_PARSER_NONE;
	else
		flow_tries_count(f, side);
}

/* returns  false when the flow's parser has handed on: it is FLOW_PARSER_UNASKED by now */
static bool
read_datagram(struct engine *e, struct flow *f, struct proto_call *call, const struct packet *p)
{
	uint8_t *parser = flow_parser(f);
	const struct protocol *protocol = protocols[*parser - 1];
	struct stream *s = NULL;

	if (protocol->state_size > 0) {
		s = state_of(e, f, protocol);
		if (s == NULL)
			return true;
		call->state = stream_parser_state(s);
	}
	enum proto_verdict verdict = protocol->parse(call, message_of(p));
	bool goes_on = verdict == PROTO_MORE;
	if (!goes_on)
		*parser = verdict == PROTO_HANDOVER ? FLOW_PARSER_UNASKED : FLOW_PARSER_NONE;
	if (s != NULL &&
		(!goes_on || (protocol->is_idle != NULL && protocol->is_idle(call->state))))
		engine_talk_stream_leave(e, f, s);
	return verdict != PROTO_HANDOVER;
}

void
engine_datagram(struct engine *e, struct flow *f, const struct packet *p)
{
	struct speaker speaker = { e, f, p };
	struct proto_call call = engine_talk_call(&speaker, p);

	if (*flow_parser(f) != FLOW_PARSER_UNASKED && read_datagram(e, f, &call, p))
		return;
	/* Who is asked in the middle may hand on as well, but not twice at one datagram. */
	if (!recognise_datagram(e, f, &call, p) || !read_datagram(e, f, &call, p))
		refuse_datagram(f, p);
}
