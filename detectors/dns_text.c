/*
 * dns_text -- one host is answered with texts of DNS that look like ciphers.
 *
 * Tunnels and loaders carry their data in TXT records. A text of at least `min_length` characters whose
 * characters have `entropy` bits each is no sentence and no setting. What is known to look like that is left
 * out: keys and rules of mail (SPF, DKIM, DMARC) and proofs of ownership. Distinct names with such
 * texts are counted for each registered domain, and told at the first and then at each tenfold: low for the client,
 * for three domains a window and then as information, and at the medium level for the resolver, if it is
 * one of ours; as a victim: who passes an answer on did not write it.
 *
 * Printers and telephones announce themselves by multicast DNS with such texts: once a window, as
 * information, and nobody is the other side. Of packets, where an announcement is an answer to the group, they
 * are not looked at: the group is no client.
 *
 * Bounds: MAX_DOMAINS domains and MAX_NAMES names a window; past them further ones are not looked at.
 *
 * Not told apart: other services that keep keys in DNS.
 *
 * Source: detections §1.4; A42.
 */
#include "detectors/detector.h"

#include "detectors/dns_name.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

enum { MAX_DOMAINS = 64, MAX_NAMES = 512, TXT = 16, TEXT_MAX = 4096, BYTES = 256 };

struct config {
	double entropy;
	uint32_t min_length;
};

static const struct config_item config_items[] = {
	CONFIG_DOUBLE(struct config, entropy, 1, 8, 5, "bits",
		"Entropy of a character from which on a text looks like a cipher."),
	CONFIG_U32(struct config, min_length, 16, TEXT_MAX, 50, "characters",
		"Length of a text that is looked at."),
	CONFIG_END,
};

static const struct evidence_kind cipher = {
	.name = "HIGH_ENTROPY_DNS_ANSWER",
	.signature_id = 5200104,
	.technique = "T1071.004",
	.unit = "answers",
	.title = "Answer of DNS with a text of high entropy",
};

struct domain {
	uint64_t hash; /* the key */
	uint64_t names;
	uint64_t next_report;
};

static const struct arena_map_shape domain_shape = {
	.item_size = sizeof(struct domain),
	.key_size = sizeof(uint64_t),
	.capacity = MAX_DOMAINS,
};

static const struct arena_map_shape name_shape = {
	.item_size = sizeof(uint64_t),
	.key_size = sizeof(uint64_t),
	.capacity = MAX_NAMES,
};

/* Made at the first such text. */
struct seen {
	struct arena_map domains, names;
};

struct state {
	struct seen *seen;
	uint8_t told;
	bool announced; /* by multicast DNS */
};

/* How often each byte occurs in a text. */
struct histogram {
	uint32_t count[BYTES];
	uint32_t length;
};

/*
 * Count the characters of a record, without what stands between its strings: "TXT 5 hello TXT 3 you". What is
 * not written like that is taken as it is.
 */
static void
count_characters(struct histogram *h, const char *text)
{
	size_t left = strnlen(text, TEXT_MAX);

	while (left > 0) {
		size_t take = left;
		if (left > 4 && memcmp(text, "TXT ", 4) == 0 && isdigit((unsigned char)text[4])) {
			char *end;
			unsigned long length = strtoul(text + 4, &end, 10);
			size_t head = (size_t)(end - text) + (*end == ' ');
			head = head < left ? head : left;
			text += head;
			left -= head;
			take = length < left ? length : left;
		}
		for (size_t i = 0; i < take; i++)
			h->count[(unsigned char)text[i]]++;
		h->length += (uint32_t)take;
		text += take;
		left -= take;
		while (left > 0 && *text == ' ') {
			text++;
			left--;
		}
	}
}

/* Bits a character. */
static double
entropy_of(const struct histogram *h)
{
	double bits = 0;

	for (unsigned i = 0; i < BYTES; i++) {
		if (h->count[i] == 0)
			continue;
		double share = (double)h->count[i] / h->length;
		bits -= share * log2(share);
	}
	return bits;
}

/* Keys and rules of mail, and proofs that somebody owns a domain. */
static bool
is_usual(const char *text)
{
	static const char *const words[] = { "v=spf1", "v=DKIM1", "k=rsa", "v=DMARC1",
		"-verification", "-validation", "v=BIMI1", "v=STSv1", "v=TLSRPT" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(text, words[i]) != NULL)
			return true;
	return false;
}

