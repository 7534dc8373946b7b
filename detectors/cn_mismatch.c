/*
 * cn_mismatch -- a server shows a certificate of somebody else than who was asked for.
 *
 * The name that the client asked for is not in the certificate, nobody vouches for its chain, and the two names
 * have been registered by different people (site.h). Content networks show their own names under a good chain,
 * hence the second; hosts of one owner are mixed up, hence the third. Told once a server in a window, low for
 * the first three of it, then info.
 *
 * Silent while nobody has judged the chain, and where one of the two is no domain, as "localhost".
 *
 * Not told apart: Tor, whose names are made up on both sides.
 *
 * Source: detections §1.6; A35 (what is unknown is no mismatch).
 */
#include "detectors/detector.h"

#include "daemon/base/dn.h"
#include "daemon/base/domain.h"
#include "daemon/base/text_safe.h"
#include "daemon/transactions/tls.h"

#include <strings.h>

enum { NAME_SHOWN = 64 };

static const struct evidence_kind mismatch = {
	.name = "CN_URL_MISMATCH",
	.signature_id = 5200252,
	.technique = "T1090.004",
	.unit = "servers",
	.title = "Certificate of somebody else",
	.aspect = ASPECT_CERT,
};

struct state {
	uint32_t servers;
	uint8_t weak;
};

/* Have both names been registered, by different people? */
static bool
are_of_different_owners(const struct site *site, const char *one, const char *other)
{
	const struct text_view a = site_registrable(site, one);
	const struct text_view b = site_registrable(site, other);

	return a.length > 0 && b.length > 0 &&
	       (a.length != b.length || strncasecmp(a.at, b.at, a.length) != 0);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_tls *tls = o->tls;

	(void)site;
	return o->role == ROLE_CLIENT && tls->name_matches == TRUTH_NO && tls->validation != NULL &&
	       strcmp(tls->validation, "ok") != 0 && tls->server_name != NULL &&
	       tls->subject != NULL && addr_is_public(&o->talk->resp);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct obs_talk *talk = o->talk;
	struct state *s = d->window_state;
	char name[DOMAIN_TEXT_MAX + 1];
	char shown[NAME_SHOWN];
	char asked[NAME_SHOWN];
	char server[ADDR_TEXT_MAX];

	if (!dn_value(o->tls->subject, "CN", name, sizeof(name)) ||
		!are_of_different_owners(d->site, o->tls->server_name, name) ||
		!detect_first_of_peer(d, &talk->resp))
		return;
	s->servers++;
	struct finding f = {
		.kind = &mismatch,
		.threat = weak_level(&s->weak, THREAT_LOW),
		.confidence = 0.8,
		.role = EVIDENCE_ATTACKER,
		.about = &talk->resp,
		.port = talk->resp_port,
		.ip_proto = talk->ip_proto,
		.observed = s->servers,
		.threshold = 1,
		.object = addr_format(&talk->resp, server),
		.uids = &talk->uid,
		.uid_count = 1,
	};
	(void)text_safe_in(shown, sizeof(shown), name);
	(void)text_safe_in(asked, sizeof(asked), o->tls->server_name);
	evidence_raise(d, &f, "asked %s port %u for \"%s\" and was shown a certificate of \"%s\"",
		server, talk->resp_port, asked, shown);
	f.role = EVIDENCE_VICTIM;
	f.threat = THREAT_INFO;
	f.object = NULL;
	evidence_raise_twin(d, &f,
		"was asked on port %u for \"%s\" and showed a certificate of \"%s\"",
		talk->resp_port, asked, shown);
}

const struct detector detector_cn_mismatch = {
	.name = "cn_mismatch",
	.summary = "A server shows a certificate of somebody else than who was asked for.",
	.subscribes = OBS_BIT(OBS_TLS),
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &mismatch, NULL },
	.wants = wants,
	.observe = observe,
};
