/*
 * dns_unused -- a name was resolved, and nobody went where it leads.
 *
 * Tunnels through DNS, questions to block lists, and programs that try whether their master is there yet, ask
 * for addresses and do not use them. Watched are names that somebody registered, from the answer on: when the
 * host has begun no conversation with any of their addresses after `wait`, that is told, once a name and
 * window, as information: browsers resolve ahead what nobody clicks.
 *
 * Only hosts are judged whose conversations we hear: another one must have been seen within that time. Not
 * judged are resolvers, who ask for others; names with addresses of both families, as the host may have gone
 * there by its other one; and those with so many addresses that not all can be watched. Addresses by which a
 * resolver says that a name is blocked (0.0.0.0, 127.0.0.1) lead nowhere; nor need one go where the answer is
 * all that is wanted, harmlessly: whose an address is, and whether DNS works (cymru.com, dns.msftncsi.com). A
 * conversation counts whenever one of its observations comes while the name is watched, so one that was open
 * before does, too.
 *
 * The reference looks after 10, 20 and 30 minutes; here each conversation is compared as it comes.
 *
 * Bounds: MAX_WATCHED names a host at once; while they are, further ones are not watched. MAX_ADDRS addresses a
 * name. RESOLVERS addresses of resolvers, for the whole site.
 *
 * Not told apart: names that are resolved ahead; those whose addresses are kept longer than `wait` before use.
 *
 * Source: detections §1.4; A7, A22.
 */
#include "detectors/detector.h"

#include "detectors/dns_name.h"

#include <strings.h>

enum {
	MAX_WATCHED = 16,
	MAX_ADDRS = 8,
	RESOLVERS = 64,
	NAME_KEPT_MAX = NAME_TOLD_MAX + 1, /* so that what is told shows that it was cut */
	TYPE_A = 1,
	TYPE_AAAA = 28,
};

struct config {
	uint64_t wait;
};

static const struct config_item config_items[] = {
	CONFIG_DURATION(struct config, wait, 60 * NS_PER_S, 86400 * NS_PER_S, 1800 * NS_PER_S,
		"Time after an answer in which a host is expected to go where the name leads."),
	CONFIG_END,
};

static const struct evidence_kind unused = {
	.name = "DNS_WITHOUT_CONNECTION",
	.signature_id = 5200108,
	.technique = "T1568",
	.unit = "names",
	.title = "Name resolved and not used",
};

/* A name that was resolved. */
struct watched {
	struct watched *next;
	uint64_t hash; /* of the whole name */
	uint64_t answered_ns, due_ns;
	uint64_t window_ns;        /* when the window began in which it was asked for */
	uint32_t addrs[MAX_ADDRS]; /* their hashes */
	uint8_t addr_count;
	bool are_v4;
	bool was_told; /* stays until it is due, so that it is not told again */
	uint8_t name_length;
	char name[NAME_KEPT_MAX]; /* its end */
	struct flow_uid uid;
};

struct profile {
	struct watched *first, *free;
	uint32_t count;
	uint64_t
		talked_ns; /* when it last was seen to talk with the Internet, other than to resolve */
};

struct state {
	uint32_t told;
	bool wakes; /* a deadline was set */
};

struct site_state {
	uint64_t resolvers[RESOLVERS]; /* hashes of who answered lately; 0: nobody */
	uint32_t next;
};

static uint64_t
addr_hash(const struct detect *d, const struct addr *a)
{
	return hash_words(d->hash_key, a->byte, sizeof(a->byte) / sizeof(uint64_t));
}

static bool
is_resolver(const struct site_state *s, uint64_t hash)
{
	for (uint32_t i = 0; i < RESOLVERS; i++)
		if (s->resolvers[i] == hash)
			return true;
	return false;
}

static void
observe_site(struct detect *d, const struct observation *o)
{
	struct site_state *s = d->site_state;

	if (o->kind != OBS_DNS || !dns_is_of_server(o->dns) || addr_is_public(&o->dns->server))
		return;
	uint64_t hash = addr_hash(d, &o->dns->server);
	if (!is_resolver(s, hash))
		s->resolvers[s->next++ % RESOLVERS] = hash;
}

