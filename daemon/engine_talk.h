/*
 * engine_talk.h -- between a parser, which knows no conversations, and the engine, which knows no protocol.
 */
#pragma once

#include "daemon/proto/proto.h"

struct engine;
struct flow;
struct packet;
struct stream;

/* Whose conversation a parser reads: the `context` of its calls. */
struct speaker {
	struct engine *engine;
	const struct flow *flow;
	const struct packet *packet; /* that brought the bytes; NULL at the end of the flow */
};

/* Whose parsers are asked, as the settings are when the engine begins. */
void engine_talk_choose(struct engine *e);

/* struct proto_call's: show an observation with the conversation that it was said in, and write it down. */
void engine_talk_emit(void *context, const struct observation *o);
void engine_talk_weird(void *context, enum weird kind);

/* A call about the payload of `p`, without state. `s` has to outlive it. */
struct proto_call engine_talk_call(struct speaker *s, const struct packet *p);

/* Nobody reads the flow any more: its stream goes. */
void engine_talk_stream_leave(struct engine *e, struct flow *f, struct stream *s);
