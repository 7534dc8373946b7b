/*
 * redis_target_state.h -- what the parts of a target share. Who uses one reads redis_target.h.
 */
#pragma once

#include "daemon/base/backoff.h"
#include "exporters/episode.h"
#include "exporters/kalipso/kalipso_peers.h"
#include "exporters/redis/redis_claim.h"
#include "exporters/redis/redis_stream.h"
#include "exporters/redis/redis_target_open.h"
#include "exporters/redis/redis_target_write.h"

enum { REDIS_TARGET_NAME_MAX = 320, REDIS_PASSWORD_MAX = 512 };

struct redis_target {
	struct redis_target_plan plan;
	char name[REDIS_TARGET_NAME_MAX]; /* "redis 127.0.0.1:6379 last" */
	char password[REDIS_PASSWORD_MAX];
	struct event *turn; /* more may be written */
	struct redis_link *link;
	struct redis_gate gate;
	struct redis_command command;
	struct redis_flight flight;
	struct redis_claim claim;
	struct redis_stream stream;
	struct redis_target_writer writer;
	struct kalipso_peers peers; /* where the dialect has them */
	uint64_t now_ns, look_ns;
	bool serving; /* it is ours, and is told what is due */
	bool refused; /* it did not take what was written last of one kind: */
	enum redis_flown refused_what;
	struct backoff pause; /* after a refusal */
	uint64_t resume_ns;   /* the end of that pause */
	uint64_t taken_ns; /* since when nothing was refused; 0: it was, or nothing was written */
	uint64_t end_ns;   /* nothing is written from then on; 0: it goes on */
	bool begin_again;  /* then ask again whose it is */
	bool anew;         /* or no more: it has what we cannot know */
	uint64_t moved;
	struct episode robbed;  /* until it was found to be ours still */
	struct episode shared;  /* with another target of ours; until it was ours */
	struct episode endless; /* is its list of keys of an earlier run; until it was ours */
};

/* Who is told what becomes of the link. */
struct redis_owner redis_target_owner(struct redis_target *t);

/* A turn of the loop in which more may be written. */
void redis_target_turn(struct redis_target *t);
