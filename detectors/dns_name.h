/* dns_name.h -- names that hosts ask for, as detectors compare and tell them. */
#pragma once

#include "daemon/base/domain.h"
#include "daemon/base/strbuf.h"
#include "daemon/base/text_safe.h"
#include "daemon/transactions/dns.h"
#include "detectors/detector.h"

enum { DNS_PORT = 53, NAME_TOLD_MAX = EVIDENCE_OBJECT_MAX };

/*
 * Was a server of DNS asked and did it answer? Multicast DNS gives each address the name of its record; a
 * host says so of itself, and nobody needs to have asked.
 */
static inline bool
dns_is_of_server(const struct obs_dns *dns)
{
	return dns_is_answered(dns) && !addr_is_multicast(&dns->client) &&
	       !addr_is_multicast(&dns->server) &&
	       (dns->answer_count == 0 || dns->answers[0].name == NULL);
}

/*
 * What somebody registered of a name; empty when nobody did: it has but one label, or ends in what is used
 * inside of houses and never given away (RFC 2606, 6761, 6762, 8375, and what routers and companies do).
 */
static inline struct text_view
name_registered(const struct site *site, const char *name)
{
	static const char *const inside[] = { "alt", "arpa", "corp", "domain", "example", "home",
		"internal", "intranet", "invalid", "lan", "local", "localdomain", "localhost",
		"onion", "private", "test", "workgroup" };
	const size_t count = sizeof(inside) / sizeof(inside[0]);

	if (domain_find(inside, count, name) < count)
		return (struct text_view){ name, 0 };
	struct text_view found = site_registrable(site, name);
	if (found.length > 0 && found.at[found.length - 1] == '.')
		found.length--;
	return found;
}

/* The hash of a name, the same in either case. */
static inline uint64_t
name_hash(const struct hash_key *key, struct text_view name)
{
	char lower[DNS_NAME_MAX] = "";
	size_t length = name.length < sizeof(lower) ? name.length : sizeof(lower);

	for (size_t i = 0; i < length; i++) {
		char c = name.at[i];
		lower[i] = c;
		if (c >= 'A' && c <= 'Z')
			lower[i] = (char)(c + ('a' - 'A'));
	}
	return hash_words(key, lower, (length + sizeof(uint64_t) - 1) / sizeof(uint64_t));
}

/* A name fit for a sentence and for an object: of a long one its end, which says whose it is. returns `room` */
static inline const char *
name_tell(char room[NAME_TOLD_MAX + 1], struct text_view name)
{
	const size_t most = NAME_TOLD_MAX - strlen("...");
	char copy[NAME_TOLD_MAX + 1] = "";
	struct strbuf b;

	strbuf_init(&b, room, NAME_TOLD_MAX + 1);
	if (name.length > NAME_TOLD_MAX) {
		strbuf_text(&b, "...");
		name = (struct text_view){ name.at + (name.length - most), most };
	}
	memcpy(copy, name.at, name.length);
	text_safe(&b, copy, sizeof(copy));
	return room;
}
