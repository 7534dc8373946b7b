#include "daemon/whitelist/whitelist.h"

#include "daemon/intel/intel_names.h"
#include "daemon/whitelist/whitelist_match.h"

#include <string.h>

/* Names of rules are hashed with no secret: two that share a hash are told apart by the rule itself. */
static const struct hash_key no_key;

/* A search under way. */
struct search {
	const struct whitelist *w;
	const struct whitelist_facts *facts;
	uint64_t now_ns;
	const struct whitelist_rule *best;
};

static bool
is_better(const struct whitelist_rule *r, const struct whitelist_rule *best)
{
	return best == NULL || r->effect > best->effect || (r->effect == best->effect && r < best);
}

/* Look at the rules of a chain. */
static void
consider(struct search *s, uint32_t first)
{
	bool is_traffic = s->facts->about->kind == NULL;

	for (uint32_t at = first; at != 0; at = s->w->rules[at - 1].next) {
		const struct whitelist_rule *r = &s->w->rules[at - 1];
		if (is_traffic && r->effect != WHITELIST_IGNORE_TRAFFIC)
			continue;
		if (is_better(r, s->best) && whitelist_rule_holds(r, s->facts, s->now_ns))
			s->best = r;
	}
}

static void
consider_networks(struct search *s, const struct addr *a)
{
	uint32_t firsts[INTEL_TRIE_DEPTH_MAX];

	if (a == NULL)
		return;
	unsigned count = intel_trie_find(&s->w->networks, a, firsts, INTEL_TRIE_DEPTH_MAX);
	for (unsigned i = 0; i < count; i++)
		consider(s, firsts[i]);
}

static void
consider_name(struct search *s, const char *name)
{
	struct intel_endings endings;

	if (!intel_name_endings(&no_key, name, strlen(name), &endings))
		return;
	for (unsigned i = 0; i < endings.count; i++)
		consider(s, intel_hashes_find(&s->w->names, endings.hash[i]));
}

static void
consider_names(struct search *s, const struct whitelist_party *p)
{
	for (uint32_t i = 0; i < p->name_count; i++)
		consider_name(s, p->names[i].text);
}

const struct whitelist_rule *
whitelist_find(const struct whitelist *w, const struct site *site, const struct whitelist_case *c,
	uint64_t now_ns)
{
	struct whitelist_facts facts;
	struct search s = { .w = w, .facts = &facts, .now_ns = now_ns };

	if (w == NULL || w->count == 0 || (c->kind == NULL && !w->ignores))
		return NULL;
	whitelist_learn(w, site, c, now_ns, &facts);
	consider_networks(&s, c->src);
	consider_networks(&s, c->dst);
	if (w->names.count > 0) {
		consider_names(&s, &facts.src);
		consider_names(&s, &facts.dst);
		if (c->name != NULL)
			consider_name(&s, c->name);
	}
	consider(&s, w->others);
	return s.best;
}

const struct whitelist_rule *
whitelist_rule_of_name(const struct whitelist *w, const char *name)
{
	uint32_t low = 0;
	uint32_t high = w == NULL ? 0 : w->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(w->by_name[middle]->name, name);
		if (order == 0)
			return w->by_name[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
