#include "detectors/port_protocol.h"

struct port_protocol_peer {
	uint32_t tag; /* of its address */
	uint32_t at_s;
};

/* Is the protocol among those in a flow's service ("smtp,ssl")? */
static bool
is_in(const struct port_protocol *p, const char *service)
{
	size_t length = strlen(p->service);

	while (*service != '\0') {
		size_t name = strcspn(service, ",");
		if (name == length && strncmp(service, p->service, length) == 0)
			return true;
		service += name + (service[name] == ',');
	}
	return false;
}

static struct port_protocol_peer *
place(const struct detect *d, const struct port_protocol_state *s, const struct addr *peer,
	uint32_t *ret_tag)
{
	uint64_t key[sizeof(*peer) / sizeof(uint64_t)];

	memcpy(key, peer, sizeof(*peer));
	uint64_t hash = hash_words(d->sketch_key, key, sizeof(key) / sizeof(key[0]));
	*ret_tag = (uint32_t)(hash >> 32);
	return &s->spoken[hash % PORT_PROTOCOL_PEERS];
}

static void
remember(struct detect *d, struct port_protocol_state *s, const struct addr *peer, uint64_t now_ns)
{
	uint32_t tag;

	if (s->spoken == NULL)
		s->spoken = arena_alloc(d->memory, PORT_PROTOCOL_PEERS * sizeof(*s->spoken));
	if (s->spoken == NULL)
		return;
	struct port_protocol_peer *at = place(d, s, peer, &tag);
	*at = (struct port_protocol_peer){ tag, (uint32_t)(now_ns / NS_PER_S) };
}

static bool
was_spoken(const struct detect *d, const struct port_protocol_state *s, const struct addr *peer,
	uint64_t now_ns, uint64_t near_ns)
{
	uint32_t tag;

	if (s->spoken == NULL)
		return false;
	const struct port_protocol_peer *at = place(d, s, peer, &tag);
	uint64_t now_s = now_ns / NS_PER_S;
	uint64_t apart_s = now_s > at->at_s ? now_s - at->at_s : at->at_s - now_s;
	return at->tag == tag && apart_s <= near_ns / NS_PER_S;
}

static bool
is_foreign(const struct port_protocol *p, const struct obs_flow *f)
{
	return f->ip_proto == IPPROTO_TCP && f->resp_port == p->port && f->established &&
	       f->service_known && f->orig_total.payload_bytes + f->resp_total.payload_bytes > 0 &&
	       f->history[0] != '\0' && strpbrk(f->history, "Sh") != NULL && !is_in(p, f->service);
}

bool
port_protocol_wants(const struct port_protocol *p, const struct observation *o)
{
	if (o->role != ROLE_CLIENT)
		return false;
	if (o->kind == p->said)
		return true;
	return o->flow->resp_port == p->port &&
	       (is_foreign(p, o->flow) || is_in(p, o->flow->service));
}

bool
port_protocol_is_news(const struct port_protocol *p, struct detect *d,
	struct port_protocol_state *s, const struct observation *o, uint64_t near_ns)
{
	const struct addr *peer = o->kind == p->said ? &o->talk->resp : &o->flow->resp;

	if (o->kind == p->said || !is_foreign(p, o->flow)) {
		remember(d, s, peer, o->ts_ns);
		return false;
	}
	return !was_spoken(d, s, peer, o->ts_ns, near_ns) && detect_first_of_peer(d, peer);
}
