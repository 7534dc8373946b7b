/* whitelist_match.h -- one rule of the whitelist against what is known of one case. */
#pragma once

#include "daemon/site/site_names.h"
#include "daemon/whitelist/whitelist.h"

/* What is known of one end; only what some rule asks for is looked up. */
struct whitelist_party {
	const struct addr *addr; /* NULL: nobody */
	struct site_name names[SITE_NAMES_OF_ADDRESS];
	uint32_t name_count;
	uint32_t asn;    /* 0: not known */
	const char *org; /* of that system; NULL: not known */
	struct mac mac;  /* all zero: not known */
};

struct whitelist_facts {
	const struct whitelist_case *about;
	struct whitelist_party src, dst;
};

/* Look up what the rules of `w` ask for. */
void whitelist_learn(const struct whitelist *w, const struct site *site,
	const struct whitelist_case *c, uint64_t now_ns, struct whitelist_facts *ret_facts);

/* Does all hold that the rule asks for, and does the rule still? */
bool whitelist_rule_holds(
	const struct whitelist_rule *r, const struct whitelist_facts *f, uint64_t now_ns);

/* Is that the name, or one below it? Any case of letters; the root's dot does not matter. */
bool whitelist_name_matches(const struct whitelist_name *wanted, const char *name);
