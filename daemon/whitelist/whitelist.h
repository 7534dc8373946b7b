/*
 * whitelist.h -- which rule of the whitelist, if any, is about some traffic or some evidence.
 *
 * Made once from the settings (whitelist_build.h), read-only afterwards. Rules with an address are found by it, rules
 * with a name by that, the others one by one; what was found is then held against the whole rule.
 *
 * A name counts as a host's when a DNS server gave it to who asked, or when the host itself says so. What a client calls
 * its server by does not: a bot could whitelist its own traffic. Rules with `sni` ask for just that.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/text_view.h"
#include "daemon/intel/intel_hashes.h"
#include "daemon/intel/intel_trie.h"
#include "daemon/knowledge/organisation.h"
#include "daemon/settings/whitelist_settings.h"

#include <stdbool.h>
#include <stdint.h>

struct site;

/* What a rule asks for. */
enum whitelist_member {
	WHITELIST_SRC = 1,
	WHITELIST_DST = 2,
	WHITELIST_EITHER = 4,
	WHITELIST_DOMAIN = 8,
	WHITELIST_SNI = 16,
	WHITELIST_ASN = 32,
	WHITELIST_ORG = 64,
	WHITELIST_MAC = 128,
	WHITELIST_PORT = 256,
	WHITELIST_DETECTOR = 512,
};

/* Which ends `domain`, `sni`, `asn`, `org` and `mac` may be of. */
enum whitelist_end {
	WHITELIST_AT_SRC = 1,
	WHITELIST_AT_DST = 2,
	WHITELIST_AT_EITHER = 3,
};

/* A name, and whether those below it are meant as well. */
struct whitelist_name {
	struct text_view text;
	bool is_exact;
};

struct whitelist_rule {
	const char *name; /* no other rule has it */
	enum whitelist_effect effect;
	uint32_t members;  /* enum whitelist_member; those that are not there are not set */
	uint32_t ends;     /* enum whitelist_end */
	uint64_t until_ns; /* UINT64_MAX: it never ends */
	struct cidr src, dst, either;
	struct whitelist_name domain, sni;
	uint32_t asn;
	const char *org;
	enum organisation known_org; /* that `org` is the word for */
	struct mac mac;
	uint16_t port;
	uint8_t ip_proto; /* 0: any */
	const char *detector;
	uint32_t next; /* index + 1 of the next rule that is found the same way */
};

/* All zero matches nothing. */
struct whitelist {
	struct whitelist_rule *rules; /* in the order of the settings */
	uint32_t count;
	struct whitelist_rule **by_name;
	uint32_t asked;             /* members that any rule has: enum whitelist_member */
	bool ignores;               /* some rule has WHITELIST_IGNORE_TRAFFIC */
	uint64_t slips;             /* a hash of what the file of Slips has */
	struct intel_trie networks; /* the first of those that ask for a network; index + 1 */
	struct intel_hashes names;  /* the first of those that ask for a name */
	uint32_t others;            /* the first of the rest */
};

/* What is asked about. All of it is borrowed for the call. */
struct whitelist_case {
	const struct addr *src, *dst; /* who did it, or opened it, and to whom; NULL: nobody */
	uint16_t port;                /* of who was called */
	uint8_t ip_proto;
	const char *name; /* that it is about in itself, as a DNS question is; NULL: none */
	const char *kind, *detector; /* of evidence; NULL: it is traffic */
};

/*
 * The rule that holds for a case: of those that match the one with the strongest effect, and of equals the first.
 * For traffic only those count that ignore it.
 *
 * w        NULL: there are none
 * site     knows names, cards and networks
 * returns  NULL when none matches; valid as long as the settings
 * cost     O(rules that share a network or a name with it, and rules that have neither)
 */
const struct whitelist_rule *whitelist_find(const struct whitelist *w, const struct site *site,
	const struct whitelist_case *c, uint64_t now_ns);

/* The rule of that name, or NULL. cost: a binary search */
const struct whitelist_rule *whitelist_rule_of_name(const struct whitelist *w, const char *name);

/* Its place among the rules. */
static inline uint32_t
whitelist_rule_at(const struct whitelist *w, const struct whitelist_rule *r)
{
	return (uint32_t)(r - w->rules);
}
