/*
 * source_redis_link.h -- one connection to a Redis: asks, waits for no answer longer than it must, and comes back.
 *
 * A question is several commands. Once one of them has failed the others fail at once, so that a server that is gone
 * costs one wait and not hundreds; the next question connects again, but not more often than once a second.
 *
 * Whoever answers is not trusted: how long an answer takes, its bytes and its parts are bounded.
 */
#pragma once

#include "viewer/source/source_redis_url.h"

#include <stdbool.h>
#include <stddef.h>

struct redisReply;
struct source_redis_link;

enum {
	SOURCE_REDIS_WAIT_MS = 2000,  /* to connect, and for each answer */
	SOURCE_REDIS_PAUSE_MS = 1000, /* between two attempts to connect */
	SOURCE_REDIS_ANSWER_MAX = 32 * 1024 * 1024,
	SOURCE_REDIS_PARTS_MAX = 1024 * 1024,
};

/* Connects when it is asked first. returns NULL when memory is out */
struct source_redis_link *source_redis_link_new(const struct source_redis_url *url);
void source_redis_link_free(struct source_redis_link *l); /* or NULL */

/* "127.0.0.1:6379", "/run/redis.sock" */
void source_redis_link_name(const struct source_redis_link *l, char *room, size_t size);

/* A question begins: connect if need be. returns false when that failed */
bool source_redis_begin(struct source_redis_link *l);

/*
 * Send a command without waiting; each is then to be taken, in order.
 *
 * command  its words, C strings, NULL at the end
 */
void source_redis_send(struct source_redis_link *l, const char *command, ...)
	__attribute__((sentinel));

/*
 * Take the answer to the first command that was sent and not taken.
 *
 * returns  to be given to source_redis_drop(); NULL: the question has failed. What Redis refuses fails it too, but for
 *          a key of another type: that answer is an error, which has no text and no items (below)
 */
struct redisReply *source_redis_take(struct source_redis_link *l);
/* Likewise, but what Redis refuses is an answer like any other. */
struct redisReply *source_redis_take_any(struct source_redis_link *l);
void source_redis_drop(struct redisReply *r); /* or NULL */

/* One command, and its answer. */
struct redisReply *source_redis_ask(struct source_redis_link *l, const char *command, ...)
	__attribute__((sentinel));

/* Has the question failed? Then why, one line; else "". */
const char *source_redis_trouble(const struct source_redis_link *l);

/* ---- answers; r may be NULL ---- */

/* returns the bytes of a text, NUL behind them; NULL when it is none */
const char *source_redis_text(const struct redisReply *r, size_t *ret_length);
size_t source_redis_count(const struct redisReply *r); /* of an array's items; 0 when it is none */
const struct redisReply *source_redis_item(const struct redisReply *r, size_t i);
long long source_redis_number(const struct redisReply *r); /* 0 when it is none */
bool source_redis_is(const struct redisReply *r, const char *text);
