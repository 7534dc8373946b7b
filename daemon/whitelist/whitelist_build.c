#include "daemon/whitelist/whitelist_build.h"

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"
#include "daemon/intel/intel_names.h"
#include "daemon/whitelist/whitelist_slips.h"
#include "daemon/whitelist/whitelist_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_MAX_BYTES = 768, NAME_MAX_BYTES = 24, QUOTED_MAX = 64 };

struct building {
	const struct whitelist_plan *plan;
	struct whitelist *w;
	/* The rule that is being read, for messages. */
	const char *path;
	uint32_t line;
	const char *where; /* "whitelist.rules[3]"; "" in the file of Slips */
	int result;
};

/* "naiad.yaml:14: whitelist.rules[3].match.port: "443/tpc" is no port, expected 443/tcp" */
static void
refuse(struct building *b, const char *key, const char *found, const char *what)
{
	char memory[MESSAGE_MAX_BYTES];
	struct strbuf text;

	strbuf_init(&text, memory, sizeof(memory));
	strbuf_text(&text, b->path);
	if (b->line > 0) {
		strbuf_char(&text, ':');
		strbuf_u64(&text, b->line);
	}
	strbuf_text(&text, ": ");
	strbuf_text(&text, b->where);
	strbuf_text(&text, key);
	if (b->where[0] != '\0' || key[0] != '\0')
		strbuf_text(&text, ": ");
	if (found != NULL)
		log_quote(&text, found, strlen(found), QUOTED_MAX);
	strbuf_text(&text, what);
	b->plan->complain(b->plan->context, memory);
	b->result = -EINVAL;
}

static bool
is_given(const struct cidr *net)
{
	static const struct cidr none;

	return memcmp(net, &none, sizeof(none)) != 0;
}

static void
take_network(struct whitelist_rule *r, enum whitelist_member member, const struct cidr *given,
	struct cidr *ret_net)
{
	if (!is_given(given))
		return;
	*ret_net = *given;
	r->members |= (uint32_t)member;
}

static void
take_name(struct building *b, struct whitelist_rule *r, enum whitelist_member member,
	const char *key, const char *given, struct whitelist_name *ret_name)
{
	if (given == NULL)
		return;
	r->members |= (uint32_t)member;
	if (!whitelist_name_parse(given, ret_name))
		refuse(b, key, given,
			" is no name, expected one as example.com or =www.example.com, of at most 62 bytes and 10 labels, xn--... where it has other letters");
}

static void
take_asn(struct building *b, struct whitelist_rule *r, const char *given)
{
	if (given == NULL)
		return;
	r->members |= WHITELIST_ASN;
	if (!whitelist_asn_parse(given, &r->asn))
		refuse(b, ".match.asn", given, " is no autonomous system, expected one as AS15169");
}

static void
take_org(struct building *b, struct whitelist_rule *r, const char *key, const char *given)
{
	if (given == NULL)
		return;
	r->members |= WHITELIST_ORG;
	r->org = given;
	r->known_org = organisation_of_word(given);
	if (given[0] == '\0')
		refuse(b, key, given, " names no organisation, expected words of its name");
}

static void
take_mac(struct building *b, struct whitelist_rule *r, const char *key, const char *given)
{
	if (given == NULL)
		return;
	r->members |= WHITELIST_MAC;
	if (!mac_parse(given, &r->mac) || !mac_is_card(&r->mac))
		refuse(b, key, given, " is no network card, expected one as 00:11:22:aa:bb:cc");
}

static void
take_port(struct building *b, struct whitelist_rule *r, const char *given)
{
	if (given == NULL)
		return;
	r->members |= WHITELIST_PORT;
	if (!whitelist_port_parse(given, &r->port, &r->ip_proto))
		refuse(b, ".match.port", given,
			" is no port, expected one as 443/tcp, 53/udp, 3868/sctp, or 443");
}

static void
take_detector(struct building *b, struct whitelist_rule *r, const char *given)
{
	if (given == NULL)
		return;
	r->members |= WHITELIST_DETECTOR;
	r->detector = given;
	if (b->plan->is_detector != NULL && !b->plan->is_detector(given))
		refuse(b, ".match.detector", given,
			" is neither a kind of evidence nor a detector, expected one as HORIZONTAL_PORT_SCAN or horizontal_scan (docs/DETECTORS.md)");
	if (r->effect == WHITELIST_IGNORE_TRAFFIC)
		refuse(b, ".match.detector", NULL,
			"no detector has seen traffic that is ignored, expected effect no-evidence or no-alert with it");
}

static void
take_until(struct building *b, struct whitelist_rule *r, const char *given)
{
	r->until_ns = UINT64_MAX;
	if (given != NULL && !whitelist_time_parse(given, &r->until_ns))
		refuse(b, ".until", given,
			" is no time, expected one as 2026-12-31 or 2026-12-31T18:30:00Z");
}

