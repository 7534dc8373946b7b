/*
 * engine_talk.h -- between a parser, which knows no conversations, and the engine, which knows no protocol.
 */
#pragma once

#include "daemon/proto/proto.h"

struct engine;
struct flow;
struct flow_table;
struct packet;
struct stream;

/* Whose conversation a parser reads: the `context` of its calls. */
struct speaker {
	struct engine *engine;
	struct flow *flow;
	const struct packet *packet; /* that brought the bytes; NULL at the end of the flow */
};

/* Whose parsers are asked, as the settings are when the engine begins. */
void engine_talk_choose(struct engine *e);

/* Find out which kinds of observations nobody hears; once the detectors are there. */
void engine_talk_listen(struct engine *e);

/* struct proto_call's: show an observation with the conversation that it was said in, and write it down. */
void engine_talk_emit(void *context, const struct observation *o);
void engine_talk_weird(void *context, enum weird kind);
void engine_talk_expect(void *context, const struct proto_expected *expected);
void engine_talk_also(void *context, const char *service);

/* A flow begins: if it was expected, say what it carries. */
void engine_talk_meet(struct engine *e, struct flow *f);

/*
 * Was the flow expected, by a protocol that nothing else tells?
 *
 * ret_protocol  its index in protocols[], written when true is returned
 */
bool engine_talk_is_expected(const struct flow *f, size_t *ret_protocol);

/* Nobody recognises what a client says first: tell it, at the port of HTTP. */
void engine_talk_foreign_to_http(struct speaker *s);

/* A call about the payload of `p`, without state. `s` has to outlive it. */
struct proto_call engine_talk_call(struct speaker *s, const struct packet *p);

/* The flow carries protocols[protocol]: its service from now on, and odd where another one is at home. */
void engine_talk_recognised(
	struct flow_table *flows, struct flow *f, const struct proto_call *call, size_t protocol);

/* Nobody reads the flow any more: its stream goes. */
void engine_talk_stream_leave(struct engine *e, struct flow *f, struct stream *s);
