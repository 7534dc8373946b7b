/* peer_kind.h -- what a transport does for a peer, and what it may touch of it. */
#pragma once

#include "daemon/base/backoff.h"
#include "exporters/episode.h"
#include "exporters/peer.h"
#include "exporters/resolver.h"

#include <sys/socket.h>

struct event;

enum {
	PEER_NAME_MAX = 192,
	PEER_AGES = 16, /* one a tick, so they reach back for PEER_AGE_MS */
	PEER_AGE_MS = 300,
	PEER_UNACKED_MAX = 1024,
};

enum peer_state {
	PEER_STATE_DOWN,
	PEER_STATE_RESOLVING,
	PEER_STATE_CONNECTING,
	PEER_STATE_UP,
};

struct peer_kind {
	bool is_local; /* no address to resolve */
	bool is_sure;  /* a connection shows that somebody is there */
	/* Make p->fd and begin. returns 0: up; -EINPROGRESS: up when it is writable; other -errno */
	int (*connect)(struct peer *p, const struct sockaddr *to, socklen_t length);
	/* As peer_send(), but leaves it to peer.c to take the peer down. */
	int (*send)(struct peer *p, const char *bytes, size_t length);
	/* Something to read, or an error. returns 0, or -errno: it is lost */
	int (*readable)(struct peer *p);
	/* Learn p->delivered and p->settled. returns 0, or -errno: it is lost */
	int (*look)(struct peer *p);
};

struct peer {
	const struct peer_kind *kind;
	struct peer_plan plan;
	struct peer_owner owner;
	char name[PEER_NAME_MAX]; /* "udp:log.example:514" */
	struct event_base *base;
	struct resolver resolver;

	enum peer_state state;
	int fd;
	struct event *readable, *writable;
	uint64_t now_ns;   /* as of the last tick */
	uint64_t since_ns; /* of this state */
	struct backoff pause;
	uint64_t retry_ns;
	struct episode trouble;

	uint64_t sent, delivered, settled; /* messages of this connection */
	uint64_t identity;
	bool doubtful;  /* the last connection was refused, and nothing has been settled since */
	unsigned burst; /* messages since the last tick */
	struct {        /* how many were delivered when, the latest last */
		uint64_t at_ns, count;
	} ages[PEER_AGES];
	size_t age_count;

	struct {            /* TCP only */
		char *rest; /* of a frame that the kernel took a part of */
		size_t rest_length, rest_capacity;
		uint64_t bytes;                  /* that the kernel took */
		uint64_t ends[PEER_UNACKED_MAX]; /* of frames, in bytes, by message */
	} stream;
};

/* Settled is what was delivered PEER_AGE_MS ago, for nobody objected since. For look(). */
void peer_age(struct peer *p);
