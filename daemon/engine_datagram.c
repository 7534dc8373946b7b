/*
 * engine_datagram.c -- who reads a flow of datagrams: whoever recognises the first one that has a payload.
 *
 * What a parser remembers of a flow lies where streams do, and makes room as they do: it is told what is
 * pending, and reads on with nothing to remember.
 */
#include "daemon/engine_datagram.h"

#include "daemon/engine_state.h"
#include "daemon/engine_talk.h"

#include <netinet/in.h>

/* What its parser remembers, zeroed if that is nothing yet. returns NULL when there is no room */
static struct stream *
state_of(struct engine *e, struct flow *f, size_t state_size)
{
	static const struct stream_start no_numbers[2];
	uint16_t handle = *flow_stream(f);

	if (handle != 0) {
		struct stream *s = stream_of_handle(&e->streams, handle);
		stream_touch(&e->streams, s, e->clock_ns);
		return s;
	}
	struct stream *s = stream_new(&e->streams, f, no_numbers);
	*flow_stream(f) = stream_handle(&e->streams, s);
	if (stream_recognise(&e->streams, s, state_size))
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

static void
recognise_datagram(const struct engine *e, struct flow *f, const struct proto_call *call,
	const struct packet *p)
{
	uint8_t *parser = flow_parser(f);

	struct cursor message = message_of(p);
	uint64_t asked = dispatch_asked(&e->dispatch, p->ip_proto, message);

	*parser = FLOW_PARSER_NONE;
	while (asked != 0) {
		size_t i = dispatch_next(&asked);
		if (protocols[i]->looks_like(call, message) != PROTO_YES)
			continue;
		flow_set_service(f, i);
		*parser = (uint8_t)(i + 1);
		return;
	}
}

void
engine_datagram(struct engine *e, struct flow *f, const struct packet *p)
{
	uint8_t *parser = flow_parser(f);
	struct speaker speaker = { e, f, p };
	struct proto_call call = engine_talk_call(&speaker, p);
	struct stream *s = NULL;

	if (*parser == FLOW_PARSER_UNASKED)
		recognise_datagram(e, f, &call, p);
	if (*parser == FLOW_PARSER_NONE)
		return;
	const struct protocol *protocol = protocols[*parser - 1];
	if (protocol->state_size > 0) {
		s = state_of(e, f, protocol->state_size);
		if (s == NULL)
			return;
		call.state = stream_parser_state(s);
	}
	bool goes_on = protocol->parse(&call, message_of(p)) == PROTO_MORE;
	if (!goes_on)
		*parser = FLOW_PARSER_NONE;
	if (s != NULL && (!goes_on || (protocol->is_idle != NULL && protocol->is_idle(call.state))))
		engine_talk_stream_leave(e, f, s);
}
