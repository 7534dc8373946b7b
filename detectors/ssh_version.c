/*
 * ssh_version -- an SSH program of a host is another version than it was.
 *
 * Kept is the last version that the host's client, and its server, told of itself; a change is told at the
 * first and then at each tenfold. Compared is with the last one (the reference keeps the first for ever),
 * and only what bears the same name: who has two programs has not changed one.
 *
 * An update looks the same as a second machine behind the address; hence the low level.
 *
 * Bounds: two versions a host.
 *
 * Source: detections §1.7; A24.
 */
#include "detectors/detector.h"

#include "daemon/base/strbuf.h"
#include "daemon/base/text_safe.h"
#include "daemon/transactions/software.h"

static const struct config_item config_items[] = {
	CONFIG_END, /* nothing to set: it is on or off */
};

static const struct evidence_kind versions = {
	.name = "MULTIPLE_SSH_VERSIONS",
	.signature_id = 5200357,
	.technique = "T1021.004",
	.unit = "changes",
	.title = "SSH program of another version than before",
};

/* What one program of the host said last; all zero: nothing yet. */
struct program {
	uint64_t name; /* as a hash */
	uint64_t major, minor;
	uint64_t changes, next_report;
};

struct state {
	struct program client, server;
};

enum { NAME_BYTES = 64 };

/* returns a hash that is never 0 */
static uint64_t
hash_of(const struct hash_key *key, const char *name)
{
	char padded[NAME_BYTES] = "";

	memcpy(padded, name, strnlen(name, sizeof(padded)));
	return hash_words(key, padded, sizeof(padded) / sizeof(uint64_t)) | 1;
}

/* "8.1" */
static const char *
version_text(char room[48], uint64_t major, uint64_t minor)
{
	struct strbuf b;

	strbuf_init(&b, room, 48);
	strbuf_printf(&b, "%llu", (unsigned long long)major);
	if (minor != TRANSACTION_UNSET)
		strbuf_printf(&b, ".%llu", (unsigned long long)minor);
	return room;
}

static void
report(struct detect *d, const struct program *p, const struct observation *o)
{
	const struct obs_software *now = o->software;
	bool is_client = strcmp(now->type, "SSH::CLIENT") == 0;
	char name[NAME_BYTES + sizeof("...")];
	char before_text[48];
	char now_text[48];
	struct strbuf b;

	strbuf_init(&b, name, sizeof(name));
	text_safe(&b, now->name, NAME_BYTES);
	evidence_raise(d,
		&(struct finding){
			.kind = &versions,
			.threat = THREAT_LOW,
			.confidence = 0.9,
			.role = EVIDENCE_ATTACKER,
			.observed = p->changes,
			.threshold = 1,
			.object = is_client ? "client" : "server",
			.uids = &o->talk->uid,
			.uid_count = 1,
		},
		"changed its SSH %s %s from version %s to %s", is_client ? "client" : "server",
		name, version_text(before_text, p->major, p->minor),
		version_text(now_text, now->version[0], now->version[1]));
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_software *s = o->software;
	(void)site;

	return s->type != NULL && s->name != NULL && s->version[0] != TRANSACTION_UNSET &&
	       (o->role == ROLE_CLIENT ? strcmp(s->type, "SSH::CLIENT") == 0
				       : strcmp(s->type, "SSH::SERVER") == 0);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct obs_software *now = o->software;
	struct state *s = d->profile_state;
	struct program *p = o->role == ROLE_CLIENT ? &s->client : &s->server;
	uint64_t name = hash_of(d->hash_key, now->name);

	if (p->name == name && (p->major != now->version[0] || p->minor != now->version[1])) {
		p->changes++;
		if (report_due(&p->next_report, 1, p->changes))
			report(d, p, o);
	}
	p->name = name;
	p->major = now->version[0];
	p->minor = now->version[1];
}

const struct detector detector_ssh_version = {
	.name = "ssh_version",
	.summary = "An SSH program of a host is another version than it was.",
	.subscribes = OBS_BIT(OBS_SOFTWARE),
	.config = config_items,
	.profile_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &versions, NULL },
	.wants = wants,
	.observe = observe,
};