/* Watch `*at` no more. */
static void
drop(struct profile *p, struct watched **at)
{
	struct watched *w = *at;

	*at = w->next;
	w->next = p->free;
	p->free = w;
	p->count--;
}

/* Watch another one, at the end. returns NULL without room */
static struct watched *
watch(struct detect *d, struct profile *p)
{
	struct watched *w = p->free;
	struct watched **end = &p->first;

	if (p->count == MAX_WATCHED)
		return NULL;
	if (w != NULL)
		p->free = w->next;
	else
		w = arena_alloc(d->profile_memory, sizeof(*w));
	if (w == NULL)
		return NULL;
	*w = (struct watched){ 0 };
	while (*end != NULL)
		end = &(*end)->next;
	*end = w;
	p->count++;
	return w;
}

/* The place of a name, or the end. What was told in a window that is over is dropped on the way. */
static struct watched **
find(struct profile *p, uint64_t hash, uint64_t now_ns)
{
	struct watched **at = &p->first;

	while (*at != NULL)
		if ((*at)->was_told && (*at)->due_ns <= now_ns)
			drop(p, at);
		else if ((*at)->hash == hash)
			break;
		else
			at = &(*at)->next;
	return at;
}

static bool
leads_to(const struct watched *w, uint32_t hash)
{
	for (uint8_t i = 0; i < w->addr_count; i++)
		if (w->addrs[i] == hash)
			return true;
	return false;
}

/* Add what an answer gives. returns false when the name cannot be judged any more */
static bool
add_addrs(const struct detect *d, struct watched *w, const struct obs_dns *dns)
{
	for (size_t i = 0; i < dns->answer_count; i++) {
		const struct addr *a = &dns->answers[i].addr;
		uint32_t hash = (uint32_t)addr_hash(d, a);
		if (w->addr_count == 0)
			w->are_v4 = addr_is_v4(a);
		if (addr_is_v4(a) != w->are_v4)
			return false;
		if (leads_to(w, hash))
			continue;
		if (w->addr_count == MAX_ADDRS)
			return false;
		w->addrs[w->addr_count++] = hash;
	}
	return true;
}

static void
report(struct detect *d, const struct watched *w)
{
	const struct config *cfg = d->config;
	struct state *s = d->window_state;
	char name[NAME_TOLD_MAX + 1];
	char text[32];
	struct strbuf wait;

	s->told++;
	strbuf_init(&wait, text, sizeof(text));
	time_text_length(&wait, cfg->wait);
	evidence_raise(d,
		&(struct finding){
			.kind = &unused,
			.threat = THREAT_INFO,
			.confidence = 0.8,
			.role = EVIDENCE_ATTACKER,
			.observed = s->told,
			.threshold = 1,
			.object = name_tell(name, (struct text_view){ w->name, w->name_length }),
			.uids = &w->uid,
			.uid_count = w->uid.text[0] != '\0',
		},
		"resolved %s and did not go there within %s", name, text);
}

/* Nobody went there, and we would have seen it. */
static bool
is_unused(const struct detect *d, const struct watched *w)
{
	const struct profile *p = d->profile_state;

	return p->talked_ns > w->answered_ns && !is_resolver(d->site_state, addr_hash(d, d->host));
}

static void
wake(struct detect *d, void *what, uint64_t now_ns, bool early)
{
	struct profile *p = d->profile_state;
	struct state *s = d->window_state;
	uint64_t next_ns = UINT64_MAX;

	(void)what;
	s->wakes = false;
	for (struct watched **at = &p->first; *at != NULL;) {
		struct watched *w = *at;
		bool is_mine = w->window_ns == d->window_start_ns && !w->was_told;
		bool is_due = w->due_ns <= now_ns;
		if (is_mine && !early && is_due && is_unused(d, w)) {
			report(d, w);
			w->was_told = true;
			w->due_ns = d->window_end_ns;
		} else if (is_mine && (early || is_due)) {
			drop(p, at);
			continue;
		} else if (is_mine && w->due_ns < next_ns) {
			next_ns = w->due_ns;
		}
		at = &w->next;
	}
	if (next_ns != UINT64_MAX)
		s->wakes = detect_wake_at(d, next_ns, NULL);
}

