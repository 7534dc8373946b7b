/*
 * dialect.h -- one generation of Kalipso: which keys it reads, of which type, and what their values look like.
 *
 * Three of them (dialects.def), over one mirror. Everything here appends commands; when they are sent, in which
 * transaction, and to whom is redis_target_write.c's.
 */
#pragma once

#include "daemon/record/record.h"
#include "exporters/kalipso/mirror.h"
#include "exporters/redis/redis_command.h"

#include <stdint.h>

struct kalipso_peers;
struct reputation;

/* What all values of one target have in common. */
struct dialect_target {
	struct redis_command *command;
	struct mirror *mirror;
	const struct reputation *reputation; /* NULL: none */
	uint32_t target;                     /* its number in the mirror */
	uint32_t db;                         /* of the data */
	uint32_t cache_db;              /* of what is known of addresses; of the talk the same */
	uint64_t ttl_s;                 /* of all keys; 0: they stay */
	uint32_t timeline_max;          /* lines a window */
	uint32_t tuples_max;            /* tuples, and table rows, a window */
	uint32_t letters_max;           /* bytes of letters a tuple, from its first */
	struct record_unpacked *record; /* room to unpack a line */
	const struct addr *own;         /* addresses of the sensor itself */
	size_t own_count;
	struct kalipso_peers *peers; /* NULL: the dialect gives none an entry */
	uint64_t left_out; /* tuples, rows and lines over a cap: counted, and shown in no key */
};

struct dialect {
	const char *name; /* "last", "2020", "talk" */
	bool has_peers;   /* dialect_target.peers is set: kalipso_peers.h */
	/* Write what is there before any window: the sensor's own addresses. */
	void (*begin)(struct dialect_target *t);
	/*
	 * Write what a window needs in the database of addresses.
	 *
	 * To be called before the window's transaction, which stays in one database: where a Redis refuses it, a
	 * SELECT inside has not been done either.
	 */
	void (*before_window)(struct dialect_target *t, const struct mirror_window *w);
	/*
	 * Write one window: its hash, its timeline, its evidence, and last what makes it visible.
	 *
	 * The commands stand between MULTI and EXEC. With w->due[t->target].whole what was there goes first; else of the
	 * timeline only what is new is added.
	 */
	void (*window)(struct dialect_target *t, const struct mirror_window *w);
	/* Remove it, and its profile when it was the last. No transaction: both databases are written to. */
	void (*gone)(struct dialect_target *t, const struct mirror_gone *g);
	/* Write what is known of an address. */
	void (*address)(struct dialect_target *t, const struct mirror_address *a);
	void (*gone_address)(struct dialect_target *t, const struct addr *a);
};

extern const struct dialect *const dialects[]; /* in the order of dialects.def: "last" first */
