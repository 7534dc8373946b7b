/*
 * intel_name -- one host asks for a name that a list warns of, is led to one, or names one to a server.
 *
 * The name is that of a DNS question, of an HTTP request's Host, of the hello of TLS or QUIC. A name below a
 * listed one is told at PARENT_CONFIDENCE, since who rents out subdomains is listed for a tenant's sake.
 * An answer may be bad where the question is not: an alias (CNAME) that is listed, or an address. What a
 * listed name leads to is told as well, as far as the answer says.
 *
 * A name that somebody listed as high or worse, asked for exactly so, convicts, unless the list was given for
 * information only. Not so of a host that answers questions of others: a resolver asks on behalf of its
 * clients, so its own questions are information, and those who asked it are told where they are seen.
 *
 * After a change of the lists, peers of open windows are looked up by the names that DNS gave them.
 *
 * Bounds: each name once a window, INTEL_ONCE_MAX of them; past them nothing is told.
 *
 * Not told apart: a security product that looks listed names up to check them.
 *
 * Source: detections §1.7 and §3; A13, A14.
 */
#include "detectors/detector.h"
#include "detectors/intel_told.h"

#include "daemon/base/strbuf.h"
#include "daemon/base/text_safe.h"
#include "daemon/transactions/dns.h"
#include "daemon/transactions/http.h"
#include "daemon/transactions/quic.h"
#include "daemon/transactions/tls.h"

enum { NAME_SHOWN = 56 };

static const double EXACT_CONFIDENCE = 1, PARENT_CONFIDENCE = 0.7;

static const struct evidence_kind listed_domain = {
	.name = "THREAT_INTELLIGENCE_BLACKLISTED_DOMAIN",
	.signature_id = 5200403,
	.technique = "T1071.001",
	.unit = "names",
	.title = "A listed name was asked for",
	.may_convict = true,
	.aspect = ASPECT_LIST,
};

static const struct evidence_kind listed_answer = {
	.name = "THREAT_INTELLIGENCE_BLACKLISTED_DNS_ANSWER",
	.signature_id = 5200404,
	.technique = "T1071.004",
	.unit = "answers",
	.title = "A name leads to something listed",
};

static const struct evidence_kind answer_of_listed = {
	.name = "THREAT_INTELLIGENCE_ANSWER_OF_BLACKLISTED_QUERY",
	.signature_id = 5200405,
	.technique = "T1568",
	.unit = "answers",
	.title = "Where a listed name leads",
	.aspect = ASPECT_LIST,
};

struct state {
	struct intel_once once;
};

/* Of the profile. */
struct served {
	bool answers; /* it was asked, and answered */
};

/* Names that never leave the place, or turn an address around. */
static bool
is_of_the_place(const char *name)
{
	const char *last = strrchr(name, '.');

	return last == NULL || strcmp(last, ".arpa") == 0 || strcmp(last, ".local") == 0;
}

/* The name that a host gives a server; NULL: none. An HTTP Host may have a port behind it. */
static const char *
name_of(const struct observation *o, char room[256])
{
	const char *name = o->kind == OBS_DNS    ? o->dns->query
			   : o->kind == OBS_HTTP ? o->http->host
			   : o->kind == OBS_TLS  ? o->tls->server_name
						 : o->quic->server_name;
	const char *colon = name == NULL || o->kind != OBS_HTTP ? NULL : strchr(name, ':');

	if (colon != NULL && colon - name < 256) {
		memcpy(room, name, (size_t)(colon - name));
		room[colon - name] = '\0';
		name = room;
	}
	return name == NULL || is_of_the_place(name) ? NULL : name;
}

/* The first address of an answer that a list has, if any. */
static const struct intel_hit *
find_answer(const struct site *site, const struct obs_dns *dns, struct intel_found *room,
	const struct addr **ret_addr)
{
	for (size_t i = 0; i < dns->answer_count; i++) {
		const struct intel_hit *hits =
			site_intel_addr(site, LIST_MALICIOUS, &dns->answers[i].addr, room);

		if (hits != NULL) {
			*ret_addr = &dns->answers[i].addr;
			return hits;
		}
	}
	return NULL;
}

