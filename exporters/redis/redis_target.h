/*
 * redis_target.h -- one target: one Redis that is made equal to the mirror, in one dialect.
 *
 * Whatever it is found to be: ours still (naiad:run says so) is told all again over what is there; of an earlier
 * run, or of none, is first relieved of the keys that such a run left (naiad:keys), and of nothing else. Then it
 * is told what changes: addresses before the windows that have them, a window in one transaction, at most once an
 * interval. What it refuses is due again, after a pause that grows.
 */
#pragma once

#include "exporters/exporter.h"
#include "exporters/kalipso/dialect.h"
#include "exporters/redis/redis_settings.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	REDIS_PENDING_MAX = 4 * 1024 * 1024, /* bytes that one target may have to answer */
	REDIS_RUN_MAX = 33,                  /* a run's id */
};

struct redis_target;

struct redis_target_plan {
	struct event_base *base;
	struct outlet *outlet; /* what leaves is counted there */
	const struct redis_settings *settings;
	const struct redis_target_settings *target;
	struct mirror *mirror;
	const struct reputation *reputation; /* or NULL */
	uint32_t number;                     /* of the target */
	const char *run;                     /* this run's id */
	char *text;                          /* REDIS_TEXT_MAX: room for a command */
	struct record_unpacked *record;      /* room for a line */
};

/* `plan` is copied; what it points to is borrowed. returns 0, or -errno, which is already logged */
int redis_target_open(const struct redis_target_plan *plan, struct redis_target **ret_target);
void redis_target_close(struct redis_target *t); /* or NULL */

/*
 * Several times a second: write what is due.
 *
 * hurry  the end is near: no window waits for its interval
 */
void redis_target_tick(struct redis_target *t, uint64_t monotonic_ns, bool hurry);

/* returns whether it has all, and has said so */
bool redis_target_is_done(const struct redis_target *t);

struct redis_target_stats {
	uint64_t pending;  /* bytes that are not answered */
	uint64_t flying;   /* what they are */
	uint64_t moved;    /* answers ever: while it grows, it is getting on */
	uint64_t left_out; /* commands that were too long */
};
struct redis_target_stats redis_target_stats(const struct redis_target *t);
