/* engine_datagram.h -- datagrams go to the parser that wants them. */
#pragma once

struct engine;
struct flow;
struct packet;

/* Datagrams of a side that all are asked about after one that nobody wants: of a new flow, and after a handover. */
enum { ENGINE_DATAGRAM_FIRST = 3, ENGINE_DATAGRAM_TRIES = 16 };

/* Hand on the payload of `p`, a packet of `f` whose parser is not FLOW_PARSER_NONE. */
void engine_datagram(struct engine *e, struct flow *f, const struct packet *p);
