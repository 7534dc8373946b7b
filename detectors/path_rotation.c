/*
 * path_rotation -- one host asks very different domains for the very same page.
 *
 * A program that has a list of servers, or makes up their names, asks each for the one page that its author
 * wrote: "/c9c/" of ten domains, "/login.php" of two hundred. Pages of unrelated people rarely have one name.
 * Counted for each path (without its query) are the distinct domains that somebody registered (site.h);
 * told at `min_domains`, and at `convict_domains` it convicts.
 *
 * Left out is what many sites have by custom: the root and index pages, feeds, what is well known, icons,
 * images, scripts and styles; what a page of another site made a browser fetch, by its referrer, since
 * advertisers share paths (a bot may forge one, as it may vary the path); servers of the inside, and addresses, which are no domain.
 *
 * Bounds: MAX_PATHS paths a window; the one with the fewest domains goes first, of those the one that was
 * asked for longest ago. MAX_DOMAINS domains a path; past them its count stands still.
 *
 * Not told apart: a monitor that asks for "/health" of many customers' sites.
 *
 * Source: fallback channels of formbook and simda; not in detections §1.
 */
#include "detectors/detector.h"

#include "daemon/base/domain.h"
#include "daemon/base/text_safe.h"
#include "daemon/transactions/http.h"

#include <strings.h>

enum { FEW_PATHS = 2, MAX_PATHS = 16, MAX_DOMAINS = 32, BLOCK_WORDS = 8, NAME_SHOWN = 64 };

struct config {
	uint32_t min_domains;
	uint32_t convict_domains;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_domains, 2, MAX_DOMAINS, 5, "domains",
		"Distinct domains asked for one path in one window that are worth a mention."),
	CONFIG_U32(struct config, convict_domains, 0, MAX_DOMAINS, 8, "domains",
		"Distinct domains asked for one path in one window that convict; 0 is never."),
	CONFIG_END,
};

static const struct evidence_kind rotation = {
	.name = "DOMAIN_ROTATION",
	.signature_id = 5200250,
	.technique = "T1008",
	.unit = "domains",
	.title = "One page of many domains",
	.may_convict = true,
};

/* All zero: none. */
struct path {
	uint64_t hash;
	uint64_t last_ns;
	uint64_t *
		domains; /* MAX_DOMAINS hashes, made for the second domain, kept when the path goes */
	uint64_t first; /* the first one */
	uint32_t count;
};

struct state {
	struct path *paths;
	uint32_t places; /* of them: 0, FEW_PATHS, then MAX_PATHS */
};

/* Paths without the first slash, and how paths end, that many sites have. Case does not matter. */
static const char *const customary[] = { "ads.txt", "app-ads.txt", "atom.xml", "favicon.ico",
	"feed", "feed/", "feed.xml", "generate_204", "humans.txt", "index.htm", "index.html",
	"index.php", "ocsp", "ocsp/", "robots.txt", "rss", "rss/", "rss.xml", "sitemap.xml",
	"wpad.dat" };
static const char *const endings[] = { ".css", ".gif", ".ico", ".jpeg", ".jpg", ".js", ".png",
	".svg", ".webp", ".woff", ".woff2" };

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* The path that a request asks for, without its query; empty for none. */
static struct text_view
path_of(const char *uri)
{
	return (struct text_view){ uri, strcspn(uri, "?#;") };
}

static bool
is_customary(const struct text_view *path)
{
	static const char well_known[] = "/.well-known/";

	if (strncasecmp(path->at, well_known, sizeof(well_known) - 1) == 0)
		return true;
	for (size_t i = 0; i < COUNT_OF(customary); i++)
		if (strlen(customary[i]) == path->length - 1 &&
			strncasecmp(path->at + 1, customary[i], path->length - 1) == 0)
			return true;
	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		size_t length = strlen(endings[i]);
		if (length < path->length &&
			strncasecmp(path->at + path->length - length, endings[i], length) == 0)
			return true;
	}
	return false;
}

/*
 * Did a page of another site make a browser ask? What a browser writes has a slash behind the site, whatever it
 * hides of the rest; "http://www.google.com", as simda says, was put together by somebody else.
 */
static bool
is_embedded(const struct obs_http *http)
{
	static const char secure[] = "https://";
	static const char plain[] = "http://";
	const char *site = http->referrer;

	if (site == NULL)
		return false;
	if (strncasecmp(site, secure, sizeof(secure) - 1) == 0)
		site += sizeof(secure) - 1;
	else if (strncasecmp(site, plain, sizeof(plain) - 1) == 0)
		site += sizeof(plain) - 1;
	size_t length = strcspn(site, "/");
	return site[length] == '/' &&
	       (length != strlen(http->host) || strncasecmp(site, http->host, length) != 0);
}

/* Never 0. Domains are given in lower case: case does not matter in them. */
static uint64_t
hash_of(const struct hash_key *key, struct text_view text, bool lower)
{
	uint64_t hash = 0;

	do {
		struct {
			uint64_t before, left;
			char bytes[BLOCK_WORDS * sizeof(uint64_t)];
		} block = { hash, text.length, { 0 } };
		size_t take = text.length < sizeof(block.bytes) ? text.length : sizeof(block.bytes);
		for (size_t i = 0; i < take; i++) {
			block.bytes[i] = text.at[i];
			if (lower && text.at[i] >= 'A' && text.at[i] <= 'Z')
				block.bytes[i] = (char)(text.at[i] + ('a' - 'A'));
		}
		hash = hash_words(key, &block, sizeof(block) / sizeof(uint64_t));
		text.at += take;
		text.length -= take;
	} while (text.length > 0);
	return hash | 1;
}

