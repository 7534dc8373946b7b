/*
 * dns_private -- a name of the Internet is resolved to an address of the inside.
 *
 * What anybody registered belongs to the Internet; when a resolver gives it a private address, somebody
 * turned it aside, lets a browser reach the inside (rebinding), or parks it. Told once a domain and window,
 * as information. Left out are names of the inside, and private addresses from private resolvers or the
 * gateway: companies and routers give their own names inside and outside different addresses.
 *
 * Bounds: MAX_DOMAINS domains a window.
 *
 * Not told apart: names that their owner means to be private, as those for the set-up of devices are.
 *
 * Source: detections §1.4.
 */
#include "detectors/detector.h"

#include "detectors/dns_name.h"

enum { MAX_DOMAINS = 64 };

static const struct evidence_kind turned = {
	.name = "INVALID_DNS_RESOLUTION",
	.signature_id = 5200106,
	.technique = "T1568",
	.unit = "domains",
	.title = "Name of the Internet with a private address",
};

static const struct arena_map_shape domain_shape = {
	.item_size = sizeof(uint64_t), /* the hash of its name */
	.key_size = sizeof(uint64_t),
	.capacity = MAX_DOMAINS,
};

struct state {
	struct arena_map domains;
};

/* The first private address of an answer, or NULL. */
static const struct addr *
private_answer(const struct obs_dns *dns)
{
	for (size_t i = 0; i < dns->answer_count; i++)
		if (addr_is_private(&dns->answers[i].addr))
			return &dns->answers[i].addr;
	return NULL;
}

static void
report(struct detect *d, const struct observation *o)
{
	const struct state *s = d->window_state;
	char address[ADDR_TEXT_MAX];
	char server[ADDR_TEXT_MAX];
	char name[NAME_TOLD_MAX + 1];

	evidence_raise(d,
		&(struct finding){
			.kind = &turned,
			.threat = THREAT_INFO,
			.confidence = 0.8,
			.role = EVIDENCE_ATTACKER,
			.about = &o->dns->server,
			.port = DNS_PORT,
			.observed = s->domains.count,
			.threshold = 1,
			.object = name_tell(name, domain_view(o->dns->query)),
			.uids = o->talk == NULL ? NULL : &o->talk->uid,
			.uid_count = o->talk != NULL,
		},
		"was told by %s that %s has the private address %s",
		addr_format(&o->dns->server, server), name,
		addr_format(private_answer(o->dns), address));
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_dns *dns = o->dns;

	return dns->answer_count > 0 && o->role == ROLE_CLIENT && dns->query != NULL &&
	       dns_is_of_server(dns) && private_answer(dns) != NULL &&
	       addr_is_public(&dns->server) && !site_is_gateway(site, &dns->server) &&
	       name_registered(site, dns->query).length > 0;
}

static void
observe(struct detect *d, const struct observation *o)
{
	struct state *s = d->window_state;
	uint64_t key = name_hash(d->hash_key, name_registered(d->site, o->dns->query));
	uint32_t before = s->domains.count;

	if (arena_map_get(&s->domains, &domain_shape, d->memory, d->hash_key, &key) != NULL &&
		s->domains.count > before)
		report(d, o);
}

const struct detector detector_dns_private = {
	.name = "dns_private",
	.summary = "A name of the Internet is resolved to an address of the inside.",
	.subscribes = OBS_BIT(OBS_DNS),
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &turned, NULL },
	.wants = wants,
	.observe = observe,
};
