/*
 * dns_failed -- one host asks for many domains that nobody has registered.
 *
 * A domain generation algorithm makes up hundreds of domains a day, and malware asks for one after the other
 * until one exists. Counted are distinct domains, as one registers them (public suffixes), whose names were
 * answered with "no such domain": all hosts of one company's domain count once, and so does a name that is
 * asked for again under each search suffix. Names of the inside (.local, .lan, .arpa, a single label) are
 * nobody's to register. Told at `min_domains` and then at every STEP more.
 *
 * It convicts at `convict`, when at least `same_length` per cent of the domains are of one length: what a
 * program makes up has a pattern (zloader 20 letters, simda 7), while typing errors, blocked advertisements
 * and dead links have none.
 *
 * Bounds: MAX_DOMAINS domains a window; past them the count stands still. Labels have at most 63 bytes.
 *
 * Not told apart: who checks lists of domains for a living.
 *
 * Source: detections §1.4; A6.
 */
#include "detectors/detector.h"

#include "detectors/dns_name.h"

enum { MAX_DOMAINS = 512, STEP = 5, LENGTHS = 64, NXDOMAIN = 3 };

struct config {
	uint32_t min_domains;
	uint32_t convict;
	uint32_t same_length;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_domains, 2, MAX_DOMAINS, 10, "domains",
		"Distinct domains that do not exist, asked for by one host in one window, that are worth a mention."),
	CONFIG_U32(struct config, convict, 2, MAX_DOMAINS, 25, "domains",
		"So many of them convict, if most are of one length."),
	CONFIG_U32(struct config, same_length, 1, 100, 60, "per cent",
		"Share of the domains that must be of one length."),
	CONFIG_END,
};

static const struct evidence_kind made_up = {
	.name = "DGA_NXDOMAINS",
	.signature_id = 5200101,
	.technique = "T1568.002",
	.unit = "domains",
	.title = "Many domains that do not exist",
	.may_convict = true,
};

static const struct arena_map_shape domain_shape = {
	.item_size = sizeof(uint64_t), /* the hash of its name */
	.key_size = sizeof(uint64_t),
	.capacity = MAX_DOMAINS,
};

struct state {
	struct arena_map domains;
	uint16_t *lengths; /* how many domains' first labels have 0 .. LENGTHS - 1 bytes */
	uint32_t most;     /* the largest of them */
	uint32_t next_report;
};

static void
report(struct detect *d, const struct state *s, const struct observation *o,
	struct text_view domain)
{
	const struct config *cfg = d->config;
	uint32_t count = s->domains.count;
	bool has_pattern = s->most * 100 >= count * cfg->same_length;
	char name[NAME_TOLD_MAX + 1];

	evidence_raise(d,
		&(struct finding){
			.kind = &made_up,
			.threat = THREAT_HIGH,
			.confidence = count < 100 ? count / 100.0 : 1,
			.role = EVIDENCE_ATTACKER,
			.decisive = count >= cfg->convict && has_pattern,
			.observed = count,
			.threshold = cfg->min_domains,
			.uids = o->talk == NULL ? NULL : &o->talk->uid,
			.uid_count = o->talk != NULL,
		},
		"asked for %u different domains that do not exist, among them %s", count,
		name_tell(name, domain));
}

/* Count a domain, unless it was asked for before or there is no room. */
static void
add(struct detect *d, struct state *s, struct text_view domain)
{
	uint64_t key = name_hash(d->hash_key, domain);
	uint32_t before = s->domains.count;

	if (s->lengths == NULL)
		s->lengths = arena_alloc(d->memory, LENGTHS * sizeof(*s->lengths));
	if (s->lengths == NULL ||
		arena_map_get(&s->domains, &domain_shape, d->memory, d->hash_key, &key) == NULL ||
		s->domains.count == before)
		return;
	const char *dot = memchr(domain.at, '.', domain.length);
	size_t length = dot == NULL ? domain.length : (size_t)(dot - domain.at);
	uint16_t *same = &s->lengths[length < LENGTHS ? length : LENGTHS - 1];
	(*same)++;
	if (*same > s->most)
		s->most = *same;
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_dns *dns = o->dns;

	return dns->rcode == NXDOMAIN && o->role == ROLE_CLIENT && dns->query != NULL &&
	       dns_is_of_server(dns) && name_registered(site, dns->query).length > 0;
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	struct state *s = d->window_state;
	const struct text_view domain = name_registered(d->site, o->dns->query);

	add(d, s, domain);
	if (s->domains.count < cfg->min_domains || s->domains.count < s->next_report)
		return;
	s->next_report = s->domains.count + STEP;
	report(d, s, o, domain);
}

const struct detector detector_dns_failed = {
	.name = "dns_failed",
	.summary = "One host asks for many domains that nobody has registered.",
	.subscribes = OBS_BIT(OBS_DNS),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &made_up, NULL },
	.wants = wants,
	.observe = observe,
};
