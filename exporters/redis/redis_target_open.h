/* redis_target_open.h -- the beginning and the end of a target: its settings, its password, its parts together. */
#pragma once

#include "exporters/exporter.h"
#include "exporters/kalipso/dialect.h"
#include "exporters/redis/redis_settings.h"

#include "exporters/redis/redis_target.h"

enum { REDIS_RUN_MAX = 33 }; /* a run's id */

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