/* The path's place, or that of the one that goes for it. */
static struct path *
find(struct state *s, uint64_t hash)
{
	struct path *least = &s->paths[0];

	for (uint32_t i = 0; i < s->places; i++) {
		struct path *p = &s->paths[i];
		if (p->hash == hash)
			return p;
		if (p->count < least->count ||
			(p->count == least->count && p->last_ns < least->last_ns))
			least = p;
	}
	return least;
}

/* Most hosts ask for a page or two in clear: there are few places until they are taken. */
static bool
grow(struct detect *d, struct state *s, uint32_t places)
{
	struct path *paths = arena_alloc(d->memory, places * sizeof(*paths));

	if (paths == NULL)
		return false;
	if (s->places > 0)
		memcpy(paths, s->paths, s->places * sizeof(*paths));
	s->paths = paths;
	s->places = places;
	return true;
}

/* The path, in a place of its own; NULL without memory. */
static struct path *
get(struct detect *d, struct state *s, uint64_t hash)
{
	if (s->places == 0 && !grow(d, s, FEW_PATHS))
		return NULL;
	struct path *p = find(s, hash);
	if (p->hash == hash)
		return p;
	if (p->count > 0 && s->places < MAX_PATHS && grow(d, s, MAX_PATHS))
		p = find(s, hash);
	*p = (struct path){ .hash = hash, .domains = p->domains };
	return p;
}

/* returns  whether the count has grown */
static bool
add_domain(struct detect *d, struct path *p, uint64_t domain)
{
	if (p->count == 0) {
		p->first = domain;
		p->count = 1;
		return true;
	}
	if (domain == p->first || p->count == MAX_DOMAINS)
		return false;
	if (p->domains == NULL)
		p->domains = arena_alloc(d->memory, MAX_DOMAINS * sizeof(*p->domains));
	if (p->domains == NULL)
		return false;
	for (uint32_t i = 1; i < p->count; i++)
		if (p->domains[i] == domain)
			return false;
	p->domains[p->count++] = domain;
	return true;
}

static void
report(struct detect *d, const struct observation *o, const struct path *p, bool convicts,
	const char *host)
{
	const struct config *cfg = d->config;
	const struct text_view path = path_of(o->http->uri);
	char head[EVIDENCE_OBJECT_MAX + 1];
	char shown[EVIDENCE_OBJECT_MAX + 1];
	char name[NAME_SHOWN + 1];
	char server[ADDR_TEXT_MAX];
	size_t length = path.length < sizeof(head) ? path.length : sizeof(head) - 1;

	memcpy(head, path.at, length);
	head[length] = '\0';
	(void)text_safe_in(shown, sizeof(shown), head);
	evidence_raise(d,
		&(struct finding){
			.kind = &rotation,
			.threat = convicts ? THREAT_HIGH : THREAT_MEDIUM,
			.confidence = convicts ? 0.9 : 0.7,
			.role = EVIDENCE_ATTACKER,
			.decisive = convicts,
			.about = &o->http->server,
			.port = o->talk->resp_port,
			.ip_proto = IPPROTO_TCP,
			.observed = p->count,
			.threshold = convicts ? cfg->convict_domains : cfg->min_domains,
			.object = shown,
			.uids = &o->talk->uid,
			.uid_count = 1,
		},
		"asked %u domains for the same page %s, the last one %s at %s", p->count, shown,
		text_safe_in(name, sizeof(name), host), addr_format(&o->http->server, server));
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_http *http = o->http;

	(void)site;
	return o->role == ROLE_CLIENT && http->host != NULL && http->uri != NULL &&
	       http->uri[0] == '/' && path_of(http->uri).length > 1 &&
	       addr_is_public(&http->server);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_http *http = o->http;
	const struct text_view path = path_of(http->uri);
	struct state *s = d->window_state;
	char host[DOMAIN_TEXT_MAX + 1];

	domain_of_host(http->host, host);
	struct text_view domain = site_registrable(d->site, host);
	if (domain.length == 0 || is_embedded(http) || is_customary(&path))
		return;
	struct path *p = get(d, s, hash_of(d->hash_key, path, /* lower= */ false));
	if (p == NULL)
		return;
	p->last_ns = o->ts_ns;
	if (!add_domain(d, p, hash_of(d->hash_key, domain, /* lower= */ true)))
		return;
	if (p->count == cfg->convict_domains)
		report(d, o, p, /* convicts= */ true, host);
	else if (p->count == cfg->min_domains)
		report(d, o, p, /* convicts= */ false, host);
}

const struct detector detector_path_rotation = {
	.name = "path_rotation",
	.summary = "One host asks very different domains for the very same page.",
	.subscribes = OBS_BIT(OBS_HTTP),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &rotation, NULL },
	.wants = wants,
	.observe = observe,
};
