/*
 * redis_claim.h -- whose a Redis is: ours still, of an earlier run, or of nobody; and how it becomes ours.
 *
 * The first of its databases has naiad:run, a run's id; each has naiad:keys, the names of the keys that a run made
 * there. Those of another run are removed, some at a time, and nothing else is: not the stream, whose entries are
 * of every run.
 */
#pragma once

#include "exporters/redis/redis_command.h"
#include "exporters/redis/redis_flight.h"
#include "exporters/redis/redis_gate.h"
#include "exporters/redis/redis_link.h"

#include <stdbool.h>
#include <stdint.h>

#define REDIS_RUN_KEY "naiad:run"

enum {
	REDIS_CLAIM_KEYS = 200, /* removed at once */
	REDIS_CLAIM_ROUNDS =
		1024, /* in one go: of 200 000 keys, more than a run leaves by default */
};

enum redis_claim_question { REDIS_CLAIM_WHOSE, REDIS_CLAIM_STILL_OURS, REDIS_CLAIM_LISTED };

struct redis_claim {
	const char *run; /* this run's id; those of its targets differ in the last letter */
	uint64_t ttl_s;  /* of our own keys; 0: they stay */
	struct redis_link *link;
	struct redis_command *command;
	struct redis_flight *flight;
	uint32_t dbs[REDIS_GATE_DBS];
	size_t db_count;
	size_t removing; /* which of them */
	unsigned rounds; /* of removing */
};

enum redis_claimed {
	REDIS_CLAIM_GOES_ON, /* something was asked, or is under way */
	REDIS_CLAIM_OURS,    /* it is, and has what it had */
	REDIS_CLAIM_LOST,    /* it was, and is no more: begin again */
	REDIS_CLAIM_SHARED,  /* another target of ours has it: leave it alone */
	REDIS_CLAIM_UNKNOWN, /* it does not say: begin again, later */
	REDIS_CLAIM_ENDLESS, /* however many are removed, more are listed: begin again, later */
};

/*
 * The connection is up, or what was under way was refused: ask whose it is.
 *
 * anew  or do not ask, and remove what a run left, be it this one
 */
void redis_claim_begin(struct redis_claim *c, bool anew);

/* Now and then while it is ours: ask whether it is. Our own keys are kept alive. */
void redis_claim_look(struct redis_claim *c);

/* An answer came; `items` NULL: an error, which is no answer. returns what is known by it */
enum redis_claimed redis_claim_told(
	struct redis_claim *c, uint64_t question, const char *const items[], size_t count);

/* A REDIS_FLOWN_REMOVAL was done: look whether anything is left. */
void redis_claim_removed(struct redis_claim *c);
