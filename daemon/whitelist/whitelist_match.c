#include "daemon/whitelist/whitelist_match.h"

#include "daemon/base/domain.h"
#include "daemon/site/site.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static void
party_learn(const struct whitelist *w, const struct site *site, const struct addr *a,
	uint64_t now_ns, struct whitelist_party *ret_party)
{
	*ret_party = (struct whitelist_party){ .addr = a };
	if (a == NULL)
		return;
	if ((w->asked & (WHITELIST_DOMAIN | WHITELIST_SNI | WHITELIST_ORG)) != 0)
		ret_party->name_count = site_name_of(site, a, now_ns, ret_party->names);
	if ((w->asked & (WHITELIST_ASN | WHITELIST_ORG)) != 0)
		ret_party->asn = site_asn(site, a, &ret_party->org);
	const struct site_claim *claim =
		(w->asked & WHITELIST_MAC) != 0 ? site_claim_of(site, a) : NULL;
	if (claim != NULL)
		ret_party->mac = claim->now.mac;
}

void
whitelist_learn(const struct whitelist *w, const struct site *site, const struct whitelist_case *c,
	uint64_t now_ns, struct whitelist_facts *ret_facts)
{
	ret_facts->about = c;
	party_learn(w, site, c->src, now_ns, &ret_facts->src);
	party_learn(w, site, c->dst, now_ns, &ret_facts->dst);
}

bool
whitelist_name_matches(const struct whitelist_name *wanted, const char *name)
{
	struct text_view have = domain_view(name);
	size_t length = wanted->text.length;

	if (have.length < length ||
		strncasecmp(have.at + have.length - length, wanted->text.at, length) != 0)
		return false;
	return have.length == length ||
	       (!wanted->is_exact && have.at[have.length - length - 1] == '.');
}

static bool
party_is_called(
	const struct whitelist_party *p, const struct whitelist_name *wanted, bool is_believed)
{
	for (uint32_t i = 0; i < p->name_count; i++)
		if (site_name_is_believed(p->names[i].source) == is_believed &&
			whitelist_name_matches(wanted, p->names[i].text))
			return true;
	return false;
}

static bool
is_word_byte(char c)
{
	return isalnum((unsigned char)c) != 0;
}

/* "google" is in "Google LLC" and in "GOOGLE-CLOUD", not in "notgoogle". */
static bool
has_words(const char *text, const char *words)
{
	size_t length = strlen(words);

	for (const char *at = text; *at != '\0'; at++)
		if (strncasecmp(at, words, length) == 0 && (at == text || !is_word_byte(at[-1])) &&
			!is_word_byte(at[length]))
			return true;
	return false;
}

static bool
party_belongs(const struct whitelist_party *p, const struct whitelist_rule *r)
{
	if (p->org != NULL && has_words(p->org, r->org))
		return true;
	if (r->known_org == ORGANISATION_NONE)
		return false;
	if (organisation_of_asn(p->asn) == r->known_org)
		return true;
	for (uint32_t i = 0; i < p->name_count; i++)
		if (site_name_is_believed(p->names[i].source) &&
			organisation_of_domain(p->names[i].text) == r->known_org)
			return true;
	return false;
}

/* One member of the rule, of one end. */
static bool
party_has(const struct whitelist_party *p, const struct whitelist_rule *r,
	enum whitelist_member member)
{
	switch (member) {
	case WHITELIST_DOMAIN:
		return party_is_called(p, &r->domain, /* is_believed= */ true);
	case WHITELIST_SNI:
		return party_is_called(p, &r->sni, /* is_believed= */ false);
	case WHITELIST_ASN:
		return p->asn == r->asn;
	case WHITELIST_ORG:
		return party_belongs(p, r);
	case WHITELIST_MAC:
		return mac_equal(&p->mac, &r->mac);
	default:
		return false;
	}
}

static bool
ends_have(const struct whitelist_rule *r, const struct whitelist_facts *f,
	enum whitelist_member member)
{
	if ((r->members & member) == 0)
		return true;
	if ((r->ends & WHITELIST_AT_SRC) != 0 && party_has(&f->src, r, member))
		return true;
	if ((r->ends & WHITELIST_AT_DST) == 0)
		return false;
	return party_has(&f->dst, r, member) ||
	       (member == WHITELIST_DOMAIN && f->about->name != NULL &&
		       whitelist_name_matches(&r->domain, f->about->name));
}

static bool
is_in(const struct cidr *net, const struct addr *a)
{
	return a != NULL && cidr_contains(net, a);
}

static bool
addresses_hold(const struct whitelist_rule *r, const struct whitelist_case *c)
{
	if ((r->members & WHITELIST_SRC) != 0 && !is_in(&r->src, c->src))
		return false;
	if ((r->members & WHITELIST_DST) != 0 && !is_in(&r->dst, c->dst))
		return false;
	return (r->members & WHITELIST_EITHER) == 0 || is_in(&r->either, c->src) ||
	       is_in(&r->either, c->dst);
}

static bool
port_holds(const struct whitelist_rule *r, const struct whitelist_case *c)
{
	return (r->members & WHITELIST_PORT) == 0 ||
	       (r->port == c->port && (r->ip_proto == 0 || r->ip_proto == c->ip_proto));
}

static bool
detector_holds(const struct whitelist_rule *r, const struct whitelist_case *c)
{
	return (r->members & WHITELIST_DETECTOR) == 0 ||
	       (c->kind != NULL && (strcmp(r->detector, c->kind) == 0 ||
					   strcmp(r->detector, c->detector) == 0));
}

bool
whitelist_rule_holds(
	const struct whitelist_rule *r, const struct whitelist_facts *f, uint64_t now_ns)
{
	return now_ns < r->until_ns && addresses_hold(r, f->about) && port_holds(r, f->about) &&
	       detector_holds(r, f->about) && ends_have(r, f, WHITELIST_MAC) &&
	       ends_have(r, f, WHITELIST_ASN) && ends_have(r, f, WHITELIST_ORG) &&
	       ends_have(r, f, WHITELIST_DOMAIN) && ends_have(r, f, WHITELIST_SNI);
}
