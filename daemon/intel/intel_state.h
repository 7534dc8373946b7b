/* intel_state.h -- what a `struct intel` is made of; for those who make it and look things up in it. */
#pragma once

#include "daemon/intel/intel.h"
#include "daemon/intel/intel_addrs.h"
#include "daemon/intel/intel_hashes.h"
#include "daemon/intel/intel_trie.h"

/* What one list says, in 16 bytes; indicators of which the same is said share it. */
struct intel_verdict {
	uint16_t source;
	uint8_t level;
	uint32_t description; /* where they begin in `texts` */
	uint32_t tag;
	uint32_t next; /* what another list says; 0: no other */
};

struct intel_list {
	char *name;
	enum list_category category;
	bool is_info;
};

struct intel {
	struct hash_key key;
	struct intel_addrs addrs;   /* single IPv4 addresses */
	struct intel_trie networks; /* of both families */
	struct intel_hashes hashes; /* all else */
	uint64_t network_count;
	struct intel_verdict *verdicts; /* [0] stands for none */
	uint32_t verdict_count;
	char *texts; /* begins with "" */
	uint32_t text_bytes;
	struct intel_list lists[INTEL_SOURCES_MAX];
	unsigned list_count;
};

/* What a hash is of: no two kinds of text have one hash. */
enum intel_hash_of {
	INTEL_HASH_OF_ADDR,
	INTEL_HASH_OF_ASN,
	INTEL_HASH_OF_DIGEST, /* + enum intel_digest */
};

uint64_t intel_hash_addr(const struct hash_key *key, const struct addr *a);
uint64_t intel_hash_asn(const struct hash_key *key, uint32_t asn);
/* returns false when it is empty or longer than INTEL_DIGEST_MAX */
bool intel_hash_digest(const struct hash_key *key, enum intel_digest kind, const char *text,
	size_t length, uint64_t *ret_hash);

/* The four bytes of an IPv4 address. */
uint32_t intel_v4_number(const struct addr *a);
