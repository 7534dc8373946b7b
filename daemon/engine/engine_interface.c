#include "daemon/engine/engine_interface.h"

#include "daemon/engine/engine_state.h"

#include <netinet/in.h>
#include <string.h>

enum {
	RECENT_FLOWS = 1024,
	RECENT_BYTES = 128 << 20,
	ENOUGH_FLOWS = 20,
	ENOUGH_BYTES = 1 << 20,
	TALK_PACKETS_MIN =
		4, /* probes of firewalls with lone ACKs are sent again, but not so often */
};

struct engine_interface_stats
engine_interface_stats(const struct engine *e, unsigned interface)
{
	return e->interfaces[interface];
}

static void
share_add(struct recent_share *s, uint64_t part, uint64_t whole, uint64_t most)
{
	s->part += part;
	s->whole += whole;
	while (s->whole >= most) {
		s->part /= 2;
		s->whole /= 2;
	}
}

static double
share_ratio(const struct recent_share *s, uint64_t enough)
{
	return s->whole < enough ? 0 : (double)s->part / (double)s->whole;
}

double
engine_gap_ratio(const struct engine_interface_stats *s)
{
	return share_ratio(&s->recent_gap, ENOUGH_BYTES);
}

double
engine_oneway_ratio(const struct engine_interface_stats *s)
{
	return share_ratio(&s->recent_oneway, ENOUGH_FLOWS);
}

/* One direction of a TCP connection, since the previous observation; payload counts gaps as well. */
static void
add_bytes(struct engine *e, unsigned interface, const struct flow_side *delta)
{
	uint64_t gap = delta->missed_bytes;
	uint64_t seen = delta->payload_bytes > gap ? delta->payload_bytes - gap : 0;

	if (interface == INTERFACES_MAX) /* it has sent nothing */
		return;
	struct engine_interface_stats *s = &e->interfaces[interface];
	s->tcp_bytes += seen;
	s->tcp_gap_bytes += gap;
	share_add(&s->recent_gap, gap, seen + gap, RECENT_BYTES);
}

/* Data and acknowledgements are only sent to somebody who answered, whether we saw it or not. */
static bool
has_talked(const struct obs_flow *o)
{
	return o->orig_total.packets + o->resp_total.packets >= TALK_PACKETS_MIN &&
	       strpbrk(o->history, "ADad") != NULL;
}

static bool
is_oneway(const struct obs_flow *o)
{
	return o->orig_total.packets == 0 || o->resp_total.packets == 0;
}

void
engine_interface_flow(struct engine *e, const struct flow *f, const struct obs_flow *o)
{
	struct engine_interface_stats *s = &e->interfaces[o->interface];

	s->flows_ended += o->ended != FLOW_END_NONE;
	if (o->ip_proto != IPPROTO_TCP)
		return;
	add_bytes(e, flow_counted_on(f, ROLE_CLIENT), &o->orig_delta);
	add_bytes(e, flow_counted_on(f, ROLE_SERVER), &o->resp_delta);
	if (o->ended == FLOW_END_NONE || !has_talked(o))
		return;
	s->flows_talked++;
	s->flows_oneway += is_oneway(o);
	share_add(&s->recent_oneway, is_oneway(o), 1, RECENT_FLOWS);
}
