#include "daemon/engine_talk.h"

#include "daemon/detect.h"
#include "daemon/engine_state.h"
#include "daemon/engine_timeline.h"
#include "daemon/flow_key.h"

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
engine_talk_first(struct speaker *s, const char *service)
{
	uint16_t orig_port;
	uint16_t resp_port;

	flow_key_ports(
		flow_ends(s->flow), flow_side_is_orig(s->flow, 0) ? 0 : 1, &orig_port, &resp_port);
	if ((resp_port == 80 || resp_port == 8080) && strcmp(service, "http") != 0 &&
		s->engine->settings->protocols.read == PROTOCOLS_ALL)
		engine_talk_weird(s, WEIRD_HTTP_FOREIGN);
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
		.is_cut = cursor_left(&p->payload) < p->payload_bytes,
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
