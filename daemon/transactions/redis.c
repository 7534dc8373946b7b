/* redis.c -- the fields of a command to a Redis server. */
#include "daemon/transactions/redis.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_redis, command, "cmd"),
	FIELD_ROW_TEXT(struct obs_redis, arg, "arg"),
	FIELD_ROW_TRUTH(struct obs_redis, success, "success"),
	FIELD_ROW_TEXT(struct obs_redis, reply, "reply"),
	FIELD_END,
};

const struct transaction_kind transaction_redis = {
	.kind = OBS_REDIS,
	.log = NULL,
	.has_ends = true,
	.size = sizeof(struct obs_redis),
	.fields = fields,
};
