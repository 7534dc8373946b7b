#include "daemon/engine_timeline.h"

#include "daemon/engine_state.h"
#include "daemon/profile.h"

bool
engine_tells_timeline(const struct engine *e)
{
	return (e->plan.sink.wanted & RECORD_BIT(RECORD_TIMELINE)) != 0;
}

void
engine_timeline(struct engine *e, const struct window *w, const struct observation *o)
{
	struct said said;
	struct record_timeline entry = {
		.host = w->profile->addr,
		.role = o->role,
		.window = { w->slot.number, w->slot.start_ns, w->slot.end_ns },
		.flow = o->flow,
	};

	if (said_find(&e->said, o->flow->id, &said))
		entry.said = &said.observation;
	engine_write(e, RECORD_TIMELINE,
		&(struct record){
			.kind = RECORD_TIMELINE, .ts_ns = e->clock_ns, .timeline = &entry });
}
