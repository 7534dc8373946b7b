#include "daemon/engine_talk.h"

#include "daemon/detect.h"
#include "daemon/engine_state.h"
#include "daemon/engine_timeline.h"

#include <netinet/in.h>
#include <string.h>

bool
engine_reads(const struct engine *e, size_t i)
{
	switch ((enum protocols_read)e->settings->protocols.read) {
	case PROTOCOLS_ALL:
		return true;
	case PROTOCOLS_DNS:
		return strcmp(protocols[i]->name, "dns") == 0;
	case PROTOCOLS_NONE:
		break;
	}
	return false;
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

void
engine_talk_expect(void *context, const struct proto_expected *expected)
{
	const struct speaker *s = context;
	const struct expected_key key = {
		.opener = expected->opener,
		.end = expected->end,
		.port = expected->port,
		.ip_proto = expected->protocol->ip_proto,
	};
	size_t protocol = 0;

	while (protocols[protocol] != expected->protocol)
		protocol++;
	expected_add(&s->engine->expected, &key, protocol, s->engine->clock_ns);
}

void
engine_talk_meet(struct engine *e, struct flow *f)
{
	const struct flow_key *ends = flow_ends(f);
	bool from_low = flow_side_is_orig(f, 0);
	const struct expected_key key = {
		.opener = from_low ? ends->low : ends->high,
		.end = from_low ? ends->high : ends->low,
		.port = from_low ? ends->high_port : ends->low_port,
		.ip_proto = ends->ip_proto,
	};

	flow_set_service(f, expected_meet(&e->expected, &key, e->clock_ns));
}

bool
engine_talk_is_expected(const struct flow *f, size_t *ret_protocol)
{
	*ret_protocol = flow_service(f);
	return *ret_protocol != SIZE_MAX && protocols[*ret_protocol]->looks_like == NULL;
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
		.certificates = &s->engine->certificates,
		.digests = s->engine->settings->protocols.digests,
		.emit = engine_talk_emit,
		.weird = engine_talk_weird,
		.expect = engine_talk_expect,
		.context = s,
	};
}

void
engine_talk_stream_leave(struct engine *e, struct flow *f, struct stream *s)
{
	*flow_stream(f) = 0;
	stream_free(&e->streams, s);
}
