/*
 * doh -- one host asks its names over an encrypted connection.
 *
 * Browsers do, and so does what does not want its names to be seen. A handshake of TLS or QUIC on 443 or 853
 * with a name of a known resolver (list doh), or an answered conversation with an address of one, is told
 * once a resolver and window, as information. Its names are then not known to us, so the window is marked
 * (MARK_RESOLVES_ELSEWHERE): nobody is to be blamed for addresses that no answer has named. Port 853 is for
 * nothing else: whoever answers there is a resolver, and if it is none that people know, only the mark is
 * set.
 *
 * Bounds: those of detect_first_of_peer().
 *
 * Not told apart: the web pages of a resolver on its own address.
 *
 * Source: detections §1.3; A20.
 */
#include "detectors/detector.h"

#include "daemon/transactions/quic.h"
#include "daemon/transactions/tls.h"
#include "detectors/dns_name.h"

#include <stdio.h>

enum { HTTPS_PORT = 443, DOT_PORT = 853 };

static const struct evidence_kind over_https = {
	.name = "DOH_CONNECTION",
	.signature_id = 5200103,
	.technique = "T1071.004",
	.unit = "hosts",
	.title = "DNS over an encrypted connection",
};

struct state {
	uint32_t resolvers;
};

/* What all that is looked at has in common. */
struct talk {
	const struct addr *resp;
	const struct flow_uid *uid;
	uint16_t port;
	uint8_t ip_proto;
	const char *name; /* NULL: it was not called by one */
};

static struct talk
talk_of(const struct observation *o)
{
	if (observation_is_flow(o))
		return (struct talk){ &o->flow->resp, &o->flow->uid, o->flow->resp_port,
			o->flow->ip_proto, NULL };
	return (struct talk){ &o->talk->resp, &o->talk->uid, o->talk->resp_port, o->talk->ip_proto,
		o->kind == OBS_TLS ? o->tls->server_name : o->quic->server_name };
}

static bool
is_listed(const struct site *site, const struct talk *t)
{
	return site_listed(site, LIST_DOH, t->name, t->resp);
}

static bool
is_answered(const struct obs_flow *f)
{
	return f->ip_proto == IPPROTO_TCP ? f->established : f->resp_total.packets > 0;
}

static bool
wants(const struct site *site, const struct observation *o)
{
	if (o->role != ROLE_CLIENT || (!observation_is_flow(o) && o->talk == NULL))
		return false;
	const struct talk t = talk_of(o);
	if (observation_is_flow(o) && !is_answered(o->flow))
		return false;
	return t.port == DOT_PORT || (t.port == HTTPS_PORT && is_listed(site, &t));
}

static void
report(struct detect *d, const struct talk *t)
{
	struct state *s = d->window_state;
	char peer[ADDR_TEXT_MAX];
	char called[NAME_TOLD_MAX + 1] = "";

	s->resolvers++;
	(void)addr_format(t->resp, peer);
	if (t->name != NULL)
		(void)name_tell(called, (struct text_view){ t->name, strlen(t->name) });
	evidence_raise(d,
		&(struct finding){
			.kind = &over_https,
			.threat = THREAT_INFO,
			.confidence = 0.9,
			.role = EVIDENCE_ATTACKER,
			.about = t->resp,
			.port = t->port,
			.ip_proto = t->ip_proto,
			.observed = s->resolvers,
			.threshold = 1,
			.object = peer,
			.uids = t->uid,
			.uid_count = 1,
		},
		"asked for names over %s at %s%s%s",
		t->port == DOT_PORT ? "an encrypted connection" : "HTTPS", called,
		called[0] == '\0' ? "" : ", ", peer);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct talk t = talk_of(o);

	detect_mark(d, MARK_RESOLVES_ELSEWHERE);
	if (is_listed(d->site, &t) && detect_first_of_peer(d, t.resp))
		report(d, &t);
}

const struct detector detector_doh = {
	.name = "doh",
	.summary = "One host asks its names over an encrypted connection.",
	.subscribes = OBS_BIT(OBS_FLOW_INTERIM) | OBS_BIT(OBS_FLOW_END) | OBS_BIT(OBS_TLS) |
		      OBS_BIT(OBS_QUIC),
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &over_https, NULL },
	.wants = wants,
	.observe = observe,
};
