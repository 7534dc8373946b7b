#include "daemon/engine_timeline.h"

#include "daemon/engine_state.h"
#include "daemon/profile.h"

#include <assert.h>

static_assert((int)SITE_NAMES_OF_ADDRESS <= (int)TIMELINE_NAMES_MAX, "all names fit");

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

	const struct addr *peer = o->role == ROLE_CLIENT ? &o->flow->resp : &o->flow->orig;
	struct site_name names[SITE_NAMES_OF_ADDRESS];

	if (said_find(&e->said, o->flow->id, &said))
		entry.said = &said.observation;
	entry.name_count = site_name_of(e->site, peer, e->clock_ns, names);
	for (size_t i = 0; i < entry.name_count; i++)
		entry.names[i] = names[i].text;
	engine_write(e, RECORD_TIMELINE,
		&(struct record){
			.kind = RECORD_TIMELINE, .ts_ns = e->clock_ns, .timeline = &entry });
}