/* A name that is not watched yet was resolved. */
static void
begin(struct detect *d, struct profile *p, const struct observation *o, uint64_t hash)
{
	const struct config *cfg = d->config;
	struct state *s = d->window_state;
	struct text_view name = domain_view(o->dns->query);
	struct watched built = {
		.hash = hash,
		.answered_ns = o->ts_ns,
		.due_ns = o->ts_ns + cfg->wait,
		.window_ns = d->window_start_ns,
	};

	if (!add_addrs(d, &built, o->dns))
		return;
	if (!s->wakes)
		s->wakes = detect_wake_at(d, built.due_ns, NULL);
	struct watched *w = s->wakes ? watch(d, p) : NULL;
	if (w == NULL)
		return;
	built.name_length = (uint8_t)(name.length < NAME_KEPT_MAX ? name.length : NAME_KEPT_MAX);
	memcpy(built.name, name.at + (name.length - built.name_length), built.name_length);
	if (o->talk != NULL)
		built.uid = o->talk->uid;
	*w = built;
}

static void
resolve(struct detect *d, struct profile *p, const struct observation *o)
{
	uint64_t hash = name_hash(d->hash_key, domain_view(o->dns->query));
	struct watched **at = find(p, hash, o->ts_ns);

	if (*at == NULL)
		begin(d, p, o, hash);
	else if (!(*at)->was_told && !add_addrs(d, *at, o->dns))
		drop(p, at);
}

/* The host talks with somebody: names that lead there are used. */
static void
talk(const struct detect *d, struct profile *p, const struct observation *o)
{
	if (addr_is_public(&o->flow->resp))
		p->talked_ns = o->ts_ns;
	if (p->first == NULL)
		return;
	uint32_t hash = (uint32_t)addr_hash(d, &o->flow->resp);
	for (struct watched **at = &p->first; *at != NULL;)
		if (!(*at)->was_told && leads_to(*at, hash))
			drop(p, at);
		else
			at = &(*at)->next;
}

/* By these a resolver says that it was told not to answer. */
static bool
is_blocked(const struct obs_dns *dns)
{
	const struct addr self = addr_v4(127, 0, 0, 1);

	for (size_t i = 0; i < dns->answer_count; i++)
		if (addr_is_unspecified(&dns->answers[i].addr) ||
			addr_equal(&dns->answers[i].addr, &self))
			return true;
	return false;
}

static bool
wants_dns(const struct site *site, const struct obs_dns *dns)
{
	static const char *const never_visited[] = { "cymru.com", "dns.msftncsi.com" };

	return dns->answer_count > 0 &&
	       (dns->query_type == TYPE_A || dns->query_type == TYPE_AAAA) && dns->query != NULL &&
	       dns_is_of_server(dns) && dns->rcode == 0 && !is_blocked(dns) &&
	       strncasecmp(dns->query, "wpad.", strlen("wpad.")) != 0 &&
	       domain_find(never_visited, 2, dns->query) == 2 &&
	       name_registered(site, dns->query).length > 0;
}

static bool
wants(const struct site *site, const struct observation *o)
{
	if (o->role != ROLE_CLIENT)
		return false;
	return o->kind == OBS_DNS ? wants_dns(site, o->dns) : o->flow->resp_port != DNS_PORT;
}

static void
observe(struct detect *d, const struct observation *o)
{
	if (o->kind == OBS_DNS)
		resolve(d, d->profile_state, o);
	else
		talk(d, d->profile_state, o);
}

const struct detector detector_dns_unused = {
	.name = "dns_unused",
	.summary = "A name was resolved, and nobody went where it leads.",
	.subscribes = OBS_BIT(OBS_DNS) | OBS_BIT(OBS_FLOW_START) | OBS_BIT(OBS_FLOW_INTERIM) |
		      OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.profile_state_size = sizeof(struct profile),
	.site_state_size = sizeof(struct site_state),
	.kinds = (const struct evidence_kind *const[]){ &unused, NULL },
	.wants = wants,
	.observe = observe,
	.observe_site = observe_site,
	.wake = wake,
};
