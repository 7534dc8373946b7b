/* engine_timeline.h -- a conversation that ended becomes an entry of its ends' timelines (behaviour §7). */
#pragma once

#include "daemon/observation.h"

struct engine;
struct window;

/* Does anybody read timelines? If not, the functions below are not to be called. */
bool engine_tells_timeline(const struct engine *e);

/* May an entry tell what was said, if it is of this kind? */
bool engine_timeline_hears(enum obs_kind kind);

/* Something was said in a conversation, o->talk: its entry may tell it. */
void engine_timeline_hear(struct engine *e, const struct observation *o);

/* One end's entry: `o` is OBS_FLOW_END, with its role; `w` is the window of its own time. */
void engine_timeline(struct engine *e, const struct window *w, const struct observation *o);
