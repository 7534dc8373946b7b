/* engine_foreign.h -- the engine's door for other programs' logs, beside that for frames; engine.h includes it. */
#pragma once

#include <stdint.h>

struct engine;
struct observation;

/*
 * Say when the earliest begins of what will be observed, as far as is known: there window 1 begins. A log in
 * the order of ends tells first what did not begin first.
 *
 * Before the first observation; afterwards, and where windows are not counted from the first packet of all
 * (live, by profile, only one), it says nothing new.
 */
void engine_begin(struct engine *e, uint64_t earliest_ns);

/*
 * Take one observation that somebody else made of a network (a flow log's line).
 *
 * Time comes to a conversation's start, to the ts_ns of anything else; engine_tick() says that it is later.
 *
 * o  a conversation is told by its end, after interims if it has any; its start is not told. `talk` is
 *    there where something was said; no text of a flow is NULL
 */
void engine_observe(struct engine *e, const struct observation *o);
