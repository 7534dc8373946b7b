/*
 * redis_link.h -- one connection to one Redis, that is made again whenever it is lost.
 *
 * Never blocks, never starts or stops a server. A server that answers nothing for REDIS_ANSWER_MS, or nonsense, is
 * left and tried again with a growing pause, at most REDIS_PAUSE_MAX_MS; where nobody listens at most
 * REDIS_PAUSE_AWAY_MS. SIGPIPE has to be ignored by the process.
 */
#pragma once

#include "exporters/redis/redis_command.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;
struct redis_link;

enum {
	REDIS_ANSWER_MS = 5000, /* for a connection, and for each answer */
	REDIS_PAUSE_MIN_MS = 250,
	REDIS_PAUSE_AWAY_MS = 1000,
	REDIS_PAUSE_MAX_MS = 30000,
};

struct redis_place {
	const char *path; /* of a Unix socket; "" or NULL: host and port */
	const char *host; /* an address or a name */
	uint16_t port;
	const char *user, *password; /* "" or NULL: none */
	uint32_t db_most; /* a server that does not have this database is no place for us */
};

/* What a reply was. */
enum redis_reply {
	REDIS_TAKEN,
	REDIS_REFUSED, /* an error: the server is full, is loading, is a replica, or the key is somebody else's */
};

/* Whose connection it is. Called from the event loop and the tick. None may close the link. */
struct redis_owner {
	void *context;
	/* It is up, authenticated, in database 0. Commands may be sent from inside. */
	void (*up)(void *context);
	/* It is lost: whatever was not answered may or may not have been done. Marks and questions are forgotten. */
	void (*lost)(void *context);
	/* The answer to redis_link_mark(), after all commands before it; `worst` of them. Error texts were logged. */
	void (*settled)(void *context, uint64_t mark, enum redis_reply worst);
	/*
	 * The answer to redis_link_ask(): an array's strings, those of arrays in it one after the other; a string as
	 * one item; none for nothing or a number. NULL: an error, so that nothing is known.
	 */
	void (*told)(void *context, uint64_t question, const char *const items[], size_t count);
};

/*
 * Begin. The first attempt is made at the first tick.
 *
 * name     for log lines: "redis 127.0.0.1:6379 last"
 * place    strings are borrowed for the link's life
 * returns  NULL when memory is out
 */
struct redis_link *redis_link_open(struct event_base *base, const char *name,
	const struct redis_place *place, const struct redis_owner *owner);
void redis_link_close(struct redis_link *l); /* or NULL. Calls nobody */

bool redis_link_is_up(const struct redis_link *l);
/* Bytes that were given and not yet answered, and what is kept for each: the owner keeps this bounded. */
uint64_t redis_link_pending(const struct redis_link *l);

/* Where commands go; dropped while it is not up. */
struct redis_sink redis_link_sink(struct redis_link *l);
/* Ask to be told when all commands so far are answered. `mark` is the owner's. Dropped while it is not up. */
void redis_link_mark(struct redis_link *l, uint64_t mark);
/* A command of `argc` strings, at most REDIS_ARGS_MAX, whose answer is wanted. Dropped while it is not up. */
void redis_link_ask(struct redis_link *l, uint64_t question, size_t argc, const char *const argv[]);

/* What was refused is written: a refusal from now on is said anew. Nothing happens when there was none. */
void redis_link_takes_again(struct redis_link *l);

/* Several times a second: connect when it is time, leave who does not answer. */
void redis_link_tick(struct redis_link *l, uint64_t monotonic_ns);
