/*
 * engine_tunnel.c -- a conversation is found to be a tunnel, and ends as one.
 *
 * Told once for each conversation outside, when the first conversation is inside it: a gateway has
 * millions of packets and few tunnels. ARP and the like say what the outside is and no more.
 */
#include "daemon/engine/engine_state.h"

static void
tell(struct engine *e, struct flow *f, const struct obs_tunnel *t, uint64_t ts_ns)
{
	engine_tell_tunnel(e, f,
		&(struct observation){ .kind = OBS_TUNNEL,
			.ts_ns = ts_ns,
			.interface = t->flow->interface,
			.tunnel = t });
}

void
engine_tunnel(struct engine *e, struct flow *f, const struct packet *inner, bool is_conversation)
{
	struct obs_flow o;

	if (inner->kind == PACKET_OTHER)
		return;
	flow_set_tunnel(f, inner->tunnel);
	if (!is_conversation || flow_tunnel_told(f))
		return;
	flow_tunnel_tell(f);
	flow_snapshot_named(e->flows, f, &o);
	tell(e, f,
		&(struct obs_tunnel){ .kind = flow_tunnel(f), .id = inner->tunnel_id, .flow = &o },
		inner->ts_ns);
}

void
engine_tunnel_end(struct engine *e, struct flow *f, const struct obs_flow *o)
{
	if (flow_tunnel_told(f))
		tell(e, f,
			&(struct obs_tunnel){ .kind = flow_tunnel(f), .closed = true, .flow = o },
			o->last_ns);
}
