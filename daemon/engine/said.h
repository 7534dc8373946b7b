/*
 * said.h -- what was said last in each conversation, until the conversation ends.
 *
 * A timeline tells a conversation and what was said in it in one entry, and a conversation is told when it
 * ends: by then the parser is long gone. Transactions are kept as bytes, by the tables of their fields.
 * Bounded: the one that was kept longest ago makes room.
 */
#pragma once

#include "daemon/base/buddy.h"
#include "daemon/base/table.h"
#include "daemon/observation.h"
#include "daemon/transactions/transaction_wire.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct said_item;

TAILQ_HEAD(said_list, said_item);

enum { SAID_MIN_BYTES = 4 * BUDDY_MAX_BYTES };

struct said_table {
	struct table items;
	struct buddy memory; /* their bytes */
	struct said_list by_age;
	uint64_t evicted; /* made room */
	uint64_t refused; /* longer than what can be kept */
};

/* A transaction that was read back, and what it points to. */
struct said {
	struct observation observation;
	struct transaction_room room;
};

/*
 * Reserve `bytes`, at least SAID_MIN_BYTES.
 *
 * returns  0, or -ENOMEM
 */
int said_table_init(struct said_table *t, size_t bytes, const struct hash_key *hash_key);
/* Accepts a zeroed struct. */
void said_table_done(struct said_table *t);

/* Keep a transaction in place of the one before it. Its conversation is o->talk. cost: about 300 ns */
void said_keep(struct said_table *t, const struct observation *o);

/*
 * What was said last in the conversation `id`.
 *
 * ret_said  holds pointers into itself and into `t`: valid until the next change; `talk` is not filled in
 * returns   false when nothing is kept
 */
bool said_find(const struct said_table *t, uint64_t id, struct said *ret_said);

/* Of what kind it is. returns false when nothing is kept */
bool said_kind(const struct said_table *t, uint64_t id, enum obs_kind *ret_kind);

/* The conversation ended. */
void said_forget(struct said_table *t, uint64_t id);
