/* engine_foreign.h -- the engine's door for other programs' logs, beside that for frames; engine.h includes it. */
#pragma once

struct engine;
struct observation;

/*
 * Take one observation that somebody else made of a network (a flow log's line).
 *
 * Time comes to a conversation's start, to the ts_ns of anything else; engine_tick() says that it is later.
 *
 * o  a conversation is told by its end, after interims if it has any; its start is not told. `talk` is
 *    there where something was said; no text of a flow is NULL
 */
void engine_observe(struct engine *e, const struct observation *o);
