#include "daemon/engine/engine_talk.h"

#include "daemon/engine/detect.h"
#include "daemon/engine/engine_state.h"
#include "daemon/engine/engine_timeline.h"
#include "daemon/flow/flow_key.h"
#include "daemon/flow/flow_service.h"
#include "daemon/proto/home_port.h"

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

/* Transactions go to the outlets that want any, and to the detectors that subscribe to their kind. */
static bool
is_heard(const struct engine *e, enum obs_kind kind)
{
	return (e->plan.sink.wanted & RECORD_BIT(RECORD_TRANSACTION)) != 0 ||
	       (engine_tells_timeline(e) && engine_timeline_hears(kind)) || detect_wants(e, kind);
}

void
engine_talk_listen(struct engine *e)
{
	e->unheard = 0;
	for (enum obs_kind kind = 0; kind < OBS_KIND_COUNT; kind++)
		if (!is_heard(e, kind))
			e->unheard |= OBS_BIT(kind);
}

void
engine_talk_emit(void *context, const struct observation *o)
{
	const struct speaker *s = context;
	bool is_told = (s->engine->unheard & OBS_BIT(o->kind)) == 0;
	const struct obs_talk talk = flow_talk(s->flow, is_told);
	struct observation said = *o;

	said.talk = &talk;
	engine_tell_said(s->engine, &said);
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

	size_t protocol = expected_meet(&e->expected, &key, e->clock_ns);

	if (protocol != SIZE_MAX)
		flow_add_protocol(e->flows, f, protocol);
}

bool
engine_talk_is_expected(const struct flow *f, size_t *ret_protocol)
{
	*ret_protocol = flow_service(f);
	return *ret_protocol != SIZE_MAX && protocols[*ret_protocol]->looks_like == NULL;
}

void
engine_talk_foreign_to_http(struct speaker *s)
{
	uint16_t orig_port;
	uint16_t resp_port;

	flow_key_ports(
		flow_ends(s->flow), flow_side_is_orig(s->flow, 0) ? 0 : 1, &orig_port, &resp_port);
	if (resp_port == 80 && s->engine->settings->protocols.read == PROTOCOLS_ALL)
		engine_talk_weird(s, WEIRD_HTTP_FOREIGN);
}

void
engine_talk_also(void *context, const char *service)
{
	const struct speaker *s = context;

	flow_add_service(s->engine->flows, s->flow, service);
}

/* What a parser gave up to another one is that one's port as well: TLS behind STARTTLS. */
void
engine_talk_recognised(
	struct flow_table *flows, struct flow *f, const struct proto_call *call, size_t protocol)
{
	uint16_t port = call->from_orig ? call->dst_port : call->src_port;

	if (!flow_has_service(f) &&
		home_port_is_others(port, protocols[protocol]->ip_proto, protocols[protocol]->name))
		call->weird(call->context, WEIRD_FOREIGN_PROTOCOL);
	flow_add_protocol(flows, f, protocol);
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
		.is_cut = cursor_left(&p->payload) < p->payload_bytes,
		.certificates = &s->engine->certificates,
		.digests = s->engine->settings->protocols.digests,
		.unheard = s->engine->unheard,
		.emit = engine_talk_emit,
		.weird = engine_talk_weird,
		.expect = engine_talk_expect,
		.also = engine_talk_also,
		.context = s,
	};
}

void
engine_talk_stream_leave(struct engine *e, struct flow *f, struct stream *s)
{
	*flow_stream(f) = 0;
	stream_free(&e->streams, s);
}
