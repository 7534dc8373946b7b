/* engine_parse.h -- payload of flows goes to the protocol parsers that want it. */
#pragma once

#include "daemon/observation.h"

#include <stddef.h>

struct engine;
struct flow;
struct packet;
struct stream;

/*
 * Hand on what a packet of `f` brings, if a parser wants it. Only for flows whose parser is not
 * FLOW_PARSER_NONE; the others cost nothing.
 */
void engine_parse(struct engine *e, struct flow *f, const struct packet *p);

/*
 * The flow ends: what waits of its stream is handed on, and the stream goes. One that was in the middle
 * of something while its ports were opened again is told when that packet's turn is over.
 */
void engine_parse_end(struct engine *e, struct flow *f, enum flow_end_reason why);

/* A stream makes room: its parser tells what is pending; for struct stream_table_plan. */
void engine_parse_evicted(void *context, struct flow *f, struct stream *s);

/* It is quiet: what its parser must keep; for struct stream_table_plan. */
size_t engine_parse_keeps(void *context, struct flow *f, const void *state);
