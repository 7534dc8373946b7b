/*
 * engine_tell.c -- what was seen is written down, and shown to whom it concerns.
 *
 * One way for both: what frames showed, and what somebody else's log says.
 */
#include "daemon/engine/engine_state.h"
#include "daemon/engine/engine_timeline.h"
#include "daemon/transactions/transaction.h"

void
engine_tell_arp(struct engine *e, const struct observation *o)
{
	engine_write(e, RECORD_ARP,
		&(struct record){ .kind = RECORD_ARP, .ts_ns = o->ts_ns, .arp = o->arp });
	engine_show(e, NULL, o);
}

void
engine_tell_tunnel(struct engine *e, struct flow *f, const struct observation *o)
{
	engine_write(e, RECORD_TUNNEL,
		&(struct record){
			.kind = RECORD_TUNNEL, .ts_ns = e->clock_ns, .tunnel = o->tunnel });
	engine_show(e, f, o);
}

void
engine_tell_weird(struct engine *e, const struct observation *o)
{
	enum weird kind = o->weird->kind;
	struct record_weird record = { .weird = *o->weird, .interface = o->interface };

	e->stats.weird[kind]++;
	if (limiter_pass(&e->weird_limits[kind], e->clock_ns, &record.swallowed))
		engine_write(e, RECORD_WEIRD,
			&(struct record){
				.kind = RECORD_WEIRD, .ts_ns = e->clock_ns, .weird = &record });
	engine_show(e, NULL, o);
}

void
engine_tell_said(struct engine *e, const struct observation *o)
{
	if (engine_tells_timeline(e) && transaction_kind_of(o->kind) != NULL)
		engine_timeline_hear(e, o);
	engine_show(e, NULL, o);
	engine_write(e, RECORD_TRANSACTION,
		&(struct record){
			.kind = RECORD_TRANSACTION, .ts_ns = e->clock_ns, .transaction = o });
}
