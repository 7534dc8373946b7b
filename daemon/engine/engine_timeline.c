#include "daemon/engine/engine_timeline.h"

#include "daemon/engine/engine_state.h"
#include "daemon/window/profile.h"

#include <assert.h>

static_assert((int)SITE_NAMES_OF_ADDRESS <= (int)TIMELINE_NAMES_MAX, "all names fit");

/* How much a transaction says of its conversation: a lesser one does not take the place of a greater. */
enum weight { SAYS_NOTHING, SAYS_WHO, SAYS_WHAT };

/*
 * Certificates, files and programs come with a transaction that tells more. A log-in, or a share, is told
 * until something was done with it.
 */
static enum weight
weight_of(enum obs_kind kind)
{
	switch (kind) {
	case OBS_X509:
	case OBS_FILE:
	case OBS_SOFTWARE:
	case OBS_NAME:
	case OBS_ND:
	case OBS_ALERT:
	case OBS_MQTT_TOPIC:
		return SAYS_NOTHING;
	case OBS_LOGIN:
	case OBS_NTLM:
	case OBS_SMB:
		return SAYS_WHO;
	default:
		return SAYS_WHAT;
	}
}

bool
engine_tells_timeline(const struct engine *e)
{
	return (e->plan.sink.wanted & RECORD_BIT(RECORD_TIMELINE)) != 0;
}

bool
engine_timeline_hears(enum obs_kind kind)
{
	return weight_of(kind) != SAYS_NOTHING;
}

void
engine_timeline_hear(struct engine *e, const struct observation *o)
{
	enum weight weight = weight_of(o->kind);
	enum obs_kind before;

	if (weight == SAYS_NOTHING ||
		(weight == SAYS_WHO && said_kind(&e->said, o->talk->id, &before) &&
			weight_of(before) > weight))
		return;
	said_keep(&e->said, o);
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
	uint32_t count = site_name_of(e->site, peer, e->clock_ns, names);
	for (uint32_t i = 0; i < count; i++)
		if (site_name_is_believed(names[i].source))
			entry.names[entry.name_count++] = names[i].text;
	engine_write(e, RECORD_TIMELINE,
		&(struct record){
			.kind = RECORD_TIMELINE, .ts_ns = e->clock_ns, .timeline = &entry });
}