static const struct intel_hit *
find_alias(const struct site *site, const struct obs_dns *dns, struct intel_found *room,
	const char **ret_alias, bool *ret_is_parent)
{
	for (size_t i = 0; i < dns->types.count && i < dns->texts.count; i++) {
		if (strcmp(dns->types.at[i], "CNAME") != 0)
			continue;
		const struct intel_hit *hits = site_intel_name(
			site, LIST_MALICIOUS, dns->texts.at[i], room, ret_is_parent);
		if (hits != NULL) {
			*ret_alias = dns->texts.at[i];
			return hits;
		}
	}
	return NULL;
}

/* What was found, apart from what the list says of it. */
struct found {
	const struct evidence_kind *kind;
	const char *key;          /* by which it is told once */
	const struct addr *about; /* NULL: nobody in particular */
	double confidence;
	bool convicts; /* if the level is high enough */
};

static void
report(struct detect *d, const struct observation *o, const struct found *f,
	const struct intel_hit *hits, const char *sentence)
{
	const struct served *served = d->profile_state;
	char object[EVIDENCE_OBJECT_MAX + 1];
	struct intel_told told;
	struct strbuf b;

	struct state *s = d->window_state;

	if (!intel_once(d, &s->once, f->kind, f->key))
		return;
	intel_told(hits, &told);
	strbuf_init(&b, object, sizeof(object));
	text_safe(&b, f->key, NAME_SHOWN);
	evidence_raise(d,
		&(struct finding){
			.kind = f->kind,
			.threat = served->answers ? THREAT_INFO : told.level,
			.confidence = f->confidence,
			.role = EVIDENCE_ATTACKER,
			.decisive = f->convicts && told.level >= THREAT_HIGH && !served->answers,
			.about = f->about,
			.port = o->talk == NULL ? 0 : o->talk->resp_port,
			.ip_proto = o->talk == NULL ? 0 : o->talk->ip_proto,
			.observed = 1,
			.threshold = 1,
			.object = object,
			.source = told.sources,
			.uids = o->talk == NULL ? NULL : &o->talk->uid,
			.uid_count = o->talk != NULL && o->talk->uid.text[0] != '\0',
		},
		"%s, which %s%s", sentence, told.words,
		served->answers ? ", on somebody's behalf" : "");
}

static void
observe_name(struct detect *d, const struct observation *o, const char *name)
{
	static const char *const verbs[] = { "asked for", "requested a page of", "opened TLS for",
		"opened QUIC for" };
	const bool is_question = o->kind == OBS_DNS;
	struct intel_found room;
	bool is_parent;
	char text[EVIDENCE_TEXT_MAX];
	struct strbuf b;
	const struct intel_hit *hits =
		site_intel_name(d->site, LIST_MALICIOUS, name, &room, &is_parent);

	if (hits == NULL)
		return;
	strbuf_init(&b, text, sizeof(text));
	strbuf_text(&b, verbs[is_question             ? 0
				: o->kind == OBS_HTTP ? 1
				: o->kind == OBS_TLS  ? 2
						      : 3]);
	strbuf_char(&b, ' ');
	text_safe(&b, name, NAME_SHOWN);
	struct found f = {
		.kind = &listed_domain,
		.key = name,
		.about = is_question ? NULL : &o->talk->resp,
		.confidence = is_parent ? PARENT_CONFIDENCE : EXACT_CONFIDENCE,
		.convicts = !is_parent,
	};
	report(d, o, &f, hits, text);
	if (!is_question || o->dns->answer_count == 0)
		return;
	f.kind = &answer_of_listed;
	f.about = &o->dns->answers[0].addr;
	f.convicts = false;
	char address[ADDR_TEXT_MAX];
	strbuf_reset(&b);
	strbuf_printf(&b, "was led to %s by ", addr_format(f.about, address));
	text_safe(&b, name, NAME_SHOWN);
	report(d, o, &f, hits, text);
}

