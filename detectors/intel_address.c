/*
 * intel_address -- one host talks with an address, or a network, that a list warns of.
 *
 * Told once for each such peer in a window when a conversation begins, at the level that the worst list
 * gives it, on both sides: ours is the attacker where it called the listed one, and the victim where the
 * listed one called. A call that was never answered says little about who was called: information.
 * What somebody listed as high or worse, and is really talked with, convicts the host that called, unless
 * the list was given for information only (`use: info`).
 *
 * Where no list has the address, those of autonomous systems are asked: half of a hoster's customers are
 * honest, so this convicts nobody.
 *
 * After a change of the lists the peers of all open windows are shown again (OBS_PEER), and the sentence
 * says that they were seen before.
 *
 * Bounds: MAX_PEERS listed peers a window; past them nothing is told.
 *
 * Not told apart: an address that has changed hands since it was listed.
 *
 * Source: detections §1.7, §3; A13 (each value once a host and window), A15, A19.
 */
#include "detectors/detector.h"
#include "detectors/intel_told.h"

enum { MAX_PEERS = 256 };

static const struct evidence_kind to_listed = {
	.name = "THREAT_INTELLIGENCE_TO_BLACKLISTED_IP",
	.signature_id = 5200400,
	.technique = "T1071",
	.unit = "connections",
	.title = "Connection to a listed address",
	.may_convict = true,
	.aspect = ASPECT_LIST,
};

static const struct evidence_kind from_listed = {
	.name = "THREAT_INTELLIGENCE_FROM_BLACKLISTED_IP",
	.signature_id = 5200401,
	.technique = "T1595",
	.unit = "connections",
	.title = "Connection from a listed address",
};

static const struct evidence_kind listed_system = {
	.name = "THREAT_INTELLIGENCE_BLACKLISTED_ASN",
	.signature_id = 5200402,
	.technique = "T1583.003",
	.unit = "connections",
	.title = "Connection to a listed autonomous system",
	.aspect = ASPECT_LIST,
};

static const double ADDRESS_CONFIDENCE = 1, SYSTEM_CONFIDENCE = 0.8;

struct state {
	struct addr_set told, convicted, systems;
};

/* What both a conversation and a peer that is shown again say. */
struct meeting {
	const struct addr *peer;
	const struct flow_uid *uid; /* NULL: not known any more */
	uint16_t port;
	uint8_t ip_proto;
	bool called; /* by our host */
	bool established;
	bool is_past; /* it was before the lists said so */
};

static struct meeting
meeting_of(const struct observation *o)
{
	bool called = o->role == ROLE_CLIENT;

	if (o->kind == OBS_PEER)
		return (struct meeting){ .peer = &o->peer->peer,
			.port = o->peer->port,
			.ip_proto = o->peer->ip_proto,
			.called = called,
			.established = o->peer->established,
			.is_past = true };
	const struct obs_flow *f = o->flow;
	return (struct meeting){ .peer = called ? &f->resp : &f->orig,
		.uid = &f->uid,
		.port = f->resp_port,
		.ip_proto = f->ip_proto,
		.called = called,
		.established =
			f->established && f->orig_total.packets > 0 && f->resp_total.packets > 0 };
}

static void
report(struct detect *d, const struct meeting *m, const struct evidence_kind *kind,
	const struct intel_told *told, bool decisive)
{
	const char *past = m->is_past ? " (seen before it was listed)" : "";
	char peer[ADDR_TEXT_MAX];
	char host[ADDR_TEXT_MAX];
	struct finding f = {
		.kind = kind,
		.threat = m->called || m->established ? told->level : THREAT_INFO,
		.confidence = kind == &listed_system ? SYSTEM_CONFIDENCE : ADDRESS_CONFIDENCE,
		.role = m->called ? EVIDENCE_ATTACKER : EVIDENCE_VICTIM,
		.decisive = decisive,
		.about = m->peer,
		.port = m->port,
		.ip_proto = m->ip_proto,
		.observed = 1,
		.threshold = 1,
		.object = addr_format(m->peer, peer),
		.source = told->sources,
		.uids = m->uid,
		.uid_count = m->uid != NULL,
	};
	const char *verb = m->called ? (m->established ? "talked with" : "called")
				     : (m->established ? "was talked to by" : "was called by");

	evidence_raise(d, &f, "%s %s, %swhich %s%s", verb, peer,
		kind == &listed_system ? "in a network " : "", told->words, past);
	f.role = EVIDENCE_ATTACKER; /* whoever called whom: it is the one that was listed */
	f.decisive = false;
	f.object = addr_format(d->host, host);
	evidence_raise_twin(d, &f, "is listed, and %s %s: %s%s",
		m->called ? "was called by" : "called", host, told->words, past);
}

static void
address_listed(struct detect *d, const struct meeting *m, const struct intel_hit *hits)
{
	struct state *s = d->window_state;
	struct intel_told told;
	bool is_news = addr_set_add(&s->told, d->memory, m->peer, MAX_PEERS);
	bool decisive = false;

	intel_told(hits, &told);
	if (m->called && m->established && told.level >= THREAT_HIGH)
		decisive = addr_set_add(&s->convicted, d->memory, m->peer, MAX_PEERS);
	if (is_news || decisive)
		report(d, m, m->called ? &to_listed : &from_listed, &told, decisive);
}

static void
system_listed(struct detect *d, const struct meeting *m, const struct intel_hit *hits)
{
	struct state *s = d->window_state;
	struct intel_told told;

	if (!addr_set_add(&s->systems, d->memory, m->peer, MAX_PEERS))
		return;
	intel_told(hits, &told);
	report(d, m, &listed_system, &told, /* decisive= */ false);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	struct intel_found room;

	if (!site_has_intel(site))
		return false;
	const struct meeting m = meeting_of(o);
	return site_intel_addr(site, LIST_MALICIOUS, m.peer, &room) != NULL ||
	       (m.called && site_intel_asn(site, LIST_MALICIOUS, m.peer, &room) != NULL);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct meeting m = meeting_of(o);
	struct intel_found room;
	const struct intel_hit *hits = site_intel_addr(d->site, LIST_MALICIOUS, m.peer, &room);

	if (hits != NULL) {
		address_listed(d, &m, hits);
		return;
	}
	hits = m.called ? site_intel_asn(d->site, LIST_MALICIOUS, m.peer, &room) : NULL;
	if (hits != NULL)
		system_listed(d, &m, hits);
}

const struct detector detector_intel_address = {
	.name = "intel_address",
	.summary = "One host talks with an address that a list warns of.",
	.subscribes = OBS_BIT(OBS_FLOW_START) | OBS_BIT(OBS_FLOW_INTERIM) | OBS_BIT(OBS_FLOW_END) |
		      OBS_BIT(OBS_PEER),
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &to_listed, &from_listed, &listed_system,
		NULL },
	.wants = wants,
	.observe = observe,
};
