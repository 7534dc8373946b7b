/* redis_link_state.h -- a connection from inside, for the files that are it. */
#pragma once

#include "daemon/base/backoff.h"
#include "exporters/episode.h"
#include "exporters/redis/redis_expected.h"
#include "exporters/redis/redis_link.h"
#include "exporters/resolver.h"

struct bufferevent;
struct redis_reader;

enum { LINK_NAME_MAX = 192 };

enum link_state {
	LINK_DOWN,
	LINK_CONNECTING, /* or its name is resolved */
	LINK_GREETING,
	LINK_UP,
};

struct redis_link {
	struct event_base *base;
	struct redis_place place;
	struct redis_owner owner;
	char name[LINK_NAME_MAX];
	struct resolver resolver;

	enum link_state state;
	struct bufferevent *stream; /* NULL: down, or its name is resolved */
	struct redis_reader *reader;
	struct redis_queue expected;
	bool is_broken; /* memory was out while something was written */

	uint64_t since_ns; /* when something happened last, as far as ticks tell */
	bool moved;        /* something happened after the last tick */
	size_t unsent;     /* bytes, at the last tick */
	struct backoff pause;

	enum redis_reply worst; /* since the last mark */
	struct episode trouble, refusal;
};

/* It moved on. */
void redis_link_enter(struct redis_link *l, enum link_state state);

/*
 * It is of no use any more: end it, say so, and tell the owner.
 *
 * cause         a sentence
 * pause_max_ms  how long the server is left alone at the most
 */
void redis_link_lost(struct redis_link *l, const char *cause, unsigned pause_max_ms);
