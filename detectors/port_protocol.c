#include "detectors/port_protocol.h"

struct port_protocol_peer {
	uint64_t hash; /* of its address; 0: nobody */
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

static uint64_t
hash_of(const struct detect *d, const struct addr *peer)
{
	uint64_t key[sizeof(*peer) / sizeof(uint64_t)];

	memcpy(key, peer, sizeof(*peer));
	return hash_words(d->sketch_key, key, sizeof(key) / sizeof(key[0]));
}

/* Most hosts speak it with few: the table is small until two of them want one place. */
static struct port_protocol_peer *
place(const struct port_protocol_state *s, uint64_t hash)
{
	return &s->spoken[hash % s->places];
}

static bool
grow(struct detect *d, struct port_protocol_state *s, uint32_t places)
{
	const struct port_protocol_state before = *s;
	struct port_protocol_peer *spoken = arena_alloc(d->memory, places * sizeof(*spoken));

	if (spoken == NULL)
		return false;
	s->spoken = spoken;
	s->places = places;
	for (uint32_t i = 0; i < before.places; i++)
		if (before.spoken[i].hash != 0)
			*place(s, before.spoken[i].hash) = before.spoken[i];
	return true;
}

static void
remember(struct detect *d, struct port_protocol_state *s, const struct addr *peer, uint64_t now_ns)
{
	uint64_t hash = hash_of(d, peer);

	if (s->places == 0 && !grow(d, s, PORT_PROTOCOL_FEW))
		return;
	struct port_protocol_peer *at = place(s, hash);
	if (at->hash != 0 && at->hash != hash && s->places < PORT_PROTOCOL_PEERS &&
		grow(d, s, PORT_PROTOCOL_PEERS))
		at = place(s, hash);
	*at = (struct port_protocol_peer){ hash, (uint32_t)(now_ns / NS_PER_S) };
}

static bool
was_spoken(const struct detect *d, const struct port_protocol_state *s, const struct addr *peer,
	uint64_t now_ns, uint64_t near_ns)
{
	if (s->places == 0)
		return false;
	uint64_t hash = hash_of(d, peer);
	const struct port_protocol_peer *at = place(s, hash);
	uint64_t now_s = now_ns / NS_PER_S;
	uint64_t apart_s = now_s > at->at_s ? now_s - at->at_s : at->at_s - now_s;
	return at->hash == hash && apart_s <= near_ns / NS_PER_S;
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
