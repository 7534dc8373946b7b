#include "daemon/engine_talk.h"

#include "daemon/detect.h"
#include "daemon/engine_state.h"
#include "daemon/engine_timeline.h"

#include <netinet/in.h>
#include <string.h>

void
engine_talk_choose(struct engine *e)
{
	uint64_t dns = 0;

	for (size_t i = 0; i < protocol_count; i++)
		if (strcmp(protocols[i]->name, "dns") == 0)
			dns |= UINT64_C(1) << i;
	const uint64_t read[] = {
		[PROTOCOLS_ALL] = UINT64_MAX, [PROTOCOLS_DNS] = dns, [PROTOCOLS_NONE] = 0
	};
	dispatch_init(&e->dispatch, read[e->settings->protocols.read]);
}

void
engine_talk_emit(void *context, const struct observation *o)
{
	const struct speaker *s = context;
	bool is_told = (s->engine->plan.sink.wanted & RECORD_BIT(RECORD_TRANSACTION)) != 0 ||
		       engine_tells_timeline(s->engine) || detect_wants(s->engine, o->kind);
	const struct obs_talk talk = flow_talk(s->flow, is_told);
	struct observation said = *o;

	said.talk = &talk;
	if (engine_tells_timeline(s->engine) && transaction_kind_of(said.kind) != NULL)
		said_keep(&s->engine->said, &said);
	engine_show(s->engine, NULL, &said);
	engine_write(s->engine, RECORD_TRANSACTION,
		&(struct record){ .kind = RECORD_TRANSACTION,
			.ts_ns = s->engine->clock_ns,
			.transaction = &said });
}

void
engine_talk_weird(void *context, enum weird kind)
{
	const struct speaker *s = context;

	if (s->packet != NULL)
		engine_weird(s->engine, kind, s->packet, s->flow);
}

struct proto_call
engine_talk_call(struct speaker *s, const struct packet *p)
{
	return (struct proto_call){
		.ts_ns = p->ts_ns,
		.interface = p->interface,
		.src = p->src,
		.dst = p->dst,
		.src_port = p->src_port,
		.dst_port = p->dst_port,
		.hop_limit = p->ip_proto == IPPROTO_TCP ? 0 : p->ttl,
		.from_orig = flow_packet_is_orig(s->flow, p),
		.trust = s->engine->plan.trust,
		.certificates = &s->engine->certificates,
		.emit = engine_talk_emit,
		.weird = engine_talk_weird,
		.context = s,
	};
}

void
engine_talk_stream_leave(struct engine *e, struct flow *f, struct stream *s)
{
	*flow_stream(f) = 0;
	stream_free(&e->streams, s);
}
