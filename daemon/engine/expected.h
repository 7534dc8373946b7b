/*
 * expected.h -- conversations that were announced in others: the data connections of FTP.
 *
 * What they carry may be anything, so their bytes do not tell whose they are; that somebody said where they
 * would go does. Each is met once. What does not come within EXPECTED_NS is forgotten, and when there is no
 * room the one announced first goes.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/table.h"
#include "daemon/base/time_text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

enum { EXPECTED_MAX = 512 };

#define EXPECTED_NS (300 * NS_PER_S)

/* The pad is zero. */
struct expected_key {
	struct addr opener;
	struct addr end; /* to whom */
	uint16_t port;   /* and to which port */
	uint8_t ip_proto;
	uint8_t pad[5];
};

struct expected {
	struct expected_key key; /* first: the table's */
	TAILQ_ENTRY(expected) age;
	uint64_t until_ns;
	size_t protocol;
};

TAILQ_HEAD(expected_list, expected);

struct expected_table {
	struct table table;
	struct expected_list by_age; /* announced longest ago first */
	uint64_t evicted;
};

/* returns 0, or -ENOMEM */
int expected_init(struct expected_table *t, const struct hash_key *hash_key);
/* Accepts a zeroed struct. */
void expected_done(struct expected_table *t);

/*
 * It was announced at `now_ns`; announced again, it is expected from then on.
 *
 * protocol  who will read it: an index into protocols[]
 */
void expected_add(
	struct expected_table *t, const struct expected_key *key, size_t protocol, uint64_t now_ns);

/*
 * A conversation begins. One that was expected is so no longer.
 *
 * returns  who reads it; SIZE_MAX: it was not expected
 * cost     nothing to speak of while nothing is expected, else one look-up
 */
size_t expected_meet(struct expected_table *t, const struct expected_key *key, uint64_t now_ns);

static inline bool
expected_any(const struct expected_table *t)
{
	return table_count(&t->table) > 0;
}
