/*
 * intel_digest -- a certificate is shown, or a file carried, whose digest a list has.
 *
 * Certificates by SHA-1 and SHA-256, files by MD5, SHA-1 and SHA-256. Unlike a fingerprint of a handshake a
 * digest is of that one thing: as certain as the list. A file that another list knows to be good is none of
 * ours (kind known-good), whatever a list of bad ones says.
 *
 * The server is who showed the certificate, and who sent the file; who took it is charged at the level of the
 * list, and so is the other side, if it is one of ours.
 *
 * Bounds: INTEL_ONCE_MAX digests a window. Digests of files need `protocols.digests`.
 *
 * Source: detections §1.6; A12 (the server is who showed the certificate), A21.
 */
#include "detectors/intel_told.h"

#include "daemon/transactions/file.h"
#include "daemon/transactions/x509.h"

enum { DIGESTS_MAX = 3 };

static const struct evidence_kind certificate_listed = {
	.name = "MALICIOUS_SSL_CERT",
	.signature_id = 5200409,
	.technique = "T1573.002",
	.unit = "certificates",
	.title = "Listed certificate",
	.aspect = ASPECT_LIST,
};

static const struct evidence_kind file_listed = {
	.name = "MALICIOUS_DOWNLOADED_FILE",
	.signature_id = 5200410,
	.technique = "T1105",
	.unit = "files",
	.title = "Listed file",
	.aspect = ASPECT_LIST,
};

struct state {
	struct intel_once once;
};

struct digest {
	enum intel_digest kind;
	const char *text; /* NULL: not known */
};

/* What is carried, by digests; and by whom from whom. */
struct carried {
	struct digest digests[DIGESTS_MAX];
	const struct addr *sender, *receiver;
};

static struct carried
carried_of(const struct observation *o)
{
	if (o->kind == OBS_X509) {
		const struct obs_x509 *x = o->x509;
		const bool is_client = x->is_client == TRUTH_YES;

		return (struct carried){
			.digests = { { INTEL_SHA1, x->sha1 }, { INTEL_SHA256, x->fingerprint } },
			.sender = is_client ? &o->talk->orig : &o->talk->resp,
			.receiver = is_client ? &o->talk->resp : &o->talk->orig,
		};
	}
	const struct obs_file *f = o->file;
	return (struct carried){
		.digests = { { INTEL_MD5, f->md5 }, { INTEL_SHA1, f->sha1 },
			{ INTEL_SHA256, f->sha256 } },
		.sender = &f->sender,
		.receiver = &f->receiver,
	};
}

/* What lists of a category say of it, by any of its digests. */
static const struct intel_hit *
find(const struct site *site, enum list_category category, const struct carried *c,
	struct intel_found *room, const char **ret_digest)
{
	for (unsigned i = 0; i < DIGESTS_MAX; i++) {
		const struct digest *d = &c->digests[i];
		const struct intel_hit *hits =
			d->text == NULL ? NULL
					: site_intel_digest(site, category, d->kind, d->text, room);

		if (hits != NULL) {
			*ret_digest = d->text;
			return hits;
		}
	}
	return NULL;
}

static const struct intel_hit *
find_bad(const struct site *site, const struct carried *c, struct intel_found *room,
	const char **ret_digest)
{
	const char *good;

	return find(site, LIST_KNOWN_GOOD, c, room, &good) != NULL
		       ? NULL
		       : find(site, LIST_MALICIOUS, c, room, ret_digest);
}

static void
report(struct detect *d, const struct observation *o, const struct carried *c, const char *digest,
	const struct intel_hit *hits)
{
	const bool is_file = o->kind == OBS_FILE;
	const char *what = is_file ? "a file" : "a certificate";
	char peer[ADDR_TEXT_MAX];
	struct intel_told told;

	intel_told(hits, &told);
	struct finding f = {
		.kind = is_file ? &file_listed : &certificate_listed,
		.threat = told.level,
		.confidence = 1,
		.role = EVIDENCE_ATTACKER,
		.about = c->sender,
		.port = o->talk == NULL ? 0 : o->talk->resp_port,
		.ip_proto = o->talk == NULL ? 0 : o->talk->ip_proto,
		.observed = 1,
		.threshold = 1,
		.object = digest,
		.source = told.sources,
		.uids = o->talk == NULL ? NULL : &o->talk->uid,
		.uid_count = o->talk != NULL && o->talk->uid.text[0] != '\0',
	};
	evidence_raise(d, &f, "%s %s from %s, which %s", is_file ? "took" : "was shown", what,
		addr_format(c->sender, peer), told.words);
	evidence_raise_twin(d, &f, "%s %s to %s, which %s", is_file ? "sent" : "showed", what,
		addr_format(c->receiver, peer), told.words);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	struct intel_found room;
	const char *digest;

	if (!site_has_intel(site))
		return false;
	const struct carried c = carried_of(o);
	return find_bad(site, &c, &room, &digest) != NULL;
}

static void
observe(struct detect *d, const struct observation *o)
{
	struct state *s = d->window_state;
	const struct carried c = carried_of(o);
	struct intel_found room;
	const char *digest;

	if (!addr_equal(d->host, c.receiver))
		return;
	const struct intel_hit *hits = find_bad(d->site, &c, &room, &digest);
	if (hits != NULL &&
		intel_once(d, &s->once, o->kind == OBS_FILE ? &file_listed : &certificate_listed,
			digest))
		report(d, o, &c, digest, hits);
}

const struct detector detector_intel_digest = {
	.name = "intel_digest",
	.summary = "A certificate or a file is carried whose digest a list has.",
	.subscribes = OBS_BIT(OBS_X509) | OBS_BIT(OBS_FILE),
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &certificate_listed, &file_listed, NULL },
	.wants = wants,
	.observe = observe,
};
