/*
 * dynamic_dns -- one host talks with a host of the Internet that goes by a name of dynamic DNS.
 *
 * Who rents no server and no domain takes a free name that follows his changing address: people for their
 * cameras, and the owners of remote access trojans. Told once a peer and window, when it is established
 * that a peer with such a name (list dynamic-dns) answers; at the low level for the first three, then as
 * information. A name counts that a server of DNS gave, to anybody; what a client calls a peer does not.
 *
 * Bounds: those of detect_first_of_peer().
 *
 * Not told apart: one's own camera, visited from the inside.
 */
#include "detectors/detector.h"

#include "detectors/dns_name.h"

static const struct evidence_kind dynamic = {
	.name = "DYNAMIC_DNS_NAME",
	.signature_id = 5200102,
	.technique = "T1568",
	.unit = "hosts",
	.title = "Server with a name of dynamic DNS",
	.aspect = ASPECT_NAME,
};

struct state {
	uint32_t peers;
	uint8_t told;
};

/* A name of dynamic DNS that DNS gave the peer, or NULL. */
static const char *
dynamic_name(const struct site *site, const struct addr *peer, uint64_t now_ns,
	struct site_name names[SITE_NAMES_OF_ADDRESS])
{
	uint32_t count = site_name_of(site, peer, now_ns, names);

	for (uint32_t i = 0; i < count; i++)
		if (names[i].source == SITE_NAME_DNS &&
			site_listed(site, LIST_DYNAMIC_DNS, names[i].text, NULL))
			return names[i].text;
	return NULL;
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_flow *f = o->flow;
	struct site_name names[SITE_NAMES_OF_ADDRESS];

	return o->role == ROLE_CLIENT && f->resp_total.packets > 0 &&
	       (f->ip_proto == IPPROTO_UDP || f->established) && addr_is_public(&f->resp) &&
	       dynamic_name(site, &f->resp, o->ts_ns, names) != NULL;
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct obs_flow *f = o->flow;
	struct state *s = d->window_state;
	struct site_name names[SITE_NAMES_OF_ADDRESS];
	char peer[ADDR_TEXT_MAX];
	char name[NAME_TOLD_MAX + 1];

	if (!detect_first_of_peer(d, &f->resp))
		return;
	s->peers++;
	const char *called = dynamic_name(d->site, &f->resp, o->ts_ns, names);
	(void)name_tell(name, (struct text_view){ called, strlen(called) });
	evidence_raise(d,
		&(struct finding){
			.kind = &dynamic,
			.threat = weak_level(&s->told, THREAT_LOW),
			.confidence = 0.5,
			.role = EVIDENCE_ATTACKER,
			.about = &f->resp,
			.port = f->resp_port,
			.ip_proto = f->ip_proto,
			.observed = s->peers,
			.threshold = 1,
			.object = name,
			.uids = &f->uid,
			.uid_count = 1,
		},
		"reached %s, %s by dynamic DNS", name, addr_format(&f->resp, peer));
}

const struct detector detector_dynamic_dns = {
	.name = "dynamic_dns",
	.summary = "One host talks with a host of the Internet that goes by a name of dynamic DNS.",
	.subscribes = OBS_BIT(OBS_FLOW_INTERIM) | OBS_BIT(OBS_FLOW_END),
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &dynamic, NULL },
	.wants = wants,
	.observe = observe,
};
