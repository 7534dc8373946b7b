/*
 * A flow keeps what carried it by value: it may outlive the flow outside by an hour. Few flows are
 * carried, so this is kept apart, for at most a quarter of the table; when that is full, further ones do
 * not know what they came through, and are counted. A flag of each side, in the lines that a packet
 * touches anyway, says that nothing is left to learn.
 */
#include "daemon/flow/flow_carried.h"

#include "daemon/flow/flow_uid.h"

static struct obs_outside *
outside_at(const struct flow_table *t, const struct flow *f)
{
	return f->outside == FLOW_NO_OUTSIDE ? NULL : pool_at(&t->outsides, f->outside - 1);
}

static struct flow_uid
uid_of(const struct flow_carrier *c)
{
	struct flow_uid uid;
	uint64_t id;

	flow_uid_make(&c->key, c->start_ns, c->serial, &id, &uid);
	return uid;
}

static void
learn_first(struct flow_table *t, struct flow *f, const struct packet *p,
	const struct flow_carrier *carrier)
{
	struct obs_outside *o = pool_take(&t->outsides);

	if (o == NULL) {
		t->stats.outsides_refused++;
		f->tcp[0].flags |= SIDE_CARRIED;
		f->tcp[1].flags |= SIDE_CARRIED;
		return;
	}
	f->outside = (uint16_t)(pool_index(&t->outsides, o) + 1);
	o->kind = p->tunnel;
	o->depth = p->tunnel_depth;
	o->id = p->tunnel_id;
	o->ip_proto = carrier->packet->ip_proto;
	o->src = carrier->packet->src;
	o->dst = carrier->packet->dst;
	o->uids[0] = uid_of(carrier);
}

void
flow_carried(struct flow_table *t, struct flow *f, unsigned side, const struct packet *p,
	const struct flow_carrier *carrier)
{
	if ((f->tcp[side].flags & SIDE_CARRIED) != 0)
		return;
	f->tcp[side].flags |= SIDE_CARRIED;
	struct obs_outside *known = outside_at(t, f);
	if (known == NULL) {
		learn_first(t, f, p, carrier);
		return;
	}
	struct flow_uid uid = uid_of(carrier);
	if (strcmp(uid.text, known->uids[0].text) != 0)
		known->uids[1] = uid;
}

const struct obs_outside *
flow_outside(const struct flow_table *t, const struct flow *f)
{
	return outside_at(t, f);
}

void
flow_forget_carrier(struct flow_table *t, struct flow *f)
{
	struct obs_outside *o = outside_at(t, f);

	if (o != NULL)
		pool_give(&t->outsides, o);
	f->outside = FLOW_NO_OUTSIDE;
}

struct flow_carrier
flow_carrier_of(const struct flow *f, const struct packet *p)
{
	return (struct flow_carrier){
		.packet = p, .key = f->key, .start_ns = f->start_ns, .serial = flow_serial(f)
	};
}

void
flow_set_tunnel(struct flow *f, enum tunnel_kind kind)
{
	if (f->service < SERVICE_TUNNEL)
		f->service = (uint8_t)(SERVICE_TUNNEL + kind);
}

enum tunnel_kind
flow_tunnel(const struct flow *f)
{
	return f->service < SERVICE_TUNNEL ? TUNNEL_NONE
					   : (enum tunnel_kind)(f->service % SERVICE_TUNNEL_TOLD);
}

bool
flow_tunnel_told(const struct flow *f)
{
	return f->service > SERVICE_TUNNEL + SERVICE_TUNNEL_TOLD; /* kinds begin at 1 */
}

void
flow_tunnel_tell(struct flow *f)
{
	f->service |= SERVICE_TUNNEL_TOLD;
}
