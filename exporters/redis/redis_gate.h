/*
 * redis_gate.h -- what passes to one Redis: only commands for databases that are ours to write; and the names of the
 * keys that they make or remove are noted, so that a later run can remove what this one left.
 *
 * The names are kept by the Redis itself, in the set naiad:keys of the database they are in.
 */
#pragma once

#include "exporters/redis/redis_command.h"

enum {
	REDIS_GATE_DBS = 2,
	REDIS_GATE_KEYS = 32,   /* noted between two redis_gate_keys() */
	REDIS_GATE_LISTED = 64, /* of which it is known that they are in naiad:keys */
	REDIS_GATE_KEY_MAX = 192,
};

#define REDIS_KEYS_KEY "naiad:keys"

struct redis_gate_key {
	char name[REDIS_GATE_KEY_MAX];
	uint32_t db;
	bool gone;
};

struct redis_gate {
	struct redis_sink next;
	uint32_t dbs[REDIS_GATE_DBS]; /* that may be written */
	size_t db_count;
	uint32_t db; /* where the commands that come now belong */
	struct redis_gate_key keys[REDIS_GATE_KEYS];
	size_t key_count;
	struct redis_gate_key listed[REDIS_GATE_LISTED]; /* each where its name says; "": none */
	uint64_t left_out; /* names that found no room: no later run removes their keys */
};

/* next  who takes what passes */
void redis_gate_init(
	struct redis_gate *g, struct redis_sink next, const uint32_t dbs[], size_t db_count);

/* The connection is new: it is in database 0, and nothing is noted. */
void redis_gate_reset(struct redis_gate *g);

/* Something was refused, or removed by others: what naiad:keys has is not known any more. */
void redis_gate_doubt(struct redis_gate *g);

/* What commands are given to. */
struct redis_sink redis_gate_sink(struct redis_gate *g);

/* Write the names that were noted in one database into its naiad:keys, and forget them. */
void redis_gate_keys(struct redis_gate *g, struct redis_command *c, uint32_t db);
