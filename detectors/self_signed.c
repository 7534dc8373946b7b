/*
 * self_signed -- a server of the Internet shows a certificate that only it vouches for.
 *
 * That is one that signs itself; or one whose issuer nobody knows, asked for without a name, whose own name
 * is none of a host ("DcRat"). A name that is asked for or shown speaks for a service whose authority is only
 * missing in this machine's store, as many makers have their own. Once a server in a window; low for the first
 * three of a window, then info: games and remote desktops do it as well, and alone it proves nothing.
 *
 * Silent while nobody has judged the chain: with TLS 1.3, certificates are not seen.
 *
 * Source: detections §1.6; A11 (decided by the verdict, both its spellings).
 */
#include "detectors/detector.h"

#include "daemon/base/dn.h"
#include "daemon/base/text_safe.h"
#include "daemon/transactions/tls.h"

enum { NAME_ROOM = 96 };

static const struct evidence_kind self_signed = {
	.name = "SELF_SIGNED_CERTIFICATE",
	.signature_id = 5200251,
	.technique = "T1587.003",
	.unit = "servers",
	.title = "Certificate that signs itself",
	.aspect = ASPECT_CERT,
};

struct state {
	uint32_t servers;
	uint8_t weak;
};

static bool
is_one_of(const char *text, const char *const *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(text, rows[i]) == 0)
			return true;
	return false;
}

/* OpenSSL spells it with a hyphen since 3.0. */
static bool
signs_itself(const char *verdict)
{
	static const char *const rows[] = { "self-signed certificate", "self signed certificate" };

	return is_one_of(verdict, rows, sizeof(rows) / sizeof(rows[0]));
}

static bool
has_unknown_issuer(const char *verdict)
{
	static const char *const rows[] = { "unable to get local issuer certificate",
		"unable to get issuer certificate", "unable to verify the first certificate",
		"self-signed certificate in certificate chain",
		"self signed certificate in certificate chain" };

	return is_one_of(verdict, rows, sizeof(rows) / sizeof(rows[0]));
}

/* "*.example.com"; an address has dots as well, and what names it is no program's own name. */
static bool
names_a_host(const char *subject)
{
	char name[NAME_ROOM];

	return dn_value(subject, "CN", name, sizeof(name)) && strchr(name, '.') != NULL &&
	       strchr(name, ' ') == NULL;
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_tls *tls = o->tls;

	return o->role == ROLE_CLIENT && tls->validation != NULL && tls->subject != NULL &&
	       is_on_internet(site, &o->talk->resp) &&
	       (signs_itself(tls->validation) ||
		       (tls->server_name == NULL && has_unknown_issuer(tls->validation) &&
			       !names_a_host(tls->subject)));
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct obs_talk *talk = o->talk;
	const char *how = signs_itself(o->tls->validation) ? "that signs itself"
							   : "of an unknown issuer for no host";
	struct state *s = d->window_state;
	char server[ADDR_TEXT_MAX];
	char subject[NAME_ROOM];

	if (!detect_first_of_peer(d, &talk->resp))
		return;
	s->servers++;
	struct finding f = {
		.kind = &self_signed,
		.threat = weak_level(&s->weak, THREAT_LOW),
		.confidence = 0.5,
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
	(void)text_safe_in(subject, sizeof(subject), o->tls->subject);
	evidence_raise(d, &f, "was shown a certificate %s by %s port %u: \"%s\"", how, server,
		talk->resp_port, subject);
	f.role = EVIDENCE_VICTIM;
	f.threat = THREAT_INFO;
	f.object = NULL;
	evidence_raise_twin(
		d, &f, "showed a certificate %s on port %u: \"%s\"", how, talk->resp_port, subject);
}

const struct detector detector_self_signed = {
	.name = "self_signed",
	.summary = "A server of the Internet shows a certificate that only it vouches for.",
	.subscribes = OBS_BIT(OBS_TLS),
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &self_signed, NULL },
	.wants = wants,
	.observe = observe,
};