/* The highest entropy of the texts of an answer; 0 if none is long enough. */
static double
highest(const struct obs_dns *dns, const struct config *cfg)
{
	double most = 0;

	for (size_t i = 0; i < dns->texts.count; i++) {
		struct histogram h = { 0 };
		bool is_text = i < dns->types.count ? strcmp(dns->types.at[i], "TXT") == 0
						    : strncmp(dns->texts.at[i], "TXT ", 4) == 0;
		if (!is_text || is_usual(dns->texts.at[i]))
			continue;
		count_characters(&h, dns->texts.at[i]);
		double bits = h.length < cfg->min_length ? 0 : entropy_of(&h);
		if (bits > most)
			most = bits;
	}
	return most;
}

static bool
is_multicast(const struct obs_dns *dns)
{
	return addr_is_multicast(&dns->server) || addr_is_multicast(&dns->client) ||
	       (dns->answer_count > 0 && dns->answers[0].name != NULL);
}

static void
report(struct detect *d, const struct observation *o, uint64_t names, enum threat level,
	double bits)
{
	const struct obs_dns *dns = o->dns;
	bool is_group = is_multicast(dns);
	char server[ADDR_TEXT_MAX];
	char client[ADDR_TEXT_MAX];
	char name[NAME_TOLD_MAX + 1];
	struct finding f = {
		.kind = &cipher,
		.threat = level,
		.confidence = 0.6,
		.role = EVIDENCE_ATTACKER,
		.about = is_group ? NULL : &dns->server,
		.port = DNS_PORT,
		.observed = names,
		.threshold = 1,
		.object = name_tell(name, domain_view(dns->query)),
		.uids = o->talk == NULL ? NULL : &o->talk->uid,
		.uid_count = o->talk != NULL,
	};

	if (is_group) {
		f.port = 0;
		evidence_raise(
			d, &f, "announced a TXT record of %.2f bits a character, %s", bits, name);
		return;
	}
	evidence_raise(d, &f,
		"was answered by %s with %llu TXT record%s of up to %.2f bits a character for %s",
		addr_format(&dns->server, server), (unsigned long long)names, names == 1 ? "" : "s",
		bits, name);
	f.threat = THREAT_MEDIUM;
	f.role = EVIDENCE_VICTIM;
	evidence_raise_twin(d, &f, "answered %s with a TXT record of %.2f bits a character for %s",
		addr_format(&dns->client, client), bits, name);
}

/* Is it a name that had no such text yet? Its domain, or NULL. */
static struct domain *
count_name(struct detect *d, struct state *s, const char *name)
{
	struct text_view registered = name_registered(d->site, name);
	uint64_t hash = name_hash(d->hash_key, domain_view(name));
	uint64_t key = registered.length == 0 ? hash : name_hash(d->hash_key, registered);

	if (s->seen == NULL)
		s->seen = arena_alloc(d->memory, sizeof(*s->seen));
	if (s->seen == NULL)
		return NULL;
	uint32_t before = s->seen->names.count;
	if (arena_map_get(&s->seen->names, &name_shape, d->memory, d->hash_key, &hash) == NULL ||
		s->seen->names.count == before)
		return NULL;
	return arena_map_get(&s->seen->domains, &domain_shape, d->memory, d->hash_key, &key);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_dns *dns = o->dns;

	(void)site;
	return dns->texts.count > 0 && o->role == ROLE_CLIENT && dns->query != NULL &&
	       dns_is_answered(dns) && !addr_is_multicast(&dns->client) &&
	       (dns->query_type == TXT || dns->query_type == TRANSACTION_UNSET);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	struct state *s = d->window_state;

	if (is_multicast(o->dns) && s->announced)
		return;
	double bits = highest(o->dns, cfg);
	if (bits < cfg->entropy)
		return;
	if (is_multicast(o->dns)) {
		s->announced = true;
		report(d, o, 1, THREAT_INFO, bits);
		return;
	}
	struct domain *domain = count_name(d, s, o->dns->query);
	if (domain == NULL)
		return;
	bool is_new = domain->names++ == 0;
	if (report_due(&domain->next_report, 1, domain->names))
		report(d, o, domain->names, is_new ? weak_level(&s->told, THREAT_LOW) : THREAT_LOW,
			bits);
}

const struct detector detector_dns_text = {
	.name = "dns_text",
	.summary = "One host is answered with texts of DNS that look like ciphers.",
	.subscribes = OBS_BIT(OBS_DNS),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &cipher, NULL },
	.wants = wants,
	.observe = observe,
};
