/*
 * site_names.h -- what addresses are called: passive DNS, and what hosts say of themselves and of servers.
 *
 * Keyed by address. Of each the last NAMES_OF_ADDRESS different names are kept, with who told them last. An
 * address is resolved when a DNS answer named it: a host that announces a name is not, by that alone.
 * Bounded; the address that was named longest ago makes room, for others and for their names' texts.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/blob.h"
#include "daemon/base/cursor.h"
#include "daemon/base/pool.h"
#include "daemon/base/table.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

enum {
	SITE_NAMES_OF_ADDRESS = 3,
	SITE_NAME_MAX =
		64, /* with the NUL; of a longer name the end is kept: it says whose it is */
};

/* So long a name, and an address's being resolved, are believed. */
#define SITE_NAME_VALID_NS (UINT64_C(24) * 3600 * 1000000000)

/* Who gave an address its name. */
enum site_name_source {
	SITE_NAME_DNS,  /* a server, asked for it */
	SITE_NAME_DHCP, /* the host itself, by one of these */
	SITE_NAME_MDNS,
	SITE_NAME_LLMNR,
	SITE_NAME_NBNS,
	SITE_NAME_SSDP,
	SITE_NAME_TLS,  /* a client, in its hello of TLS or QUIC: only its word */
	SITE_NAME_HTTP, /* the same in a request */
	SITE_NAME_SOURCE_COUNT,
};

/* "dns", "dhcp", "mdns", ... */
const char *site_name_source_name(enum site_name_source source);

/* Did a server that was asked, or the host itself, say so? A client's word alone may be a lie. */
bool site_name_is_believed(enum site_name_source source);

/* A name as it is looked up. */
struct site_name {
	const char *text;     /* valid until the next observation */
	struct addr resolver; /* who told it last: the server, or the host */
	uint64_t seen_ns;     /* when */
	enum site_name_source source;
};

/* One of an address's names: its text, by number. */
struct site_named_as {
	uint32_t text; /* index + 1; 0: none */
	uint32_t source;
	uint64_t seen_ns;
	struct addr resolver;
};

struct site_named {
	struct addr addr;     /* the key */
	uint64_t resolved_ns; /* the last DNS answer that named it; 0 if none did */
	bool is_resolved;     /* one did */
	struct site_named_as names[SITE_NAMES_OF_ADDRESS]; /* the newest first */
	TAILQ_ENTRY(site_named) age;
};

TAILQ_HEAD(site_named_list, site_named);

struct site_names {
	struct table table;
	struct pool texts;             /* as many as addresses: most have one name */
	struct site_named_list by_age; /* oldest first */
	uint64_t learned, evicted;
};

/* returns 0, or -ENOMEM; what was begun is given back by site_names_done() */
int site_names_init(struct site_names *n, uint32_t capacity, const struct hash_key *hash_key);
void site_names_done(struct site_names *n);

/* Bytes that an address costs, with its share of the texts. */
uint64_t site_names_bytes(void);

/*
 * An address was named.
 *
 * name  NULL or "": its name is not known; that it is resolved is, if a server told it
 */
void site_names_learn(struct site_names *n, const struct addr *a, const char *name,
	enum site_name_source source, const struct addr *resolver, uint64_t now_ns);

/* Was it the answer to a DNS query within SITE_NAME_VALID_NS before `now_ns`? */
bool site_names_is_resolved(const struct site_names *n, const struct addr *a, uint64_t now_ns);

/*
 * The names of an address that are valid at `now_ns`, the newest first.
 *
 * ret_names  room for SITE_NAMES_OF_ADDRESS
 * returns    how many
 */
uint32_t site_names_of(const struct site_names *n, const struct addr *a, uint64_t now_ns,
	struct site_name *ret_names);

/*
 * As site.h has them. When addresses were resolved is kept; names are learned anew. Those that only named
 * themselves are written as if long ago.
 */
uint32_t site_names_save(const struct site_names *n, struct blob *b);
bool site_names_restore(
	struct site_names *n, struct cursor saved, uint64_t now_ns, uint32_t *ret_count);
