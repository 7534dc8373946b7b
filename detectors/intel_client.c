/*
 * intel_client -- a client or a server of TLS shakes hands as a program does that a list warns of.
 *
 * JA3 and JA4 are of the client's hello, JA3S of the server's. They tell which library speaks and how it was
 * set up, not what it does: lists of them have honest programs' as well, so none convicts alone, and each is
 * told once a host, value and window.
 *
 * JA3S is charged to who called at the low level, and to the server at that of the list: it is the server's.
 *
 * Bounds: INTEL_ONCE_MAX values a window.
 *
 * Not told apart: another program that was built with the same library.
 *
 * Source: detections §1.6; Althouse, Atkinson, Atkins: "JA3 - A method for profiling SSL/TLS clients" (2017).
 */
#include "detectors/intel_told.h"

#include "daemon/base/text_safe.h"
#include "daemon/transactions/quic.h"
#include "daemon/transactions/tls.h"

enum { VALUE_SHOWN = 40 };

static const struct evidence_kind ja3_listed = {
	.name = "MALICIOUS_JA3",
	.signature_id = 5200406,
	.technique = "T1071.001",
	.unit = "handshakes",
	.title = "Listed client of TLS (JA3)",
	.aspect = ASPECT_LIST,
};

static const struct evidence_kind ja4_listed = {
	.name = "MALICIOUS_JA4",
	.signature_id = 5200407,
	.technique = "T1071.001",
	.unit = "handshakes",
	.title = "Listed client of TLS (JA4)",
	.aspect = ASPECT_LIST,
};

static const struct evidence_kind ja3s_listed = {
	.name = "MALICIOUS_JA3S",
	.signature_id = 5200408,
	.technique = "T1573.002",
	.unit = "handshakes",
	.title = "Listed server of TLS (JA3S)",
	.aspect = ASPECT_LIST,
};

struct state {
	struct intel_once once;
};

/* A fingerprint of a handshake, and what it is one of. */
struct print {
	const struct evidence_kind *kind;
	enum intel_digest digest;
	const char *name, *value;
};

enum { PRINTS_MAX = 3 };

static unsigned
prints_of(const struct observation *o, struct print prints[PRINTS_MAX])
{
	const bool is_tls = o->kind == OBS_TLS;
	unsigned count = 0;

	prints[count++] = (struct print){ &ja3_listed, INTEL_JA3, "JA3",
		is_tls ? o->tls->ja3 : o->quic->ja3 };
	prints[count++] = (struct print){ &ja4_listed, INTEL_JA4, "JA4",
		is_tls ? o->tls->ja4 : o->quic->ja4 };
	if (is_tls)
		prints[count++] = (struct print){ &ja3s_listed, INTEL_JA3, "JA3S", o->tls->ja3s };
	return count;
}

static const struct intel_hit *
find(const struct site *site, const struct print *p, struct intel_found *room)
{
	return p->value == NULL
		       ? NULL
		       : site_intel_digest(site, LIST_MALICIOUS, p->digest, p->value, room);
}

static void
report(struct detect *d, const struct obs_talk *talk, const struct print *p,
	const struct intel_hit *hits)
{
	const bool is_servers = p->kind == &ja3s_listed;
	char peer[ADDR_TEXT_MAX];
	char value[VALUE_SHOWN + sizeof("...")];
	struct intel_told told;

	intel_told(hits, &told);
	(void)text_safe_in(value, sizeof(value), p->value);
	struct finding f = {
		.kind = p->kind,
		.threat = is_servers && told.level > THREAT_LOW ? THREAT_LOW : told.level,
		.confidence = 1,
		.role = EVIDENCE_ATTACKER,
		.about = &talk->resp,
		.port = talk->resp_port,
		.ip_proto = talk->ip_proto,
		.observed = 1,
		.threshold = 1,
		.object = value,
		.source = told.sources,
		.uids = &talk->uid,
		.uid_count = talk->uid.text[0] != '\0',
	};
	evidence_raise(d, &f, "%s %s, whose %s %s %s", is_servers ? "talked with" : "greeted",
		addr_format(&talk->resp, peer), p->name, value, told.words);
	if (!is_servers)
		return;
	f.threat = told.level;
	evidence_raise_twin(d, &f, "answered %s with a hello whose %s %s %s",
		addr_format(&talk->orig, peer), p->name, value, told.words);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	struct print prints[PRINTS_MAX];
	struct intel_found room;

	if (o->role != ROLE_CLIENT || !site_has_intel(site))
		return false;
	for (unsigned i = prints_of(o, prints); i > 0; i--)
		if (find(site, &prints[i - 1], &room) != NULL)
			return true;
	return false;
}

static void
observe(struct detect *d, const struct observation *o)
{
	struct state *s = d->window_state;
	struct print prints[PRINTS_MAX];
	unsigned count = prints_of(o, prints);
	struct intel_found room;

	for (unsigned i = 0; i < count; i++) {
		const struct intel_hit *hits = find(d->site, &prints[i], &room);

		if (hits != NULL && intel_once(d, &s->once, prints[i].kind, prints[i].value))
			report(d, o->talk, &prints[i], hits);
	}
}

const struct detector detector_intel_client = {
	.name = "intel_client",
	.summary = "A client or server of TLS shakes hands as a listed program does.",
	.subscribes = OBS_BIT(OBS_TLS) | OBS_BIT(OBS_QUIC),
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &ja3_listed, &ja4_listed, &ja3s_listed,
		NULL },
	.wants = wants,
	.observe = observe,
};