static void
observe_answer(struct detect *d, const struct observation *o)
{
	const struct obs_dns *dns = o->dns;
	const char *query = dns->query == NULL ? "" : dns->query;
	struct intel_found room;
	struct found f = { .kind = &listed_answer, .confidence = EXACT_CONFIDENCE };
	bool is_parent;
	char address[ADDR_TEXT_MAX];
	char text[EVIDENCE_TEXT_MAX];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	const struct intel_hit *hits = find_answer(d->site, dns, &room, &f.about);
	if (hits != NULL) {
		text_safe(&b, query, NAME_SHOWN);
		f.key = addr_format(f.about, address);
		strbuf_printf(&b, " led it to %s", address);
		report(d, o, &f, hits, text);
	}
	f.about = NULL;
	hits = find_alias(d->site, dns, &room, &f.key, &is_parent);
	if (hits == NULL)
		return;
	f.confidence = is_parent ? PARENT_CONFIDENCE : EXACT_CONFIDENCE;
	strbuf_reset(&b);
	text_safe(&b, query, NAME_SHOWN);
	strbuf_text(&b, " is an alias of ");
	text_safe(&b, f.key, NAME_SHOWN);
	report(d, o, &f, hits, text);
}

/* Somebody whom DNS had named is looked up by that name. */
static void
observe_peer(struct detect *d, const struct observation *o)
{
	struct site_name names[SITE_NAMES_OF_ADDRESS];
	uint32_t count = site_name_of(d->site, &o->peer->peer, o->ts_ns, names);
	struct intel_found room;
	bool is_parent;
	char text[EVIDENCE_TEXT_MAX];
	struct strbuf b;

	for (uint32_t i = 0; i < count; i++) {
		const struct intel_hit *hits = site_name_is_believed(names[i].source)
						       ? site_intel_name(d->site, LIST_MALICIOUS,
								 names[i].text, &room, &is_parent)
						       : NULL;
		if (hits == NULL)
			continue;
		strbuf_init(&b, text, sizeof(text));
		strbuf_text(&b, "talked, before it was listed, with ");
		text_safe(&b, names[i].text, NAME_SHOWN);
		report(d, o,
			&(struct found){ .kind = &listed_domain,
				.key = names[i].text,
				.about = &o->peer->peer,
				.confidence = is_parent ? PARENT_CONFIDENCE : EXACT_CONFIDENCE,
				.convicts = !is_parent && o->peer->established },
			hits, text);
	}
}

static bool
wants(const struct site *site, const struct observation *o)
{
	struct intel_found room;
	const struct addr *addr;
	const char *alias;
	char name_room[256];
	bool is_parent;

	if (!site_has_intel(site))
		return false;
	if (o->kind == OBS_PEER)
		return o->role == ROLE_CLIENT;
	if (o->role == ROLE_SERVER)
		return o->kind == OBS_DNS && dns_is_answered(o->dns);
	const char *name = name_of(o, name_room);
	if (name != NULL && site_intel_name(site, LIST_MALICIOUS, name, &room, NULL) != NULL)
		return true;
	return o->kind == OBS_DNS &&
	       (find_answer(site, o->dns, &room, &addr) != NULL ||
		       find_alias(site, o->dns, &room, &alias, &is_parent) != NULL);
}

static void
observe(struct detect *d, const struct observation *o)
{
	struct served *served = d->profile_state;
	char room[256];

	if (o->kind == OBS_PEER) {
		observe_peer(d, o);
		return;
	}
	if (o->role == ROLE_SERVER) {
		served->answers = true;
		return;
	}
	const char *name = name_of(o, room);
	if (name != NULL)
		observe_name(d, o, name);
	if (o->kind == OBS_DNS)
		observe_answer(d, o);
}

const struct detector detector_intel_name = {
	.name = "intel_name",
	.summary = "One host asks for a name that a list warns of.",
	.subscribes = OBS_BIT(OBS_DNS) | OBS_BIT(OBS_HTTP) | OBS_BIT(OBS_TLS) | OBS_BIT(OBS_QUIC) |
		      OBS_BIT(OBS_PEER),
	.window_state_size = sizeof(struct state),
	.profile_state_size = sizeof(struct served),
	.kinds = (const struct evidence_kind *const[]){ &listed_domain, &listed_answer,
		&answer_of_listed, NULL },
	.wants = wants,
	.observe = observe,
};
