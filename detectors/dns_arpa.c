/*
 * dns_arpa -- one host asks for the names of many addresses at once.
 *
 * Who explores a network asks DNS what its addresses are called: quieter than knocking at each. Kept are
 * the last RING names under in-addr.arpa and ip6.arpa that begin with a number, with the time of the
 * question; `min_names` different ones within `span` are told, once a window. What services are offered
 * (lb._dns-sd._udp...) is asked for under the same names and does not count.
 *
 * Bounds: RING names a window, kept from the first.
 *
 * Not told apart: servers of mail and of logs, which ask for the name of everybody who calls.
 *
 * Source: detections §1.4; A2 (a sliding time).
 */
#include "detectors/detector.h"

#include "detectors/dns_name.h"

#include <ctype.h>

enum { RING = 64 };

struct config {
	uint32_t min_names;
	uint64_t span;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_names, 2, RING, 10, "names",
		"Different addresses whose names one host asks for within `span` that are a scan."),
	CONFIG_DURATION(struct config, span, NS_PER_S / 10, 600 * NS_PER_S, 2 * NS_PER_S,
		"Time within which they are asked for."),
	CONFIG_END,
};

static const struct evidence_kind arpa_scan = {
	.name = "DNS_ARPA_SCAN",
	.signature_id = 5200105,
	.technique = "T1018",
	.unit = "names",
	.title = "Names of many addresses asked for",
};

/* A question; all zero is none. */
struct asked {
	uint64_t hash, at_ns;
};

struct state {
	struct asked *ring;
	uint32_t next;
	bool told;
};

/* How many different names were asked for within the span that ends now, with this one; 0: it was. */
static uint32_t
count_within(const struct state *s, uint64_t hash, uint64_t now_ns, uint64_t span_ns)
{
	uint32_t count = 1;

	for (uint32_t i = 0; i < RING; i++) {
		const struct asked *a = &s->ring[i];
		if (a->at_ns == 0 || a->at_ns > now_ns || now_ns - a->at_ns > span_ns)
			continue;
		if (a->hash == hash)
			return 0;
		count++;
	}
	return count;
}

static void
report(struct detect *d, const struct observation *o, uint32_t count)
{
	const struct config *cfg = d->config;
	char text[32];
	struct strbuf span;

	strbuf_init(&span, text, sizeof(text));
	time_text_length(&span, cfg->span);
	evidence_raise(d,
		&(struct finding){
			.kind = &arpa_scan,
			.threat = THREAT_MEDIUM,
			.confidence = 0.7,
			.role = EVIDENCE_ATTACKER,
			.observed = count,
			.threshold = cfg->min_names,
			.uids = o->talk == NULL ? NULL : &o->talk->uid,
			.uid_count = o->talk != NULL,
		},
		"asked for the names of %u addresses within %s", count, text);
}

static bool
is_of_address(const char *name)
{
	static const char *const ends[] = { "in-addr.arpa", "ip6.arpa" };

	return isxdigit((unsigned char)name[0]) && domain_find(ends, 2, name) < 2 &&
	       strstr(name, "._") == NULL;
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_dns *dns = o->dns;

	(void)site;
	return o->role == ROLE_CLIENT && dns->query != NULL && dns->query_type == 12 &&
	       !addr_is_multicast(&dns->server) && is_of_address(dns->query);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	struct state *s = d->window_state;
	/* What nobody answered is told when it is given up; it was asked before. */
	uint64_t at_ns = o->began_ns != 0 ? o->began_ns : o->ts_ns;
	uint64_t hash = name_hash(d->hash_key, domain_view(o->dns->query));

	if (s->ring == NULL)
		s->ring = arena_alloc(d->memory, RING * sizeof(*s->ring));
	if (s->ring == NULL || s->told)
		return;
	uint32_t count = count_within(s, hash, at_ns, cfg->span);
	if (count == 0)
		return;
	s->ring[s->next++ % RING] = (struct asked){ .hash = hash, .at_ns = at_ns };
	if (count >= cfg->min_names) {
		s->told = true;
		report(d, o, count);
	}
}

const struct detector detector_dns_arpa = {
	.name = "dns_arpa",
	.summary = "One host asks for the names of many addresses at once.",
	.subscribes = OBS_BIT(OBS_DNS),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &arpa_scan, NULL },
	.wants = wants,
	.observe = observe,
};