/* The name of a rule that has none of its own. */
static const char *
name_of_number(struct building *b, const char *prefix, uint32_t number)
{
	char memory[NAME_MAX_BYTES];
	struct strbuf name;

	strbuf_init(&name, memory, sizeof(memory));
	strbuf_text(&name, prefix);
	strbuf_u64(&name, number);
	const char *kept = arena_string(b->plan->arena, memory, name.length);
	if (kept == NULL)
		b->result = -ENOMEM;
	return kept == NULL ? "" : kept;
}

static void
take_rule(struct building *b, const struct whitelist_rule_settings *s, uint32_t number)
{
	struct whitelist_rule *r = &b->w->rules[b->w->count++];

	*r = (struct whitelist_rule){ .effect = (enum whitelist_effect)s->effect,
		.ends = WHITELIST_AT_EITHER };
	r->name = s->name != NULL && s->name[0] != '\0' ? s->name
							: name_of_number(b, "rule ", number);
	take_until(b, r, s->until);
	take_network(r, WHITELIST_SRC, &s->match.src, &r->src);
	take_network(r, WHITELIST_DST, &s->match.dst, &r->dst);
	take_network(r, WHITELIST_EITHER, &s->match.either, &r->either);
	take_name(b, r, WHITELIST_DOMAIN, ".match.domain", s->match.domain, &r->domain);
	take_name(b, r, WHITELIST_SNI, ".match.sni", s->match.sni, &r->sni);
	take_asn(b, r, s->match.asn);
	take_org(b, r, ".match.org", s->match.org);
	take_mac(b, r, ".match.mac", s->match.mac);
	take_port(b, r, s->match.port);
	take_detector(b, r, s->match.detector);
	if (r->members == 0)
		refuse(b, ".match", NULL,
			"nothing is given, expected at least one of src, dst, either, domain, sni, asn, org, mac, port, detector");
}

static void
take_rules(struct building *b)
{
	const struct config_list *rules = &b->plan->settings->rules;
	char memory[48];
	struct strbuf where;

	for (uint32_t i = 0; i < rules->count; i++) {
		const struct whitelist_rule_settings *s =
			(const struct whitelist_rule_settings *)rules->items + i;
		strbuf_init(&where, memory, sizeof(memory));
		strbuf_text(&where, "whitelist.rules[");
		strbuf_u64(&where, i + 1);
		strbuf_char(&where, ']');
		b->where = memory;
		b->line = s->line;
		take_rule(b, s, i + 1);
	}
	b->where = "";
}

static void
take_slips_ip(struct building *b, struct whitelist_rule *r, const struct slips_entry *e)
{
	enum whitelist_member member = e->ends == WHITELIST_AT_SRC   ? WHITELIST_SRC
				       : e->ends == WHITELIST_AT_DST ? WHITELIST_DST
								     : WHITELIST_EITHER;
	struct cidr *net = member == WHITELIST_SRC   ? &r->src
			   : member == WHITELIST_DST ? &r->dst
						     : &r->either;

	r->members |= (uint32_t)member;
	if (!cidr_parse(e->value, net))
		refuse(b, "", e->value, " is no address");
}

static void
take_slips_entry(struct building *b, const struct slips_entry *e)
{
	struct whitelist_rule *r = &b->w->rules[b->w->count++];

	b->line = e->line;
	*r = (struct whitelist_rule){ .effect = e->effect,
		.ends = e->ends,
		.until_ns = UINT64_MAX,
		.name = name_of_number(b, "slips:", e->line) };
	switch (e->type) {
	case SLIPS_IP:
		take_slips_ip(b, r, e);
		break;
	case SLIPS_DOMAIN:
		take_name(b, r, WHITELIST_DOMAIN, "", e->value, &r->domain);
		break;
	case SLIPS_ORGANIZATION:
		take_org(b, r, "", e->value);
		break;
	case SLIPS_MAC:
	case SLIPS_TYPE_COUNT:
		take_mac(b, r, "", e->value);
		break;
	}
}

