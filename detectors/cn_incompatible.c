/*
 * cn_incompatible -- a certificate claims one of five organisations, and nothing else does.
 *
 * Its common name is below a domain of Apple, Facebook, Google, Microsoft or Twitter (organisation.h), or it
 * signs itself and has one of them as owner; its chain was judged and is not good; and what is known of the
 * server, the name that was asked for, names by which DNS has given it, its autonomous system, is none of
 * that organisation's. A single one that is clears it. What is not known says nothing: without any of the
 * three there is silence. Told once a server in a window.
 *
 * An issuer that this machine's store lacks is common with makers' own authorities, so a certificate that is
 * for the name that was asked for is left alone unless it signs itself.
 *
 * Not told apart: a client that asks for the organisation's name as well lies for its server.
 *
 * Source: detections §1.6; A35 (unknown is unknown; the reference calls each certificate of Netflix one).
 */
#include "detectors/detector.h"

#include "daemon/base/dn.h"
#include "daemon/base/domain.h"
#include "daemon/base/text_safe.h"
#include "daemon/knowledge/organisation.h"
#include "daemon/transactions/tls.h"

enum { NAME_SHOWN = 96 };

static const struct evidence_kind incompatible = {
	.name = "INCOMPATIBLE_CN",
	.signature_id = 5200253,
	.technique = "T1036",
	.unit = "servers",
	.title = "Certificate with a name that is not its server's",
	.aspect = ASPECT_CERT,
};

struct state {
	uint32_t servers;
};

/* OpenSSL spells it with a hyphen since 3.0. */
static bool
signs_itself(const struct obs_tls *tls)
{
	return strcmp(tls->validation, "self-signed certificate") == 0 ||
	       strcmp(tls->validation, "self signed certificate") == 0;
}

static enum organisation
claimed(const struct obs_tls *tls)
{
	char text[DOMAIN_TEXT_MAX + 1];
	enum organisation o = ORGANISATION_NONE;

	if (dn_value(tls->subject, "CN", text, sizeof(text)))
		o = organisation_of_domain(text);
	if (o == ORGANISATION_NONE && signs_itself(tls) &&
		dn_value(tls->subject, "O", text, sizeof(text)))
		o = organisation_of_title(text);
	return o;
}

/* Does something else say so? No, if nothing is known. */
static bool
is_another(const struct site *site, const struct observation *o, enum organisation claim)
{
	const struct addr *server = &o->talk->resp;
	const char *asked = o->tls->server_name;
	const uint32_t system = site_asn(site, server, NULL);
	struct site_name names[SITE_NAMES_OF_ADDRESS];
	const uint32_t count = site_name_of(site, server, o->ts_ns, names);
	bool is_known = asked != NULL || system != 0;

	if (asked != NULL && organisation_of_domain(asked) == claim)
		return false;
	if (system != 0 && organisation_of_asn(system) == claim)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		if (!site_name_is_believed(names[i].source))
			continue;
		if (organisation_of_domain(names[i].text) == claim)
			return false;
		is_known = true;
	}
	return is_known;
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_tls *tls = o->tls;

	(void)site;
	return o->role == ROLE_CLIENT && tls->validation != NULL && tls->subject != NULL &&
	       strcmp(tls->validation, "ok") != 0 && addr_is_public(&o->talk->resp) &&
	       (tls->name_matches != TRUTH_YES || signs_itself(tls));
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct obs_talk *talk = o->talk;
	const enum organisation claim = claimed(o->tls);
	struct state *s = d->window_state;
	char subject[NAME_SHOWN];
	char server[ADDR_TEXT_MAX];

	if (claim == ORGANISATION_NONE || !is_another(d->site, o, claim) ||
		!detect_first_of_peer(d, &talk->resp))
		return;
	s->servers++;
	evidence_raise(d,
		&(struct finding){
			.kind = &incompatible,
			.threat = THREAT_MEDIUM,
			.confidence = 0.9,
			.role = EVIDENCE_ATTACKER,
			.about = &talk->resp,
			.port = talk->resp_port,
			.ip_proto = talk->ip_proto,
			.observed = s->servers,
			.threshold = 1,
			.object = addr_format(&talk->resp, server),
			.uids = &talk->uid,
			.uid_count = 1,
		},
		"was shown a certificate that claims to be of %s by %s port %u, which is not theirs: \"%s\"",
		organisation_word(claim), server, talk->resp_port,
		text_safe_in(subject, sizeof(subject), o->tls->subject));
}

const struct detector detector_cn_incompatible = {
	.name = "cn_incompatible",
	.summary = "A certificate claims one of five organisations, and nothing else does.",
	.subscribes = OBS_BIT(OBS_TLS),
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &incompatible, NULL },
	.wants = wants,
	.observe = observe,
};
