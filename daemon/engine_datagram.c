/*
 * engine_datagram.c -- who reads a flow of datagrams: whoever recognises the first one that has a payload.
 *
 * What a parser remembers of a flow lies where streams do, and makes room as they do.
 */
#include "daemon/engine_datagram.h"

#include "daemon/engine_state.h"
#include "daemon/engine_talk.h"

#include <netinet/in.h>

/* Its parser will remember something. returns false when there is no room for that */
static bool
state_begin(struct engine *e, struct flow *f, size_t state_size)
{
	static const struct stream_start no_numbers[2];
	struct stream *s = stream_new(&e->streams, f, no_numbers);

	*flow_stream(f) = stream_handle(&e->streams, s);
	if (stream_recognise(&e->streams, s, state_size))
		return true;
	engine_talk_stream_leave(e, f, s);
	return false;
}

/* What a parser reads of a datagram: a type and a code are no ports, so they are in it. */
static struct cursor
message_of(const struct packet *p)
{
	return p->ip_proto == IPPROTO_ICMP || p->ip_proto == IPPROTO_ICMPV6 ? p->transport
									    : p->payload;
}

static void
recognise_datagram(
	struct engine *e, struct flow *f, const struct proto_call *call, const struct packet *p)
{
	uint8_t *parser = flow_parser(f);

	*parser = FLOW_PARSER_NONE;
	for (size_t i = 0; i < protocol_count; i++) {
		if (protocols[i]->ip_proto != p->ip_proto ||
			protocols[i]->looks_like(call, message_of(p)) != PROTO_YES)
			continue;
		flow_set_service(f, i);
		if (protocols[i]->state_size == 0 || state_begin(e, f, protocols[i]->state_size))
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
	if (*flow_stream(f) != 0) {
		s = stream_of_handle(&e->streams, *flow_stream(f));
		stream_touch(&e->streams, s, e->clock_ns);
		call.state = stream_parser_state(s);
	}
	if (protocols[*parser - 1]->parse(&call, message_of(p)) == PROTO_MORE)
		return;
	*parser = FLOW_PARSER_NONE;
	if (s != NULL)
		engine_talk_stream_leave(e, f, s);
}