static int
by_name(const void *a, const void *b)
{
	const struct whitelist_rule *const *left = a;
	const struct whitelist_rule *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

static void
sort_names(struct building *b)
{
	struct whitelist *w = b->w;

	for (uint32_t i = 0; i < w->count; i++)
		w->by_name[i] = &w->rules[i];
	qsort(w->by_name, w->count, sizeof(void *), by_name);
	b->line = 0;
	b->where = "whitelist.rules";
	for (uint32_t i = 1; i < w->count; i++)
		if (strcmp(w->by_name[i - 1]->name, w->by_name[i]->name) == 0)
			refuse(b, "", w->by_name[i]->name,
				" is the name of two rules, expected one for each");
}

static const struct cidr *
network_of(const struct whitelist_rule *r)
{
	if ((r->members & WHITELIST_SRC) != 0)
		return &r->src;
	if ((r->members & WHITELIST_DST) != 0)
		return &r->dst;
	return (r->members & WHITELIST_EITHER) != 0 ? &r->either : NULL;
}

static const struct whitelist_name *
name_of(const struct whitelist_rule *r)
{
	if ((r->members & WHITELIST_DOMAIN) != 0)
		return &r->domain;
	return (r->members & WHITELIST_SNI) != 0 ? &r->sni : NULL;
}

static uint32_t *
first_of_name(struct whitelist *w, const struct whitelist_name *name)
{
	static const struct hash_key no_key;
	struct intel_endings endings;

	(void)intel_name_endings(&no_key, name->text.at, name->text.length, &endings);
	return intel_hashes_put(&w->names, endings.hash[endings.count - 1]);
}

/* From the last to the first, so that the first stands in front. returns 0, or -ENOMEM */
static int
index_rules(struct whitelist *w)
{
	uint32_t nodes = 1;
	uint32_t named = 1;

	for (uint32_t i = 0; i < w->count; i++) {
		const struct cidr *net = network_of(&w->rules[i]);
		nodes += net == NULL ? 0 : intel_trie_nodes(net);
		named += name_of(&w->rules[i]) == NULL ? 0 : 1;
	}
	if (intel_trie_init(&w->networks, nodes) != 0 || intel_hashes_init(&w->names, named) != 0)
		return -ENOMEM;
	for (uint32_t i = w->count; i-- > 0;) {
		struct whitelist_rule *r = &w->rules[i];
		const struct cidr *net = network_of(r);
		const struct whitelist_name *name = name_of(r);
		uint32_t *first = net != NULL    ? intel_trie_put(&w->networks, net)
				  : name != NULL ? first_of_name(w, name)
						 : &w->others;
		if (first == NULL)
			return -ENOMEM;
		r->next = *first;
		*first = i + 1;
		w->asked |= r->members;
		w->ignores |= r->effect == WHITELIST_IGNORE_TRAFFIC;
	}
	intel_trie_settle(&w->networks);
	return 0;
}

static int
read_slips(struct building *b, struct slips_entry **ret_entries, uint32_t *ret_count)
{
	const struct whitelist_plan *p = b->plan;

	if (p->slips == NULL)
		return 0;
	return whitelist_slips_read(p->slips_path, p->slips, p->slips_length, p->arena, p->complain,
		p->context, ret_entries, ret_count);
}

/* FNV-1a: to see whether a file is another, not to tell enemies apart. */
static uint64_t
hash_of(const char *text, size_t length)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (uint8_t)text[i]) * UINT64_C(1099511628211);
	return hash;
}

int
whitelist_build(const struct whitelist_plan *plan, struct whitelist **ret_whitelist)
{
	struct building b = { .plan = plan, .path = plan->path, .where = "" };
	struct slips_entry *entries = NULL;
	uint32_t of_slips = 0;

	*ret_whitelist = NULL;
	int of_reading = read_slips(&b, &entries, &of_slips);
	size_t count = plan->settings->rules.count + of_slips;
	if (of_reading == -ENOMEM)
		return -ENOMEM;
	if (count == 0)
		return of_reading;
	if (count > WHITELIST_RULES_MAX) {
		refuse(&b, "whitelist", NULL,
			"no room for more than 4096 rules, Slips' among them");
		return -EINVAL;
	}
	b.w = arena_alloc(plan->arena, sizeof(*b.w));
	if (b.w == NULL)
		return -ENOMEM;
	b.w->rules = arena_alloc(plan->arena, count * sizeof(*b.w->rules));
	b.w->by_name = arena_alloc(plan->arena, count * sizeof(void *));
	if (b.w->rules == NULL || b.w->by_name == NULL)
		return -ENOMEM;
	b.w->slips = hash_of(plan->slips, plan->slips_length);
	take_rules(&b);
	b.path = plan->slips_path;
	for (uint32_t i = 0; i < of_slips; i++)
		take_slips_entry(&b, &entries[i]);
	b.path = plan->path;
	sort_names(&b);
	int result = of_reading < 0 ? of_reading : b.result;
	if (result == 0)
		result = index_rules(b.w);
	if (result == 0)
		*ret_whitelist = b.w;
	else
		whitelist_free(b.w);
	return result;
}

void
whitelist_free(struct whitelist *w)
{
	if (w == NULL)
		return;
	intel_trie_done(&w->networks);
	intel_hashes_done(&w->names);
}
